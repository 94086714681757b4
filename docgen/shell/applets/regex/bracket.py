"""Bracket expressions: `[a-z]`, `[^[:space:]]`, `[[.x.]]`."""

from __future__ import annotations

from docgen.shell.applets.regex.charset import CLASSES, LAST_CODE_POINT, CharSet
from docgen.shell.applets.regex.errors import RegexError

_UNMATCHED = "Unmatched [, [^, [:, [., or [="


def bracket(pattern: bytes, at: int, utf8: bool) -> tuple[CharSet, int]:
    """Reads what follows `[`; the set, and the index behind the closing `]`."""
    negated = pattern.startswith(b"^", at)
    at += negated
    if at >= len(pattern):
        raise RegexError("Invalid regular expression")
    ranges: list[tuple[int, int]] = []
    first = True
    while first or not pattern.startswith(b"]", at):
        if at >= len(pattern):
            raise RegexError(_UNMATCHED)
        first = False
        if pattern.startswith(b"[:", at):
            name, at = _named(pattern, at, b":]")
            if name not in CLASSES:
                raise RegexError("Invalid character class name")
            ranges.extend(CLASSES[name])
            continue
        low, at = _element(pattern, at, utf8)
        high = low
        if pattern.startswith(b"-", at) and not pattern.startswith(b"-]", at):
            high, at = _element(pattern, at + 1, utf8)
            if high < low:
                raise RegexError("Invalid range end")
        ranges.append((low, high))
    chars = CharSet.of(ranges)
    if negated:
        chars = chars.complement(LAST_CODE_POINT if utf8 else 255)
    return chars, at + 1


def _element(pattern: bytes, at: int, utf8: bool) -> tuple[int, int]:
    """One character or `[.x.]` or `[=x=]`; its number, and the index behind it."""
    for opening, closing in ((b"[.", b".]"), (b"[=", b"=]")):
        if pattern.startswith(opening, at):
            name, at = _named(pattern, at, closing)
            text = name.decode("utf-8" if utf8 else "latin-1", "replace")
            if len(text) != 1:
                raise RegexError("Invalid collation character")
            return ord(text), at
    if at >= len(pattern):
        raise RegexError(_UNMATCHED)
    if utf8 and pattern[at] >= 0xC2:
        for length in (2, 3, 4):
            try:
                return ord(pattern[at : at + length].decode("utf-8")), at + length
            except (UnicodeDecodeError, TypeError):
                continue
    return pattern[at], at + 1


def _named(pattern: bytes, at: int, closing: bytes) -> tuple[bytes, int]:
    end = pattern.find(closing, at + 2)
    if end < 0:
        raise RegexError(_UNMATCHED)
    return pattern[at + 2 : end], end + 2
