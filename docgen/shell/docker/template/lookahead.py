"""Tokens of a template, seen ahead; Go's words for those that may not stand there."""

from __future__ import annotations

from collections.abc import Iterator

from docgen import limits
from docgen.diagnostics import LimitExceeded
from docgen.shell.docker.template.failure import TemplateError
from docgen.shell.docker.template.lexer import Lexer
from docgen.shell.docker.template.tokens import Kind, Token


class Lookahead:
    """A template that is being read, token by token."""

    def __init__(self, text: str, name: str) -> None:
        self._name = name
        self._tokens: Iterator[Token] = iter(Lexer(text))
        self._ahead: list[Token] = []
        self._last = Token(Kind.EOF, 0, "", 1)
        self._action_line = 0
        self._depth = 0

    def _next(self) -> Token:
        if self._ahead:
            return self._ahead.pop()
        self._last = next(self._tokens, self._last)
        return self._last

    def _peek(self) -> Token:
        token = self._next()
        self._ahead.append(token)
        return token

    def _next_word(self) -> Token:
        token = self._next()
        return self._next() if token.kind is Kind.SPACE else token

    def _peek_word(self) -> Token:
        token = self._next_word()
        self._ahead.append(token)
        return token

    def _fail(self, message: str) -> TemplateError:
        return TemplateError(f"template: {self._name}:{self._last.line}: {message}")

    def _unexpected(self, token: Token, context: str) -> TemplateError:
        if token.kind is not Kind.ERROR:
            return self._fail(f"unexpected {token} in {context}")
        extra = ""
        if self._action_line not in (0, token.line):
            extra = f" in action started at {self._name}:{self._action_line}"
            if token.text.endswith(" action"):
                extra = extra.removeprefix(" in action")
        return self._fail(f"{token.text}{extra}")

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > limits.SYNTAX_DEPTH:
            raise LimitExceeded(
                f"a template nests deeper than {limits.SYNTAX_DEPTH}", "use a flatter one"
            )
