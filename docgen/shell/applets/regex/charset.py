"""Sets of characters, and how they become sets of byte sequences in UTF-8."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from docgen.frozen import frozen
from docgen.shell.applets.regex.nodes import Alternate, Bytes, Concat, Node

LAST_CODE_POINT: Final = 0x10FFFF
_LAST_OF_LENGTH: Final = (0x7F, 0x7FF, 0xFFFF, LAST_CODE_POINT)


def _span(first: str, last: str) -> tuple[int, int]:
    return ord(first), ord(last)


_UPPER, _LOWER, _DIGIT = _span("A", "Z"), _span("a", "z"), _span("0", "9")

CLASSES: Final[dict[bytes, tuple[tuple[int, int], ...]]] = {
    b"alpha": (_UPPER, _LOWER),
    b"digit": (_DIGIT,),
    b"alnum": (_UPPER, _LOWER, _DIGIT),
    b"upper": (_UPPER,),
    b"lower": (_LOWER,),
    b"space": ((9, 13), (32, 32)),
    b"blank": ((9, 9), (32, 32)),
    b"cntrl": ((0, 31), (127, 127)),
    b"print": ((32, 126),),
    b"graph": ((33, 126),),
    b"punct": ((33, 47), (58, 64), (91, 96), (123, 126)),
    b"xdigit": (_DIGIT, _span("A", "F"), _span("a", "f")),
}
"""POSIX character classes in the C locale (ISO C ctype)."""
WORD: Final = (_UPPER, _LOWER, _DIGIT, _span("_", "_"))
SPACE: Final = CLASSES[b"space"]


@frozen
class CharSet:
    """Characters as sorted, disjoint ranges of code points (of bytes, in the C locale)."""

    ranges: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, ranges: Iterable[tuple[int, int]]) -> CharSet:
        merged: list[tuple[int, int]] = []
        for first, last in sorted(ranges):
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        return cls(tuple(merged))

    def complement(self, last: int) -> CharSet:
        """All characters up to `last` that are not in this set."""
        gaps, start = [], 0
        for low, high in self.ranges:
            if start < low:
                gaps.append((start, low - 1))
            start = high + 1
        if start <= last:
            gaps.append((start, last))
        return CharSet(tuple(gaps))

    def without(self, char: int) -> CharSet:
        kept: list[tuple[int, int]] = []
        for low, high in self.ranges:
            kept += [(low, min(high, char - 1)), (max(low, char + 1), high)]
        return CharSet(tuple(pair for pair in kept if pair[0] <= pair[1]))

    def fold_case(self) -> CharSet:
        """With the other case of every ASCII letter in it."""
        more = list(self.ranges)
        for low, high in self.ranges:
            for (first, last), shift in ((_UPPER, 32), (_LOWER, -32)):
                start, stop = max(low, first), min(high, last)
                if start <= stop:
                    more.append((start + shift, stop + shift))
        return CharSet.of(more)


def byte_mask(ranges: Iterable[tuple[int, int]]) -> int:
    mask = 0
    for low, high in ranges:
        mask |= (1 << (high + 1)) - (1 << low)
    return mask


def node_of(chars: CharSet, utf8: bool) -> Node:
    """One character of the set: a byte in the C locale, a UTF-8 sequence else."""
    if not utf8:
        return Bytes(byte_mask((low, min(high, 255)) for low, high in chars.ranges if low < 256))
    ascii_ranges = [(low, min(high, 127)) for low, high in chars.ranges if low < 128]
    parts: list[Node] = [Bytes(byte_mask(ascii_ranges))] if ascii_ranges else []
    for low, high in chars.ranges:
        if high > 127:
            parts.extend(_utf8_sequences(max(low, 128), high))
    if len(parts) == 1:
        return parts[0]
    return Alternate(tuple(parts)) if parts else Bytes(0)


def _utf8_sequences(low: int, high: int) -> list[Node]:
    """Byte sequences for code points of a range: one product of byte ranges after the other."""
    found: list[Node] = []
    pending = [(low, high)]
    while pending:
        first, last = pending.pop()
        cut = _first_cut(first, last)
        if cut is not None:
            pending += [(cut + 1, last), (first, cut)]
            continue
        pairs = zip(_encode(first), _encode(last), strict=True)
        found.append(Concat(tuple(Bytes(byte_mask([pair])) for pair in pairs)))
    return found


def _first_cut(first: int, last: int) -> int | None:
    """Where a range must be cut so that each part is a product of byte ranges."""
    for limit in _LAST_OF_LENGTH:
        if first <= limit < last:
            return limit
    for shift in (6, 12, 18):
        low_bits = (1 << shift) - 1
        if (first >> shift) == (last >> shift):
            continue
        if first & low_bits:
            return first | low_bits
        if (last & low_bits) != low_bits:
            return (last & ~low_bits) - 1
    return None


def _encode(point: int) -> bytes:
    return chr(point).encode("utf-8", "surrogatepass")
