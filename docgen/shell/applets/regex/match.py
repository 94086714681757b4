"""Searching with a compiled expression: leftmost, then longest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from docgen.diagnostics import LimitExceeded
from docgen.shell.applets.regex.automaton import EDGE, Automaton
from docgen.shell.applets.regex.captures import captures
from docgen.shell.applets.regex.nodes import (
    ALL_BYTES,
    Alternate,
    Bytes,
    Concat,
    Node,
    Repeat,
    literal,
    mirrored,
)
from docgen.shell.applets.regex.parse import Dialect, parse
from docgen.shell.applets.regex.program import compile_program

BYTES_READ: Final = 2_000_000
"""Bytes that the automata may read for one text, beside four times the text itself: it is read more
often only where many possible matches overlap."""

Span = tuple[int, int]


def compile_regex(
    pattern: bytes,
    dialect: Dialect,
    *,
    ignore_case: bool = False,
    utf8: bool = False,
    multiline: bool = False,
) -> Regex:
    """Raises RegexError with glibc's text, NotSimulated for back-references."""
    parsed = parse(pattern, dialect, ignore_case=ignore_case, utf8=utf8)
    return Regex(parsed.root, parsed.groups, multiline)


def any_of(regexes: list[Regex]) -> Regex:
    """One expression that matches where any of several does (grep with more patterns)."""
    if len(regexes) == 1:
        return regexes[0]
    return Regex(Alternate(tuple(one.root for one in regexes)), 0, False)


class Regex:
    """A compiled expression."""

    def __init__(self, root: Node, groups: int, multiline: bool) -> None:
        self.root = root
        self.groups = groups
        self.literal = literal(root)
        self.multiline = multiline
        self.program = compile_program(root)
        self.forward = Automaton(self.program, multiline)
        backward = Concat((Repeat(Bytes(ALL_BYTES), 0, None), mirrored(root)))
        self.backward = Automaton(compile_program(backward), multiline)

    def on(self, text: bytes) -> Subject:
        return Subject(self, text)

    def test(self, text: bytes) -> bool:
        """Whether it matches anywhere."""
        return self.on(text).find(0) is not None

    def full(self, text: bytes) -> bool:
        """Whether it matches the whole text."""
        return self.on(text).longest(0) == len(text)


class Subject:
    """One text under one expression; the places where matches start are computed once."""

    def __init__(self, regex: Regex, text: bytes) -> None:
        self._regex = regex
        self.text = text
        self._fuel = BYTES_READ + 4 * len(text)
        self._starts: list[int] | None = None
        """Descending, so that the next one is at the end."""

    def find(self, start: int) -> Span | None:
        """The leftmost longest match at or behind `start`; call with growing `start` only."""
        if self._regex.literal is not None:
            at = self.text.find(self._regex.literal, start)
            return None if at < 0 else (at, at + len(self._regex.literal))
        if self._starts is None:
            self._starts = self._find_starts()
        while self._starts and self._starts[-1] < start:
            self._starts.pop()
        if not self._starts:
            return None
        first = self._starts[-1]
        end = self.longest(first)
        assert end is not None, "the two automata disagree"
        return first, end

    def matches(self) -> Iterator[Span]:
        """Those that sed and awk replace, left to right: no empty one right behind another."""
        at, previous_end = 0, -1
        while at <= len(self.text) and (span := self.find(at)) is not None:
            start, end = span
            if start == end == previous_end:
                at = start + 1
                continue
            yield span
            at, previous_end = end + (start == end), end

    def longest(self, start: int) -> int | None:
        """The end of the longest match that starts exactly here."""
        automaton, text, size = self._regex.forward, self.text, len(self.text)
        state = automaton.start(text[start - 1] if start else EDGE)
        table = automaton.table
        end, at = None, start
        while state:
            symbol = text[at] if at < size else EDGE
            code = table[state][symbol]
            if code < 0:
                code = automaton.step(state, symbol)
            if code & 1:
                end = at
            state = code >> 1
            at += 1
        self._spend(at - start)
        return end

    def groups(self, span: Span) -> list[Span | None]:
        """What each group took of a match; index 0 is the match itself."""
        steps, found = captures(self._regex, self.text, span, self._fuel)
        self._spend(steps)
        return found

    def _find_starts(self) -> list[int]:
        automaton, text = self._regex.backward, self.text
        self._spend(len(text))
        state = automaton.start(EDGE)
        table = automaton.table
        starts = []
        for at in range(len(text), -1, -1):
            symbol = text[at - 1] if at else EDGE
            code = table[state][symbol]
            if code < 0:
                code = automaton.step(state, symbol)
            if code & 1:
                starts.append(at)
            state = code >> 1
        return starts

    def _spend(self, steps: int) -> None:
        self._fuel -= steps
        if self._fuel < 0:
            raise LimitExceeded(
                "a regular expression whose possible matches overlap so often",
                "search a smaller text, or anchor the expression",
            )
