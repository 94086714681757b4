"""`layers` of a whole host: every container's writable layer on the read-only layers it stands on.

Containers of one image stand side by side above it; layers that several images have are drawn once,
below all of them. Volumes stand apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from docgen.draw.delta import image_words
from docgen.draw.entries import choose, item_rows, lost_rows, written
from docgen.draw.outside import contents, mount_panels, other_users
from docgen.draw.panel import (
    Panel,
    Part,
    Place,
    Row,
    column,
    fit,
    length,
    merged_order,
    panel_groups,
    run,
    slots,
)
from docgen.draw.scene import Box, Group, Role, Scene, Style, Text
from docgen.draw.sheet import Ask, finish, text_group
from docgen.draw.stack import Drawn, drawn_layers, elided_panel, layer_panel
from docgen.draw.story import RUNS, Phase, Story, status_words
from docgen.draw.text import clean, listed, plural, size
from docgen.frozen import frozen
from docgen.record.snapshot import Image, Mount, MountKind, Snapshot

GUTTER: Final = 3
OUTSIDE: Final = 25
MOST_ENTRIES: Final = {False: 3, True: 8}
MOST_CONTAINERS: Final = {False: 6, True: 24}
MOST_LAYERS: Final = {False: 4, True: 10}
MOST_VOLUMES: Final = {False: 6, True: 24}

Panels = dict[str, Panel]


@frozen
class Stand:
    """One image with its containers, over all steps."""

    image: str
    name: str
    containers: tuple[str, ...]
    """Names, in order of appearance."""
    own: tuple[str, ...]
    """Keys of layers that no other drawn image has, base first."""


@frozen
class Frame:
    """A place for an image's containers and layers."""

    box: Box
    writable: Mapping[str, Place]
    layers: Mapping[str, Place]


def overview(story: Story, steps: Sequence[int], ask: Ask) -> list[Scene]:
    """All containers, images that have some (or all images while there is none), all volumes."""
    told = sorted({*steps, *(max(step - 1, 0) for step in steps)})
    stands, shared = _stands(story, told)
    width = ask.width - GUTTER - OUTSIDE if ask.wide else ask.width
    frames: dict[str, Frame] = {}
    pages: list[list[Group]] = [[] for _ in steps]
    y = 0
    for stand in stands:
        frames[stand.image], made = _stand(story, steps, stand, y, width, ask)
        y = frames[stand.image].box.y + frames[stand.image].box.h
        for page, groups in zip(pages, made, strict=True):
            page += groups
    if shared:
        y, made = _base(story, steps, shared, y, width, ask)
        for page, groups in zip(pages, made, strict=True):
            page += groups
    if not stands:
        for page in pages:
            page.append(text_group("none", 1, 0, run("No image, no container yet", Role.QUIET)))
        y = 1
    outside = (width + GUTTER, 0) if ask.wide else (0, y + 1)
    bottom, made = _volumes(story, steps, *outside, ask)
    for page, groups in zip(pages, made, strict=True):
        page += groups
    return finish(story, steps, ask, "Where all data lives", pages, max(y, bottom))


# --- who stands on what --------------------------------------------------------------------------


def _stands(story: Story, steps: Sequence[int]) -> tuple[list[Stand], tuple[str, ...]]:
    """The images that matter, and the layers that more than one of them has."""
    images: dict[str, Image] = {}
    users: dict[str, dict[str, None]] = {}
    chains: dict[str, tuple[str, ...]] = {}
    for step in steps:
        snapshot = story.snapshot(step)
        images |= {image.id: image for image in snapshot.images}
        for container in snapshot.containers:
            users.setdefault(container.image, {})[container.name] = None
            chains[container.image] = container.layers
    wanted = list(users) or [key for key, image in images.items() if image.names]
    for key in wanted:
        chains.setdefault(key, images[key].layers)
    counts: dict[str, int] = {}
    for key in wanted:
        for layer in chains[key]:
            counts[layer] = counts.get(layer, 0) + 1
    shared = tuple(layer for layer, count in counts.items() if count > 1)
    stands = [
        Stand(
            key,
            image_words(images[key]) if key in images else "removed image",
            tuple(users.get(key, ())),
            tuple(layer for layer in chains[key] if counts[layer] == 1),
        )
        for key in wanted
    ]
    return stands, shared


def _stand(
    story: Story, steps: Sequence[int], stand: Stand, y: int, width: int, ask: Ask
) -> tuple[Frame, list[list[Group]]]:
    most = MOST_CONTAINERS[ask.full]
    names = stand.containers
    shown = names if len(names) <= most else names[: most - 1]
    per_row = 2 if ask.wide and len(shown) > 1 else 1
    wide = (width - 2) // per_row
    panels = [_writable_panels(story, step, shown, names, ask) for step in steps]
    keys = [f"writable:{name}" for name in shown] + (
        ["writable#rest"] if len(shown) < len(names) else []
    )
    places, below = _grid(panels, keys, y + 1, per_row, wide)
    layers = [_layer_panels(story, step, stand.own, ask) for step in steps]
    order = merged_order([list(one) for one in layers])
    lower = column(layers, order, 1, below, width - 2)
    end = max((place.y + place.h for place in lower.values()), default=below)
    frame = Frame(Box(0, y, width, end + 1 - y, Style.FRAME, encloses=True), places, lower)
    title = run("Image ", Role.TITLE) + run(stand.name, Role.NAME)
    title = fit(title, width - 6)
    head = Text(3, y, length(title), title, on_border=True, loose=True)
    pages = []
    for one, two in zip(panels, layers, strict=True):
        groups = [Group(f"image:{stand.image}", (frame.box, head))]
        for key, panel in one.items():
            groups += panel_groups(panel, places[key])
        for key, panel in two.items():
            groups += panel_groups(panel, lower[key])
        pages.append(groups)
    return frame, pages


def _grid(
    panels: Sequence[Panels], keys: Sequence[str], y: int, per_row: int, width: int
) -> tuple[dict[str, Place], int]:
    """Boxes of equal height in rows."""
    places: dict[str, Place] = {}
    for start in range(0, len(keys), per_row):
        row = keys[start : start + per_row]
        taken = {key: slots([one[key].rows if key in one else () for one in panels]) for key in row}
        height = 2 + max((max(used.values(), default=-1) + 1 for used in taken.values()), default=0)
        for at, key in enumerate(row):
            places[key] = Place(1 + at * width, y, width, height, taken[key])
        y += height
    return places, y


def _writable_panels(
    story: Story, step: int, shown: Sequence[str], names: Sequence[str], ask: Ask
) -> Panels:
    panels: Panels = {}
    for name in shown:
        life = story.life(name, step)
        if life.container is None:
            continue
        key = f"writable:{name}"
        container, alive = life.container, life.phase is Phase.ALIVE
        items = written(container.writable, full=ask.full)
        choice = choose([items], MOST_ENTRIES[ask.full])
        rows = item_rows(key, items, choice)
        running = alive and container.status in RUNS
        words = status_words(container) if alive else f"removed: {story.command(life.gone)}"
        role = Role.KEPT if running else Role.QUIET if alive else Role.LOST
        rows = rows if alive else lost_rows(rows)
        layer = run("writable layer", Role.QUIET) if alive and ask.wide else ()
        rows = (Row(f"{key}#status", run(words, role), layer, part=Part.HEAD), *rows)
        title = run(clean(name), Role.NAME)
        style = Style.WRITABLE if alive else Style.GHOST
        aside = run(size(container.writable.size), Role.QUIET)
        panels[key] = Panel(
            key, style, title, aside, rows, f"writable layer of container {clean(name)}"
        )
    rest = [name for name in names[len(shown) :] if story.snapshot(step).container(name)]
    if rest:
        total = sum(c.writable.size for c in story.snapshot(step).containers if c.name in rest)
        words = f"and {plural(len(rest), 'more container')}"
        tip = " ".join(clean(name) for name in rest)
        aside = run(size(total), Role.QUIET)
        row = Row("writable#rest#names", run(listed([clean(n) for n in rest], 3), Role.QUIET_CODE))
        panels["writable#rest"] = Panel(
            "writable#rest", Style.WRITABLE, run(words, Role.QUIET), aside, (row,), tip
        )
    return panels


def _layer_panels(story: Story, step: int, keys: Sequence[str], ask: Ask) -> Panels:
    snapshot = story.snapshot(step)
    owner = next((image for image in snapshot.images if set(keys) & set(image.layers)), None)
    chain = owner.layers if owner else tuple(keys)
    drawn = [
        one for one in drawn_layers(story, snapshot, chain, {}, owner) if one.layer.key in set(keys)
    ]
    return _stacked(drawn, MOST_LAYERS[ask.full], full=ask.full)


def _stacked(drawn: Sequence[Drawn], most: int, *, full: bool) -> Panels:
    parts = [[one] for one in drawn]
    if len(drawn) > most:
        parts = [*([one] for one in drawn[: most - 2]), list(drawn[most - 2 : -1]), [drawn[-1]]]
    made = [
        elided_panel(part) if len(part) > 1 else layer_panel(part[0], 1, full=full)
        for part in parts
    ]
    return {panel.key: panel for panel in made}


def _base(
    story: Story, steps: Sequence[int], shared: Sequence[str], y: int, width: int, ask: Ask
) -> tuple[int, list[list[Group]]]:
    """The layers that several images stand on, once."""
    panels = [_layer_panels(story, step, shared, ask) for step in steps]
    order = merged_order([list(one) for one in panels])
    places = column(panels, order, 1, y + 1, width - 2)
    end = max((place.y + place.h for place in places.values()), default=y + 1)
    box = Box(0, y, width, end + 1 - y, Style.FRAME, encloses=True)
    title = run("Shared base", Role.TITLE) + run(", stored once", Role.QUIET)
    head = Text(3, y, length(title), title, on_border=True, loose=True)
    pages = []
    for one in panels:
        groups = [Group("base", (box, head))] if one else []
        for key, panel in one.items():
            groups += panel_groups(panel, places[key])
        pages.append(groups)
    return box.y + box.h, pages


# --- volumes -------------------------------------------------------------------------------------


def _volumes(
    story: Story, steps: Sequence[int], x: int, y: int, ask: Ask
) -> tuple[int, list[list[Group]]]:
    found: dict[str, Mount] = {}
    for step in sorted({*steps, *(max(step - 1, 0) for step in steps)}):
        for volume in story.snapshot(step).volumes:
            mount = Mount(MountKind.VOLUME, volume.name, "/", anonymous=volume.anonymous)
            found.setdefault(volume.name, mount)
    most = MOST_VOLUMES[ask.full]
    shown = list(found.values())
    shown = shown if len(shown) <= most else shown[: most - 1]
    width = OUTSIDE if ask.wide else ask.width
    panels: list[Panels] = [{} for _ in steps]
    for mount in shown:
        held = [contents(story, mount, "", step, full=ask.full) for step in steps]
        users = [other_users(story.snapshot(step), mount, None) for step in steps]
        for page, panel in zip(panels, mount_panels(mount, held, users, width, 3), strict=True):
            if panel:
                page[panel.key] = panel
    order = merged_order([list(one) for one in panels])
    places = column(panels, order, x, y + 1, width)
    bottom = max((place.y + place.h for place in places.values()), default=y + 1)
    words = "Persistent storage" if found else "No persistent storage"
    pages = []
    rest = len(found) - len(shown)
    for step, one in zip(steps, panels, strict=True):
        groups = [text_group("header:Persistent storage", x + 1, y, run(words, Role.QUIET))]
        for key, panel in one.items():
            groups += panel_groups(panel, places[key])
        if rest:
            groups.append(_rest(story.snapshot(step), shown, x + 1, bottom))
        pages.append(groups)
    return bottom + (1 if rest else 0), pages


def _rest(snapshot: Snapshot, shown: Sequence[Mount], x: int, y: int) -> Group:
    names = {mount.source for mount in shown}
    rest = [volume for volume in snapshot.volumes if volume.name not in names]
    total = size(sum(volume.size for volume in rest))
    words = run(f"and {plural(len(rest), 'more volume')}, {total}", Role.QUIET)
    return text_group("volumes#rest", x, y, fit(words, OUTSIDE - 2))
