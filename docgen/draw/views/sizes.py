"""`sizes`: what occupies how much, as bars on one scale for all steps, and what could go.

The numbers are Docker's own, by the driver's rule; what is drawn adds up to the total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from docgen.draw.amounts import COMMANDS, SECTIONS, Amount, amounts
from docgen.draw.panel import Runs, fit, length, merged_order, run
from docgen.draw.scene import Bar, Group, Role, Run, Scene, Shape, Style, Text
from docgen.draw.sheet import Ask, finish, text_group
from docgen.draw.story import Story
from docgen.draw.text import clean, size
from docgen.frozen import frozen
from docgen.store.driver import DRIVERS

MOST: Final = {False: 5, True: 20}
"""Bars of one section."""
NOTES: Final = 8
SIZES: Final = 8
NAMES: Final = 26

Found = Mapping[str, Amount]
"""The amounts of one step, by key."""


@frozen
class Grid:
    """The columns, and the row of everything that any step shows."""

    bar: int
    bars: int
    """Where bars begin, and how long the longest may be."""
    size_end: int
    tall: int
    """Rows of one amount: two where the bar stands below the name."""
    most: int
    """The amount of the longest bar."""
    rows: Mapping[str, int]
    bottom: int


def sizes(story: Story, steps: Sequence[int], ask: Ask) -> list[Scene]:
    """Of the whole host; a target keeps to what is named so."""
    found = [_found(story, step, ask.target) for step in steps]
    past = [_past(story, step, ask.target) for step in steps]
    shown = _shown([*past, *found], ask)
    grid = _grid(found, shown, ask)
    pages = [_page(now, before, shown, grid, ask) for now, before in zip(found, past, strict=True)]
    bottom = grid.bottom
    driver = DRIVERS.get(story.recording.driver)
    if driver and not driver.is_union and not driver.granule:
        words = f"{driver.name} keeps each layer and container as a whole copy: see the view disk"
        note = text_group(
            "copies", 1, bottom, fit(run(words, Role.LOST), ask.width - 2), loose=False
        )
        pages = [[*page, note] for page in pages]
        bottom += 1
    title = f"What occupies how much, as {clean(story.recording.driver)} counts"
    said = {Style.LAYER: "images", Style.FRAME: "logs", Style.GHOST: "gone"}
    return finish(story, steps, ask, title, pages, bottom, said)


def _found(story: Story, step: int, target: str) -> dict[str, Amount]:
    made = {one.key: one for one in amounts(story.snapshot(step))}
    wanted = {key: one for key, one in made.items() if not target or target in key.split(":")}
    return wanted or made


def _past(story: Story, step: int, target: str) -> dict[str, Amount]:
    return _found(story, max(step - 1, 0), target)


# --- what has a row ------------------------------------------------------------------------------


def _shown(found: Sequence[Found], ask: Ask) -> dict[str, list[str]]:
    """Keys by section, in one order for all steps: the largest, where there are too many."""
    shown: dict[str, list[str]] = {}
    for section in SECTIONS:
        lists = [[key for key, one in page.items() if one.section == section] for page in found]
        order = merged_order(lists)
        if len(order) > MOST[ask.full]:
            largest = {key: max(page[key].size for page in found if key in page) for key in order}
            best = sorted(order, key=lambda key: -largest[key])[: MOST[ask.full] - 1]
            order = [key for key in order if key in best]
        if any(lists):
            shown[section] = order
    return shown


def _grid(found: Sequence[Found], shown: Mapping[str, list[str]], ask: Ask) -> Grid:
    tall = 1 if ask.wide else 2
    rows: dict[str, int] = {}
    y = 0
    for section, order in shown.items():
        rows[section] = y
        y += 1
        rest = any(
            one.section == section and key not in order
            for page in found
            for key, one in page.items()
        )
        for key in [*order, *([f"{section}#rest"] if rest else [])]:
            rows[key] = y
            y += tall
    rows["total"] = y + 1
    y += 2
    for command in COMMANDS:
        if any(one.freed_by == command and one.size for page in found for one in page.values()):
            rows[command] = y
            y += 1
    most = max((one.size for page in found for one in page.values()), default=0)
    if ask.wide:
        bar = NAMES + 2
        end = ask.width - NOTES - 3
        return Grid(bar, end - SIZES - 1 - bar, end, tall, most, rows, y)
    return Grid(3, ask.width - 3 - NOTES - 3, ask.width - 1, tall, most, rows, y)


# --- one step ------------------------------------------------------------------------------------


def _page(
    now: Found, before: Found, shown: Mapping[str, list[str]], grid: Grid, ask: Ask
) -> list[Group]:
    groups: list[Group] = []
    for section, order in shown.items():
        here = [one for one in now.values() if one.section == section]
        groups.append(_sum_row(section, section, sum(one.size for one in here), grid))
        for key in order:
            if key in now:
                groups.append(_row(now[key], grid, ask))
            elif key in before:
                groups.append(_row(_gone(before[key]), grid, ask))
        rest = [one for one in here if one.key not in order]
        if rest:
            groups.append(_row(_joined(section, rest), grid, ask))
    groups.append(_sum_row("total", "All together", sum(one.size for one in now.values()), grid))
    return groups + _commands(now, grid, ask)


def _gone(one: Amount) -> Amount:
    name = tuple(Run(part.text, Role.GHOST) for part in one.name)
    return replace(one, name=name, style=Style.GHOST, note="gone", freed_by="")


def _joined(section: str, rest: Sequence[Amount]) -> Amount:
    words = run(f"and {len(rest):,} more", Role.QUIET)
    total = sum(one.size for one in rest)
    tip = "\n".join(one.tip for one in rest[:20])
    return Amount(f"{section}#rest", section, words, total, rest[0].style, tip=tip)


def _sum_row(key: str, words: str, total: int, grid: Grid) -> Group:
    name, amount = run(words, Role.TITLE), run(size(total), Role.BODY)
    y = grid.rows[key]
    return Group(f"sum:{key}", (_left(1, y, name), _right(grid.size_end, y, amount)))


def _row(one: Amount, grid: Grid, ask: Ask) -> Group:
    """Name, bar, size, note: in one row, or the bar with the note in a second one."""
    y = grid.rows[one.key]
    amount = run(size(one.size), Role.QUIET)
    room = (grid.bar - 5) if ask.wide else grid.size_end - SIZES - 5
    shapes: list[Shape] = [_left(3, y, fit(one.name, room)), _right(grid.size_end, y, amount)]
    below = y + grid.tall - 1
    if one.size:
        shapes.append(
            Bar(grid.bar, below, one.size * grid.bars // max(grid.most, one.size), one.style)
        )
    if one.note:
        role = Role.LOST if one.freed_by or one.style is Style.GHOST else Role.QUIET
        note = run(one.note, role)
        at = ask.width - NOTES - 1 if ask.wide else ask.width - 1 - length(note)
        shapes.append(_left(at, below, note))
    return Group(one.key, tuple(shapes), f"{one.tip}, {one.size:,} bytes")


def _commands(now: Found, grid: Grid, ask: Ask) -> list[Group]:
    groups = []
    for command in COMMANDS:
        freed = [one for one in now.values() if one.freed_by == command and one.size]
        if not freed:
            continue
        y, total = grid.rows[command], sum(one.size for one in freed)
        words = run(command, Role.CODE)
        words += run(" gives back" if ask.wide else " frees", Role.QUIET)
        amount = run(size(total), Role.LOST)
        tip = "\n".join(f"{one.tip}, {one.size:,} bytes" for one in freed[:20])
        shapes = (_left(1, y, words), _right(grid.size_end, y, amount))
        groups.append(Group(f"frees:{command}", shapes, tip))
    return groups


def _left(x: int, y: int, runs: Runs) -> Text:
    return Text(x, y, length(runs), runs)


def _right(end: int, y: int, runs: Runs) -> Text:
    return Text(end - length(runs), y, length(runs), runs, "end")
