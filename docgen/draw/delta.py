"""What one step did to storage: the difference of two snapshots, thing by thing."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from docgen.draw.outside import short_name
from docgen.draw.story import RUNS, Story, status_words
from docgen.draw.text import clean, listed, plural, size
from docgen.frozen import frozen
from docgen.record.snapshot import (
    Change,
    Container,
    Entry,
    HostPath,
    Image,
    Kind,
    Mark,
    MountKind,
    Snapshot,
    Volume,
)


class Verb(StrEnum):
    CREATED = "Created"
    REMOVED = "Removed"
    CHANGED = "Changed"
    KEPT = "Kept"


@frozen
class Delta:
    verb: Verb
    thing: str
    """`container:NAME`, `volume:NAME`, `image:ID`, `bind:PATH`, `tmpfs:NAME:TARGET`,
    `writable:NAME`.
    """
    words: str


def deltas(story: Story, step: int) -> tuple[Delta, ...]:
    """Everything that differs between this step and the one before, and what a removal left."""
    before, after = story.snapshot(step - 1), story.snapshot(step)
    found = [*_containers(before, after), *_volumes(before, after), *_images(before, after)]
    found += [*_host_paths(before, after)]
    return tuple(found)


def _containers(before: Snapshot, after: Snapshot) -> Iterator[Delta]:
    old = {container.id: container for container in before.containers}
    new = {container.id: container for container in after.containers}
    for one in before.containers:
        if one.id not in new:
            yield _removed(one)
            yield from _kept(one, after)
    for one in after.containers:
        if one.id not in old:
            yield _created(one)
        elif one != old[one.id]:
            yield from _changed(old[one.id], one)


def _created(one: Container) -> Delta:
    mounts = [f"{_mount_words(m.kind, m.source)} at {clean(m.target)}" for m in one.mounts]
    with_them = f", with {listed(mounts, 4)}" if mounts else ""
    words = f"container {clean(one.name)}, {status_words(one)}, and its writable layer{with_them}"
    return Delta(Verb.CREATED, f"container:{one.name}", words)


def _mount_words(kind: MountKind, source: str) -> str:
    match kind:
        case MountKind.VOLUME:
            return f"volume {short_name(source)}"
        case MountKind.BIND:
            return f"host path {clean(source)}"
        case MountKind.TMPFS:
            return "memory"
        case MountKind.IMAGE:
            return f"image {clean(source)}"


def _removed(one: Container) -> Delta:
    written = one.writable
    lost = (
        f", {size(written.size)} in {entry_words(written.entries)}"
        if written.entries
        else ", empty"
    )
    return Delta(
        Verb.REMOVED,
        f"container:{one.name}",
        f"container {clean(one.name)} with its writable layer{lost}",
    )


def _kept(one: Container, after: Snapshot) -> Iterator[Delta]:
    for mount in one.mounts:
        if mount.kind is MountKind.VOLUME and after.volume(mount.source):
            yield Delta(Verb.KEPT, f"volume:{mount.source}", f"volume {short_name(mount.source)}")
        if mount.kind is MountKind.BIND:
            yield Delta(Verb.KEPT, f"bind:{mount.source}", f"host path {clean(mount.source)}")


def _changed(old: Container, new: Container) -> Iterator[Delta]:
    name = clean(new.name)
    if (old.status, old.exit_code) != (new.status, new.exit_code):
        words = f"container {name} is now {status_words(new)}"
        yield Delta(Verb.CHANGED, f"container:{new.name}", words)
    if old.name != new.name:
        yield Delta(
            Verb.CHANGED, f"container:{new.name}", f"{clean(old.name)} is now called {name}"
        )
    if old.writable != new.writable:
        what = change_words(old.writable.changes, new.writable.changes) or "contents"
        words = f"writable layer of {name} ({what}), now {size(new.writable.size)}"
        yield Delta(Verb.CHANGED, f"writable:{new.name}", words)
    yield from _memory(old, new)


def _memory(old: Container, new: Container) -> Iterator[Delta]:
    now = {mount.target: mount for mount in new.mounts}
    for mount in old.mounts:
        other = now.get(mount.target)
        if mount.kind is not MountKind.TMPFS or other is None or mount.entries == other.entries:
            continue
        thing, where = f"tmpfs:{new.name}:{mount.target}", f"memory at {clean(mount.target)}"
        if new.status not in RUNS:
            yield Delta(Verb.REMOVED, thing, f"{where}, {entry_words(mount.entries)}")
        else:
            yield Delta(Verb.CHANGED, thing, f"{where}, now {entry_words(other.entries)}")


def change_words(old: tuple[Change, ...], new: tuple[Change, ...]) -> str:
    """`A /note, D /etc/motd`, at most three, of what `docker diff` says now and did not say
    before.
    """
    known = set(old)
    fresh = [f"{one.mark} {clean(one.path)}" for one in new if one not in known]
    fresh = [words for words in fresh if not _above(words, fresh)]
    paths = {one.path for one in new}
    undone = [f"no longer {clean(one.path)}" for one in old if one.path not in paths]
    return listed([*fresh, *undone], 3)


def _above(words: str, others: list[str]) -> bool:
    return words[0] == Mark.CHANGED and any(
        other[2:].startswith(words[2:] + "/") for other in others
    )


def _volumes(before: Snapshot, after: Snapshot) -> Iterator[Delta]:
    for volume in before.volumes:
        if after.volume(volume.name) is None:
            words = f"volume {short_name(volume.name)}, {entry_words(volume.entries)}"
            yield Delta(Verb.REMOVED, f"volume:{volume.name}", words)
    for volume in after.volumes:
        old = before.volume(volume.name)
        thing = f"volume:{volume.name}"
        if old is None:
            words = f"volume {short_name(volume.name)}, {entry_words(volume.entries)}"
            yield Delta(Verb.CREATED, thing, words)
        elif old.entries != volume.entries:
            yield Delta(Verb.CHANGED, thing, _volume_words(old, volume))


def _volume_words(old: Volume, new: Volume) -> str:
    what = content_words(old.entries, new.entries)
    return f"volume {short_name(new.name)} ({what}), now {size(new.size)}"


def content_words(old: tuple[Entry, ...], new: tuple[Entry, ...]) -> str:
    """`new table, gone seed`, at most three."""
    before = {entry.path: entry for entry in old}
    after = {entry.path: entry for entry in new}
    words = [f"new {clean(path)}" for path in after if path not in before]
    words += [f"gone {clean(path)}" for path in before if path not in after]
    words += [
        f"changed {clean(path)}"
        for path, entry in after.items()
        if path in before and entry != before[path] and entry.kind is not Kind.DIR
    ]
    return listed(words, 3) or "directories"


def _images(before: Snapshot, after: Snapshot) -> Iterator[Delta]:
    old = {image.id: image for image in before.images}
    new = {image.id: image for image in after.images}
    for image in before.images:
        if image.id not in new:
            yield Delta(Verb.REMOVED, f"image:{image.id}", f"image {image_words(image)}")
    for image in after.images:
        if image.id not in old:
            layers = plural(len(image.layers), "layer")
            words = f"image {image_words(image)}, {layers}, {size(image.size)}"
            yield Delta(Verb.CREATED, f"image:{image.id}", words)
        elif image.names != old[image.id].names:
            words = (
                f"image {image.id.removeprefix('sha256:')[:12]} is now named {image_words(image)}"
            )
            yield Delta(Verb.CHANGED, f"image:{image.id}", words)


def image_words(image: Image) -> str:
    names = [clean(name.removesuffix(":latest")) for name in image.names]
    return listed(names) or f"{image.id.removeprefix('sha256:')[:12]} without a name"


def _host_paths(before: Snapshot, after: Snapshot) -> Iterator[Delta]:
    old = {one.path: one for one in before.host_paths}
    for one in after.host_paths:
        thing, words = f"bind:{one.path}", f"host path {clean(one.path)}"
        known = old.get(one.path)
        if one.kind is not None and (known is None or known.kind is None):
            yield Delta(Verb.CREATED, thing, f"{words}, {host_words(one)}")
        elif known and known.kind is not None and one.kind is None:
            yield Delta(Verb.REMOVED, thing, words)
        elif known and known.entries != one.entries:
            yield Delta(
                Verb.CHANGED, thing, f"{words} ({content_words(known.entries, one.entries)})"
            )


def host_words(host: HostPath) -> str:
    """Of a directory what it holds, of anything else what it is."""
    return entry_words(host.entries) if host.kind is Kind.DIR else f"a {host.kind or 'gap'}"


def entry_words(entries: tuple[Entry, ...]) -> str:
    """`2 files`, `1 file and 1 whiteout`, `empty`."""
    files = sum(entry.kind not in (Kind.DIR, Kind.WHITEOUT) for entry in entries)
    whiteouts = sum(entry.kind is Kind.WHITEOUT for entry in entries)
    parts = [plural(files, "file")] if files else []
    parts += [plural(whiteouts, "whiteout")] if whiteouts else []
    if not parts and entries:
        parts = [plural(len(entries), "directory", "directories")]
    return " and ".join(parts) or "empty"
