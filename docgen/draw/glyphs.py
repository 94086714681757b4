"""Box-drawing characters by their arms, and their plain ASCII stand-ins.

A cell of the canvas is a set of arms, each arm a set of strokes; `glyph` makes a character of it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from docgen.draw.scene import MarkKind, Style

LIGHT, DASHED, DOTTED, DOUBLE, HEAVY = (1 << bit for bit in range(5))
"""Strokes of one arm, weakest first; where lines meet, the arm keeps all and shows the
strongest.
"""
UP, RIGHT, DOWN, LEFT = (5 * arm for arm in range(4))
"""Where the five strokes of an arm stand in a cell."""

STROKES: Final = {
    Style.FRAME: LIGHT,
    Style.VIEW: LIGHT,
    Style.WRITABLE: DOUBLE,
    Style.LAYER: LIGHT,
    Style.VOLUME: HEAVY,
    Style.BIND: HEAVY,
    Style.TMPFS: DOTTED,
    Style.GHOST: DASHED,
}

TEXTURES: Final = {
    Style.FRAME: "▒",
    Style.VIEW: "·",
    Style.WRITABLE: "▓",
    Style.LAYER: "░",
    Style.VOLUME: "█",
    Style.BIND: "█",
    Style.TMPFS: "▒",
    Style.GHOST: "·",
}
"""What bars are filled with."""
SLIVER: Final = "▏"
"""A bar of less than a cell."""

SAMPLES: Final = {LIGHT: "──", DASHED: "╌╌", DOTTED: "┈┈", DOUBLE: "══", HEAVY: "━━"}

MARKS: Final = {
    MarkKind.ADDED: "A",
    MarkKind.CHANGED: "C",
    MarkKind.DELETED: "D",
    MarkKind.COPIED_UP: "↑",
    MarkKind.WHITEOUT: "×",
    MarkKind.OPAQUE: "■",
    MarkKind.SERVES: "●",
    MarkKind.HIDDEN: "○",
    MarkKind.ABSENT: "·",
    MarkKind.BORN: "●",
    MarkKind.ENDED: "×",
    MarkKind.STOPPED: "◌",
    MarkKind.STARTED: "○",
    MarkKind.WRITTEN: "◆",
}

_BY_ARMS: Final = (
    "0001╴ 0002╸ 0010╷ 0011┐ 0012┑ 0013╕ 0020╻ 0021┒ 0022┓ 0031╖ 0033╗ 0100╶ 0101─ 0102╾ "
    "0110┌ 0111┬ 0112┭ 0120┎ 0121┰ 0122┱ 0130╓ 0131╥ 0200╺ 0201╼ 0202━ 0210┍ 0211┮ 0212┯ "
    "0220┏ 0221┲ 0222┳ 0303═ 0310╒ 0313╤ 0330╔ 0333╦ 1000╵ 1001┘ 1002┙ 1003╛ 1010│ 1011┤ "
    "1012┥ 1013╡ 1020╽ 1021┧ 1022┪ 1100└ 1101┴ 1102┵ 1110├ 1111┼ 1112┽ 1120┟ 1121╁ 1122╅ "
    "1200┕ 1201┶ 1202┷ 1210┝ 1211┾ 1212┿ 1220┢ 1221╆ 1222╈ 1300╘ 1303╧ 1310╞ 1313╪ 2000╹ "
    "2001┚ 2002┛ 2010╿ 2011┦ 2012┩ 2020┃ 2021┨ 2022┫ 2100┖ 2101┸ 2102┹ 2110┞ 2111╀ 2112╃ "
    "2120┠ 2121╂ 2122╉ 2200┗ 2201┺ 2202┻ 2210┡ 2211╄ 2212╇ 2220┣ 2221╊ 2222╋ 3001╜ 3003╝ "
    "3030║ 3031╢ 3033╣ 3100╙ 3101╨ 3130╟ 3131╫ 3300╚ 3303╩ 3330╠ 3333╬"
)
"""Weight of the arms up, right, down, left (1 light, 2 heavy, 3 double), then the character."""

_WEIGHTS: Final = {LIGHT: 1, DASHED: 1, DOTTED: 1, DOUBLE: 3, HEAVY: 2}
_BROKEN: Final = {
    (DASHED, True): "╌",
    (DASHED, False): "╎",
    (DOTTED, True): "┈",
    (DOTTED, False): "┊",
}
_PLAIN_FLAT: Final = {LIGHT: "-", DASHED: "-", DOTTED: ".", DOUBLE: "=", HEAVY: "="}
_PLAIN_UPRIGHT: Final = {LIGHT: "|", DASHED: ":", DOTTED: ":", DOUBLE: "|", HEAVY: "|"}
_PLAIN_TEXT: Final = str.maketrans("…▶◀▲▼●○◌◆·↑×■→–—“”’│─├└░▒▓█▏", "~><^v*oo@.^x#>--\"\"'|-|'-%#=|")

ARROWS: Final = {UP: "▲", RIGHT: "▶", DOWN: "▼", LEFT: "◀"}


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    return {entry[:4]: entry[4] for entry in _BY_ARMS.split()}


@lru_cache(maxsize=4096)
def glyph(cell: int, *, pure: bool) -> str:
    """The character for a cell's arms."""
    arms = [_strongest(cell >> arm & 31) for arm in (UP, RIGHT, DOWN, LEFT)]
    upright = {arms[0], arms[2]} - {0}
    flat = {arms[1], arms[3]} - {0}
    if pure:
        return _plain(upright, flat)
    if len(upright) + len(flat) == 1:
        stroke = next(iter(upright | flat))
        if (stroke, bool(flat)) in _BROKEN:
            return _BROKEN[stroke, bool(flat)]
    return _joined([_WEIGHTS.get(arm, 0) for arm in arms])


def plain(text: str) -> str:
    """The text in ASCII, as wide as before; what has no stand-in becomes `?`."""
    return text if text.isascii() else text.translate(_PLAIN_TEXT)


def _strongest(strokes: int) -> int:
    return 1 << strokes.bit_length() - 1 if strokes else 0


def _plain(upright: set[int], flat: set[int]) -> str:
    if upright and flat:
        return "+"
    return _PLAIN_FLAT[max(flat)] if flat else _PLAIN_UPRIGHT[max(upright)]


def _joined(weights: list[int]) -> str:
    """Unicode has no character for every mixture: heavy gives way to double, double to light."""
    table = _table()
    attempts = (
        weights,
        [1 if weight == 2 else weight for weight in weights],
        [1 if weight == 3 else weight for weight in weights],
        [min(weight, 1) for weight in weights],
    )
    for attempt in attempts:
        found = table.get("".join(map(str, attempt)))
        if found:
            return found
    return " "
