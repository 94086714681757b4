"""A mount namespace: mounting, binding and unmounting by path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from docgen.fs.errors import Errno, FsError
from docgen.fs.filesystem import FileSystem
from docgen.fs.mounts import MOUNT_ROOT, Dentry, MountEntry, MountTable
from docgen.fs.nodes import Dir
from docgen.fs.walk import Walker

__all__ = ["MountEntry", "Namespace"]


class Namespace:
    """The mounts of one container, or of the host. The first one is mounted at '/'."""

    def __init__(self) -> None:
        self.table = MountTable()

    def mount(
        self,
        fs: FileSystem,
        at: str,
        *,
        root: str = "/",
        read_only: bool = False,
        source: str = "",
        fstype: str | None = None,
        options: str = "",
        hidden: bool = False,
        refuse: str = "",
    ) -> MountEntry:
        """Mount a file system, or the directory or file `root` in it (a bind), at an absolute path.

        `options` are those after `rw`, e.g. `nosuid,nodev,noexec,relatime,size=64k`. `refuse` says
        what to do instead of writing there (NotSimulated). ENOENT without a mount point or `root`,
        ENOTDIR where a file would meet a directory.
        """
        inner, lies_at = self._inside(fs, root)
        words = options.removeprefix("rw,").removeprefix("ro,") or "relatime"
        entry = MountEntry(
            fs,
            inner,
            "/",
            lies_at=lies_at,
            read_only=read_only,
            source=source or fs.device,
            fstype=fs.fstype if fstype is None else fstype,
            options=words,
            hidden=hidden,
            refuse=refuse,
            flags=frozenset(words.split(",")),
        )
        if self.table.entries:
            self._place(entry, at)
        self.table.add(entry)
        return entry

    def announce(
        self, fs: FileSystem, target: str, *, source: str, fstype: str, options: str
    ) -> MountEntry:
        """List a mount whose files are seen in another way: a projection shows them there."""
        words = options.removeprefix("rw,")
        entry = MountEntry(fs, fs.root, target, source=source, fstype=fstype, options=words)
        self.table.add(entry)
        return entry

    def withdraw(self, entry: MountEntry) -> None:
        """It is listed no more."""
        self.table.remove(entry)

    def bind(
        self,
        source: Walker,
        path: str,
        at: str,
        *,
        read_only: bool = False,
        recursive: bool = True,
        recursive_read_only: bool = True,
    ) -> MountEntry:
        """Bind what `source` (a View, perhaps of another namespace) sees at `path`.

        `recursive` takes the mounts below along (rbind); `recursive_read_only` makes those
        read-only too where the bind is.
        """
        _, lies_at, (mount, ino) = source.dentry(path)
        lies_at = mount.lies_at if lies_at == MOUNT_ROOT else lies_at
        below = _below(source.table, mount, ino) if recursive else []
        state = read_only or mount.read_only
        top = replace(mount, root=ino, lies_at=lies_at, read_only=state, hidden=False)
        self._place(top, at)
        self.table.add(top)
        copies = {id(mount): top}
        for child in below:
            copy = replace(child, parent=copies[id(child.parent)])
            copy.read_only = child.read_only or (read_only and recursive_read_only)
            copy.target = top.target.rstrip("/") + child.target[len(_target_of(source, path)) :]
            copies[id(child)] = copy
            self.table.add(copy)
        return top

    def umount(self, at: str) -> None:
        """Take away the topmost mount at a path. EINVAL where none is, EBUSY below another."""
        place = Walker(self.table).resolve(at)
        if place.ino != place.mount.root:
            raise FsError(Errno.EINVAL, at)
        self.table.remove(place.mount)

    def unmount_all(self) -> None:
        """Everything ends: the last process of a container is gone."""
        for entry in reversed(list(self.table.entries)):
            self.table.remove(entry)

    def mounts(self) -> Sequence[MountEntry]:
        """All of them, in order, projections included."""
        return tuple(self.table.entries)

    def mounts_text(self) -> str:
        """/proc/mounts."""
        shown = [entry for entry in self.table.entries if not entry.hidden]
        return "".join(f"{entry.line()}\n" for entry in shown)

    def clone(self) -> Namespace:
        """A namespace with the same mounts (private: later mounts are not shared)."""
        made = Namespace()
        copies: dict[int, MountEntry] = {}
        for entry in self.table.entries:
            copy = replace(entry)
            copy.parent = None if entry.parent is None else copies[id(entry.parent)]
            copies[id(entry)] = copy
            made.table.add(copy)
        return made

    def _place(self, entry: MountEntry, at: str) -> None:
        """Find the mount point of a new mount."""
        walker = Walker(self.table)
        entry.parent, entry.at, seen = walker.dentry(at)
        entry.target = _target_of(walker, at)
        is_directory = isinstance(entry.fs.node(entry.root), Dir)
        if walker.is_directory(seen) != is_directory:
            raise FsError(Errno.ENOTDIR, at)

    def _inside(self, fs: FileSystem, path: str) -> tuple[int, Dentry]:
        """The inode of a path in a file system, through directories only, and its name there."""
        ino, at = fs.root, MOUNT_ROOT
        for name in path.split("/"):
            if name:
                at = (ino, name)
                child = fs.lookup(ino, name)
                if child is None:
                    raise FsError(Errno.ENOENT, path)
                ino = child
        return ino, at


def _target_of(walker: Walker, path: str) -> str:
    """The canonical form of a path that exists."""
    found = walker.find(path)
    if found.parent is None or (found.place and walker.is_directory(found.place)):
        return walker.path_of(found.place or walker.root)
    return walker.path_of(found.parent).rstrip("/") + f"/{found.name}"


def _below(table: MountTable, mount: MountEntry, ino: int) -> list[MountEntry]:
    """The mounts that lie below a directory of a mount, in order."""
    inside: list[MountEntry] = []
    for entry in table.entries:
        parent, at = entry.parent, entry.at
        direct = parent is mount and at != MOUNT_ROOT and _within(mount, at[0], ino)
        if direct or any(parent is known for known in inside):
            inside.append(entry)
    return inside


def _within(mount: MountEntry, ino: int, above: int) -> bool:
    """Whether a directory is, or lies below, another one of the same file system."""
    place: int | None = ino
    while place is not None and place != above:
        where = mount.fs.where(place)
        place = None if where is None else where[0]
    return place == above
