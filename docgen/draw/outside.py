"""What lies outside the layers: volumes, host directories, memory, as panels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docgen.draw.entries import Choice, Item, choose, held, item_rows, lost_rows
from docgen.draw.panel import Panel, Part, Row, Runs, run
from docgen.draw.scene import Role, Style
from docgen.draw.story import RUNS, Story
from docgen.draw.text import clean, listed, size, wrap
from docgen.frozen import frozen
from docgen.record.snapshot import Container, Entry, Kind, Mount, MountKind, Snapshot

MOUNT_STYLES = {
    MountKind.VOLUME: Style.VOLUME,
    MountKind.BIND: Style.BIND,
    MountKind.TMPFS: Style.TMPFS,
    MountKind.IMAGE: Style.LAYER,
}


def mount_key(mount: Mount) -> str:
    """The thing behind a mount: two mounts of one volume lead to one box."""
    return f"{mount.kind}:{mount.source or mount.target}"


def in_order(mounts: Iterable[Mount]) -> list[Mount]:
    """What persists first, then memory, each by target: rows and boxes alike, so that lines do
    not cross.
    """
    return sorted(mounts, key=lambda mount: (mount.kind is MountKind.TMPFS, mount.target))


def short_name(name: str) -> str:
    """A volume's name; of 64 hex digits the first twelve, as Docker's own lists do."""
    anonymous = len(name) == 64 and all(char in "0123456789abcdef" for char in name)
    return name[:12] if anonymous else clean(name)


@frozen
class Content:
    """What a place holds at one step."""

    items: tuple[Item, ...]
    size: int
    there: bool
    """False: it is gone, and `items` is what was lost."""
    taken_by: str = ""
    """The command that took it away."""
    used: bool = True
    """Some container refers to it."""
    single: bool = False
    """It is one file, not a directory."""


def contents(story: Story, mount: Mount, owner: str, step: int, *, full: bool) -> Content | None:
    """What is behind the mount; None where nothing is there yet."""
    match mount.kind:
        case MountKind.VOLUME:
            return _volume_content(story, mount, step, full=full)
        case MountKind.BIND:
            return _bind_content(story.snapshot(step), mount, full=full)
        case MountKind.TMPFS:
            return _tmpfs_content(story, mount, owner, step, full=full)
        case MountKind.IMAGE:
            return _image_content(story.snapshot(step), mount, full=full)


def _volume_content(story: Story, mount: Mount, step: int, *, full: bool) -> Content | None:
    for at in range(step, -1, -1):
        volume = story.snapshot(at).volume(mount.source)
        if volume:
            there = at == step
            taken_by = "" if there else story.command(at + 1)
            items = tuple(held(volume.entries, full=full))
            return Content(items, volume.size, there, taken_by, bool(volume.used_by))
    return None


def _bind_content(snapshot: Snapshot, mount: Mount, *, full: bool) -> Content | None:
    found = next((one for one in snapshot.host_paths if one.path == mount.source), None)
    if found is None or found.kind is None:
        return None
    items, total = tuple(held(found.entries, full=full)), _total(found.entries)
    return Content(items, total, True, single=found.kind is not Kind.DIR)


def _tmpfs_content(
    story: Story, mount: Mount, owner: str, step: int, *, full: bool
) -> Content | None:
    for at in range(step, -1, -1):
        container = story.snapshot(at).container(owner)
        if not container or container.status not in RUNS:
            continue
        found = next((one for one in container.mounts if one.target == mount.target), None)
        if found and found.kind is MountKind.TMPFS:
            taken_by = "" if at == step else story.command(at + 1)
            items = tuple(held(found.entries, full=full))
            return Content(items, _total(found.entries), at == step, taken_by)
    return None


def _image_content(snapshot: Snapshot, mount: Mount, *, full: bool) -> Content | None:
    source = mount.source
    image = next((i for i in snapshot.images if source in i.names or i.id == source), None)
    if image is None:
        return None
    entries = tuple(entry for key in image.layers for entry in snapshot.layer(key).entries)
    return Content(tuple(held(entries, full=full)) if full else (), image.size, True)


def _total(entries: Iterable[Entry]) -> int:
    """Bytes of the files; names of one inode count once."""
    sizes = {entry.inode or entry.path: entry.size for entry in entries}
    return sum(sizes.values())


def mount_panels(
    mount: Mount,
    variants: Sequence[Content | None],
    users: Sequence[Sequence[str]],
    width: int,
    most: int,
) -> list[Panel | None]:
    """The box of a mount's source at every step: `users` names the other containers that
    have it.
    """
    choice = choose([content.items for content in variants if content], most)
    return [
        _panel(mount, content, choice, others, width) if content else None
        for content, others in zip(variants, users, strict=True)
    ]


def _panel(
    mount: Mount, content: Content, choice: Choice, others: Sequence[str], width: int
) -> Panel:
    key = mount_key(mount)
    rows = item_rows(f"{key}/", content.items, choice, relative=True)
    if not content.there:
        rows = lost_rows(rows)
    elif not content.items and mount.kind is not MountKind.IMAGE and not content.single:
        rows = (Row(f"{key}#empty", run("empty", Role.QUIET)),)
    head = _place_rows(mount, key)
    foot = _fate_rows(mount, key, content, width - 4)
    shared = others and content.there
    word = "used by" if mount.target == "/" else "also in"
    also = (
        run(f"{word} {listed([clean(name) for name in others], 2)}", Role.QUIET) if shared else ()
    )
    used = (Row(f"{key}#also", also, part=Part.FOOT),) if also else ()
    style = MOUNT_STYLES[mount.kind] if content.there else Style.GHOST
    aside = () if content.single else run(size(content.size), Role.QUIET)
    return Panel(key, style, _title(mount, content), aside, head + rows + used + foot)


def _title(mount: Mount, content: Content) -> Runs:
    match mount.kind:
        case MountKind.VOLUME:
            return run("Volume ", Role.TITLE) + run(short_name(mount.source), Role.NAME)
        case MountKind.BIND:
            return run("Host file" if content.single else "Host directory", Role.TITLE)
        case MountKind.TMPFS:
            return run("tmpfs", Role.TITLE)
        case MountKind.IMAGE:
            return run("Image ", Role.TITLE) + run(clean(mount.source), Role.NAME)


def _place_rows(mount: Mount, key: str) -> tuple[Row, ...]:
    source, rows = clean(mount.source), []
    if mount.kind is MountKind.BIND:
        rows.append(Row(f"{key}#place", run(source, Role.HOST), part=Part.HEAD, tip=source))
    if mount.read_only and mount.kind is not MountKind.IMAGE:
        rows.append(Row(f"{key}#ro", run("mounted read-only", Role.QUIET), part=Part.HEAD))
    return tuple(rows)


_FATES = {
    MountKind.VOLUME: ("kept by docker rm", "deleted by docker volume rm"),
    MountKind.BIND: ("kept by docker rm", "deleted on the host"),
    MountKind.TMPFS: ("", "lost by docker stop"),
    MountKind.IMAGE: ("kept by docker rm", "deleted by docker rmi"),
}


def fate_words(kind: MountKind, *, anonymous: bool, used: bool) -> tuple[str, str]:
    """What keeps a place and what deletes it."""
    kept, lost = _FATES[kind]
    if anonymous:
        lost = "deleted by docker rm -v" if used else "deleted by docker volume prune"
    return kept, lost


def _fate_rows(mount: Mount, key: str, content: Content, room: int) -> tuple[Row, ...]:
    if not content.there:
        words = [(f"gone: {content.taken_by}", Role.LOST)]
    else:
        kept, lost = fate_words(mount.kind, anonymous=mount.anonymous, used=content.used)
        kind = Role.QUIET if mount.kind is not MountKind.TMPFS else Role.LOST
        words = [(kept, Role.KEPT), (lost, kind)]
    lines = [(line, role) for text, role in words for line in wrap(text, room)[:3]]
    gone = "" if content.there else "gone"
    return tuple(
        Row(f"{key}#{gone}fate{at}", run(line, role), part=Part.FOOT)
        for at, (line, role) in enumerate(lines)
    )


def other_users(snapshot: Snapshot, mount: Mount, owner: Container | None) -> list[str]:
    """Names of the other containers that use what is behind a mount."""
    match mount.kind:
        case MountKind.VOLUME:
            volume = snapshot.volume(mount.source)
            users = volume.used_by if volume else ()
        case MountKind.BIND:
            found = next((one for one in snapshot.host_paths if one.path == mount.source), None)
            users = found.used_by if found else ()
        case _:
            return []
    names = {container.id: container.name for container in snapshot.containers}
    return [names[user] for user in users if user in names and (owner is None or user != owner.id)]
