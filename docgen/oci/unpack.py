"""A tar becomes a tree, inside a root that nothing leaves.

The daemon unpacks in a chroot, so `..` and absolute names end at the root (go-archive,
chrootarchive); the same holds here, where there is no disk to reach at all.
"""

from __future__ import annotations

import bz2
import lzma
import posixpath
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol, assert_never

from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.fs.content import Content
from docgen.fs.nodes import Device, Dir, Fifo, File, Meta, Node, Symlink, Whiteout
from docgen.fs.tree import EMPTY_TREE, Draft, Tree
from docgen.limits import ARCHIVE_BYTES, ARCHIVE_RATIO
from docgen.oci.layer import OPAQUE, WHITEOUT
from docgen.oci.tarform import Member, Type
from docgen.oci.tarread import INVALID_HEADER, UNEXPECTED_END, ArchiveError, read_members


def unpack(archive: Content, *, layer: bool = True) -> Tree:
    """The tree of an archive, compressed or not. In a layer, `.wh.` names are whiteouts."""
    return tree_of(read_members(decompressed(archive)), layer=layer)


def tree_of(entries: Iterable[tuple[Member, Content]], *, layer: bool = True) -> Tree:
    """Members in their order: a later one replaces an earlier one, directories merge."""
    draft = Draft(EMPTY_TREE)
    for member, data in entries:
        path = clean(member.name)
        folder, name = posixpath.split(path)
        _parents(draft, folder)
        if layer and name.startswith(WHITEOUT):
            _whiteout(draft, folder, name, member)
        elif member.type is Type.HARD_LINK:
            _hard_link(draft, path, clean(member.link))
        else:
            _put(draft, path, _node(member, data))
    return draft.freeze()


def clean(name: str) -> str:
    """An absolute path inside the root, whatever the archive says."""
    return "/" + posixpath.normpath("/" + name).strip("/")


def _parents(draft: Draft, folder: str) -> None:
    """A name below something that is no directory would be written through it: never."""
    ino = draft.root
    for part in folder.strip("/").split("/"):
        directory = draft.directory(ino)
        child = directory.entries.find(part) if directory is not None and part else None
        if child is None:
            return
        if draft.directory(child) is None:
            raise NotSimulated(
                f"an archive with a name below {folder}, which it holds as a file or link",
                "name the directory itself in the archive",
            )
        ino = child


def _put(draft: Draft, path: str, node: Node) -> None:
    if path == "/" and not isinstance(node, Dir):
        raise ArchiveError("the root of an archive is a directory")
    there = draft.lookup(path)
    old = None if there is None else draft.node(there)
    if old is not None and not (isinstance(old, Dir) and isinstance(node, Dir)):
        draft.remove(path)
    elif isinstance(old, Dir) and isinstance(node, Dir):
        node = Dir(node.meta, node.entries, old.opaque)
    draft.put(path, node)


def _hard_link(draft: Draft, path: str, target: str) -> None:
    ino = draft.lookup(target)
    if ino is None or draft.directory(ino) is not None:
        raise ArchiveError(f"link {target} {path}: no such file or directory")
    if draft.lookup(path) == ino:
        return
    draft.remove(path)
    draft.hard_link(path, target)


def _whiteout(draft: Draft, folder: str, name: str, member: Member) -> None:
    if name == OPAQUE:
        there = draft.lookup(folder)
        old = None if there is None else draft.node(there)
        meta = old.meta if isinstance(old, Dir) else Meta(0o755)
        draft.put(folder, Dir(meta, opaque=True))
    elif not name.startswith(WHITEOUT + WHITEOUT):
        path = posixpath.join(folder, name.removeprefix(WHITEOUT))
        time = member.mtime * 10**9
        _put(draft, path, Whiteout(Meta(0, member.uid, member.gid, time, time, time)))


def _node(member: Member, data: Content) -> Node:
    time = member.mtime * 10**9
    xattrs = tuple(sorted(member.xattrs.items()))
    meta = Meta(member.mode, member.uid, member.gid, time, time, time, xattrs)
    match member.type:
        case Type.FILE | Type.HARD_LINK | Type.PAX:
            return File(meta, data)
        case Type.DIR:
            return Dir(meta)
        case Type.SYMLINK:
            return Symlink(meta, member.link)
        case Type.CHAR | Type.BLOCK:
            return Device(meta, member.type is Type.CHAR, member.major, member.minor)
        case Type.FIFO:
            return Fifo(meta)
        case _:
            assert_never(member.type)


_MAGICS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)


def compression(archive: Content) -> str:
    """`gzip`, `bzip2`, `xz`, `zstd`, or '' for none, told by the first bytes."""
    head = archive.read(0, 8)
    start = b"" if head.is_sealed else head.to_bytes()
    return next((name for magic, name in _MAGICS if start.startswith(magic)), "")


class _Stream(Protocol):
    """What zlib, bz2 and lzma have in common."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


_STREAMS: Final[Mapping[str, Callable[[], _Stream]]] = {
    "gzip": lambda: zlib.decompressobj(wbits=31),
    "bzip2": bz2.BZ2Decompressor,
    "xz": lzma.LZMADecompressor,
}
_STREAM_LIMIT: Final = 100
"""Compressed streams one after the other in one file."""


def decompressed(archive: Content) -> Content:
    """The archive without its compression. LimitExceeded beyond 64 MiB or a hundredfold growth."""
    kind = compression(archive)
    if not kind:
        return archive
    if kind not in _STREAMS:
        raise NotSimulated(f"an archive compressed with {kind}", "use gzip, bzip2 or xz")
    try:
        return Content.of(_inflated(archive, _STREAMS[kind]))
    except (zlib.error, lzma.LZMAError, OSError) as error:
        raise ArchiveError(INVALID_HEADER) from error


def _inflated(archive: Content, start: Callable[[], _Stream]) -> bytes:
    room = min(ARCHIVE_BYTES, archive.size * ARCHIVE_RATIO)
    data, found = archive.to_bytes(), []
    for _ in range(_STREAM_LIMIT):
        stream = start()
        found.append(stream.decompress(data, room + 1))
        room -= len(found[-1])
        if room < 0:
            break
        if not stream.eof:
            raise ArchiveError(UNEXPECTED_END)
        data = stream.unused_data
        if not data:
            return b"".join(found)
    raise LimitExceeded(
        "an archive that grows too much when it is unpacked",
        f"at most {ARCHIVE_BYTES} bytes and {ARCHIVE_RATIO} times its own size are simulated",
    )
