"""How a path is found in a container: the places in the order of the search, and what each
answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from docgen.draw.outside import MOUNT_STYLES, short_name
from docgen.draw.scene import Style
from docgen.draw.sheet import PictureError
from docgen.draw.story import Story
from docgen.draw.text import clean
from docgen.frozen import frozen
from docgen.record.snapshot import Container, Entry, Kind, Mark, Mount, MountKind, Snapshot

UNION: Final = frozenset({"overlayfs", "overlay2", "fuse-overlayfs", "aufs", "overlay"})
"""Drivers that look a path up through the layers; the others keep one whole tree per container."""


def aim(story: Story, target: str) -> tuple[str, str]:
    """`CONTAINER:/PATH`, `CONTAINER`, or `/PATH` in the page's first container, as (name, path).

    Raises PictureError for what is no container.
    """
    name, _, path = target.rpartition(":") if ":" in target else _split(target)
    names = story.containers(range(story.last + 1))
    name = name or next(iter(names), "")
    if name and story.life(name, story.last).container is None:
        what = f"a picture of a path in '{clean(name)}'"
        raise PictureError(what, f"name a container: {', '.join(names)}")
    return name, (path.rstrip("/") or "/") if path else ""


def _split(target: str) -> tuple[str, str, str]:
    return ("", ":", target) if target.startswith("/") else (target, ":", "")


class Answer(StrEnum):
    SERVES = "serves it"
    MERGES = "part of a merged directory"
    WHITEOUT = "whiteout: the search ends here"
    HIDDEN = "here, but hidden"
    ABSENT = "not here"
    UNASKED = "not asked"


@frozen
class Rung:
    """One place and its answer."""

    key: str
    name: str
    style: Style
    answer: Answer
    entry: Entry | None
    sized: bool = True
    """False: nobody recorded how large it is."""


@frozen
class _Place:
    key: str
    name: str
    style: Style
    entries: tuple[Entry, ...]
    path: str
    """The sought path as this place calls it."""
    ends: bool = False
    """Nothing below is asked, found or not."""
    root: Kind = Kind.DIR
    """What the place itself is: a single file can be mounted, too."""


def probe(snapshot: Snapshot, container: Container, path: str) -> list[Rung]:
    """From the top: a mount over the path, the writable layer, the image layers, base last."""
    rungs: list[Rung] = []
    over, merging = False, False
    for place in _places(snapshot, container, path):
        entry, stop = find(place.entries, place.path, place.root)
        answer = _answer(entry, stop, over=over, merging=merging)
        sized = place.root is Kind.DIR
        rungs.append(Rung(place.key, place.name, place.style, answer, entry, sized))
        merging = merging or answer in (Answer.SERVES, Answer.MERGES)
        over = over or place.ends or stop or (entry is not None and entry.kind is not Kind.DIR)
    return rungs


def _answer(entry: Entry | None, stop: bool, *, over: bool, merging: bool) -> Answer:
    if over:
        return Answer.HIDDEN if entry and entry.kind is not Kind.WHITEOUT else Answer.UNASKED
    if entry is None:
        return Answer.WHITEOUT if stop else Answer.ABSENT
    if entry.kind is Kind.WHITEOUT:
        return Answer.WHITEOUT
    return Answer.MERGES if merging else Answer.SERVES


def find(entries: Sequence[Entry], path: str, root: Kind = Kind.DIR) -> tuple[Entry | None, bool]:
    """The entry, and whether something on the way (whiteout, file, opaque directory) ends the
    search.
    """
    if path == "/":
        return Entry("/", root), False
    found, stop = None, False
    for entry in entries:
        if entry.path == path:
            found = entry
            stop = stop or entry.opaque
        elif path.startswith(entry.path + "/"):
            stop = stop or entry.opaque or entry.kind is not Kind.DIR
    return found, stop


def _places(snapshot: Snapshot, container: Container, path: str) -> Iterator[_Place]:
    mount = mount_over(container, path)
    if mount:
        inside = path.removeprefix(mount.target.rstrip("/")) or "/"
        yield _mount_place(snapshot, mount, inside)
    known = {layer.key: layer for layer in snapshot.layers}
    layers = [(at, known[key]) for at, key in enumerate(container.layers, 1) if key in known]
    own = container.writable
    if snapshot.driver not in UNION:
        yield _whole_tree(container, [layer.entries for _, layer in layers], path)
        return
    yield _Place("writable", "Writable layer", Style.WRITABLE, own.entries, path)
    for number, layer in reversed(layers):
        yield _Place(
            f"layer:{layer.key}", f"Image layer {number}", Style.LAYER, layer.entries, path
        )


def _whole_tree(container: Container, layers: Sequence[Sequence[Entry]], path: str) -> _Place:
    """A full-tree driver: the container's directory has everything, copied at its creation."""
    tree: dict[str, Entry] = {entry.path: entry for entries in layers for entry in entries}
    tree |= {entry.path: entry for entry in container.writable.entries}
    deleted = [c.path for c in container.writable.changes if c.mark is Mark.DELETED]
    for gone in deleted:
        tree.pop(gone, None)
    here = (entry for entry in tree.values() if entry.kind is not Kind.WHITEOUT)
    alive = tuple(e for e in here if not any(e.path.startswith(gone + "/") for gone in deleted))
    return _Place("writable", "The container's own tree", Style.WRITABLE, alive, path, ends=True)


def mount_over(container: Container, path: str) -> Mount | None:
    """The innermost mount that the path is in."""
    over = [m for m in container.mounts if path == m.target or path.startswith(m.target + "/")]
    return max(over, key=lambda mount: len(mount.target), default=None)


def _mount_place(snapshot: Snapshot, mount: Mount, inside: str) -> _Place:
    entries: tuple[Entry, ...] = mount.entries
    name, root = "tmpfs", Kind.DIR
    match mount.kind:
        case MountKind.VOLUME:
            volume = snapshot.volume(mount.source)
            entries = volume.entries if volume else ()
            name = f"Volume {short_name(mount.source)}"
        case MountKind.BIND:
            host = next((h for h in snapshot.host_paths if h.path == mount.source), None)
            entries, name = (host.entries if host else ()), f"Host {clean(mount.source)}"
            root = host.kind if host and host.kind else Kind.DIR
        case MountKind.IMAGE:
            image = next((i for i in snapshot.images if mount.source in (i.id, *i.names)), None)
            keys = image.layers if image else ()
            entries = tuple(entry for key in keys for entry in snapshot.layer(key).entries)
            name = f"Image {clean(mount.source)}"
        case MountKind.TMPFS:
            pass
    where = f"/{mount.subpath}{inside}" if mount.subpath else inside
    place = f"mount:{mount.target}"
    return _Place(place, name, MOUNT_STYLES[mount.kind], entries, where, ends=True, root=root)


def verdict(rungs: Sequence[Rung]) -> tuple[bool, str]:
    """Whether a process finds the path, and where."""
    server = next((rung for rung in rungs if rung.answer is Answer.SERVES), None)
    if server is None:
        return False, "No such file or directory"
    if any(rung.answer is Answer.MERGES for rung in rungs):
        count = sum(rung.answer in (Answer.SERVES, Answer.MERGES) for rung in rungs)
        return True, f"one directory, merged from {count} places"
    return True, f"served by {server.name[0].lower()}{server.name[1:]}"
