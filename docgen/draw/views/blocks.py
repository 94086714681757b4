"""`blocks`: one file as a strip of pieces, filled where the container has its own copy.

So a driver that copies a whole file at the first write is told in a glance from one that copies
a block, and from one that copied everything when the container was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from docgen.draw.granules import (
    BLOCK,
    Pieces,
    Rule,
    State,
    compared,
    cost_words,
    count_words,
    own_bytes,
    own_units,
    pieces,
    rule_of,
)
from docgen.draw.panel import fit, length, run
from docgen.draw.probe import aim
from docgen.draw.scene import Bar, Group, Role, Scene, Shape, Style, Text
from docgen.draw.sheet import Ask, finish, text_group
from docgen.draw.story import Phase, Story
from docgen.draw.text import clean, size, wrap
from docgen.frozen import frozen
from docgen.record.snapshot import Container, Entry, Kind

LABELS: Final = 14
"""Cells of the drivers' names, where several strips stand below one another."""
MOST_LINES: Final = 3
"""Rows for the words about the cost."""


def blocks(story: Story, steps: Sequence[int], ask: Ask) -> list[Scene]:
    """`ask.target` is `CONTAINER:/PATH`; without a path the file that tells most."""
    name, path = aim(story, ask.target)
    path = path or _telling(story, name, steps)
    rule = rule_of(story.recording.driver)
    found = [_file(story, name, path, step) for step in steps]
    scale = _scale(rule, found, ask)
    rules = compared(rule.driver) if ask.full else []
    pages = [_page(name, path, file, rule, rules, scale, ask) for file in found]
    bottom = scale.cost + scale.lines + (2 + len(rules) if rules else 0)
    title = f"What a write to {clean(path)} costs" if path else "What a write costs"
    said = {
        Style.WRITABLE: "its own copy",
        Style.LAYER: "shared",
        Style.GHOST: "not seen",
    }
    return finish(story, steps, ask, title, pages, bottom, said)


# --- which file ----------------------------------------------------------------------------------


def _telling(story: Story, name: str, steps: Sequence[int]) -> str:
    """Of a container the largest file that was copied up, or written, or that the image has."""
    best: tuple[tuple[bool, bool, int], str] = ((False, False, -1), "")
    for step in steps:
        container = story.snapshot(step).container(name)
        for own, entries in _places(story, step, container):
            for entry in entries:
                if entry.kind is Kind.FILE:
                    best = max(best, ((entry.copied_up, own, entry.size), entry.path))
    return best[1]


def _places(
    story: Story, step: int, container: Container | None
) -> list[tuple[bool, tuple[Entry, ...]]]:
    if container is None:
        return []
    layers = (layer for layer in story.snapshot(step).layers if layer.key in container.layers)
    return [(True, container.writable.entries), *((False, layer.entries) for layer in layers)]


def _file(story: Story, name: str, path: str, step: int) -> Pieces | None:
    life = story.life(name, step)
    if life.phase is not Phase.ALIVE or life.container is None or not path:
        return None
    return pieces(story.snapshot(step), life.container, path)


# --- how it is drawn -----------------------------------------------------------------------------


@frozen
class Scale:
    """The layout, the same for all steps."""

    cell: int
    """Bytes of one piece."""
    room: int
    """Cells of the longest strip."""
    cost: int
    """Row of the words about the cost, and how many rows they take."""
    lines: int


def _scale(rule: Rule, found: Sequence[Pieces | None], ask: Ask) -> Scale:
    room = ask.width - 2 - (LABELS + 10 if ask.full and ask.wide else 0)
    largest = max((file.size for file in found if file), default=0)
    every = max(-(-largest // BLOCK), 1)
    lines = max((len(_cost(rule, file, ask)) for file in found if file), default=0)
    return Scale(-(-every // room) * BLOCK, room, 4 if ask.wide else 5, lines)


def _cost(rule: Rule, file: Pieces, ask: Ask) -> list[str]:
    return wrap(cost_words(rule, file), ask.width - 2)[:MOST_LINES]


def _page(
    name: str,
    path: str,
    file: Pieces | None,
    rule: Rule,
    rules: Sequence[Rule],
    scale: Scale,
    ask: Ask,
) -> list[Group]:
    room = ask.width - 2
    where = run(clean(path), Role.CODE) + run(f" in {clean(name)}", Role.QUIET)
    if file is None:
        words = run("no container: nobody can write", Role.QUIET)
        return [text_group("file", 1, 0, fit(words, room))]
    total = run(size(file.size), Role.QUIET) if file.size else ()
    where = fit(where, room - length(total) - 2)
    head: list[Shape] = [Text(1, 0, length(where), where)]
    if total:
        head.append(Text(1 + room - length(total), 0, length(total), total, "end"))
    groups = [Group("file", tuple(head)), *_own_strip(rule, file, scale, ask)]
    role = Role.LOST if file.state is State.COPIED else Role.BODY
    for at, line in enumerate(_cost(rule, file, ask)):
        groups.append(text_group(f"cost{at}", 1, scale.cost + at, run(line, role), loose=False))
    return groups + _others(rules, file, scale, ask)


def _own_strip(rule: Rule, file: Pieces, scale: Scale, ask: Ask) -> list[Group]:
    """This driver's strip, and what is to be said of it."""
    if not file.size and not file.below:
        return []
    groups = [Group("strip", tuple(_bars(rule, file, scale, 1, 1)))]
    room = ask.width - 2
    right = fit(run(count_words(rule, file), Role.QUIET), room)
    what = file.place if file.state is State.OUTSIDE else rule.words
    left = fit(run(what, Role.QUIET), room - (length(right) + 2 if ask.wide else 0))
    shapes = [Text(1, 2, length(left), left)]
    if right and ask.wide:
        shapes.append(Text(1 + room - length(right), 2, length(right), right, "end"))
    elif right:
        shapes.append(Text(1, 3, length(right), right))
    tip = f"{rule.words}; one piece of the strip is {size(scale.cell)}"
    return [*groups, Group("strip#words", tuple(shapes), tip)]


def _bars(rule: Rule, file: Pieces, scale: Scale, x: int, y: int) -> list[Shape]:
    """The strip in runs of one kind; a piece is filled where any byte of it is an own copy."""
    if file.state is State.DELETED:
        gone = -(-min(file.below, scale.cell * scale.room) // scale.cell)
        return [Bar(x, y, max(gone, 1), Style.GHOST, units=True)]
    every = -(-file.size // scale.cell)
    first, end = own_bytes(rule, file)
    start, stop = first // scale.cell, -(-end // scale.cell)
    runs = ((0, start, Style.LAYER), (start, stop, file.style), (stop, every, Style.LAYER))
    return [Bar(x + at, y, to - at, style, units=True) for at, to, style in runs if to > at]


def _others(rules: Sequence[Rule], file: Pieces, scale: Scale, ask: Ask) -> list[Group]:
    """The same write with drivers of the other kinds."""
    if not rules or file.state not in (State.SHARED, State.COPIED) or not file.size:
        return []
    y = scale.cost + scale.lines + 1
    groups = [
        text_group("others", 1, y, run("the same with other drivers", Role.QUIET), loose=False)
    ]
    for at, rule in enumerate(rules, 1):
        name = run(rule.driver, Role.CODE)
        copied = run(size(min(own_units(rule, file) * rule.unit, file.size)), Role.QUIET)
        end = ask.width - 1 - length(copied)
        shapes: list[Shape] = [Text(1, y + at, length(name), name)]
        shapes += _bars(rule, file, scale, 1 + LABELS, y + at) if ask.wide else []
        shapes.append(Text(end, y + at, length(copied), copied, "end"))
        groups.append(Group(f"other:{rule.driver}", tuple(shapes), rule.words))
    return groups
