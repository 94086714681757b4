"""The SVG renderer: a scene, finished to the last cell, written down by a template that
decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, assert_never

from docgen.draw.metrics import pixels
from docgen.draw.picture import Sequence as Pictures
from docgen.draw.scene import (
    CELL_HEIGHT,
    CELL_WIDTH,
    Bar,
    Box,
    Chip,
    Group,
    Line,
    Mark,
    MarkKind,
    Scene,
    Shape,
    Swatch,
    Text,
)
from docgen.draw.text import clean
from docgen.draw.words import describe
from docgen.frozen import frozen

if TYPE_CHECKING:
    from jinja2 import Template

Kind = Literal["rect", "path", "letter", "text"]
Element = tuple[Kind, str, tuple[int | float, ...], str]
"""What the template writes: kind, class, numbers, and its text, path or corner radius."""

LETTERS: Final = frozenset({MarkKind.ADDED, MarkKind.CHANGED, MarkKind.DELETED})
_CIRCLE: Final = "a{0} {0} 0 1 0 {1} 0a{0} {0} 0 1 0 -{1} 0z"
SIGNS: Final = {
    MarkKind.COPIED_UP: "v-8m-3 3 3-3 3 3",
    MarkKind.WHITEOUT: "l7 7m0-7-7 7",
    MarkKind.OPAQUE: "h7v7h-7z",
    MarkKind.SERVES: _CIRCLE.format(4, 8),
    MarkKind.HIDDEN: _CIRCLE.format(3, 6),
    MarkKind.ABSENT: _CIRCLE.format(1.5, 3),
    MarkKind.BORN: _CIRCLE.format(4, 8),
    MarkKind.ENDED: "l8 8m0-8-8 8",
    MarkKind.STOPPED: "v8m4-8v8",
    MarkKind.STARTED: _CIRCLE.format(4, 8),
    MarkKind.WRITTEN: "l5-5 5 5-5 5z",
}
"""Paths from the start below, so that a sign looks the same in every font."""
_STARTS: Final = {
    MarkKind.COPIED_UP: (0, 4),
    MarkKind.WHITEOUT: (-3.5, -3.5),
    MarkKind.OPAQUE: (-3.5, -3.5),
    MarkKind.SERVES: (-4, 0),
    MarkKind.HIDDEN: (-3, 0),
    MarkKind.ABSENT: (-1.5, 0),
    MarkKind.BORN: (-4, 0),
    MarkKind.ENDED: (-4, -4),
    MarkKind.STOPPED: (-2, -4),
    MarkKind.STARTED: (-4, 0),
    MarkKind.WRITTEN: (-5, 0),
}
"""Where a sign's path starts, from the middle of its cell."""
LOOSE: Final = 9
"""px that a line between boxes stands higher than its row: boxes hug their text, and it has
the gap.
"""


@frozen
class _Part:
    """A group, ready for the template; `used` is the id of a shared one to point to instead."""

    key: str
    tip: str = ""
    marks: tuple[Element, ...] = ()
    used: str = ""
    id: str = ""


@frozen
class _Figure:
    uid: str
    css: str
    box: str
    width: int
    height: int
    most: int
    title: str
    words: str
    parts: Sequence[_Part]
    style: str = ""


@frozen
class Figures:
    """A sequence as inline SVG."""

    defs: str
    """What steps share: stands once on the page, before them."""
    steps: tuple[str, ...]


def svg(drawn: Scene | Pictures, *, uid: str, standalone: bool = False, style: str = "") -> str:
    """One figure, or all figures of a sequence one after another.

    `uid` makes ids unique on a page (letters, digits, `-`). `standalone`: a file of its own, with
    its style (or the one given), dark where the reader prefers dark.
    """
    if isinstance(drawn, Scene):
        style = (style or stylesheet(alone=True)) if standalone else ""
        return _render((), (_figure(drawn, uid, [_part(group) for group in drawn.groups], style),))
    if standalone:
        scenes = enumerate(drawn.scenes, 1)
        return "".join(
            svg(scene, uid=f"{uid}-{at}", standalone=True, style=style) for at, scene in scenes
        )
    made = figures(drawn, uid=uid)
    return made.defs + "".join(made.steps)


def figures(drawn: Pictures, *, uid: str) -> Figures:
    """The figure of every step; groups that several steps show alike are written once."""
    pool = _Pool()
    pages = [[pool.take(group) for group in scene.groups] for scene in drawn.scenes]
    shared = [group for group, count in pool.counted() if count > 1]
    ids = {id(group): f"{uid}-{at}" for at, group in enumerate(shared)}
    defs = [replace(_part(group), id=ids[id(group)]) for group in shared]
    steps = []
    for number, (scene, page) in enumerate(zip(drawn.scenes, pages, strict=True), 1):
        parts = [_Part(clean(g.key), used=ids[id(g)]) if id(g) in ids else _part(g) for g in page]
        steps.append(_render((), (_figure(scene, f"{uid}-s{number}", parts),)))
    return Figures(_render(defs, ()) if defs else "", tuple(steps))


class _Pool:
    """Equal groups as one object, counted. Compared within a key: cheaper than hashing them all."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[tuple[Group, int]]] = {}

    def take(self, group: Group) -> Group:
        known = self._by_key.setdefault(group.key, [])
        for at, (one, count) in enumerate(known):
            if one is group or one == group:
                known[at] = (one, count + 1)
                return one
        known.append((group, 1))
        return group

    def counted(self) -> Iterable[tuple[Group, int]]:
        for known in self._by_key.values():
            yield from known


@lru_cache(maxsize=2)
def stylesheet(*, alone: bool = False) -> str:
    """The style of all pictures; `alone`: dark by the reader's preference, comments and
    blanks left out.
    """
    text = _data("diagram.css")
    if not alone:
        return text
    head, _, rest = text.partition('[data-md-color-scheme="slate"] ')
    before, _, _ = head.rpartition("@media screen {")
    return _squeezed(f"{before}@media screen and (prefers-color-scheme: dark) {{{rest}")


def _squeezed(css: str) -> str:
    while "/*" in css:
        before, _, rest = css.partition("/*")
        css = before + rest.partition("*/")[2]
    css = " ".join(css.split())
    for sign in "{};:,":
        css = css.replace(f" {sign}", sign).replace(f"{sign} ", sign)
    return css.replace(";}", "}").replace("@media(", "@media (").replace("and(", "and (").strip()


@lru_cache(maxsize=1)
def _template() -> Template:
    """Jinja2 is only loaded by who draws SVG."""
    from jinja2 import Environment

    return Environment(autoescape=True).from_string(_data("diagram.svg.j2"))


def _data(name: str) -> str:
    from importlib.resources import files

    return (files("docgen.draw") / "data" / name).read_text("utf-8")


def _render(defs: Sequence[_Part], drawn: Sequence[_Figure]) -> str:
    return _template().render(defs=defs, figures=drawn)


def _figure(scene: Scene, uid: str, parts: Sequence[_Part], style: str = "") -> _Figure:
    """A file of its own has a margin; inline, the page has one."""
    margin = 8 if style else 0
    width = scene.width * CELL_WIDTH + 2 * margin
    height = scene.height * CELL_HEIGHT + 20 + 2 * margin
    box = f"{-margin} {-16 - margin} {width} {height}"
    most, words = width * 5 // 4, describe(scene)
    return _Figure(uid, "dg", box, width, height, most, scene.title, words, parts, style)


def _part(group: Group) -> _Part:
    marks = tuple(mark for shape in group.shapes for mark in _elements(shape))
    return _Part(clean(group.key), group.tip, marks)


def _elements(shape: Shape) -> Iterable[Element]:
    match shape:
        case Box():
            yield _box(shape)
        case Text():
            yield from _text(shape)
        case Chip():
            x, y = shape.x * CELL_WIDTH - 6, shape.y * CELL_HEIGHT
            where = (x, y + 1, shape.w * CELL_WIDTH + 12, CELL_HEIGHT - 2)
            yield "rect", f"dg-b-{shape.style}", where, "4"
        case Line():
            yield from _line(shape)
        case Mark():
            yield from _mark(shape)
        case Bar():
            yield _bar(shape)
        case Swatch():
            where = (shape.x * CELL_WIDTH, shape.y * CELL_HEIGHT + 3, 2 * CELL_WIDTH, 12)
            yield "rect", f"dg-b-{shape.style}", where, "3"
        case _:
            assert_never(shape)


def _box(box: Box) -> Element:
    """A box hugs its text: half a row above the title, half below its last line."""
    top = box.y * CELL_HEIGHT - (13 if box.encloses else 4)
    bottom = (box.y + box.h - 1) * CELL_HEIGHT + (-6 if box.encloses else 4)
    where = (box.x * CELL_WIDTH + 4, top, (box.w - 1) * CELL_WIDTH, bottom - top)
    return "rect", f"dg-b-{box.style}", where, "8" if box.encloses else "6"


def _text(text: Text) -> Iterable[Element]:
    widths = [pixels(run) for run in text.runs]
    spare = text.w * CELL_WIDTH - sum(widths)
    x = text.x * CELL_WIDTH + {"start": 0, "middle": spare // 2, "end": spare}[text.align]
    y = text.y * CELL_HEIGHT + 13 - (LOOSE if text.loose else 0)
    for run, width in zip(text.runs, widths, strict=True):
        if run.text.strip():
            lead = (
                pixels(replace(run, text=run.text[: -len(run.text.lstrip())]))
                if run.text[0] == " "
                else 0
            )
            words = run.text.strip()
            trail = width - lead if words == run.text.lstrip() else pixels(replace(run, text=words))
            yield "text", f"dg-t-{run.role}", (x + lead, y, trail), words
        x += width


def _line(line: Line) -> Iterable[Element]:
    points = [(x * CELL_WIDTH + 4, y * CELL_HEIGHT + 9) for x, y in line.points]
    (x, y), (to_x, to_y) = points[-2:]
    step_x, step_y = (to_x > x) - (to_x < x), (to_y > y) - (to_y < y)
    if line.arrow:
        points[-1] = (to_x + step_x * 6, to_y + step_y * 6)
    if line.hangs:
        points[0] = (points[0][0], points[0][1] + CELL_HEIGHT // 2)
    path = f"M{points[0][0] - (7 if line.touches else 0)} {points[0][1]}"
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        path += _corner(before, here, after)
    end = points[-1]
    yield "path", f"dg-l-{line.style}", (), f"{path}L{end[0] - step_x} {end[1] - step_y}"
    if line.arrow:
        head = f"M{end[0]} {end[1]}" + (
            f"l{-7 * step_x}-4v8z" if step_x else f"l-4 {-7 * step_y}h8z"
        )
        yield "path", f"dg-a-{line.style}", (), head


def _corner(before: tuple[int, int], here: tuple[int, int], after: tuple[int, int]) -> str:
    """A straight to shortly before the corner, and a curve around it."""
    (x, y), radius = here, 6
    x0 = x - radius * ((x > before[0]) - (x < before[0]))
    y0 = y - radius * ((y > before[1]) - (y < before[1]))
    x1 = x + radius * ((after[0] > x) - (after[0] < x))
    y1 = y + radius * ((after[1] > y) - (after[1] < y))
    return f"L{x0} {y0}Q{x} {y} {x1} {y1}"


def _bar(bar: Bar) -> Element:
    x, y = bar.x * CELL_WIDTH, bar.y * CELL_HEIGHT + 3
    if not bar.units and bar.w:
        return "rect", f"dg-b-{bar.style}", (x, y, bar.w * CELL_WIDTH, 12), "2"
    if not bar.w:
        return "rect", f"dg-u-{bar.style}", (x, y, 3, 12), "1"
    pieces = f"m{CELL_WIDTH} 0".join(["h6v12h-6z"] * bar.w)
    return "path", f"dg-u-{bar.style}", (), f"M{x + 1} {y}{pieces}"


def _mark(mark: Mark) -> Iterable[Element]:
    x, y = mark.x * CELL_WIDTH + 4, mark.y * CELL_HEIGHT + 9
    css = "dg-m-faded" if mark.faded else f"dg-m-{mark.kind.value.replace(' ', '-')}"
    if mark.kind in LETTERS:
        letter = "dg-letter-faded" if mark.faded else "dg-letter"
        yield "rect", css, (x - 4, y - 7, 14, 14), "3"
        yield "letter", letter, (x + 3, y + 4), mark.kind.value
    else:
        from_x, from_y = _STARTS[mark.kind]
        yield "path", css, (), f"M{x + from_x} {y + from_y}{SIGNS[mark.kind]}"
