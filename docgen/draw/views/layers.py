"""`layers`: a container's stack, and the mounts that bypass it.

Left the container's own filesystem: what processes see, the writable layer, the image layers.
Right what lies outside its life. On a phone the right column comes below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from docgen.draw.entries import choose, written
from docgen.draw.hidden import hidden
from docgen.draw.outside import contents, in_order, mount_key, mount_panels, other_users
from docgen.draw.panel import (
    Artist,
    Panel,
    Part,
    Place,
    Row,
    Runs,
    column,
    fit,
    length,
    merged_order,
    row_group,
    run,
)
from docgen.draw.scene import Box, Group, Line, Role, Scene, Style, Text
from docgen.draw.sheet import WIDE, Ask, finish, text_group
from docgen.draw.stack import (
    MOST_MOUNTS,
    Drawn,
    drawn_layers,
    elided_panel,
    layer_panel,
    mount_name,
    mount_row_key,
    sharing_words,
    view_panel,
    writable_panel,
)
from docgen.draw.story import RUNS, Life, Phase, Story, image_of, status_words
from docgen.draw.text import cells, clean
from docgen.draw.views.overview import overview
from docgen.record.snapshot import Container, Mount, MountKind

GUTTER: Final = 5
"""Cells between the columns, for the lines of the mounts."""


def outside_width(ask: Ask) -> int:
    """Of the right column: 25 of 72 cells; a wider picture gives it a third of what it has more."""
    return 25 + (ask.width - WIDE) // 3 if ask.wide else ask.width


@dataclass(frozen=True, slots=True)
class Caps:
    """How many rows each part may take; what is over is counted."""

    written: int
    mounted: int
    hidden: int
    layers: int


CAPS: Final = {False: Caps(6, 4, 2, 6), True: Caps(24, 12, 6, 12)}

Panels = dict[str, Panel]


def layers(story: Story, steps: Sequence[int], ask: Ask) -> list[Scene]:
    """One container, named by `ask.target`; without a name the only one, or else the whole host."""
    target = ask.target or _only(story)
    if not target:
        return overview(story, steps, ask)
    ask = replace(ask, target=target)
    lives = [story.life(ask.target, step) for step in steps]
    mounts = _mounts(lives)
    frame_width = ask.width - GUTTER - outside_width(ask) if ask.wide else ask.width
    left = _left(story, lives, ask, frame_width)
    right = _right(story, lives, mounts, ask)
    plan = _plan(left, right, mounts, ask, frame_width)
    artist = Artist()
    pages = [
        _page(artist, plan, life, left_panels, right_panels, story)
        for life, left_panels, right_panels in zip(lives, left, right, strict=True)
    ]
    title = f"Where the data of container {clean(ask.target)} lives"
    return finish(story, steps, ask, title, pages, plan.bottom)


def _only(story: Story) -> str:
    """The container, when the recording has just one."""
    names = story.containers(range(story.last + 1))
    return names[0] if len(names) == 1 else ""


# --- what there is -------------------------------------------------------------------------------


def _mounts(lives: Sequence[Life]) -> list[Mount]:
    """Every mount of any step, by target; what persists first, as the right column has it."""
    found: dict[tuple[str, str], Mount] = {}
    for life in lives:
        for mount in life.container.mounts if life.container else ():
            found.setdefault((mount.target, mount_key(mount)), mount)
    return in_order(found.values())


def _left(story: Story, lives: Sequence[Life], ask: Ask, frame: int) -> list[Panels]:
    caps, room = CAPS[ask.full], frame - 6
    drafts = [
        written(life.container.writable, full=ask.full) if life.container else [] for life in lives
    ]
    choice = choose(drafts, caps.written)
    panels: list[Panels] = []
    for life, items in zip(lives, drafts, strict=True):
        top = view_panel(life, room, lines=ask.wide, full=ask.full)
        own = writable_panel(life, items, choice, story.command(life.gone), room, full=ask.full)
        panels.append({"view": top, "writable": own, **_layer_panels(story, life, ask)})
    return panels


def _layer_panels(story: Story, life: Life, ask: Ask) -> Panels:
    caps = CAPS[ask.full]
    snapshot = story.snapshot(life.step)
    container = life.container or _next_life(story, ask.target, life.step)
    if container is None:
        return {}
    alive = container if life.phase is Phase.ALIVE else None
    known = {layer.key: layer for layer in snapshot.layers}
    chain = [known[key] for key in container.layers if key in known]
    over = hidden(
        chain, alive.writable if alive else None, alive.mounts if alive else (), story.index
    )
    drawn = drawn_layers(story, snapshot, container.layers, over, image_of(snapshot, container))
    panels: Panels = {}
    for part in _parts(drawn, caps.layers):
        panel = (
            elided_panel(part)
            if len(part) > 1
            else layer_panel(part[0], caps.hidden, full=ask.full)
        )
        panels[panel.key] = panel
    return panels


def _next_life(story: Story, name: str, step: int) -> Container | None:
    """The container that a later step makes: its image may lie there already."""
    later = (story.snapshot(at).container(name) for at in range(step + 1, story.last + 1))
    return next((container for container in later if container), None)


def _parts(drawn: Sequence[Drawn], most: int) -> list[list[Drawn]]:
    """Layers one by one; of a long stack the top ones and the base, and between them one for
    the rest.
    """
    if len(drawn) <= most:
        return [[one] for one in drawn]
    top = most - 2
    return [*([one] for one in drawn[:top]), list(drawn[top:-1]), [drawn[-1]]]


def _right(story: Story, lives: Sequence[Life], mounts: Sequence[Mount], ask: Ask) -> list[Panels]:
    panels: list[Panels] = [{} for _ in lives]
    most, width = CAPS[ask.full].mounted, outside_width(ask)
    for mount in mounts:
        users = [other_users(story.snapshot(life.step), mount, life.container) for life in lives]
        held = [contents(story, mount, ask.target, life.step, full=ask.full) for life in lives]
        made = mount_panels(mount, held, users, width, most)
        for page, panel in zip(panels, made, strict=True):
            if panel:
                page.setdefault(panel.key, panel)
    return panels


# --- where it stands -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plan:
    """The layout that all steps share."""

    frame: Box
    left: Mapping[str, Place]
    right: Mapping[str, Place]
    strip: int
    """Row of the line between the writable layer and the image layers."""
    headers: tuple[Group, ...]
    lines: Mapping[str, tuple[tuple[int, int], ...]]
    """Mount row key to the points of its line."""
    bottom: int


def _plan(
    left: Sequence[Panels], right: Sequence[Panels], mounts: Sequence[Mount], ask: Ask, frame: int
) -> Plan:
    order = merged_order([list(panels) for panels in left])
    upper = column(left, order[:2], 1, 2, frame - 2)
    strip = _below(upper)
    lower = column(left, order[2:], 1, strip + 1, frame - 2)
    places = {**upper, **lower}
    box = Box(0, 0, frame, max(_below(places), strip + 1) + 1, Style.FRAME, encloses=True)
    start = (frame + GUTTER, 0) if ask.wide else (0, box.h + 1)
    width = outside_width(ask)
    outside, headers = _outside(right, mounts, *start, width)
    if ask.wide and mounts:
        down = _lower(mounts[0], places["view"], outside)
        outside, headers = _outside(right, mounts, start[0], down, width)
    lines = _lines(mounts, places["view"], outside, frame) if ask.wide else {}
    bottom = max(box.h, _below(outside), start[1] + 1)
    return Plan(box, places, outside, strip, tuple(headers), lines, bottom)


def _below(places: Mapping[str, Place]) -> int:
    return max((place.y + place.h for place in places.values()), default=0)


def _header(key: str, x: int, y: int, words: str) -> Group:
    return text_group(f"header:{key}", x, y, run(words, Role.QUIET))


def _outside(
    right: Sequence[Panels], mounts: Sequence[Mount], x: int, y: int, width: int
) -> tuple[dict[str, Place], list[Group]]:
    memory = list(dict.fromkeys(mount_key(m) for m in mounts if m.kind is MountKind.TMPFS))
    lasting = list(dict.fromkeys(mount_key(m) for m in mounts if m.kind is not MountKind.TMPFS))
    places: dict[str, Place] = {}
    headers: list[Group] = []
    for keys, words in ((lasting, "Persistent storage"), (memory, "In memory")):
        if keys:
            headers.append(_header(words, x + 1, y, words))
            places |= column(right, keys, x, y + 1, width)
            y = _below(places) + 1
    if not mounts:
        headers.append(_header("none", x + 1, y, "Persistent storage: none"))
    return places, headers


def _lower(mount: Mount, view: Place, outside: Mapping[str, Place]) -> int:
    """How far the right column goes down, for a straight line to its first box."""
    box, key = outside[mount_key(mount)], mount_row_key(mount)
    last = box.y + box.h - 2
    return max(view.row(key) - last, 0) if key in view.slots else 0


def _lines(
    mounts: Sequence[Mount], view: Place, outside: Mapping[str, Place], frame: int
) -> dict[str, tuple[tuple[int, int], ...]]:
    """Lines from the mounts' rows to their boxes. Both are in one order, so a lane each
    keeps them apart.
    """
    lines: dict[str, tuple[tuple[int, int], ...]] = {}
    lane, entered = frame + GUTTER - 2, 0
    for mount in mounts:
        key = mount_row_key(mount)
        if key not in view.slots:
            continue
        place = outside[mount_key(mount)]
        y = view.row(key)
        entry = min(max(y, place.y + 1, entered + 1), place.y + place.h - 2)
        entered = entry
        start, end = (0, y), (frame + GUTTER - 1, entry)
        if entry == y:
            lines[key] = (start, end)
        else:
            lines[key] = (start, (lane, y), (lane, entry), end)
            lane = max(lane - 1, frame)
    return lines


# --- one step ------------------------------------------------------------------------------------


def _page(
    artist: Artist, plan: Plan, life: Life, left: Panels, right: Panels, story: Story
) -> list[Group]:
    room = plan.frame.w - 6
    image = _image_name(life)
    words = "filesystem, managed by Docker"
    if length(image) + len(words) + 2 > room:
        words = "managed by Docker"
    managed = Row("managed", run(words, Role.QUIET), image)
    groups = [_frame(plan.frame, life), *plan.headers]
    groups.append(row_group(managed, 3, 1, room, loose=True))
    for key, panel in left.items():
        groups += artist.groups(panel, plan.left[key])
        if key == "writable" and len(left) > 2:
            strip = _strip(life, story, room)
            groups.append(row_group(strip, 3, plan.strip, room, loose=True))
    for key, panel in right.items():
        groups += artist.groups(panel, plan.right[key])
    return groups + _line_groups(plan, life, right)


def _image_name(life: Life) -> Runs:
    return run(clean(life.container.image_name), Role.QUIET_CODE) if life.container else ()


def _frame(box: Box, life: Life) -> Group:
    name = clean(life.container.name) if life.container else ""
    title: Runs = run("Container ", Role.TITLE) + run(name, Role.NAME)
    match life.phase:
        case Phase.ALIVE if life.container:
            running = life.container.status in RUNS
            aside = run(status_words(life.container), Role.KEPT if running else Role.QUIET)
        case Phase.GONE:
            box = replace(box, style=Style.GHOST)
            aside = run("removed", Role.LOST)
        case _:
            box = replace(box, style=Style.GHOST)
            title, aside = run("No container yet", Role.QUIET), ()
    title = fit(title, box.w - 8 - length(aside))
    shapes: list[Box | Text] = [box, Text(3, 0, length(title), title, on_border=True, loose=True)]
    if aside:
        at = box.w - 3 - length(aside)
        shapes.append(Text(at, 0, length(aside), aside, "end", on_border=True, loose=True))
    tip = (
        f"container {life.container.id[:12]} of {clean(life.container.image_name)}"
        if life.container
        else ""
    )
    return Group("container", tuple(shapes), tip)


def _strip(life: Life, story: Story, room: int) -> Row:
    tip = sharing_words(story.snapshot(life.step), life.container) if life.container else ""
    fate = "" if life.phase is Phase.BEFORE else "kept by docker rm"
    words = run("read-only, shared" if room >= 36 else "read-only", Role.QUIET)
    return Row("strip", words, run(fate, Role.KEPT), part=Part.HEAD, tip=tip)


def _line_groups(plan: Plan, life: Life, right: Panels) -> list[Group]:
    if life.phase is not Phase.ALIVE or life.container is None:
        return []
    groups = []
    for mount in in_order(life.container.mounts)[:MOST_MOUNTS]:
        key = mount_row_key(mount)
        points = plan.lines.get(key)
        panel = right.get(mount_key(mount))
        if points is None or panel is None or panel.style is Style.GHOST:
            continue
        start = plan.left["view"].x + 3 + cells(mount_name(mount)) + 1
        groups.append(
            Group(
                f"line:{key}",
                (Line(((start, points[0][1]), *points[1:]), panel.style, True, True),),
            )
        )
    return groups
