"""How wide text is in the SVG, before any browser has seen it.

Code stands on a monospaced font of 0.6 em, words on the widths that Helvetica, Arial and their
kin share. The SVG states the width (`textLength`), so another font is fitted to it and nothing
can overlap.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from docgen.draw.scene import CELL_WIDTH, Role, Run
from docgen.draw.text import cells

FONT: Final = 12
"""px; the one size of all text."""
_MONO: Final = 0.6
_BOLD: Final = 1.06
MONOSPACED: Final = frozenset(
    {Role.NAME, Role.CODE, Role.QUIET_CODE, Role.HOST, Role.STRUCK, Role.GHOST}
)

_CLASSES: Final = (
    (22, "'ijl|’"),
    (28, " !,./:;I[\\]ft·"),
    (33, '()-`r{}"*'),
    (50, "^Jcksvxyz"),
    (56, "#$0123456789?L_abdeghnopqu"),
    (61, "+<=>~FTZ"),
    (67, "&ABEKPSVXY"),
    (72, "CDHNRUw"),
    (80, "GOQMm"),
    (92, "%W"),
    (100, "…→@"),
)
"""Hundredths of an em."""


@lru_cache(maxsize=1)
def _widths() -> dict[str, int]:
    return {char: width for width, chars in _CLASSES for char in chars}


@lru_cache(maxsize=8192)
def pixels(run: Run) -> int:
    """Width of a run in px; never more than its cells."""
    room = cells(run.text) * CELL_WIDTH
    if run.role in MONOSPACED:
        return min(round(cells(run.text) * _MONO * FONT), room)
    widths = _widths()
    ems = sum(widths.get(char, 60 * cells(char)) for char in run.text) / 100
    return min(round(ems * FONT * (_BOLD if run.role is Role.TITLE else 1)), room)
