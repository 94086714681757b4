"""`host`: who uses whom. Images, the containers made of them, and what these mount, as columns
with links; layers that several images stand on are drawn once. On a phone the columns stand below
one another, and words take the place of the links.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from docgen.draw.cast import Cast, Use, cast
from docgen.draw.members import (
    base_panel,
    container_panel,
    image_panel,
    mount_chip,
    store_panel,
)
from docgen.draw.panel import Artist, Panel, Place, fit, run, slots
from docgen.draw.scene import Group, Line, Role, Scene, Style
from docgen.draw.sheet import WIDE, Ask, finish, text_group
from docgen.draw.story import Phase, Story
from docgen.draw.text import cells, clean, plural
from docgen.draw.wires import Points, Wire, left_wires, right_wires
from docgen.frozen import frozen

GUTTERS: Final = (3, 6)
"""Cells between the columns, for the links."""
MOST_IMAGES: Final = {False: 5, True: 12}
MOST_CONTAINERS: Final = {False: 6, True: 16}
LINKED: Final = 5
"""Volumes and host paths with links; further ones are named in words."""
MOST_STORES: Final = {False: 7, True: 16}

Panels = dict[str, Panel]


def host(story: Story, steps: Sequence[int], ask: Ask) -> list[Scene]:
    """The whole host; it has no target."""
    troupe = cast(story, steps, full=ask.full)
    shown = _shown(troupe, ask)
    panels = [_panels(story, step, shown, ask) for step in steps]
    ground = _ground(panels, shown, ask)
    artist = Artist()
    rest = _rest(troupe, shown, ground.bottom, ask)
    pages = []
    for step, one in zip(steps, panels, strict=True):
        groups = list(ground.headers)
        for key, panel in one.items():
            groups += artist.groups(panel, ground.places[key])
        pages.append(groups + _links(story, step, shown, ground) + rest)
    bottom = ground.bottom + len(rest)
    said = {Style.FRAME: "container", Style.LAYER: "image layers", Style.GHOST: "gone"}
    return finish(story, steps, ask, "Who uses whom on this host", pages, bottom, said)


# --- what is shown -------------------------------------------------------------------------------


def _shown(troupe: Cast, ask: Ask) -> Cast:
    """The part of the cast that there is room for."""
    images = troupe.images[: MOST_IMAGES[ask.full]]
    on_stage = [one for one in troupe.containers if one[1] in images]
    containers = tuple(on_stage[: MOST_CONTAINERS[ask.full]])
    stores = troupe.stores[: MOST_STORES[ask.full]]
    names = {name for name, _ in containers}
    uses = tuple(use for use in troupe.uses if use.container in names and use.store in stores)
    return Cast(images, containers, stores, uses, troupe.shared)


def _rest(troupe: Cast, shown: Cast, y: int, ask: Ask) -> list[Group]:
    counts = (
        (len(troupe.images) - len(shown.images), "more image"),
        (len(troupe.containers) - len(shown.containers), "more container"),
        (len(troupe.stores) - len(shown.stores), "more volume or host path"),
    )
    words = [plural(count, noun, _nouns(noun)) for count, noun in counts if count]
    if not words:
        return []
    line = fit(run(f"and {', '.join(words)}", Role.QUIET), ask.width - 2)
    return [text_group("host#rest", 1, y, line)]


def _nouns(noun: str) -> str:
    return "more volumes and host paths" if noun.endswith("path") else f"{noun}s"


def _panels(story: Story, step: int, shown: Cast, ask: Ask) -> Panels:
    widths = _widths(ask)
    linked = frozenset(shown.stores[:LINKED]) if ask.wide else frozenset()
    made = [image_panel(story, step, key, shown.shared, full=ask.full) for key in shown.images]
    made.append(base_panel(story, step, shown.shared, full=ask.full))
    made += [
        container_panel(story, step, name, linked, widths[1] - 4, ask)
        for name, _ in shown.containers
    ]
    made += [store_panel(story, step, key, widths[2] - 4, ask) for key in shown.stores]
    return {panel.key: panel for panel in made if panel}


# --- where it stands -----------------------------------------------------------------------------


@frozen
class Ground:
    places: Mapping[str, Place]
    lines: Mapping[str, Points]
    headers: tuple[Group, ...]
    bottom: int


def _widths(ask: Ask) -> tuple[int, int, int]:
    if not ask.wide:
        return (ask.width,) * 3
    more = (ask.width - WIDE) // 3
    return 21 + more, 22 + more, 20 + more


def _ground(panels: Sequence[Panels], shown: Cast, ask: Ask) -> Ground:
    placer = _Placer(panels)
    headers = _Headers()
    images, containers, stores = _widths(ask)
    if not ask.wide:
        y = headers.put("Images", 0, 0)
        y = placer.column([*(f"image:{key}" for key in shown.images), "base"], 0, y, images)
        y = headers.put("Containers", 0, y + 1)
        y = placer.column([f"container:{name}" for name, _ in shown.containers], 0, y, containers)
        y = headers.put("Persistent storage", 0, y + 1)
        y = placer.column(shown.stores, 0, y, stores)
        return Ground(placer.places, {}, tuple(headers.groups), y)
    x = (0, images + GUTTERS[0], images + GUTTERS[0] + containers + GUTTERS[1])
    for words, left in zip(("Images", "Containers", "Persistent storage"), x, strict=True):
        headers.put(words, left, 0)
    left = right = 1
    for image in shown.images:
        names = shown.of_image(image)
        left = max(left, right) if names else left
        right = (
            placer.column([f"container:{name}" for name in names], x[1], left, containers)
            if names
            else right
        )
        left = placer.column([f"image:{image}"], x[0], left, images)
    left = placer.column(["base"], x[0], left, images)
    third = 1
    for store in shown.stores:
        rows = [placer.row(use) for use in shown.uses if use.store == store]
        third = max(third, min((y for y in rows if y is not None), default=1) - 1)
        third = placer.column([store], x[2], third, stores)
    lines = _lines(placer, shown, x[1], containers)
    return Ground(placer.places, lines, tuple(headers.groups), max(left, right, third))


@dataclass(slots=True)
class _Headers:
    groups: list[Group]

    def __init__(self) -> None:
        self.groups = []

    def put(self, words: str, x: int, y: int) -> int:
        """Returns the row below."""
        self.groups.append(text_group(f"header:{words}", x + 1, y, run(words, Role.QUIET)))
        return y + 1


class _Placer:
    """Gives every box of any step its place."""

    def __init__(self, panels: Sequence[Panels]) -> None:
        self._panels = panels
        self.places: dict[str, Place] = {}

    def column(self, keys: Sequence[str], x: int, y: int, w: int) -> int:
        """Boxes below one another; returns the row below the last."""
        for key in keys:
            variants = [one[key].rows if key in one else () for one in self._panels]
            if not any(key in one for one in self._panels):
                continue
            taken = slots(variants)
            height = 2 + max(taken.values(), default=-1) + 1
            self.places[key] = Place(x, y, w, height, taken)
            y += height
        return y

    def row(self, use: Use) -> int | None:
        """The row of a mount in its container's box."""
        place = self.places.get(f"container:{use.container}")
        return place.row(use.row) if place and use.row in place.slots else None


def _lines(placer: _Placer, shown: Cast, x: int, width: int) -> dict[str, Points]:
    places = placer.places
    made = [
        Wire(f"link:{name}>{image}", x, places[f"container:{name}"].y + 1, f"image:{image}")
        for name, image in shown.containers
        if f"container:{name}" in places and f"image:{image}" in places
    ]
    lines = left_wires(made, places, x - 2)
    linked = [key for key in shown.stores[:LINKED] if key in places]
    mounted = []
    for use in shown.uses:
        y = placer.row(use)
        if y is not None and use.store in linked:
            start = x + 3 + cells(mount_chip(use.target, width - 4)) + 1
            mounted.append(Wire(_use_key(use), start, y, use.store))
    return lines | right_wires(mounted, places, x + width, linked)


def _use_key(use: Use) -> str:
    return f"link:{use.row}>{use.store}"


# --- the links of one step -----------------------------------------------------------------------


def _links(story: Story, step: int, shown: Cast, ground: Ground) -> list[Group]:
    groups = []
    for name, image in shown.containers:
        life = story.life(name, step)
        if life.phase is not Phase.ALIVE or life.container is None:
            continue
        points = ground.lines.get(f"link:{name}>{image}")
        if points and life.container.image == image:
            said = f"{clean(name)} uses {clean(life.container.image_name)}"
            line = Line(points, Style.VIEW, arrow=True)
            groups.append(Group(f"link:{name}>{image}", (line,), said, said))
        for use in shown.uses:
            points = ground.lines.get(_use_key(use)) if use.container == name else None
            groups += _mount_link(story, step, use, points) if points else []
    return groups


def _mount_link(story: Story, step: int, use: Use, points: Points) -> list[Group]:
    container = story.snapshot(step).container(use.container)
    kind, _, source = use.store.partition(":")
    found = [
        mount
        for mount in (container.mounts if container else ())
        if (mount.target, mount.kind, mount.source) == (use.target, kind, source)
    ]
    if not found:
        return []
    way = "reads" if found[0].read_only else "reads and writes"
    what = kind if kind == "volume" else "host path"
    said = f"{clean(use.container)} {way} {what} {clean(source)} at {clean(use.target)}"
    style = Style.VOLUME if kind == "volume" else Style.BIND
    line = Line(points, style, arrow=True, touches=True)
    return [Group(_use_key(use), (line,), said, said)]
