"""The legend: only what is used, and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from docgen.draw.scene import (
    Bar,
    Box,
    Chip,
    Group,
    Line,
    Mark,
    MarkKind,
    Role,
    Run,
    Shape,
    Style,
    Swatch,
    Text,
)
from docgen.draw.text import cells

STYLE_WORDS: Final = {
    Style.WRITABLE: "writable",
    Style.LAYER: "read-only",
    Style.VOLUME: "volume",
    Style.BIND: "host directory",
    Style.TMPFS: "memory",
    Style.GHOST: "gone",
}
MARK_WORDS: Final = {
    MarkKind.ADDED: "added",
    MarkKind.CHANGED: "changed",
    MarkKind.DELETED: "deleted",
    MarkKind.COPIED_UP: "copied up",
    MarkKind.WHITEOUT: "whiteout",
    MarkKind.OPAQUE: "opaque",
    MarkKind.HIDDEN: "hidden",
    MarkKind.SERVES: "serves it",
    MarkKind.ABSENT: "not here",
    MarkKind.BORN: "begins",
    MarkKind.WRITTEN: "written to",
    MarkKind.ENDED: "ends",
    MarkKind.STOPPED: "stopped",
    MarkKind.STARTED: "started again",
}
"""In the order in which the legend lists them."""

COLUMN: Final = {True: 18, False: 20}
"""Cells of an entry, in a wide and in a narrow picture."""


def legend(
    shapes: Iterable[Shape], y: int, width: int, words: Mapping[Style, str] = STYLE_WORDS
) -> Group | None:
    """One group of samples from row `y` on, in columns."""
    styles: set[Style] = set()
    bars: dict[Style, Bar] = {}
    marks: set[MarkKind] = set()
    for shape in shapes:
        match shape:
            case Box() | Line() | Chip():
                styles.add(shape.style)
            case Bar():
                bars[shape.style] = shape
            case Mark():
                marks.add(shape.kind)
            case _:
                pass
    placed: list[Shape] = []
    column = COLUMN[width >= 72]
    for at, (sample, said) in enumerate(_items(styles | set(bars), marks, words)):
        row, place = divmod(at, width // column)
        x = 1 + place * column
        placed.append(_sample(sample, bars, x, y + row))
        placed.append(Text(x + 3, y + row, cells(said), (Run(said, Role.QUIET),)))
    return Group("legend", tuple(placed)) if placed else None


def _sample(sample: Style | MarkKind, bars: Mapping[Style, Bar], x: int, y: int) -> Shape:
    if isinstance(sample, MarkKind):
        return Mark(x, y, sample)
    bar = bars.get(sample)
    return replace(bar, x=x, y=y, w=2) if bar else Swatch(x, y, sample)


def _items(
    styles: set[Style], marks: set[MarkKind], words: Mapping[Style, str]
) -> Iterator[tuple[Style | MarkKind, str]]:
    yield from ((style, said) for style, said in words.items() if style in styles)
    yield from ((mark, said) for mark, said in MARK_WORDS.items() if mark in marks)


def legend_bottom(group: Group | None) -> int:
    """The row below the legend; 0 without one."""
    if group is None:
        return 0
    return 1 + max(
        shape.y for shape in group.shapes if isinstance(shape, (Text, Mark, Swatch, Bar))
    )
