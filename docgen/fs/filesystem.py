"""What every file system offers to the layer above it: operations on inodes.

An inode is named by a number that is good for one file system object while it lives. Paths,
symlinks, mounts and credentials are the business of `view.py`, as they are the VFS's in the kernel.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from typing import NoReturn

from docgen.frozen import frozen
from docgen.fs.clock import Clock
from docgen.fs.content import EMPTY, Content
from docgen.fs.errors import Errno, FsError
from docgen.fs.nodes import Dir, File, Kind, Meta, Node, Symlink

NAME_MAX = 255


@frozen
class Stat:
    """What stat(2) tells of one inode."""

    ino: int
    dev: int
    """A small number for each file system of a namespace."""
    kind: Kind
    mode: int
    """Permission bits, 0 to 0o7777, without the type."""
    nlink: int
    uid: int
    gid: int
    rdev: tuple[int, int]
    """Major and minor of a device; (0, 0) else."""
    size: int
    blocks512: int
    mtime_ns: int
    atime_ns: int
    ctime_ns: int


@frozen
class StatFs:
    """What statfs(2) tells of a file system; sizes in bytes."""

    fstype: str
    total: int
    free: int
    inodes: int
    inodes_free: int
    block: int = 4096

    @property
    def used(self) -> int:
        return self.total - self.free


class FileSystem(ABC):
    """One file system. Methods raise FsError; arguments were checked for permission before."""

    fstype: str = ""
    device: str = ""
    """What df and /proc/mounts name it by, unless the mount says otherwise."""
    read_only: bool = False
    capacity: int | None = None
    """Bytes that fit; None where nothing in a page can fill it."""
    hidden_xattrs: str = ""
    """Extended attributes with this prefix are the file system's own and not shown."""
    root: int = 1

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.writers: Counter[int] = Counter()
        """Inodes that are open for writing: they cannot be executed (ETXTBSY)."""
        self.executing: Counter[int] = Counter()
        """Inodes that run: they cannot be opened for writing (ETXTBSY)."""

    # Reading

    @abstractmethod
    def node(self, ino: int) -> Node:
        """The inode; of a directory only the attributes count (see `readdir`)."""

    @abstractmethod
    def lookup(self, parent: int, name: str) -> int | None:
        """The inode of a name in a directory, neither '.' nor '..'; None where there is none."""

    @abstractmethod
    def readdir(self, ino: int) -> Sequence[str]:
        """The names in a directory, sorted, without '.' and '..'."""

    @abstractmethod
    def where(self, ino: int) -> tuple[int, str] | None:
        """A directory's own directory and its name there; None for the root and after removal."""

    def above(self, ino: int) -> int | None:
        """A directory's own directory, also after its removal; None for the root."""
        where = self.where(ino)
        return None if where is None else where[0]

    @abstractmethod
    def links(self, ino: int) -> int:
        """st_nlink."""

    @abstractmethod
    def statfs(self) -> StatFs: ...

    def number(self, ino: int) -> int:
        """st_ino."""
        return ino

    def content(self, ino: int, viewer: object = None) -> Content:  # noqa: ARG002
        """The bytes of a regular file, as `viewer` (a View) sees them."""
        node = self.node(ino)
        return node.content if isinstance(node, File) else EMPTY

    def readlink(self, ino: int, viewer: object = None) -> str:  # noqa: ARG002
        """Where a symlink points, as `viewer` (a View) sees it."""
        node = self.node(ino)
        return node.target if isinstance(node, Symlink) else ""

    def is_empty(self, ino: int) -> bool:
        """Whether a directory has no names."""
        return not self.readdir(ino)

    def directory_size(self, node: Dir) -> tuple[int, int]:  # noqa: ARG002
        """st_size and st_blocks of a directory."""
        return 4096, 8

    # Open files

    def pin(self, ino: int) -> None:  # noqa: B027
        """The inode is held (open, mounted, a working directory) and stays without a name."""

    def unpin(self, ino: int) -> None:  # noqa: B027
        """Undo one `pin`."""

    def prepare_write(self, ino: int) -> None:
        """The inode is about to be opened for writing, or its attributes to change."""
        self.refuse_write(ino)

    # Writing

    def refuse_write(self, ino: int) -> NoReturn:  # noqa: ARG002
        raise FsError(Errno.EROFS)

    def make(self, parent: int, name: str, node: Node) -> int:  # noqa: ARG002
        """Make an inode under a name that `lookup` did not find; its times become now. ENOSPC."""
        self.refuse_write(parent)

    def link(self, ino: int, parent: int, name: str) -> None:  # noqa: ARG002
        """Give a file a further name, which `lookup` did not find."""
        self.refuse_write(parent)

    def unlink(self, parent: int, name: str) -> None:  # noqa: ARG002
        """Take away the name of anything but a directory."""
        self.refuse_write(parent)

    def rmdir(self, parent: int, name: str) -> None:  # noqa: ARG002
        """Take away an empty directory. ENOTEMPTY."""
        self.refuse_write(parent)

    def rename(self, old: tuple[int, str], new: tuple[int, str]) -> None:  # noqa: ARG002
        """Move a name over another, which may exist. ENOTEMPTY, EXDEV."""
        self.refuse_write(old[0])

    def set_meta(self, ino: int, meta: Meta) -> None:  # noqa: ARG002
        """Put other attributes on an inode, times included."""
        self.refuse_write(ino)

    def set_content(self, ino: int, content: Content) -> None:  # noqa: ARG002
        """Put other content, holes included, into a file; mtime becomes now. ENOSPC."""
        self.refuse_write(ino)

    def truncate(self, ino: int, size: int) -> None:
        """truncate(2): cut, or grow by a hole."""
        self.set_content(ino, self.content(ino).truncate(size))

    def write(self, ino: int, offset: int, data: Content) -> int:  # noqa: ARG002
        """write(2): how many bytes were written, fewer than asked on a full file system. ENOSPC."""
        self.refuse_write(ino)
