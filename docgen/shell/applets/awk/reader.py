"""Tokens of an awk program, one after the other."""

from __future__ import annotations

from docgen import limits
from docgen.diagnostics import LimitExceeded
from docgen.shell.applets.awk.lexer import AwkSyntaxError, Token


class TokenReader:
    """Takes tokens, and complains of those that may not stand there."""

    def __init__(self, found: list[Token], gnu: bool) -> None:
        self.tokens = found
        self.gnu = gnu
        self.at = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def _sees(self, *kinds: str) -> bool:
        return self.token.kind in kinds

    def _take(self, *kinds: str) -> Token | None:
        if self.token.kind not in kinds:
            return None
        self.at += 1
        return self.tokens[self.at - 1]

    def _need(self, *kinds: str) -> Token:
        found = self._take(*kinds)
        if found is None:
            self._fail()
        assert found is not None
        return found

    def _fail(self) -> None:
        raise AwkSyntaxError(self.token.text, self.token.line)

    def _newlines(self) -> None:
        while self._take("newline"):
            pass

    def _separators(self) -> None:
        while self._take("newline", ";"):
            pass

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > limits.SYNTAX_DEPTH:
            raise LimitExceeded(
                f"an awk program nested deeper than {limits.SYNTAX_DEPTH}", "write it flatter"
            )
