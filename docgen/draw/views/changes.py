"""`changes`: only what this command did, before on the left, after on the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from docgen.draw.delta import Verb, deltas, entry_words, host_words, image_words
from docgen.draw.entries import Item, choose, item_rows, lost_rows
from docgen.draw.outside import short_name
from docgen.draw.panel import Panel, Part, Row, Runs, column, fit, panel_groups, run
from docgen.draw.scene import Group, Line, Role, Run, Scene, Style
from docgen.draw.sheet import Ask, finish, text_group
from docgen.draw.story import RUNS, Story, status_words
from docgen.draw.text import clean, plural, size
from docgen.frozen import frozen
from docgen.record.snapshot import Container, Entry, Kind, Mark, MountKind, Snapshot

MOST: Final = {False: 8, True: 30}
EMPTY: Final = (Run("nothing in it", Role.QUIET),)


@frozen
class State:
    """A thing at one moment."""

    items: tuple[Item, ...]
    words: str
    """Its size or status."""


@frozen
class Thing:
    """Something that stores data, and its two states; None where it does not exist."""

    key: str
    style: Style
    title: Runs
    before: State | None
    after: State | None
    what: Runs = ()
    """Said of a thing that holds no entries."""


def changes(story: Story, steps: Sequence[int], ask: Ask) -> list[Scene]:
    """What each step changed; `ask.target` keeps to one container, volume or path."""
    pages: list[list[Group]] = []
    bottoms = []
    for step in steps:
        page, bottom = _page(story, step, ask)
        pages.append(page)
        bottoms.append(bottom)
    title, said = "What the command changed", {Style.GHOST: "not there"}
    return finish(story, steps, ask, title, pages, max(bottoms, default=0), said)


def _page(story: Story, step: int, ask: Ask) -> tuple[list[Group], int]:
    command = fit(run("$ ", Role.QUIET_CODE) + run(story.command(step), Role.CODE), ask.width - 2)
    groups = [text_group("command", 1, 0, command, tip=story.command(step))]
    before, after = story.snapshot(max(step - 1, 0)), story.snapshot(step)
    things = [one for one in _things(before, after) if _wanted(one, ask.target)]
    width = (ask.width - 4) // 2 if ask.wide else ask.width
    if not things or step < 1:
        words = "This command changed nothing that is stored."
        return [*groups, text_group("nothing", 1, 2, fit(run(words, Role.QUIET), ask.width - 2))], 3
    right = width + 4 if ask.wide else 0
    if ask.wide:
        groups.append(text_group("before", 1, 2, run("before", Role.QUIET)))
        groups.append(text_group("after", right + 1, 2, run("after", Role.QUIET)))
    y = 3 if ask.wide else 2
    for thing in things:
        made, y = _pair(thing, y, width, right, ask)
        groups += made
    kept = [delta.words for delta in deltas(story, step) if delta.verb is Verb.KEPT]
    if kept:
        line = fit(run(f"kept: {', '.join(kept)}", Role.KEPT), ask.width - 2)
        groups.append(text_group("kept", 1, y, line))
        y += 1
    return groups, y


def _wanted(thing: Thing, target: str) -> bool:
    return not target or target in thing.key.split(":")


def _pair(thing: Thing, y: int, width: int, right: int, ask: Ask) -> tuple[list[Group], int]:
    """The thing before and after: beside each other, or below on a phone."""
    left, other = _panels(thing, MOST[ask.full])
    first = column([{"": left}], [""], 0, y, width)[""]
    below = first.y + first.h
    second = column([{"": other}], [""], right, y if right else below, width)[""]
    if right:
        height = max(first.h, second.h)
        first, second = replace(first, h=height), replace(second, h=height)
        arrow = Line(((width, y + 1), (right - 1, y + 1)), Style.VIEW, arrow=True, touches=True)
        groups = [*panel_groups(left, first), *panel_groups(other, second)]
        return [*groups, Group(f"{thing.key}#arrow", (arrow,))], y + height
    return [*panel_groups(left, first), *panel_groups(other, second)], second.y + second.h


def _panels(thing: Thing, most: int) -> tuple[Panel, Panel]:
    """Only what differs gets a row; what stayed is counted."""
    old = {item.path: item for item in thing.before.items} if thing.before else {}
    new = {item.path: item for item in thing.after.items} if thing.after else {}
    gone = [item for path, item in old.items() if new.get(path) != item]
    fresh = [item for path, item in new.items() if old.get(path) != item]
    same = sum(new.get(path) == item for path, item in old.items())
    left = _panel(thing, "before", thing.before, gone, same, most)
    right = _panel(thing, "after", thing.after, fresh, same, most)
    if thing.after is None:
        right = replace(right, rows=lost_rows(_rows(right.key, gone, most)))
    return left, right


def _panel(
    thing: Thing, side: str, state: State | None, items: Sequence[Item], same: int, most: int
) -> Panel:
    key = f"{thing.key}#{side}"
    if state is None:
        words = "removed" if side == "after" else "not there"
        return Panel(
            key, Style.GHOST, thing.title, run(words, Role.LOST if side == "after" else Role.QUIET)
        )
    rows = _rows(key, items, most)
    if same:
        words = f"{plural(same, 'entry', 'entries')} unchanged"
        rows = (*rows, Row(f"{key}#same", run(words, Role.QUIET), part=Part.FOOT))
    if not rows:
        rows = (Row(f"{key}#what", thing.what),)
    return Panel(key, thing.style, thing.title, run(state.words, Role.QUIET), rows)


def _rows(key: str, items: Sequence[Item], most: int) -> tuple[Row, ...]:
    return item_rows(f"{key}/", items, choose([items], most))


# --- the things of two snapshots -----------------------------------------------------------------


def _things(before: Snapshot, after: Snapshot) -> Iterator[Thing]:
    """Everything that differs, in the order containers, volumes, host, images."""
    for thing in _all(before, after):
        if thing.before != thing.after:
            yield thing


def _all(before: Snapshot, after: Snapshot) -> Iterator[Thing]:
    yield from _containers(before, after)
    volumes = dict.fromkeys(v.name for v in (*before.volumes, *after.volumes))
    for name in volumes:
        old, new = before.volume(name), after.volume(name)
        title = run("Volume ", Role.TITLE) + run(short_name(name), Role.NAME)
        states = [_entries(v.entries, size(v.size)) if v else None for v in (old, new)]
        yield _thing(f"volume:{name}", Style.VOLUME, title, states, EMPTY)
    hosts = [{one.path: one for one in s.host_paths if one.kind} for s in (before, after)]
    for path in dict.fromkeys([*hosts[0], *hosts[1]]):
        title = run("Host ", Role.TITLE) + run(clean(path), Role.HOST)
        found = [side.get(path) for side in hosts]
        states = [_entries(h.entries, host_words(h)) if h else None for h in found]
        yield _thing(f"bind:{path}", Style.BIND, title, states, EMPTY)
    images = [{image.id: image for image in s.images} for s in (before, after)]
    for key in dict.fromkeys([*images[0], *images[1]]):
        pair = [side.get(key) for side in images]
        named = next(image for image in reversed(pair) if image)
        title = run("Image ", Role.TITLE) + run(image_words(named), Role.NAME)
        states = [
            State((), size(image.size) + _names(image.names)) if image else None for image in pair
        ]
        layers = run(plural(len(named.layers), "layer"), Role.QUIET)
        yield _thing(f"image:{key}", Style.LAYER, title, states, layers)


def _thing(
    key: str, style: Style, title: Runs, pair: Sequence[State | None], what: Runs = EMPTY
) -> Thing:
    before, after = pair
    return Thing(key, style, title, before, after, what)


def _names(names: tuple[str, ...]) -> str:
    return "" if names else ", no name"


def _containers(before: Snapshot, after: Snapshot) -> Iterator[Thing]:
    sides = [{c.id: c for c in s.containers} for s in (before, after)]
    for key in dict.fromkeys([*sides[0], *sides[1]]):
        old, new = sides[0].get(key), sides[1].get(key)
        one = sides[1].get(key) or sides[0][key]
        name = clean(one.name)
        states = [State((), status_words(c)) if c else None for c in (old, new)]
        title = run("Container ", Role.TITLE) + run(name, Role.NAME)
        image = run("of image ", Role.QUIET) + run(clean(one.image_name), Role.QUIET_CODE)
        yield _thing(f"container:{name}", Style.FRAME, title, states, image)
        own = [State(_written(c), size(c.writable.size)) if c else None for c in (old, new)]
        title = run("Writable layer of ", Role.TITLE) + run(name, Role.NAME)
        yield _thing(f"writable:{name}", Style.WRITABLE, title, own, EMPTY)
        for target in dict.fromkeys([*_memory(old), *_memory(new)]):
            title = run("tmpfs ", Role.TITLE) + run(clean(target), Role.CODE)
            held = [_memory(c).get(target) for c in (old, new)]
            yield _thing(f"tmpfs:{name}:{target}", Style.TMPFS, title, held, EMPTY)


def _written(container: Container) -> tuple[Item, ...]:
    entries = {entry.path: entry for entry in container.writable.entries}
    items = [Item(c.path, entries.get(c.path), c.mark) for c in container.writable.changes]
    return tuple(item for item in items if not _way(item))


def _way(item: Item) -> bool:
    """A directory that is only listed because something in it changed."""
    plain = item.entry is not None and item.entry.kind is Kind.DIR and not item.entry.opaque
    return plain and item.mark is Mark.CHANGED


def _memory(container: Container | None) -> dict[str, State]:
    if container is None or container.status not in RUNS:
        return {}
    tmpfs = [mount for mount in container.mounts if mount.kind is MountKind.TMPFS]
    return {m.target: _entries(m.entries, entry_words(m.entries)) for m in tmpfs}


def _entries(entries: tuple[Entry, ...], words: str) -> State:
    return State(tuple(Item(entry.path, entry) for entry in entries), words)
