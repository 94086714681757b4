"""What stat(2) and statfs(2) answer."""

from __future__ import annotations

from typing import Final

from docgen.fs.filesystem import FileSystem, Stat
from docgen.fs.mounts import MountTable, Place
from docgen.fs.nodes import Device, Dir, File, Kind, Node, Symlink, Whiteout, kind_of

FAST_SYMLINK: Final = 60
"""ext4 keeps shorter targets in the inode."""


def stat_of(table: MountTable, place: Place) -> Stat:
    """stat(2) of a place."""
    fs, ino = place.mount.fs, place.ino
    node = fs.node(ino)
    meta = node.meta
    size, blocks = _size(fs, node)
    return Stat(
        ino=fs.number(ino),
        dev=table.device(fs),
        kind=Kind.CHAR if isinstance(node, Whiteout) else kind_of(node),
        mode=meta.mode,
        nlink=fs.links(ino),
        uid=meta.uid,
        gid=meta.gid,
        rdev=(node.major, node.minor) if isinstance(node, Device) else (0, 0),
        size=size,
        blocks512=blocks,
        mtime_ns=meta.mtime_ns,
        atime_ns=meta.atime_ns,
        ctime_ns=meta.ctime_ns,
    )


def _size(fs: FileSystem, node: Node) -> tuple[int, int]:
    """st_size and st_blocks."""
    match node:
        case File(content=content):
            return content.size, content.allocated() // 512
        case Dir():
            return fs.directory_size(node)
        case Symlink(target=target):
            length = len(target.encode("utf-8", "surrogateescape"))
            return length, 0 if length < FAST_SYMLINK else 8
        case _:
            return 0, 0
