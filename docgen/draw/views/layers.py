"""`layers`: a container's stack, and the mounts that bypass it.

Left the container's own filesystem: what processes see, the writable layer, the image layers.
Right what lies outside its life. On a phone the right column comes below.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from docgen.draw.entries import choose, written
from docgen.draw.hidden import hidden
from docgen.draw.outside import contents, in_order, mount_key, mount_panels, other_users
from docgen.draw.panel import (
    Artist,
    Part,
    Row,
    Runs,
    fit,
    length,
    row_group,
    run,
)
from docgen.draw.plan import GUTTER, Panels, Plan, outside_width, plan
from docgen.draw.scene import Box, Group, Line, Role, Scene, Style, Text
from docgen.draw.seen import mount_name, mount_row_key, view_panel
from docgen.draw.sheet import Ask, finish
from docgen.draw.stack import (
    Drawn,
    drawn_layers,
    elided_panel,
    layer_panel,
    sharing_words,
    writable_panel,
)
from docgen.draw.story import RUNS, Life, Phase, Story, image_of, status_words
from docgen.draw.text import cells, clean
from docgen.draw.views.overview import overview
from docgen.frozen import frozen
from docgen.record.snapshot import Container, Mount


@frozen
class Caps:
    """How many rows each part may take; what is over is counted."""

    written: int
    mounted: int
    hidden: int
    layers: int


MOST_MOUNTS: Final = 5
"""Mounts with a line and a box of their own."""
CAPS: Final = {False: Caps(6, 4, 2, 6), True: Caps(24, 12, 6, 12)}


def layers(story: Story, steps: Sequence[int], ask: Ask) -> list[Scene]:
    """One container, named by `ask.target`; without a name the only one. Else the whole host."""
    names = story.containers(range(story.last + 1))
    target = ask.target or (names[0] if len(names) == 1 else "")
    if not any(story.snapshot(step).container(target) for step in range(story.last + 1)):
        return overview(story, steps, ask)
    ask = replace(ask, target=target)
    lives = [story.life(ask.target, step) for step in steps]
    mounts = _mounts(lives)
    frame_width = ask.width - GUTTER - outside_width(ask) if ask.wide else ask.width
    shown, rest = mounts[:MOST_MOUNTS], mounts[MOST_MOUNTS:]
    left = _left(story, lives, frozenset(m.target for m in shown), ask, frame_width)
    right = _right(story, lives, shown, ask)
    ground = plan(left, right, shown, rest, ask, frame_width)
    artist = Artist()
    pages = [
        _page(artist, ground, life, left_panels, right_panels, story)
        for life, left_panels, right_panels in zip(lives, left, right, strict=True)
    ]
    title = f"Where the data of container {clean(ask.target)} lives"
    return finish(story, steps, ask, title, pages, ground.bottom)


# --- what there is -------------------------------------------------------------------------------


def _mounts(lives: Sequence[Life]) -> list[Mount]:
    """Every mount of any step, by target; what persists first, as the right column has it."""
    found: dict[tuple[str, str], Mount] = {}
    for life in lives:
        for mount in life.container.mounts if life.container else ():
            found.setdefault((mount.target, mount_key(mount)), mount)
    return in_order(found.values())


def _left(
    story: Story, lives: Sequence[Life], shown: Collection[str], ask: Ask, frame: int
) -> list[Panels]:
    caps, room = CAPS[ask.full], frame - 6
    drafts = [
        written(life.container.writable, full=ask.full) if life.container else [] for life in lives
    ]
    choice = choose(drafts, caps.written)
    panels: list[Panels] = []
    for life, items in zip(lives, drafts, strict=True):
        top = view_panel(life, room, shown, lines=ask.wide, full=ask.full)
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
    for mount in in_order(life.container.mounts):
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
