"""Go's text/tabwriter as docker uses it: cells at least 10 wide, padding 3, last cell unpadded."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.frozen import frozen

MINIMUM_WIDTH = 10
PADDING = 3


@frozen
class Widths:
    """`minimum` and `padding` of a writer, in terminal cells."""

    minimum: int = MINIMUM_WIDTH
    padding: int = PADDING


def display_width(text: str) -> int:
    """Cells in a terminal; docker's copy of tabwriter counts wide characters twice."""
    if text.isascii():
        return len(text)
    from wcwidth import wcwidth  # its tables are large, and few outputs need them

    return sum(max(wcwidth(letter), 0) for letter in text)


def align(text: str, widths: Widths | None = None) -> str:
    """Align the tab-separated cells of `text`.

    A column is a run of neighbouring lines that all have a cell there which a tab ends: the last
    cell of a line belongs to no column. Cell widths come from such a run alone.
    """
    lines = [line.split("\t") for line in text.split("\n")]
    sizes: list[list[int]] = [[] for _ in lines]
    _measure(lines, sizes, widths or Widths())
    return "\n".join(_join(cells, size) for cells, size in zip(lines, sizes, strict=True))


def _measure(lines: Sequence[Sequence[str]], sizes: list[list[int]], widths: Widths) -> None:
    deepest = max((len(cells) for cells in lines), default=0) - 1
    for column in range(deepest):
        start = 0
        while start < len(lines):
            end = start
            while end < len(lines) and column < len(lines[end]) - 1:
                end += 1
            if end > start:
                run = range(start, end)
                width = max(display_width(lines[at][column]) for at in run) + widths.padding
                for at in run:
                    sizes[at].append(max(width, widths.minimum))
            start = end + 1


def _join(cells: Sequence[str], sizes: Sequence[int]) -> str:
    padded = [
        cell + " " * (size - display_width(cell)) for cell, size in zip(cells, sizes, strict=False)
    ]
    return "".join(padded) + cells[-1]
