"""Path resolution: symlinks, '..', mounts, search permission. The kernel's namei."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final, NamedTuple

from docgen.fs.credentials import EXECUTE, ROOT, Credentials, permitted
from docgen.fs.errors import Errno, FsError
from docgen.fs.mounts import MOUNT_ROOT, Dentry, MountEntry, MountTable, Place
from docgen.fs.nodes import Dir, Node, Symlink

PATH_MAX: Final = 4096
MAX_LINKS: Final = 40
"""Symlinks that one resolution follows (MAXSYMLINKS)."""


class Follow(Enum):
    """What becomes of the last component."""

    YES = auto()
    NO = auto()
    """A symlink there is the result, unless a slash follows it."""
    PARENT = auto()
    """The name itself is meant, for making or removing it: neither symlink nor mount is crossed."""


class Last(Enum):
    """What the last component is."""

    NAME = auto()
    DOT = auto()
    DOTDOT = auto()
    ROOT = auto()


class Found(NamedTuple):
    """Where a path leads."""

    base: Place
    """The directory in which the last component is looked up."""
    name: str
    place: Place | None
    """None where the last name does not exist."""
    last: Last
    slash: bool
    """The path ended in a slash: a directory is meant."""

    @property
    def parent(self) -> Place | None:
        """The directory of the last name; None where the path ends in '.', '..' or '/'."""
        return self.base if self.last is Last.NAME else None


class Walker:
    """Someone who can follow a path: a root, a working directory, credentials."""

    def __init__(
        self, table: MountTable, credentials: Credentials = ROOT, root: Place | None = None
    ) -> None:
        self.table = table
        self.credentials = credentials
        self.root = root or table.root()
        self.here = self.root
        """The working directory."""

    def find(self, path: str, follow: Follow = Follow.YES, creating: bool = False) -> Found:
        """Resolve all but the last name's existence. `creating` a file there is EISDIR as soon as
        the last name is followed by a slash.

        ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG."""
        if not path:
            raise FsError(Errno.ENOENT, path)
        if len(path) > PATH_MAX // 4 and len(path.encode("utf-8", "replace")) >= PATH_MAX:
            raise FsError(Errno.ENAMETOOLONG, path)
        try:
            return self._find(path, follow, creating)
        except FsError as error:
            error.path = path if error.path is None else error.path
            raise

    def _find(self, path: str, follow: Follow, creating: bool) -> Found:
        place = self.root if path[0] == "/" else self.here
        todo = _parts(path)
        slash = path[-1] == "/"
        links = 0
        mount, at = place
        node = mount.fs.node(at)
        while todo:
            name = todo.pop()
            self._search(node)
            if name == "." or name == "..":
                base, place = place, place if name == "." else self.up(place)
                if not todo:
                    return Found(base, name, place, _DOTS[name], slash)
                mount, at = place
                node = mount.fs.node(at)
                continue
            if creating and slash and not todo:
                raise FsError(Errno.EISDIR)
            ino = mount.fs.lookup(at, name)
            if ino is None:
                if todo:
                    raise FsError(Errno.ENOENT)
                return Found(place, name, None, Last.NAME, slash)
            if not todo and follow is Follow.PARENT:
                return Found(place, name, Place(mount, ino), Last.NAME, slash)
            child = self.table.cross(mount, (at, name), ino)
            mount, at = child
            node = mount.fs.node(at)
            if isinstance(node, Symlink) and (todo or slash or follow is Follow.YES):
                links += 1
                if links > MAX_LINKS:
                    raise FsError(Errno.ELOOP)
                target = mount.fs.readlink(at, self)
                slash = slash or (not todo and target.endswith("/"))
                todo += _parts(target)
                place = self.root if target.startswith("/") else place
                mount, at = place
                node = mount.fs.node(at)
                continue
            if not todo:
                return Found(place, name, child, Last.NAME, slash)
            place = child
        return Found(place, "", place, Last.ROOT, slash)

    def _search(self, node: Node) -> None:
        """It must be a directory that may be searched."""
        if not isinstance(node, Dir):
            raise FsError(Errno.ENOTDIR)
        if self.credentials.uid and not permitted(self.credentials, node, EXECUTE):
            raise FsError(Errno.EACCES)

    def resolve(self, path: str, follow: bool = True) -> Place:
        """Where a path leads. ENOENT; ENOTDIR where a slash at its end meets a file."""
        found = self.find(path, Follow.YES if follow else Follow.NO)
        if found.place is None:
            raise FsError(Errno.ENOENT, path)
        if found.slash and not self.is_directory(found.place):
            raise FsError(Errno.ENOTDIR, path)
        return found.place

    def up(self, place: Place) -> Place:
        """The directory above, also of a removed one; the root's own is the root."""
        mount, ino = place
        while place != self.root:
            if ino != mount.root:
                above = mount.fs.above(ino)
                if above is None:
                    raise FsError(Errno.ENOENT)
                return Place(mount, above)
            if mount.parent is None:
                return place
            at, mount = mount.at, mount.parent
            if at != MOUNT_ROOT:
                return Place(mount, at[0])
            ino = mount.root
            place = Place(mount, ino)
        return self.root

    def dentry(self, path: str) -> tuple[MountEntry, Dentry, Place]:
        """The name that a path ends at, as a mount point, and what is seen there."""
        found = self.find(path)
        place = self.resolve(path)
        if place.ino == place.mount.root:
            return place.mount, MOUNT_ROOT, place
        where = place.mount.fs.where(place.ino) if self.is_directory(place) else None
        if where is None and found.parent is not None:
            where = (found.parent.ino, found.name)
        if where is None:
            raise FsError(Errno.ENOENT, path)
        return place.mount, where, place

    def path_of(self, place: Place) -> str:
        """The absolute path of a directory, from the root. ENOENT where it was removed."""
        names: list[str] = []
        mount, ino = place
        while Place(mount, ino) != self.root:
            if ino == mount.root:
                if mount.parent is None:
                    break
                at, mount = mount.at, mount.parent
                if at == MOUNT_ROOT:
                    ino = mount.root
                    continue
            else:
                where = mount.fs.where(ino)
                if where is None:
                    raise FsError(Errno.ENOENT)
                at = where
            names.append(at[1])
            ino = at[0]
        return "/" + "/".join(reversed(names))

    def removed(self, place: Place) -> bool:
        """A directory that has lost its name: nothing is found or made in it."""
        fs, ino = place.mount.fs, place.ino
        return ino != fs.root and fs.where(ino) is None

    def node(self, place: Place) -> Node:
        """The inode of a place."""
        return place.mount.fs.node(place.ino)

    def is_directory(self, place: Place) -> bool:
        return isinstance(place.mount.fs.node(place.ino), Dir)


def _parts(path: str) -> list[str]:
    """The components of a path, the last one first."""
    return [part for part in reversed(path.split("/")) if part]


_DOTS: Final = {".": Last.DOT, "..": Last.DOTDOT}
