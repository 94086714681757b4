"""The patterns of grep as one expression, with -w and -x."""

from __future__ import annotations

from collections.abc import Iterator

from docgen.frozen import frozen
from docgen.shell.applets.regex import (
    GREP_BASIC,
    GREP_EXTENDED,
    Dialect,
    Regex,
    Span,
    Subject,
    compile_regex,
)
from docgen.shell.applets.regex.match import any_of


@frozen
class Matcher:
    """Finds matches in one line (without its end)."""

    regex: Regex | None
    """None: no pattern at all, which matches nothing."""
    words: bool
    lines: bool

    @classmethod
    def of(
        cls,
        patterns: list[bytes],
        *,
        kind: str,
        ignore_case: bool,
        utf8: bool,
        words: bool,
        lines: bool,
    ) -> Matcher:
        """`kind`: `basic`, `extended`, `fixed`. Raises RegexError."""
        dialect: Dialect = GREP_EXTENDED if kind == "extended" else GREP_BASIC
        if kind == "fixed":
            patterns = [_literal(pattern) for pattern in patterns]
        compiled = [
            compile_regex(pattern, dialect, ignore_case=ignore_case, utf8=utf8)
            for pattern in patterns
        ]
        return cls(any_of(compiled) if compiled else None, words, lines)

    def matches(self, line: bytes) -> bool:
        return next(self.spans(line), None) is not None

    def spans(self, line: bytes) -> Iterator[Span]:
        """Matches that do not overlap, empty ones included."""
        if self.regex is None:
            return
        if self.lines:
            if self.regex.full(line):
                yield 0, len(line)
            return
        subject = self.regex.on(line)
        at = 0
        while at <= len(line):
            span = self._next(subject, line, at)
            if span is None:
                return
            yield span
            at = max(span[1], span[0] + 1)

    def _next(self, subject: Subject, line: bytes, at: int) -> Span | None:
        span = subject.find(at)
        if not self.words:
            return span
        while span is not None:
            start, end = span
            if _is_word(line, start, end):
                return span
            shorter = self._shorter(line, start, end)
            if shorter is not None:
                return start, shorter
            span = subject.find(start + 1)
        return None

    def _shorter(self, line: bytes, start: int, end: int) -> int | None:
        """With -w grep tries shorter matches from the same place."""
        assert self.regex is not None
        while end > start:
            found = self.regex.on(line[: end - 1]).longest(start)
            if found is None:
                return None
            if _is_word(line, start, found):
                return found
            end = found
        return None


def _is_word(line: bytes, start: int, end: int) -> bool:
    before = start == 0 or not _constituent(line[start - 1])
    after = end == len(line) or not _constituent(line[end])
    return before and after


def _constituent(byte: int) -> bool:
    return byte == 0x5F or bytes((byte,)).isalnum() or byte >= 0x80


def _literal(text: bytes) -> bytes:
    """A basic expression that stands for the text itself."""
    return b"".join(b"\\" + bytes((c,)) if c in b"\\.[*^$" else bytes((c,)) for c in text)
