"""The ASCII renderer: a scene as lines of text.

Lines are drawn first, as arms that join where they meet; text and signs are put on top, last.
"""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import Final, assert_never

from docgen.draw import glyphs
from docgen.draw.glyphs import DOWN, LEFT, RIGHT, UP
from docgen.draw.scene import (
    Bar,
    Box,
    Chip,
    Line,
    Mark,
    MarkKind,
    Role,
    Scene,
    Shape,
    Style,
    Swatch,
    Text,
)
from docgen.draw.text import cells, clusters

_ROLE_COLOURS: Final = {
    Role.TITLE: "1",
    Role.NAME: "1",
    Role.BODY: "",
    Role.CODE: "",
    Role.QUIET: "2",
    Role.QUIET_CODE: "2",
    Role.HOST: "34",
    Role.KEPT: "32",
    Role.LOST: "33",
    Role.STRUCK: "9;31",
    Role.GHOST: "2;9",
}
"""ANSI: what follows `ESC [`."""
_STYLE_COLOURS: Final = {
    Style.FRAME: "2",
    Style.VIEW: "2",
    Style.WRITABLE: "33",
    Style.LAYER: "2",
    Style.VOLUME: "32",
    Style.BIND: "34",
    Style.TMPFS: "35",
    Style.GHOST: "2",
}
_MARK_COLOURS: Final = {
    MarkKind.ADDED: "32",
    MarkKind.CHANGED: "33",
    MarkKind.DELETED: "31",
    MarkKind.WHITEOUT: "31",
    MarkKind.ENDED: "31",
    MarkKind.SERVES: "32",
}


class _Canvas:
    """Cells row after row: the arms of lines, the characters above them, the colours of both."""

    def __init__(self, width: int, height: int, *, pure: bool, colour: bool) -> None:
        self.width = width
        self.pure, self.colour = pure, colour
        self.arms = [0] * (width * height)
        self.chars: dict[int, str] = {}
        self.tints: dict[int, str] = {}

    def box(self, box: Box) -> None:
        right, bottom = box.x + box.w - 1, box.y + box.h - 1
        corners = ((box.x, box.y), (right, box.y), (right, bottom), (box.x, bottom), (box.x, box.y))
        self.path(corners, box.style)

    def path(self, points: tuple[tuple[int, int], ...], style: Style) -> None:
        stroke = glyphs.STROKES[style]
        tint = _STYLE_COLOURS[style] if self.colour else ""
        for (x, y), (to_x, to_y) in pairwise(points):
            first, last = sorted((y * self.width + x, to_y * self.width + to_x))
            step, near, far = (1, RIGHT, LEFT) if y == to_y else (self.width, DOWN, UP)
            self._stroke(first, last, step, stroke << near, stroke << far)
            if tint:
                self.tints.update(dict.fromkeys(range(first, last + 1, step), tint))

    def _stroke(self, first: int, last: int, step: int, ahead: int, back: int) -> None:
        if first == last:
            return
        arms, both = self.arms, ahead | back
        arms[first] |= ahead
        arms[last] |= back
        for cell in range(first + step, last, step):
            arms[cell] |= both

    def put(self, x: int, y: int, text: str, tint: str = "") -> int:
        """Write from a cell on; returns the next free column."""
        shown = _plain(text) if self.pure else text
        start = cell = y * self.width + x
        if shown.isascii():
            self.chars.update(enumerate(shown, start))
            cell += len(shown)
        else:
            for char, width in clusters(shown):
                self.chars[cell] = char
                if width == 2:
                    self.chars[cell + 1] = ""
                cell += width
        if self.colour:
            self.tints.update(dict.fromkeys(range(start, cell), tint))
        return x + cell - start

    def fill(self, x: int, y: int, texture: str, tint: str) -> None:
        """Characters of one cell each."""
        start = y * self.width + x
        self.chars.update(enumerate(glyphs.plain(texture) if self.pure else texture, start))
        if self.colour:
            self.tints.update(dict.fromkeys(range(start, start + len(texture)), tint))

    def lines(self) -> list[str]:
        shown = {
            cell: glyphs.glyph(cell, pure=self.pure) if cell else " " for cell in set(self.arms)
        }
        drawn = [shown[cell] for cell in self.arms]
        for cell, char in self.chars.items():
            drawn[cell] = char
        width = self.width
        rows = range(0, len(drawn), width)
        if self.colour:
            return [self._coloured(drawn[row : row + width], row) for row in rows]
        return ["".join(drawn[row : row + width]).rstrip() for row in rows]

    def _coloured(self, chars: list[str], row: int) -> str:
        used = len("".join(char or "\0" for char in chars).rstrip())
        out = ""
        for tint, run in groupby(range(used), lambda cell: self.tints.get(row + cell, "")):
            text = "".join(chars[cell] for cell in run)
            out += f"\x1b[{tint}m{text}\x1b[0m" if tint and text.strip() else text
        return out


def ascii(scene: Scene, *, pure: bool = False, colour: bool = False) -> str:  # noqa: A001
    """The scene as text: at most `scene.width` columns, no trailing blanks, a newline at the end.

    `pure` keeps to ASCII (a name's other characters become `?`); `colour` adds ANSI colours.
    """
    canvas = _Canvas(scene.width, scene.height, pure=pure, colour=colour)
    for shape in scene.shapes():
        if isinstance(shape, Box):
            canvas.box(shape)
        elif isinstance(shape, Line):
            canvas.path(shape.points, shape.style)
    for shape in scene.shapes():
        _put(canvas, shape)
    return "\n".join(canvas.lines()).rstrip("\n") + "\n"


def _put(canvas: _Canvas, shape: Shape) -> None:
    match shape:
        case Text():
            _put_text(canvas, shape)
        case Mark():
            canvas.put(
                shape.x, shape.y, glyphs.MARKS[shape.kind], _MARK_COLOURS.get(shape.kind, "")
            )
        case Line():
            _put_ends(canvas, shape)
        case Swatch():
            stroke = glyphs.STROKES[shape.style]
            sample = glyphs.glyph(stroke << RIGHT | stroke << LEFT, pure=canvas.pure) * 2
            canvas.put(shape.x, shape.y, sample, _STYLE_COLOURS[shape.style])
        case Bar():
            _put_bar(canvas, shape)
        case Box() | Chip():
            pass
        case _:
            assert_never(shape)


def _put_text(canvas: _Canvas, text: Text) -> None:
    spare = 0 if text.align == "start" else text.w - cells(text.string)
    x = text.x + (spare // 2 if text.align == "middle" else spare)
    if text.on_border:
        canvas.put(x - 1, text.y, " ")
    for run in text.runs:
        x = canvas.put(x, text.y, run.text, _ROLE_COLOURS[run.role])
    if text.on_border:
        canvas.put(x, text.y, " ")


def _put_bar(canvas: _Canvas, bar: Bar) -> None:
    filling = glyphs.TEXTURES[bar.style] * bar.w or glyphs.SLIVER
    canvas.fill(bar.x, bar.y, filling, _STYLE_COLOURS[bar.style])


def _put_ends(canvas: _Canvas, line: Line) -> None:
    tint = _STYLE_COLOURS[line.style]
    if line.arrow:
        (from_x, from_y), (x, y) = line.points[-2:]
        flat, upright = (RIGHT if x > from_x else LEFT), (DOWN if y > from_y else UP)
        way = flat if y == from_y else upright
        canvas.put(x, y, glyphs.ARROWS[way], tint)


def _plain(text: str) -> str:
    """ASCII of the same width."""
    if text.isascii():
        return text
    plain = glyphs.plain(text)
    return "".join(char if char.isascii() else "?" * width for char, width in clusters(plain))
