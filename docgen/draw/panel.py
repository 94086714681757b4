"""Panels: the boxes all views are made of, and their layout over several steps at once.

A view says, for every step, which panels there are and which rows they hold. A panel gets one
place and every row one slot for all steps, so that nothing moves which did not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from docgen.draw.scene import Box, Chip, Group, Mark, MarkKind, Role, Run, Shape, Style, Text
from docgen.draw.text import cells, cut_end, cut_middle
from docgen.frozen import frozen

Runs = tuple[Run, ...]


class Part(IntEnum):
    HEAD = 0
    BODY = 1
    REST = 2
    FOOT = 3


@frozen
class Row:
    """One line of a panel."""

    key: str
    left: Runs = ()
    right: Runs = ()
    mark: MarkKind | None = None
    """Stands at the left, and the text three cells further in."""
    sign: MarkKind | None = None
    """Stands at the right end, after the right text."""
    brief: Runs = ()
    """Instead of `right`, where that would cut the left text."""
    faded: bool = False
    """It is gone: its signs stand back."""
    chips: tuple[tuple[str, Style], ...] = ()
    """Names, each on the ground of the place that serves it; instead of `left`."""
    part: Part = Part.BODY
    tip: str = ""


@frozen
class Panel:
    key: str
    style: Style
    title: Runs
    aside: Runs = ()
    """At the right end of the title."""
    rows: tuple[Row, ...] = ()
    tip: str = ""


@frozen
class Place:
    """Where a panel lies, in every step."""

    x: int
    y: int
    w: int
    h: int
    slots: Mapping[str, int]
    """Row key to line below the title."""

    def row(self, key: str) -> int:
        """The scene row of a panel's row."""
        return self.y + 1 + self.slots[key]


def run(text: str, role: Role) -> Runs:
    return (Run(text, role),) if text else ()


def slots(variants: Iterable[Sequence[Row]]) -> dict[str, int]:
    """A slot for every row that any step has.

    Rows which never stand together may share a slot (first fit over the steps from first to last
    sight); head rows stay above, foot rows below, whatever comes and goes between them.
    """
    spans: dict[tuple[Part, str], list[int]] = {}
    for step, rows in enumerate(variants):
        for row in rows:
            spans.setdefault((row.part, row.key), [step, step])[1] = step
    placed: dict[str, int] = {}
    top = 0
    for part in Part:
        busy: list[int] = []
        for key, (first, last) in [(key, span) for (of, key), span in spans.items() if of is part]:
            free = (slot for slot, until in enumerate(busy) if until < first)
            slot = next(free, len(busy))
            busy[slot : slot + 1] = [last]
            placed[key] = top + slot
        top += len(busy)
    return placed


def merged_order(lists: Iterable[Sequence[str]]) -> list[str]:
    """One order for the keys of all steps: a key new to it stands before the known key that
    follows it.
    """
    order: list[str] = []
    known: set[str] = set()
    for keys in lists:
        at = len(order)
        for key in reversed(keys):
            if key in known:
                at = order.index(key)
            else:
                order.insert(at, key)
                known.add(key)
    return order


def column(
    panels: Sequence[Mapping[str, Panel]],
    order: Sequence[str],
    x: int,
    y: int,
    w: int,
    gap: int = 0,
) -> dict[str, Place]:
    """Places for panels below one another: `panels` holds each step's, by key."""
    places: dict[str, Place] = {}
    for key in order:
        variants = [one[key].rows if key in one else () for one in panels]
        taken = slots(variants)
        height = 2 + max(taken.values(), default=-1) + 1
        places[key] = Place(x, y, w, height, taken)
        y += height + gap
    return places


def panel_groups(panel: Panel, place: Place) -> list[Group]:
    """A panel in its place: one group for the box with its title, one for every row."""
    room = place.w - 4
    aside = fit(panel.aside, room)
    title = fit(panel.title, room - length(aside) - (2 if aside else 0))
    shapes: list[Shape] = [Box(place.x, place.y, place.w, place.h, panel.style)]
    shapes.append(Text(place.x + 2, place.y, length(title), title, on_border=True))
    if aside:
        at = place.x + place.w - 2 - length(aside)
        shapes.append(Text(at, place.y, length(aside), aside, "end", on_border=True))
    groups = [Group(panel.key, tuple(shapes), panel.tip)]
    groups += [row_group(row, place.x + 2, place.row(row.key), room) for row in panel.rows]
    return groups


@dataclass(slots=True)
class Artist:
    """Draws panels in their places; one that looks as it did a step before is not drawn again."""

    drawn: dict[str, tuple[Panel, list[Group]]] = field(default_factory=dict)

    def groups(self, panel: Panel, place: Place) -> list[Group]:
        """`place` is the panel's own for all steps."""
        known = self.drawn.get(panel.key)
        if known is None or known[0] != panel:
            known = self.drawn[panel.key] = (panel, panel_groups(panel, place))
        return known[1]


def row_group(row: Row, x: int, y: int, room: int, *, loose: bool = False) -> Group:
    """A row in a strip of `room` cells; the right text is kept whole, the left one is cut."""
    shapes: list[Shape] = []
    if row.mark:
        shapes.append(Mark(x, y, row.mark, row.faded))
        x, room = x + 3, room - 3
    taken = sum(cells(name) + 2 for name, _ in row.chips) + 1 if row.chips else 4 if row.left else 0
    right = row.right
    if row.brief and length(row.left) + length(right) + 4 > room:
        right = row.brief
    right = fit(right, room - taken - (2 if row.sign else 0))
    wide = length(right) + (2 if row.sign else 0)
    left_room = room - wide - (2 if wide else 0)
    if row.chips:
        shapes += _chips(row.chips, x, y)
    elif row.left:
        left = fit(row.left, left_room)
        shapes.append(Text(x, y, length(left), left, loose=loose))
    if row.sign:
        shapes.append(Mark(x + room - 1, y, row.sign, row.faded))
        room -= 2
    if right:
        shapes.append(Text(x + room - length(right), y, length(right), right, "end", loose=loose))
    return Group(row.key, tuple(shapes), row.tip)


def _chips(chips: Sequence[tuple[str, Style]], x: int, y: int) -> list[Shape]:
    shapes: list[Shape] = []
    x += 1
    for name, style in chips:
        wide = cells(name)
        shapes.append(Chip(x, y, wide, style))
        shapes.append(Text(x, y, wide, (Run(name, Role.CODE),), "middle"))
        x += wide + 2
    return shapes


def length(runs: Runs) -> int:
    return sum([cells(one.text) for one in runs])


_PATHS = frozenset({Role.CODE, Role.QUIET_CODE, Role.HOST, Role.STRUCK, Role.GHOST})


def fit(runs: Runs, room: int) -> Runs:
    """The runs in at most `room` cells: the longest gives way, a path in its middle, words
    at their end.
    """
    over = length(runs) - max(room, 0)
    while over > 0 and runs:
        at = max(range(len(runs)), key=lambda index: cells(runs[index].text))
        text = runs[at].text
        cut = cut_middle if runs[at].role in _PATHS else cut_end
        shorter = cut(text, max(cells(text) - over, 1 if len(runs) > 1 else 0))
        kept = (Run(shorter, runs[at].role),) if shorter and shorter != text else ()
        runs = runs[:at] + kept + runs[at + 1 :]
        over = length(runs) - max(room, 0)
    return runs
