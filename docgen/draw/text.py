"""Text on a cell grid: how wide it is, how it is escaped, cut and wrapped, and how numbers read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

ELLIPSIS: Final = "…"
_OURS: Final = frozenset("…→·↑×■●○◌◆▲▶▼◀–—“”’")
"""What pictures say themselves; one cell each, as are all box-drawing characters."""
_NARROW: Final = re.compile(f"[ -~─-╿{''.join(sorted(_OURS))}]*")
"""A text of such characters alone."""
_UNITS: Final = ("B", "kB", "MB", "GB", "TB", "PB")
_NAMED: Final = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\x1b": "\\e", "\0": "\\0"}
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean(text: str) -> str:
    """The text with everything that is not a visible character written as an escape.

    Control, format (bidi, joiners), variation selectors, surrogates, private use and unassigned
    characters, and every space but the plain one: what a terminal or XML would act on or reject.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if " " <= char <= "~":
        return char
    category = unicodedata.category(char)
    selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    if not selector and category not in _UNSEEN and category != "Zs" and char_cells(char) >= 0:
        return char
    code = ord(char)
    if char in _NAMED:
        return _NAMED[char]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def char_cells(char: str) -> int:
    """Cells of one character, by the Unicode tables that terminals use; -1: not to be shown."""
    if " " <= char <= "~" or "─" <= char <= "╿" or char in _OURS:
        return 1
    from wcwidth import wcwidth  # only loaded for text that needs it

    return wcwidth(char)


def clusters(text: str) -> Iterator[tuple[str, int]]:
    """Characters as a terminal places them: (base with its combining marks, cells: 1 or 2)."""
    base, width = "", 0
    for char in text:
        cells_here = max(char_cells(char), 0)
        if cells_here == 0 and base:
            base += char
            continue
        if base:
            yield base, width
        base, width = (char, cells_here) if cells_here else ("\u25cc" + char, 1)
    if base:
        yield base, width


def cells(text: str) -> int:
    """Width of a (clean) text in cells."""
    if text.isascii() or _NARROW.fullmatch(text):
        return len(text)
    return sum(width for _, width in clusters(text))


def cut_end(text: str, width: int) -> str:
    """The text in at most `width` cells, the end given up for `…`."""
    if cells(text) <= width:
        return text
    return _take(clusters(text), width - 1) + ELLIPSIS if width > 0 else ""


def cut_middle(text: str, width: int) -> str:
    """The text in at most `width` cells, the middle given up for `…`.

    The end keeps two thirds: of a path it is the part that tells things apart.
    """
    if cells(text) <= width:
        return text
    if width <= 1:
        return ELLIPSIS[:width]
    head = (width - 1) // 3
    tail = _take(reversed(tuple(clusters(text))), width - 1 - head, backwards=True)
    return _take(clusters(text), head) + ELLIPSIS + tail


def _take(pieces: Iterator[tuple[str, int]], width: int, *, backwards: bool = False) -> str:
    taken: list[str] = []
    for piece, cost in pieces:
        width -= cost
        if width < 0:
            break
        taken.append(piece)
    return "".join(reversed(taken) if backwards else taken)


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, broken at blanks; a longer word is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if cells(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        line = cut_middle(word, width)
    return [*lines, line] if line else lines


def size(count: int) -> str:
    """Bytes as Docker's own tools round them (decimal units, three digits), with a blank."""
    value, unit = float(count), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{count} B" if unit == 0 else f"{value:.3g} {_UNITS[unit]}"


def plural(count: int, noun: str, nouns: str = "") -> str:
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """`a`, `a and b`, `a, b and c`, `a, b and 4 more`."""
    if len(names) <= 1:
        return "".join(names)
    if len(names) <= most:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"
