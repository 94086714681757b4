"""A text of shell language while it is read: where one is, how deep, what is wrong there."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_right

from docgen import limits
from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.shell.flavour import Flavour
from docgen.shell.syntax import Script, ShellSyntaxError


class Source(ABC):
    """Read from the front. The parser is one: words hold commands, commands words."""

    def __init__(self, text: str, flavour: Flavour, *, first_line: int = 1, depth: int = 0) -> None:
        self.text = text
        self.flavour = flavour
        self.at = 0
        self.depth = depth
        self._first_line = first_line
        self._newlines = [found.start() for found in re.finditer("\n", text)]

    @abstractmethod
    def nested(self) -> Script:
        """The commands of a `$(…)`, from here to behind its `)`."""

    @abstractmethod
    def script_of(self, text: str, first_line: int) -> Script:
        """The commands of a text of its own: backquotes, unescaped."""

    # -- positions and errors ----------------------------------------------------------------

    def line(self, at: int) -> int:
        return self._first_line + bisect_right(self._newlines, at - 1)

    def place(self, at: int) -> tuple[int, int]:
        """Line and column, from 1."""
        before = bisect_right(self._newlines, at - 1)
        start = self._newlines[before - 1] if before else -1
        return self._first_line + before, at - start

    def error(self, found: str, expected: str = "", at: int | None = None) -> ShellSyntaxError:
        where = self.at if at is None else at
        return ShellSyntaxError(found, expected, *self.place(where))

    def refuse(self, what: str, instead: str) -> NotSimulated:
        return NotSimulated(what, instead, *self.place(self.at))

    def enter(self) -> None:
        """One level deeper; `leave` it."""
        self.depth += 1
        if self.depth > limits.SYNTAX_DEPTH:
            raise LimitExceeded(
                f"commands are nested deeper than {limits.SYNTAX_DEPTH}",
                "put the inner ones into functions or files",
                *self.place(self.at),
            )

    def leave(self) -> None:
        self.depth -= 1
