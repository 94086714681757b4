"""Tokens, seen one ahead."""

from __future__ import annotations

from docgen.shell.flavour import Flavour
from docgen.shell.lexer import Kind, Lexer, Token
from docgen.shell.reserved import RESERVED
from docgen.shell.syntax import ShellSyntaxError


class Lookahead(Lexer):
    """Takes tokens, expects tokens, and complains of others."""

    def __init__(self, text: str, flavour: Flavour, *, first_line: int = 1, depth: int = 0) -> None:
        super().__init__(text, flavour, first_line=first_line, depth=depth)
        self._ahead: Token | None = None

    def peek(self) -> Token:
        if self._ahead is None:
            self._ahead = self.next()
        return self._ahead

    def take(self) -> Token:
        token = self.peek()
        self._ahead = None
        return token

    def sees(self, *texts: str) -> bool:
        """Is the next token one of these operators or reserved words?"""
        token = self.peek()
        return token.text in texts and token.kind is not Kind.REDIRECTION

    def accept(self, text: str) -> bool:
        if self.sees(text):
            self.take()
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self.unexpected(text)

    def unexpected(self, expected: str = "") -> ShellSyntaxError:
        token = self.peek()
        found = token.text if token.kind is Kind.OPERATOR else token.kind.value
        if token.kind is Kind.WORD and token.text in RESERVED:
            found = token.text
        return self.error(found, expected, at=token.at)

    def skip_newlines(self) -> None:
        while self.peek().kind is Kind.NEWLINE:
            self.take()

    @property
    def exhausted(self) -> bool:
        """Nothing is left behind the line that `lines` gave last."""
        nothing_ahead = self._ahead is None or self._ahead.kind is Kind.END
        return nothing_ahead and self.at >= len(self.text)
