"""Docker's own directories on the host: the store's layout as a read-only file system that follows
it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from docgen.fs.clock import Clock
from docgen.fs.content import Content
from docgen.fs.filesystem import FileSystem, StatFs
from docgen.fs.nodes import Dir, Node
from docgen.fs.plain import PlainFs
from docgen.fs.tree import Tree
from docgen.store.layout import Layout

Inner = tuple[FileSystem, int]


class Projection(FileSystem):
    """What lies below one root of the layout. Built anew when the daemon has done something
    since."""

    read_only = True

    def __init__(
        self,
        root: str,
        layout: Callable[[], Layout],
        generation: Callable[[], int],
        clock: Clock,
    ) -> None:
        super().__init__(clock)
        self.fstype = self.device = "ext4"
        self._path = root
        self._layout = layout
        self._generation = generation
        self._seen = -1
        self._inner: dict[int, Inner] = {}
        self._numbers: dict[tuple[int, int], int] = {}
        self._above: dict[int, tuple[int, str]] = {}
        self._grafts: dict[int, Inner] = {}
        self._trees: dict[int, tuple[Tree, PlainFs]] = {}
        self._base = PlainFs(Tree.build({}), clock)
        self._rebuild()

    def _rebuild(self) -> None:
        """Take the layout as it is now. Inodes of before stay readable."""
        if self._seen == self._generation():
            return
        self._seen = self._generation()
        layout = self._layout()
        self._base = PlainFs(layout.tree(self._path, self.clock.now_ns), self.clock)
        self._inner[self.root] = (self._base, self._base.root)
        self._grafts = {}
        for path, graft in layout.grafts_in(self._path).items():
            ino = self._base.snapshot().lookup(path[len(self._path) :] or "/")
            if ino is not None:
                fs = self._file_system(graft)
                self._grafts[ino] = (fs, fs.root)

    def _file_system(self, graft: Tree | FileSystem) -> FileSystem:
        if isinstance(graft, FileSystem):
            return graft
        known = self._trees.get(id(graft))
        if known is None:
            known = self._trees[id(graft)] = (graft, PlainFs(graft, self.clock))
        return known[1]

    def _number_of(self, fs: FileSystem, ino: int) -> int:
        key = (id(fs), ino)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._numbers) + self.root + 1
            self._inner[number] = (fs, ino)
        return number

    # Reading

    def node(self, ino: int) -> Node:
        fs, inner = self._inner[ino]
        return fs.node(inner)

    def lookup(self, parent: int, name: str) -> int | None:
        if parent == self.root:
            self._rebuild()
        fs, ino = self._inner[parent]
        child = fs.lookup(ino, name)
        if child is None:
            return None
        if fs is self._base and child in self._grafts:
            fs, child = self._grafts[child]
        number = self._number_of(fs, child)
        if isinstance(fs.node(child), Dir):
            self._above[number] = (parent, name)
        return number

    def readdir(self, ino: int) -> Sequence[str]:
        if ino == self.root:
            self._rebuild()
        fs, inner = self._inner[ino]
        return fs.readdir(inner)

    def where(self, ino: int) -> tuple[int, str] | None:
        return self._above.get(ino)

    def links(self, ino: int) -> int:
        fs, inner = self._inner[ino]
        return fs.links(inner)

    def statfs(self) -> StatFs:
        return self._base.statfs()

    def content(self, ino: int, viewer: object = None) -> Content:
        fs, inner = self._inner[ino]
        return fs.content(inner, viewer)

    def readlink(self, ino: int, viewer: object = None) -> str:
        fs, inner = self._inner[ino]
        return fs.readlink(inner, viewer)

    def directory_size(self, node: Dir) -> tuple[int, int]:
        return self._base.directory_size(node)
