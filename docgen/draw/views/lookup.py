"""`lookup`: which layer serves which path.

For one path the places stand as a ladder: the search comes from above and stops at the first hit;
what lies below is hidden. Without a path: a table of the paths that more than one place has
something to say about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from docgen.draw.panel import Panel, Row, Runs, column, fit, length, merged_order, panel_groups, run
from docgen.draw.probe import Answer, Rung, aim, probe, verdict
from docgen.draw.scene import (
    Chip,
    Group,
    Line,
    Mark,
    MarkKind,
    Role,
    Run,
    Scene,
    Shape,
    Style,
    Text,
)
from docgen.draw.sheet import Ask, finish, text_group
from docgen.draw.story import Phase, Story
from docgen.draw.text import cells, clean, cut_middle, plural, size
from docgen.frozen import frozen
from docgen.record.snapshot import Container, Kind, Snapshot

MOST_PATHS: Final = {False: 12, True: 40}
PITCH: Final = 5
"""Cells of one column of the table."""
RAIL: Final = 4
"""Cells left of the ladder, for the line of the search."""
SIGNS: Final = {
    Answer.SERVES: MarkKind.SERVES,
    Answer.MERGES: MarkKind.SERVES,
    Answer.WHITEOUT: MarkKind.WHITEOUT,
    Answer.HIDDEN: MarkKind.HIDDEN,
    Answer.ABSENT: MarkKind.ABSENT,
}


def lookup(story: Story, steps: Sequence[int], ask: Ask) -> list[Scene]:
    """`ask.target` is `CONTAINER:/PATH`, `CONTAINER`, or `/PATH` in the page's first container."""
    name, path = aim(story, ask.target)
    if path:
        return _ladder(story, steps, ask, name, path)
    return _table(story, steps, ask, name)


# --- one path ------------------------------------------------------------------------------------


@frozen
class Search:
    """One path at one step."""

    rungs: tuple[Rung, ...]
    found: bool
    words: str


def _ladder(story: Story, steps: Sequence[int], ask: Ask, name: str, path: str) -> list[Scene]:
    searches = _gathered([_search(story, name, path, step) for step in steps], ask)
    panels = [{rung.key: _rung_panel(rung) for rung in search.rungs} for search in searches]
    order = merged_order([list(one) for one in panels])
    places = column(panels, order, RAIL, 2, ask.width - RAIL)
    bottom = 2 + sum(place.h for place in places.values())
    pages = []
    for search, page in zip(searches, panels, strict=True):
        words = (
            run("open ", Role.QUIET)
            + run(clean(path), Role.CODE)
            + run(f" in {clean(name)}", Role.QUIET)
        )
        groups = [text_group("open", 1, 0, fit(words, ask.width - 2))]
        for key, panel in page.items():
            groups += panel_groups(panel, places[key])
        groups += _probe_line(search, {key: place.y for key, place in places.items()})
        result = run(f"→ {search.words}", Role.KEPT if search.found else Role.LOST)
        groups.append(text_group("result", 1, bottom, fit(result, ask.width - 2)))
        pages.append(groups)
    title, said = f"Where {clean(path)} comes from", {Style.GHOST: "not asked"}
    return finish(story, steps, ask, title, pages, bottom + 1, said)


def _search(story: Story, name: str, path: str, step: int) -> Search:
    life = story.life(name, step)
    if life.phase is not Phase.ALIVE or life.container is None:
        return Search((), False, f"{life.phase}: nobody can ask")
    rungs = tuple(probe(story.snapshot(step), life.container, path))
    return Search(rungs, *verdict(rungs))


MOST_RUNGS: Final = {False: 8, True: 24}
_DULL: Final = frozenset({Answer.ABSENT, Answer.UNASKED})


def _gathered(searches: Sequence[Search], ask: Ask) -> list[Search]:
    """In a long stack, neighbouring layers that have nothing to say in any step share a rung."""
    if max((len(search.rungs) for search in searches), default=0) <= MOST_RUNGS[ask.full]:
        return list(searches)
    telling = {rung.key for search in searches for rung in search.rungs if rung.answer not in _DULL}
    return [replace(search, rungs=tuple(_joined(search.rungs, telling))) for search in searches]


def _joined(rungs: Sequence[Rung], telling: Collection[str]) -> Iterator[Rung]:
    """Runs of dull layers as one rung; a run ends where the search does."""

    def kind(rung: Rung) -> tuple[bool, Answer | str]:
        dull = rung.key.startswith("layer:") and rung.key not in telling
        return (True, rung.answer) if dull else (False, rung.key)

    for (dull, _), run_of in groupby(rungs, kind):
        several = list(run_of)
        if not dull or len(several) == 1:
            yield from several
            continue
        top, last = several[0], several[-1]
        name = f"Image layers {last.name.rpartition(' ')[2]} to {top.name.rpartition(' ')[2]}"
        yield replace(top, name=f"{name}: {len(several)} layers")


def _rung_panel(rung: Rung) -> Panel:
    asked = rung.answer not in (Answer.UNASKED, Answer.HIDDEN)
    title = run(rung.name, Role.TITLE if asked else Role.QUIET)
    sign = SIGNS.get(rung.answer)
    hit = rung.answer in (Answer.SERVES, Answer.MERGES)
    role = Role.KEPT if hit else Role.LOST if rung.answer is Answer.WHITEOUT else Role.QUIET
    words = (Run(str(rung.answer), role),)
    row = Row(f"{rung.key}#answer", words, _entry_words(rung), sign=sign)
    style = rung.style if asked else Style.GHOST
    return Panel(rung.key, style, title, (), (row,))


def _entry_words(rung: Rung) -> Runs:
    entry = rung.entry
    if entry is None or entry.kind is Kind.WHITEOUT:
        return ()
    words = size(entry.size) if entry.kind is Kind.FILE and rung.sized else str(entry.kind)
    extra = ", copied up" if entry.copied_up else ", opaque" if entry.opaque else ""
    return run(words + extra, Role.QUIET)


def _probe_line(search: Search, tops: dict[str, int]) -> list[Group]:
    """Down the left side, with an arrow at every place that was asked."""
    asked = [one for one in search.rungs if one.answer not in (Answer.UNASKED, Answer.HIDDEN)]
    groups = []
    for rung in asked:
        y = tops[rung.key] + 1
        line = Line(((1, 1), (1, y), (RAIL - 1, y)), Style.VIEW, arrow=True)
        groups.append(Group(f"probe:{rung.key}", (line,)))
    return groups


# --- many paths ----------------------------------------------------------------------------------


def _table(story: Story, steps: Sequence[int], ask: Ask, name: str) -> list[Scene]:
    containers = [_alive(story, name, step) for step in steps]
    wanted = merged_order(
        [_paths(story.snapshot(s), c) for s, c in zip(steps, containers, strict=True) if c]
    )
    most = MOST_PATHS[ask.full]
    shown = wanted if len(wanted) <= most else wanted[: most - 1]
    grids = [
        {path: tuple(probe(story.snapshot(step), container, path)) for path in shown}
        if container
        else {}
        for step, container in zip(steps, containers, strict=True)
    ]
    heads = _columns(grids)
    left = min(max([cells(clean(path)) for path in shown] or [0]) + 3, ask.width // 2)
    fitting = heads[: (ask.width - left - 1) // PITCH]
    pages = []
    for container, grid in zip(containers, grids, strict=True):
        groups = _heads(fitting, left, name, container, ask)
        groups += [
            _path_row(path, grid[path], fitting, left, 3 + row)
            for row, path in enumerate(shown)
            if path in grid
        ]
        pages.append(groups)
    bottom = 3 + len(shown)
    rests = []
    if len(wanted) > len(shown):
        rests.append(plural(len(wanted) - len(shown), "more path"))
    if len(heads) > len(fitting):
        rests.append(plural(len(heads) - len(fitting), "layer below", "layers below"))
    if rests:
        rest = text_group(
            "rest", 1, bottom, run(f"and {' and '.join(rests)}", Role.QUIET), loose=False
        )
        pages = [[*page, rest] for page in pages]
        bottom += 1
    return finish(story, steps, ask, f"Which layer serves what in {clean(name)}", pages, bottom)


def _alive(story: Story, name: str, step: int) -> Container | None:
    life = story.life(name, step)
    return life.container if life.phase is Phase.ALIVE else None


def _paths(snapshot: Snapshot, container: Container) -> list[str]:
    """What was written, what several layers have, and the mounts: where a lookup has something to
    tell.
    """
    paths = {change.path for change in container.writable.changes}
    paths |= {mount.target for mount in container.mounts}
    count: dict[str, int] = {}
    known = {layer.key: layer for layer in snapshot.layers}
    for at, key in enumerate(container.layers):
        for entry in known[key].entries if key in known else ():
            count[entry.path] = count.get(entry.path, 0) + 1
            if at and entry.kind is not Kind.DIR:
                paths.add(entry.path)
    return sorted(paths | {path for path, number in count.items() if number > 1})


_Heading = tuple[str, str, Style]
"""Key of a column, what stands above it, its style."""


def _columns(grids: Sequence[dict[str, tuple[Rung, ...]]]) -> list[_Heading]:
    """Mounts in one column, then the writable layer, then the image layers from the top."""
    heads: dict[str, _Heading] = {}
    for grid in grids:
        for rungs in grid.values():
            for rung in rungs:
                if not rung.key.startswith("mount:"):
                    short = "rw" if rung.key == "writable" else rung.name.rpartition(" ")[2]
                    heads.setdefault(rung.key, (rung.key, short, rung.style))
    return [("mount", "mnt", Style.VOLUME), *heads.values()] if heads else []


def _heads(
    heads: Sequence[_Heading], left: int, name: str, container: Container | None, ask: Ask
) -> list[Group]:
    title = run("Container ", Role.QUIET) + run(clean(name), Role.NAME)
    if container is None:
        title += run(" is not there: nobody looks anything up", Role.QUIET)
        return [text_group("title", 1, 0, fit(title, ask.width - 2))]
    groups = [text_group("title", 1, 0, fit(title, ask.width - 2))]
    groups.append(
        text_group(
            "search", left, 1, fit(run("search, from the top →", Role.QUIET), ask.width - left)
        )
    )
    for at, (key, short, style) in enumerate(heads):
        x = left + PITCH * at
        shapes = (Chip(x, 2, 3, style), Text(x, 2, 3, run(short[:3], Role.CODE), "middle"))
        groups.append(Group(f"head:{key}", shapes))
    return groups


def _path_row(
    path: str, rungs: Sequence[Rung], heads: Sequence[_Heading], left: int, y: int
) -> Group:
    found, words = verdict(rungs)
    name = run(cut_middle(clean(path), left - 3), Role.CODE if found else Role.STRUCK)
    shapes: list[Shape] = [Text(1, y, length(name), name)]
    answers = [f"{rung.name}: {rung.answer}" for rung in rungs if rung.answer in _TOLD]
    places = {key: at for at, (key, _, _) in enumerate(heads)}
    for rung in rungs:
        at = places.get("mount" if rung.key.startswith("mount:") else rung.key)
        sign = SIGNS.get(rung.answer)
        if at is not None and sign:
            shapes.append(Mark(left + PITCH * at + 1, y, sign))
    tip = "\n".join([f"{clean(path)}: {words}", *answers])
    return Group(f"path:{path}", tuple(shapes), tip, f"{clean(path)} ({', '.join(answers)})")


_TOLD: Final = frozenset({Answer.SERVES, Answer.MERGES, Answer.WHITEOUT, Answer.HIDDEN})
