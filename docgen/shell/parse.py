"""Recursive descent over the shell grammar (XCU 2.10), with dash's own order of complaints."""

from __future__ import annotations

from collections.abc import Iterator

from docgen.shell.flavour import Flavour
from docgen.shell.lexer import Kind, Lexer
from docgen.shell.parse_compound import COMPOUND, CompoundCommands
from docgen.shell.reserved import RESERVED
from docgen.shell.syntax import AndOr, Command, Pipeline, Script

_CLOSING = frozenset(["}", "do", "done", "elif", "else", "esac", "fi", "then", ";;", ")"])
"""Tokens that end a list of commands without belonging to it."""


def parse(text: str, flavour: Flavour = Flavour.HOST) -> Script:
    """The whole text. Raises ShellSyntaxError, NotSimulated (LimitExceeded: nested too deep)."""
    return Script(tuple(item for line in parse_lines(text, flavour) for item in line.items))


def parse_lines(
    text: str, flavour: Flavour = Flavour.HOST, first_line: int = 1
) -> Iterator[Script]:
    """Complete command after complete command: what comes before a syntax error runs."""
    return Parser(text, flavour, first_line=first_line).lines()


class Parser(CompoundCommands):
    """Lists and pipelines, and the texts within texts."""

    def lines(self) -> Iterator[Script]:
        """Complete command after complete command, as a shell reads them."""
        while True:
            self.skip_newlines()
            if self.peek().kind is Kind.END:
                return
            items: list[AndOr] = []
            while self.peek().kind not in (Kind.NEWLINE, Kind.END):
                items.append(self._and_or())
                if not items[-1].background and not self.accept(";"):
                    break
            if self.peek().kind not in (Kind.NEWLINE, Kind.END):
                raise self.unexpected()
            if self.peek().kind is Kind.NEWLINE:
                self.take()  # reads the here-documents of this line before it runs
            yield Script(tuple(items))

    def commands(self, end: str) -> Script:
        self.enter()
        items: list[AndOr] = []
        while True:
            self.skip_newlines()
            if self.peek().kind is Kind.END:
                raise self.unexpected(end)
            if items and self._closes():
                break
            items.append(self._and_or())
            if not items[-1].background and not self.accept(";"):
                if self.peek().kind is Kind.NEWLINE:
                    continue
                break
        self.leave()
        return Script(tuple(items))

    def _closes(self) -> bool:
        token = self.peek()
        return token.text in _CLOSING and token.kind is not Kind.REDIRECTION

    def _and_or(self) -> AndOr:
        first = self._pipeline()
        rest: list[tuple[str, Pipeline]] = []
        while self.sees("&&", "||"):
            operator = self.take().text
            self.skip_newlines()
            rest.append((operator, self._pipeline()))
        return AndOr(first, tuple(rest), background=self.accept("&"))

    def _pipeline(self) -> Pipeline:
        negated = self.accept("!")
        commands = [self.command()]
        while self.accept("|"):
            self.skip_newlines()
            commands.append(self.command())
        return Pipeline(tuple(commands), negated)

    def command(self) -> Command:
        token = self.peek()
        if token.kind in (Kind.WORD, Kind.OPERATOR):
            compound = COMPOUND.get(token.text)
            if compound is not None:
                self.take()
                return compound(self, self.line(token.at))
            if token.text in RESERVED or token.kind is Kind.OPERATOR:
                raise self.unexpected()
        elif token.kind is not Kind.REDIRECTION:
            raise self.unexpected()
        return self.simple()

    # -- texts within texts ------------------------------------------------------------------

    def nested(self) -> Script:
        outer, self._ahead = self._ahead, None
        self.skip_newlines()
        script = Script(()) if self.sees(")") else self.commands(")")
        self.expect(")")
        self._ahead = outer
        return script

    def script_of(self, text: str, first_line: int) -> Script:
        inner = Parser(text, self.flavour, first_line=first_line, depth=self.depth)
        return Script(tuple(item for line in inner.lines() for item in line.items))

    def lexer_of(self, text: str, first_line: int) -> Lexer:
        return Parser(text, self.flavour, first_line=first_line, depth=self.depth)
