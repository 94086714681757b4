"""The boxes of the `host` view: an image, the shared base, a container, a volume or host path."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from docgen.draw.delta import entry_words, host_words, image_words
from docgen.draw.entries import choose, held, item_rows
from docgen.draw.outside import (
    MOUNT_STYLES,
    fate_words,
    in_order,
    mount_key,
    other_users,
    short_name,
)
from docgen.draw.panel import Panel, Part, Row, run
from docgen.draw.scene import Role, Style
from docgen.draw.seen import source_words
from docgen.draw.sheet import Ask
from docgen.draw.stack import instruction
from docgen.draw.story import RUNS, Phase, Story, status_words
from docgen.draw.text import cells, clean, cut_middle, listed, plural, size, wrap
from docgen.record.snapshot import Container, Layer, Mount, MountKind, Snapshot

MOST_MOUNTS: Final = {False: 4, True: 10}
MOST_LAYERS: Final = 8
MOST_ENTRIES: Final = 4


def image_panel(
    story: Story, step: int, key: str, shared: Collection[str], *, full: bool
) -> Panel | None:
    """How many layers it has of its own, and how many it stands on with others."""
    snapshot = story.snapshot(step)
    image = next((one for one in snapshot.images if one.id == key), None)
    panel = f"image:{key}"
    if image is None:
        users = [one for one in snapshot.containers if one.image == key]
        words = "removed, layers kept" if users else "removed"
        before = _last_image(story, key, step)
        if not before and not users:
            return None
        title = run(before or clean(users[0].image_name), Role.NAME)
        row = Row(f"{panel}#gone", run(words, Role.LOST), part=Part.HEAD)
        return Panel(panel, Style.LAYER if users else Style.GHOST, title, (), (row,))
    known = {layer.key: layer for layer in snapshot.layers}
    chain = [known[one] for one in image.layers if one in known]
    own = [layer for layer in chain if layer.key not in shared]
    rows = []
    if own:
        rows.append(_sum_row(f"{panel}#own", plural(len(own), "layer"), own))
    if len(own) < len(chain):
        words = f"+ {plural(len(chain) - len(own), 'shared layer')}"
        rows.append(Row(f"{panel}#shared", run(words, Role.QUIET), part=Part.HEAD))
    if full:
        rows += _layer_rows(panel, own)
    title = run(image_words(image), Role.NAME)
    tip = f"image {image_words(image)}, {image.size:,} bytes, {clean(image.id)}"
    return Panel(panel, Style.LAYER, title, (), tuple(rows), tip)


def _last_image(story: Story, key: str, step: int) -> str:
    for at in range(step, -1, -1):
        found = next((one for one in story.snapshot(at).images if one.id == key), None)
        if found:
            return image_words(found)
    return ""


def _sum_row(key: str, words: str, layers: Sequence[Layer]) -> Row:
    total = run(size(sum(layer.size for layer in layers)), Role.QUIET)
    return Row(key, run(words, Role.QUIET), total, part=Part.HEAD)


def _layer_rows(panel: str, layers: Sequence[Layer]) -> list[Row]:
    """From the top down, in words."""
    stack = list(reversed(layers))
    shown = stack if len(stack) <= MOST_LAYERS else stack[: MOST_LAYERS - 1]
    rows = [
        Row(
            f"{panel}#layer:{layer.key}",
            run(instruction(layer.created_by) or "no history", Role.QUIET_CODE),
            run(size(layer.size), Role.QUIET),
            tip=clean(layer.created_by),
        )
        for layer in shown
    ]
    if len(shown) < len(stack):
        words = f"and {len(stack) - len(shown)} more"
        total = run(size(sum(one.size for one in stack[len(shown) :])), Role.QUIET)
        rows.append(Row(f"{panel}#layers", run(words, Role.QUIET), total, part=Part.REST))
    return rows


def base_panel(story: Story, step: int, shared: Collection[str], *, full: bool) -> Panel | None:
    """The layers that several images stand on, once."""
    snapshot = story.snapshot(step)
    layers = [layer for layer in snapshot.layers if layer.key in shared]
    if not layers:
        return None
    under = [
        image_words(image) for image in snapshot.images if any(k in shared for k in image.layers)
    ]
    rows = [_sum_row("base#sum", plural(len(layers), "layer"), layers)]
    rows += _layer_rows("base", layers) if full else []
    words = run(f"under {plural(len(under), 'image')}", Role.QUIET) if under else ()
    rows.append(Row("base#under", words, part=Part.FOOT, tip=", ".join(under)))
    return Panel("base", Style.LAYER, run("Shared base", Role.TITLE), (), tuple(rows))


def container_panel(
    story: Story, step: int, name: str, linked: Collection[str], room: int, ask: Ask
) -> Panel | None:
    """Its state, its own layer, its mounts. `linked`: what a line leads to, so no words."""
    life = story.life(name, step)
    key, title = f"container:{name}", run(clean(name), Role.NAME)
    if life.container is None:
        return None
    if life.phase is Phase.GONE:
        words = wrap(f"removed: {story.command(life.gone)}", room)[:2]
        rows = tuple(
            Row(f"{key}#gone{at}", run(line, Role.LOST), part=Part.HEAD)
            for at, line in enumerate(words)
        )
        return Panel(key, Style.GHOST, title, (), rows)
    one = life.container
    role = Role.KEPT if one.status in RUNS else Role.QUIET
    image = () if ask.wide else run(f"of {clean(one.image_name)}", Role.QUIET)
    rows = (
        Row(f"{key}#status", run(status_words(one), role), image, part=Part.HEAD),
        Row(
            f"writable:{name}",
            right=run(size(one.writable.size), Role.QUIET),
            chips=(("writable", Style.WRITABLE),),
            part=Part.HEAD,
            tip=f"writable layer of {clean(name)}: {entry_words(one.writable.entries)}",
        ),
        *_mount_rows(one, linked, room, MOST_MOUNTS[ask.full]),
    )
    if ask.full:
        log = run(size(one.log_size), Role.QUIET)
        rows = (*rows, Row(f"log:{name}", run("log", Role.QUIET), log, part=Part.FOOT))
    tip = f"container {one.id[:12]} of {clean(one.image_name)}"
    return Panel(key, Style.FRAME, title, (), rows, tip)


def _mount_rows(one: Container, linked: Collection[str], room: int, most: int) -> list[Row]:
    mounts = in_order(one.mounts)
    shown = mounts if len(mounts) <= most else mounts[: most - 1]
    rows = []
    for mount in shown:
        kind = "tmpfs" if mount.kind is MountKind.TMPFS else "mount"
        words = () if mount_key(mount) in linked else run(_source(mount), Role.QUIET)
        chip = ((mount_chip(mount.target, room), MOUNT_STYLES[mount.kind]),)
        tip = f"{clean(mount.target)}: {source_words(mount)} {clean(mount.source)}"
        rows.append(Row(f"{kind}:{one.name}:{mount.target}", (), words, chips=chip, tip=tip))
    rest = mounts[len(shown) :]
    if rest:
        tip = " ".join(clean(mount.target) for mount in rest)
        words = run(f"and {plural(len(rest), 'more mount')}", Role.QUIET)
        rows.append(Row(f"container:{one.name}#mounts", words, part=Part.REST, tip=tip))
    return rows


def _source(mount: Mount) -> str:
    return "memory" if mount.kind is MountKind.TMPFS else f"→ {source_words(mount)}"


def mount_chip(target: str, room: int) -> str:
    """The target as its chip shows it."""
    return cut_middle(clean(target), min(room - 2, 22))


def store_panel(story: Story, step: int, key: str, room: int, ask: Ask) -> Panel | None:
    """A volume or a host path: who has it, what keeps it, what deletes it."""
    kind, _, name = key.partition(":")
    mount = Mount(MountKind(kind), name, "/")
    snapshot = story.snapshot(step)
    if kind == "volume":
        return _volume_panel(story, step, mount, snapshot, room, ask)
    host = next((one for one in snapshot.host_paths if one.path == name), None)
    if host is None or host.kind is None:
        return None
    title = run("Host ", Role.TITLE) + run(clean(name), Role.HOST)
    rows = [Row(f"{key}#what", run(host_words(host), Role.QUIET), part=Part.HEAD)]
    rows.append(_user_row(snapshot, mount, key, room))
    return Panel(key, Style.BIND, title, (), tuple(rows), f"host path {clean(name)}")


def _volume_panel(
    story: Story, step: int, mount: Mount, snapshot: Snapshot, room: int, ask: Ask
) -> Panel | None:
    key, volume = mount_key(mount), snapshot.volume(mount.source)
    title = run("Volume ", Role.TITLE) + run(short_name(mount.source), Role.NAME)
    if volume is None:
        taken = next(
            (at for at in range(step, 0, -1) if story.snapshot(at - 1).volume(mount.source)), 0
        )
        if not taken:
            return None
        lines = enumerate(wrap(f"gone: {story.command(taken)}", room)[:2])
        rows = [Row(f"{key}#gone{at}", run(line, Role.LOST), part=Part.HEAD) for at, line in lines]
        return Panel(key, Style.GHOST, title, (), tuple(rows))
    what = run(entry_words(volume.entries), Role.QUIET)
    rows = [Row(f"{key}#what", what, run(size(volume.size), Role.QUIET), part=Part.HEAD)]
    rows.append(_user_row(snapshot, mount, key, room))
    if ask.full:
        items = held(volume.entries, full=False)
        rows += item_rows(f"{key}/", items, choose([items], MOST_ENTRIES), relative=True)
    lost = fate_words(MountKind.VOLUME, anonymous=volume.anonymous, used=bool(volume.used_by))[1]
    for at, line in enumerate(wrap(lost, room)[:2]):
        rows.append(Row(f"{key}#fate{at}", run(line, Role.QUIET), part=Part.FOOT))
    tip = f"volume {clean(volume.name)}, driver {clean(volume.driver)}, {volume.size:,} bytes"
    return Panel(key, Style.VOLUME, title, (), tuple(rows), tip)


def _user_row(snapshot: Snapshot, mount: Mount, key: str, room: int) -> Row:
    names = [clean(name) for name in other_users(snapshot, mount, None)]
    words = f"used by {listed(names, 2) or 'nobody'}"
    if cells(words) > room and names:
        words = f"in {plural(len(names), 'container')}"
    return Row(f"{key}#users", run(words, Role.QUIET), part=Part.HEAD, tip=", ".join(names))
