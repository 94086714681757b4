"""A snapshot as plain text, one fact a line: what two engines must agree on. Times and directories
are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docgen.record.snapshot import Container, Entry, HostPath, Image, Kind, Mount, Snapshot, Volume

COMPRESSED = frozenset({"overlayfs", "native", "containerd-btrfs"})
"""Backends of the containerd store. Its image sizes count compressed blobs, and another compressor
gives other bytes, so those of built images are only compared where a page prints them.
"""
ARCHIVES = (".tar", ".tar.gz", ".tgz")
"""Files that hold the times of other files, so that their bytes depend on the clock."""


def facts(snapshot: Snapshot) -> list[str]:
    return [
        *(
            line
            for one in sorted(snapshot.images, key=_image_order)
            for line in _image(one, snapshot.driver)
        ),
        *(line for one in snapshot.containers for line in _container(one)),
        *(line for one in snapshot.volumes if not one.anonymous for line in _volume(one)),
        *_anonymous(snapshot.volumes),
        *(line for one in snapshot.host_paths for line in _host_path(one)),
    ]


def _image_order(image: Image) -> tuple[str, ...]:
    return (*image.names, "~")


def _image(image: Image, driver: str) -> Iterator[str]:
    names = ", ".join(image.names) or "dangling"
    size = "" if driver in COMPRESSED and len(image.layers) > 1 else f", {image.size} B"
    yield f"image {names}: {len(image.layers)} layers{size}"


def _container(container: Container) -> Iterator[str]:
    yield f"container {container.name}: {container.status.value}, exit {container.exit_code}"
    about = f"  from {container.image_name}"
    yield about + (", read-only" if container.read_only else "")
    yield f"  writable layer {container.writable.size} B"
    for change in container.writable.changes:
        yield f"  {change.mark.value} {change.path}"
    yield from _entries("  upper", container.writable.entries)
    for mount in container.mounts:
        yield from _mount(mount)


def _mount(mount: Mount) -> Iterator[str]:
    source = mount.source or "memory"
    how = " read-only" if mount.read_only else ""
    yield f"  {mount.kind.value} {source} at {mount.target}{how}"
    yield from _entries(f"  in {mount.target}", mount.entries)


def _volume(volume: Volume) -> Iterator[str]:
    yield f"volume {volume.name}: used by {len(volume.used_by)}"
    yield from _entries("  holds", volume.entries)


def _anonymous(volumes: Iterable[Volume]) -> Iterator[str]:
    """Their names say nothing, so their order is that of what they hold."""
    nameless = (volume for volume in volumes if volume.anonymous)
    for about in sorted(
        [f"used by {len(one.used_by)}", *list(_volume(one))[1:]] for one in nameless
    ):
        yield "volume without a name, " + about[0]
        yield from about[1:]


def _host_path(path: HostPath) -> Iterator[str]:
    kind = path.kind.value if path.kind else "missing"
    yield f"host {path.path}: {kind}, used by {len(path.used_by)}"
    yield from _entries("  holds", path.entries)


def _entries(where: str, entries: Iterable[Entry]) -> Iterator[str]:
    for one in entries:
        words = [where, one.path, one.kind.value]
        if one.kind is Kind.FILE:
            digest = "" if one.path.endswith(ARCHIVES) else one.digest[:8]
            words += [f"{one.size} B", digest and f"sha {digest}"]
        if one.kind is not Kind.WHITEOUT:
            words += [f"{one.mode:04o}", f"{one.uid}:{one.gid}"]
        if one.target:
            words.append(f"to {one.target}")
        words += ["opaque"] * one.opaque + [f"link {one.inode}"] * (one.inode > 0)
        yield " ".join(word for word in words if word)
