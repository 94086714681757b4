"""A file system whose files are made when they are read: /proc and its like."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from docgen.frozen import frozen
from docgen.fs.clock import Clock
from docgen.fs.content import Content
from docgen.fs.errors import Errno, FsError
from docgen.fs.filesystem import NAME_MAX, FileSystem, StatFs
from docgen.fs.nodes import Dir, File, Meta, Node, Symlink
from docgen.fs.tree import Tree
from docgen.fs.walk import Walker


@frozen
class PerViewer:
    """A file that looks different to each process: `make` gets the View that reads it."""

    make: Callable[[Walker], bytes]


@frozen
class Link:
    """A symlink; `target` may depend on the View that follows it."""

    target: str | Callable[[Walker], str]


Source = bytes | Callable[[], bytes] | PerViewer | Link


class SyntheticFs(FileSystem):
    """Read-only. Files are 0444 and of size 0 to stat, as in /proc; directories are 0555."""

    read_only = True

    def __init__(
        self, sources: Mapping[str, Source], fstype: str = "proc", clock: Clock | None = None
    ) -> None:
        """`sources` by absolute path; a path that ends in '/' is an empty directory."""
        super().__init__(clock or Clock())
        self.fstype = self.device = fstype
        above = {one: Dir(Meta(mode=0o555)) for path in sources for one in _directories_of(path)}
        files = {path: _node(path, source) for path, source in sources.items()}
        self._tree = Tree.build(above | files)
        self.root = self._tree.root
        self._sources = {self._tree.lookup(path): source for path, source in sources.items()}

    def node(self, ino: int) -> Node:
        return self._tree.node(ino)

    def lookup(self, parent: int, name: str) -> int | None:
        if len(name.encode("utf-8", "surrogateescape")) > NAME_MAX:
            raise FsError(Errno.ENAMETOOLONG)
        directory = self._tree.directory(parent)
        return None if directory is None else directory.entries.find(name)

    def readdir(self, ino: int) -> list[str]:
        directory = self._tree.directory(ino)
        return [] if directory is None else list(directory.entries)

    def where(self, ino: int) -> tuple[int, str] | None:
        names = self._tree.names.find(ino)
        return names[0] if names else None

    def links(self, ino: int) -> int:
        return self._tree.links(ino)

    def statfs(self) -> StatFs:
        return StatFs(self.fstype, 0, 0, 0, 0)

    def directory_size(self, node: Dir) -> tuple[int, int]:  # noqa: ARG002
        return 0, 0

    def content(self, ino: int, viewer: object = None) -> Content:
        source = self._sources.get(ino, b"")
        match source:
            case bytes():
                return Content.of(source)
            case PerViewer(make=make) if isinstance(viewer, Walker):
                return Content.of(make(viewer))
            case PerViewer() | Link():
                return Content.of(b"")
            case _:
                return Content.of(source())

    def readlink(self, ino: int, viewer: object = None) -> str:
        source = self._sources.get(ino, b"")
        if not isinstance(source, Link):
            return ""
        if isinstance(source.target, str):
            return source.target
        return source.target(viewer) if isinstance(viewer, Walker) else ""


def _directories_of(path: str) -> Iterator[str]:
    """The root and every directory down to a path."""
    yield "/"
    names = path.rstrip("/").split("/")[1:-1]
    for depth in range(1, len(names) + 1):
        yield "/" + "/".join(names[:depth])


def _node(path: str, source: Source) -> Node:
    if path.endswith("/"):
        return Dir(Meta(mode=0o555))
    return Symlink() if isinstance(source, Link) else File(Meta(mode=0o444))
