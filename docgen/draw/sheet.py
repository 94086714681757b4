"""From the groups of every step to finished scenes: legend, height, title and caption."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docgen.diagnostics import NotSimulated
from docgen.draw.legend import STYLE_WORDS, legend, legend_bottom
from docgen.draw.panel import Runs, length
from docgen.draw.scene import Group, Scene, Style, Text
from docgen.draw.story import Story
from docgen.draw.words import caption
from docgen.frozen import frozen

WIDE = 72
NARROW = 40


class PictureError(NotSimulated):
    """A wish that cannot be met: what it was, and what would be possible instead."""


@frozen
class Ask:
    """What picture is wanted."""

    view: str
    target: str
    full: bool
    width: int

    @property
    def wide(self) -> bool:
        return self.width >= WIDE


def finish(
    story: Story,
    steps: Sequence[int],
    ask: Ask,
    title: str,
    pages: Sequence[Sequence[Group]],
    bottom: int,
    said: Mapping[Style, str] | None = None,
) -> list[Scene]:
    """Scenes of one size with one legend: `pages` holds each step's groups, `bottom` the
    first free row.
    """
    shapes = (s for page in pages for group in page for s in group.shapes)
    key = legend(shapes, bottom + 1, ask.width, {**STYLE_WORDS, **(said or {})})
    height = max(bottom, legend_bottom(key))
    extra = (key,) if key else ()
    scenes = []
    for step, page in zip(steps, pages, strict=True):
        groups = (*page, *extra)
        words = caption(story, step)
        scenes.append(Scene(ask.view, ask.target, ask.width, height, groups, title, words))
    return scenes


def text_group(key: str, x: int, y: int, runs: Runs, *, tip: str = "", loose: bool = True) -> Group:
    """A line of text on its own; `loose` below a box, not below other lines."""
    return Group(key, (Text(x, y, length(runs), runs, loose=loose),), tip)
