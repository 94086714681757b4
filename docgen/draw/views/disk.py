"""`disk`: what lies on the host's disk for this driver, as `ls` would find it.

A tree of directories; at the right end of a line stands whose it is, on the ground that its box
has in `layers`. Directories that only lead somewhere share a line; what is left out is counted
and added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from docgen.draw.panel import fit, length, run
from docgen.draw.scene import Chip, Group, Line, Role, Run, Scene, Shape, Style, Text
from docgen.draw.sheet import Ask, finish
from docgen.draw.story import Story
from docgen.draw.text import cells, cut_middle
from docgen.draw.twigs import (
    MOST_LINES,
    Owners,
    Twig,
    by_tree,
    label_of,
    owner_count,
    owner_names,
    twigs_of,
)
from docgen.record.snapshot import Snapshot

INDENT: Final = 3


def disk(story: Story, steps: Sequence[int], ask: Ask) -> list[Scene]:
    """The tree after each step; `ask.target` keeps to what belongs to a container or volume."""
    owners = max((owner_count(story.snapshot(step)) for step in steps), default=0)
    share = max(MOST_LINES[ask.full] // max(owners, 1) - 1, 2)
    grown = [twigs_of(story, story.snapshot(step), share, ask) for step in steps]
    order = sorted({twig.key for twigs in grown for twig in twigs}, key=by_tree)
    if len(order) > 2 * MOST_LINES[ask.full]:
        rows = [{twig.key: y for y, twig in enumerate(twigs)} for twigs in grown]
    else:
        rows = [{key: y for y, key in enumerate(order)}] * len(grown)
    pages = [
        _groups(twigs, places, story.snapshot(step), ask)
        for step, twigs, places in zip(steps, grown, rows, strict=True)
    ]
    height = max((1 + max(places.values(), default=0) for places in rows), default=1)
    title = f"What lies on the host's disk, with {story.recording.driver}"
    return finish(story, steps, ask, title, pages, height)


# --- drawing -------------------------------------------------------------------------------------


def _groups(
    twigs: Sequence[Twig], rows: Mapping[str, int], snapshot: Snapshot, ask: Ask
) -> list[Group]:
    names = owner_names(snapshot, ask)
    if not twigs:
        return [Group("empty", (Text(1, 0, 20, run("nothing on the disk", Role.QUIET)),))]
    groups = []
    labels = [label_of(names, twig)[0] for twig in twigs]
    column = min(max([cells(label) for label in labels] or [0]), ask.width // 3)
    for twig in twigs:
        y = rows[twig.key]
        shapes: list[Shape] = []
        if twig.parent:
            x = 1 + INDENT * (twig.depth - 1)
            shapes.append(
                Line(((x, rows[twig.parent]), (x, y), (x + 1, y)), Style.FRAME, hangs=True)
            )
        shapes += _line_texts(twig, y, names, column, ask)
        groups.append(Group(f"disk:{twig.key}", tuple(shapes), twig.tip))
    return groups


def _line_texts(twig: Twig, y: int, names: Owners, column: int, ask: Ask) -> list[Shape]:
    """Name, size, and in the last column the owner."""
    x = max(INDENT * twig.depth, 1)
    label, style = label_of(names, twig)
    shapes: list[Shape] = []
    end = ask.width - 1 - column
    if label:
        label = cut_middle(label, column)
        shapes.append(Chip(end, y, column, style))
        shapes.append(Text(end, y, column, (Run(label, Role.BODY),), "middle"))
    end -= 2
    right = fit(twig.right, max(end - x - 6, 0))
    if right:
        shapes.append(Text(end - length(right), y, length(right), right, "end"))
        end -= length(right) + 2
    name = fit(twig.name, end - x)
    return [Text(x, y, length(name), name), *shapes]
