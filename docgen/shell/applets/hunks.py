"""Where two files differ, and how diff writes it."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.diagnostics import LimitExceeded
from docgen.frozen import frozen

_CELLS = 2_000_000
"""Lines of one file times lines of the other, that are compared one by one."""


@frozen
class Hunk:
    """Lines [a, b) of the first file become lines [c, d) of the second."""

    a: int
    b: int
    c: int
    d: int


def changes(one: Sequence[bytes], two: Sequence[bytes]) -> list[Hunk]:
    """A shortest edit, from a longest common subsequence."""
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    end = 0
    while end < min(len(one), len(two)) - start and one[-1 - end] == two[-1 - end]:
        end += 1
    left, right = one[start : len(one) - end], two[start : len(two) - end]
    if len(left) * len(right) > _CELLS:
        raise LimitExceeded("diff of files with so many different lines", "compare smaller files")
    table = _lengths(left, right)
    hunks: list[Hunk] = []
    i = j = 0
    while i < len(left) or j < len(right):
        if i < len(left) and j < len(right) and left[i] == right[j]:
            i, j = i + 1, j + 1
            continue
        a, c = i, j
        while i < len(left) or j < len(right):
            if i < len(left) and j < len(right) and left[i] == right[j]:
                break
            if j == len(right) or (i < len(left) and table[i + 1][j] >= table[i][j + 1]):
                i += 1
            else:
                j += 1
        hunks.append(Hunk(a + start, i + start, c + start, j + start))
    return hunks


def _lengths(left: Sequence[bytes], right: Sequence[bytes]) -> list[list[int]]:
    table = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in range(len(left) - 1, -1, -1):
        row, below = table[i], table[i + 1]
        for j in range(len(right) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if left[i] == right[j] else max(below[j], row[j + 1])
    return table


def _shown(mark: str, line: bytes) -> bytes:
    if line.endswith(b"\n"):
        return mark.encode() + line
    return mark.encode() + line + b"\n\\ No newline at end of file\n"


def normal_form(hunk: Hunk, left: list[bytes], right: list[bytes]) -> bytes:
    letter = "c" if hunk.b > hunk.a and hunk.d > hunk.c else "d" if hunk.b > hunk.a else "a"
    first = _range(hunk.a, hunk.b)
    second = _range(hunk.c, hunk.d)
    out = f"{first}{letter}{second}\n".encode()
    out += b"".join(_shown("< ", line) for line in left[hunk.a : hunk.b])
    if letter == "c":
        out += b"---\n"
    return out + b"".join(_shown("> ", line) for line in right[hunk.c : hunk.d])


def _range(start: int, stop: int) -> str:
    if stop - start == 1:
        return str(stop)
    return f"{start + 1},{stop}" if stop > start else str(start)


def grouped(hunks: list[Hunk], context: int) -> list[list[Hunk]]:
    """Hunks whose context would touch are shown together."""
    groups: list[list[Hunk]] = []
    for hunk in hunks:
        if groups and hunk.a - groups[-1][-1].b <= 2 * context:
            groups[-1].append(hunk)
        else:
            groups.append([hunk])
    return groups


def unified_form(group: list[Hunk], left: list[bytes], right: list[bytes], context: int) -> bytes:
    start, stop = max(group[0].a - context, 0), min(group[-1].b + context, len(left))
    other = group[0].c - (group[0].a - start)
    other_stop = group[-1].d + (stop - group[-1].b)
    out = f"@@ -{_span(start, stop)} +{_span(other, other_stop)} @@\n".encode()
    at = start
    for hunk in group:
        out += b"".join(_shown(" ", line) for line in left[at : hunk.a])
        out += b"".join(_shown("-", line) for line in left[hunk.a : hunk.b])
        out += b"".join(_shown("+", line) for line in right[hunk.c : hunk.d])
        at = hunk.b
    return out + b"".join(_shown(" ", line) for line in left[at:stop])


def _span(start: int, stop: int) -> str:
    size = stop - start
    if size == 1:
        return str(start + 1)
    return f"{start + 1},{size}" if size else f"{start},0"
