"""The mount table: which file system is seen where, and how a walk crosses from one to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from docgen.diagnostics import NotSimulated
from docgen.fs.errors import Errno, FsError
from docgen.fs.filesystem import FileSystem

Dentry = tuple[int, str]
"""A directory's inode and a name in it."""
MOUNT_ROOT: Final[Dentry] = (0, "")
"""The root of a mount, where the next mount on the same directory lies."""


@dataclass(eq=False, slots=True)
class MountEntry:
    """One mount. Compared by identity."""

    fs: FileSystem
    root: int
    """The inode seen at the mount point: the file system's root, or what a bind names."""
    target: str
    """Where it was mounted, as /proc/mounts shows it."""
    parent: MountEntry | None = None
    at: Dentry = MOUNT_ROOT
    """The mount point in `parent`."""
    lies_at: Dentry = MOUNT_ROOT
    """The name of `root` in the file system; that of a bind's source."""
    read_only: bool = False
    source: str = ""
    fstype: str = ""
    options: str = ""
    """What stands after `rw` or `ro`: `nosuid,nodev,noexec,relatime,size=64k`."""
    hidden: bool = False
    """Not in /proc/mounts: a projection of something that lies on the disk."""
    refuse: str = ""
    """What to do instead of writing here; '' where writing is simulated."""
    flags: frozenset[str] = field(default_factory=frozenset)
    """The options as a set, for nosuid, nodev, noexec."""

    def line(self) -> str:
        """As in /proc/mounts."""
        state = "ro" if self.read_only else "rw"
        words = (self.source, self.target, self.fstype, f"{state},{self.options}", "0", "0")
        return " ".join(_escaped(word) for word in words)

    def covers(self, fs: FileSystem, at: Dentry) -> bool:
        """Whether it is mounted on this name of this file system."""
        if self.parent is None or self.parent.fs is not fs:
            return False
        return at == (self.parent.lies_at if self.at == MOUNT_ROOT else self.at)

    def want_write(self) -> None:
        """EROFS on a read-only mount or file system, NotSimulated on a projection."""
        if self.refuse:
            raise NotSimulated(f"writing below {self.target}", self.refuse)
        if self.read_only or self.fs.read_only:
            raise FsError(Errno.EROFS)


class Place(NamedTuple):
    """An inode as it is reached: which mount, which inode there."""

    mount: MountEntry
    ino: int


class MountTable:
    """The mounts of one namespace, in order."""

    def __init__(self) -> None:
        self.entries: list[MountEntry] = []
        self._on: dict[tuple[int, Dentry], MountEntry] = {}
        """What is mounted on a name, by the index of its mount."""
        self._devices: list[FileSystem] = []

    def add(self, entry: MountEntry) -> None:
        """Put a mount on its mount point."""
        if entry.parent is not None:
            self._on[(id(entry.parent), entry.at)] = entry
        self.entries.append(entry)
        entry.fs.pin(entry.root)
        self.device(entry.fs)

    def remove(self, entry: MountEntry) -> None:
        """Take a mount away. EBUSY while others lie on it."""
        if any(other.parent is entry for other in self.entries):
            raise FsError(Errno.EBUSY, entry.target)
        if entry.parent is not None:
            del self._on[(id(entry.parent), entry.at)]
        self.entries.remove(entry)
        entry.fs.unpin(entry.root)

    def device(self, fs: FileSystem) -> int:
        """st_dev: a small number for each file system, by first mount."""
        for index, known in enumerate(self._devices):
            if known is fs:
                return index + 40
        self._devices.append(fs)
        return len(self._devices) + 39

    def is_mount_point(self, fs: FileSystem, at: Dentry) -> bool:
        """Whether something is mounted on a name, through whichever mount of its file system."""
        return any(entry.covers(fs, at) for entry in self.entries)

    def cross(self, mount: MountEntry, at: Dentry, ino: int) -> Place:
        """The place that is seen under a name: its inode, or the root of what is mounted there."""
        if len(self._on) == 0:
            return Place(mount, ino)
        child = self._on.get((id(mount), at))
        if child is None:
            return Place(mount, ino)
        return self.top(child)

    def top(self, mount: MountEntry) -> Place:
        """The root of the topmost of the mounts that lie on one directory."""
        above = self._on.get((id(mount), MOUNT_ROOT))
        while above is not None:
            mount = above
            above = self._on.get((id(mount), MOUNT_ROOT))
        return Place(mount, mount.root)

    def root(self) -> Place:
        """What '/' is. ENOENT before the first mount."""
        if not self.entries:
            raise FsError(Errno.ENOENT, "/")
        return self.top(self.entries[0])


def _escaped(word: str) -> str:
    """As the kernel's mangle_path writes blanks: in octal."""
    for letter in "\\ \t\n":
        word = word.replace(letter, f"\\{ord(letter):03o}")
    return word
