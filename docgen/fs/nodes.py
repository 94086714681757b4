"""What an inode can be: a closed union of frozen records."""

from __future__ import annotations

from enum import StrEnum

from docgen.frozen import frozen
from docgen.fs.clock import EPOCH_NS
from docgen.fs.content import EMPTY, Content
from docgen.fs.persistent import SortedMap

S_ISUID = 0o4000
S_ISGID = 0o2000
S_ISVTX = 0o1000
Xattrs = tuple[tuple[str, bytes], ...]


class Kind(StrEnum):
    """The kinds of inodes; the same words as a snapshot uses."""

    FILE = "file"
    DIR = "dir"
    SYMLINK = "symlink"
    CHAR = "char"
    BLOCK = "block"
    FIFO = "fifo"
    WHITEOUT = "whiteout"


@frozen
class Meta:
    """What chmod, chown, utimensat and setxattr change."""

    mode: int = 0o644
    """Permission bits, setuid, setgid and sticky: 0 to 0o7777."""
    uid: int = 0
    gid: int = 0
    mtime_ns: int = EPOCH_NS
    atime_ns: int = EPOCH_NS
    ctime_ns: int = EPOCH_NS
    xattrs: Xattrs = ()
    """Sorted by name. In an upper directory of overlayfs with `trusted.overlay.*`, as on disk."""

    def xattr(self, name: str) -> bytes | None:
        """The value of one extended attribute, or None."""
        return next((value for key, value in self.xattrs if key == name), None)

    def with_xattr(self, name: str, value: bytes | None) -> Meta:
        """With one extended attribute set, or removed (None)."""
        others = [pair for pair in self.xattrs if pair[0] != name]
        if value is not None:
            others.append((name, value))
        return Meta(
            self.mode,
            self.uid,
            self.gid,
            self.mtime_ns,
            self.atime_ns,
            self.ctime_ns,
            tuple(sorted(others)),
        )

    def with_mode(self, mode: int) -> Meta:
        """With other permission bits."""
        return Meta(
            mode, self.uid, self.gid, self.mtime_ns, self.atime_ns, self.ctime_ns, self.xattrs
        )

    def modified(self, now_ns: int) -> Meta:
        """After a change of the data: mtime and ctime are now."""
        return Meta(self.mode, self.uid, self.gid, now_ns, self.atime_ns, now_ns, self.xattrs)

    def changed(self, now_ns: int) -> Meta:
        """After a change of the inode alone: ctime is now."""
        return Meta(
            self.mode, self.uid, self.gid, self.mtime_ns, self.atime_ns, now_ns, self.xattrs
        )

    def born(self, now_ns: int) -> Meta:
        """Of an inode made now."""
        return Meta(self.mode, self.uid, self.gid, now_ns, now_ns, now_ns, self.xattrs)


DIR_META = Meta(mode=0o755)
NO_ENTRIES: SortedMap[str, int] = SortedMap()


@frozen
class Dir:
    meta: Meta = DIR_META
    entries: SortedMap[str, int] = NO_ENTRIES
    """Name to inode number, without '.' and '..'."""
    opaque: bool = False
    """In a layer: hides what layers below have under its name (xattr trusted.overlay.opaque=y)."""


@frozen
class File:
    meta: Meta = Meta()
    content: Content = EMPTY


@frozen
class Symlink:
    meta: Meta = Meta(mode=0o777)
    target: str = ""


@frozen
class Device:
    meta: Meta = Meta(mode=0o600)
    char: bool = True
    major: int = 1
    minor: int = 3


@frozen
class Fifo:
    meta: Meta = Meta()


@frozen
class Whiteout:
    """In a layer: the name does not exist below. On disk a character device 0/0."""

    meta: Meta = Meta(mode=0)


Node = Dir | File | Symlink | Device | Fifo | Whiteout


def kind_of(node: Node) -> Kind:
    """The kind of an inode; a device tells char from block."""
    if isinstance(node, Device):
        return Kind.CHAR if node.char else Kind.BLOCK
    return _KINDS[type(node)]


_KINDS: dict[type[Node], Kind] = {
    Dir: Kind.DIR,
    File: Kind.FILE,
    Symlink: Kind.SYMLINK,
    Fifo: Kind.FIFO,
    Whiteout: Kind.WHITEOUT,
}


def is_whiteout(node: Node) -> bool:
    """A whiteout in either spelling: our own node, or the device 0/0 that stands for it on disk."""
    if isinstance(node, Whiteout):
        return True
    return isinstance(node, Device) and node.char and node.major == node.minor == 0


def with_meta(node: Node, meta: Meta) -> Node:
    """The same inode with other attributes."""
    match node:
        case File():
            return File(meta, node.content)
        case Dir():
            return Dir(meta, node.entries, node.opaque)
        case Symlink():
            return Symlink(meta, node.target)
        case Device():
            return Device(meta, node.char, node.major, node.minor)
        case Fifo():
            return Fifo(meta)
        case Whiteout():
            return Whiteout(meta)
