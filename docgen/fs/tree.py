"""A file system's inodes, frozen, and a draft of the next such tree.

Hard links are two names of one inode.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from docgen.frozen import frozen
from docgen.fs.nodes import Dir, Meta, Node
from docgen.fs.persistent import SortedMap

ROOT_INO: Final = 1
Name = tuple[int, str]
"""Where an inode is found: its directory's number and the name there."""
NO_NAMES: Final[tuple[Name, ...]] = ()


@frozen
class Tree:
    """Persistent: two trees share what they have in common, so a snapshot costs what changed."""

    inodes: SortedMap[int, Node]
    names: SortedMap[int, tuple[Name, ...]]
    """All names of an inode, oldest first; the root has none."""
    next_ino: int
    root: int = ROOT_INO

    @classmethod
    def build(cls, nodes: Mapping[str, Node], links: Mapping[str, str] | None = None) -> Tree:
        """A tree from absolute paths; missing directories are made with mode 755. `links` maps
        further names to paths in `nodes`. ValueError where two of them contradict each other."""
        builder = _Builder()
        for path in sorted(nodes):
            builder.put(path, nodes[path])
        for path, existing in sorted((links or {}).items()):
            builder.hard_link(path, existing)
        return builder.tree()

    def node(self, ino: int) -> Node:
        """The inode; KeyError where there is none of this number."""
        return self.inodes[ino]

    def directory(self, ino: int) -> Dir | None:
        """The inode where it is a directory."""
        node = self.inodes.find(ino)
        return node if isinstance(node, Dir) else None

    def lookup(self, path: str) -> int | None:
        """The inode number of an absolute path, through directories only (no symlinks)."""
        return _lookup(self, path)

    def at(self, path: str) -> Node | None:
        """The inode of an absolute path, through directories only."""
        ino = _lookup(self, path)
        return None if ino is None else self.inodes[ino]

    def links(self, ino: int) -> int:
        """st_nlink: names of a file; of a directory, 2 and its sub-directories."""
        return _links(self, ino)

    def paths(self, ino: int) -> tuple[str, ...]:
        """Every absolute path of an inode; '/' for the root."""
        if ino == self.root:
            return ("/",)
        return tuple(self._path(pair) for pair in self.names.find(ino) or NO_NAMES)

    def _path(self, pair: Name) -> str:
        """The path of one name: above it there are directories, which have one name each."""
        parts = [pair[1]]
        while pair[0] != self.root:
            pair = self.names[pair[0]][0]
            parts.append(pair[1])
        return "/" + "/".join(reversed(parts))

    def walk(self) -> Iterator[tuple[str, int, Node]]:
        """Every name, parents before children, siblings by name; the root is '/'."""
        pending: list[tuple[str, int]] = [("/", self.root)]
        while pending:
            path, ino = pending.pop()
            node = self.inodes[ino]
            yield path, ino, node
            if isinstance(node, Dir):
                base = path if path != "/" else ""
                children = [(f"{base}/{name}", child) for name, child in node.entries.items()]
                pending += reversed(children)

    def __len__(self) -> int:
        return len(self.inodes)


class Draft:
    """A tree being changed. Reads see the changes; `freeze` costs what was changed since `base`."""

    __slots__ = ("_inodes", "_names", "base", "count", "next_ino", "root")

    def __init__(self, base: Tree) -> None:
        self.base = base
        self.root = base.root
        self.next_ino = base.next_ino
        self.count = len(base)
        self._inodes: dict[int, Node | None] = {}
        self._names: dict[int, tuple[Name, ...]] = {}

    def node(self, ino: int) -> Node | None:
        """The inode, or None where there is none (any more)."""
        changed = self._inodes
        return changed[ino] if ino in changed else self.base.inodes.find(ino)

    def directory(self, ino: int) -> Dir | None:
        """The inode where it is a directory."""
        changed = self._inodes
        node = changed[ino] if ino in changed else self.base.inodes.find(ino)
        return node if isinstance(node, Dir) else None

    def names(self, ino: int) -> tuple[Name, ...]:
        """All names of an inode."""
        known = self._names.get(ino)
        return known if known is not None else self.base.names.find(ino) or NO_NAMES

    def links(self, ino: int) -> int:
        """st_nlink, as Tree.links."""
        return _links(self, ino)

    def lookup(self, path: str) -> int | None:
        """As Tree.lookup."""
        return _lookup(self, path)

    def replace(self, ino: int, node: Node) -> None:
        """Put another node under a number that exists."""
        self._inodes[ino] = node

    def add(self, node: Node) -> int:
        """A new inode, still without a name."""
        ino = self.next_ino
        self.next_ino += 1
        self.count += 1
        self._inodes[ino] = node
        return ino

    def link(self, parent: int, name: str, ino: int, meta: Meta | None = None) -> None:
        """Give an inode a (further) name that is not taken; `meta` becomes the directory's."""
        directory = self._directory(parent)
        entries = directory.entries.put(name, ino)
        self._inodes[parent] = Dir(meta or directory.meta, entries, directory.opaque)
        self._names[ino] = (*self.names(ino), (parent, name))

    def unlink(self, parent: int, name: str, meta: Meta | None = None) -> int:
        """Take a name away; an inode without names is gone. Returns its number."""
        directory = self._directory(parent)
        ino = directory.entries[name]
        entries = directory.entries.drop(name)
        self._inodes[parent] = Dir(meta or directory.meta, entries, directory.opaque)
        left = tuple(pair for pair in self.names(ino) if pair != (parent, name))
        self._names[ino] = left
        if not left:
            self._inodes[ino] = None
            self.count -= 1
        return ino

    def move(self, old: Name, new: Name, metas: tuple[Meta, Meta] | None = None) -> None:
        """Rename to a name that is not taken; `metas` become those of both directories."""
        ino = self._directory(old[0]).entries[old[1]]
        for (parent, name), put in ((old, False), (new, True)):
            directory = self._directory(parent)
            entries = directory.entries.put(name, ino) if put else directory.entries.drop(name)
            meta = metas[put] if metas else directory.meta
            self._inodes[parent] = Dir(meta, entries, directory.opaque)
        self._names[ino] = tuple(new if pair == old else pair for pair in self.names(ino))

    def put(self, path: str, node: Node) -> int:
        """Make, or replace, what is at an absolute path; missing directories get mode 755.
        A directory put over a directory keeps the entries that are there."""
        there = self.lookup(path)
        if there is not None:
            old = self.node(there)
            if isinstance(old, Dir) and isinstance(node, Dir):
                node = Dir(node.meta, old.entries, node.opaque)
            self.replace(there, node)
            return there
        parent, name = self._parent(path)
        ino = self.add(node)
        self.link(parent, name, ino)
        return ino

    def hard_link(self, path: str, existing: str) -> None:
        """Give the inode of `existing` the further name `path`."""
        ino = self.lookup(existing)
        if ino is None:
            raise ValueError(f"no such path: {existing}")
        parent, name = self._parent(path)
        self.link(parent, name, ino)

    def remove(self, path: str) -> None:
        """Remove a path with everything below it; nothing happens where there is none."""
        ino = self.lookup(path)
        if ino is not None and ino != self.root:
            parent, name = self._parent(path)
            self.prune(parent, name)

    def prune(self, parent: int, name: str) -> None:
        """Remove a name with everything below it."""
        pending = [(parent, name)]
        while pending:
            directory, entry = pending[-1]
            node = self.directory(self._directory(directory).entries[entry])
            if node is not None and node.entries:
                ino = self._directory(directory).entries[entry]
                pending += [(ino, child) for child in node.entries]
                continue
            self.unlink(directory, entry)
            pending.pop()

    def freeze(self) -> Tree:
        """The tree as it is now. The draft goes on from there."""
        if self._inodes or self._names:
            gone = [ino for ino, node in self._inodes.items() if node is None]
            kept = {ino: node for ino, node in self._inodes.items() if node is not None}
            names = {ino: pairs for ino, pairs in self._names.items() if pairs}
            nameless = [ino for ino, pairs in self._names.items() if not pairs]
            self.base = Tree(
                self.base.inodes.update(kept, gone),
                self.base.names.update(names, nameless),
                self.next_ino,
                self.root,
            )
            self._inodes = {}
            self._names = {}
        return self.base

    def _directory(self, ino: int) -> Dir:
        node = self.directory(ino)
        if node is None:
            raise ValueError(f"inode {ino} is not a directory")
        return node

    def _parent(self, path: str) -> Name:
        """The directory of a path, made where it is missing, and the last name."""
        *above, name = [part for part in path.split("/") if part]
        ino = self.root
        for part in above:
            child = self._directory(ino).entries.find(part)
            if child is None:
                child = self.add(Dir())
                self.link(ino, part, child)
            ino = child
        return ino, name


class _Builder:
    """A tree made at once: each directory's map is built a single time."""

    def __init__(self) -> None:
        self.nodes: dict[int, Node] = {ROOT_INO: Dir()}
        self.entries: dict[int, dict[str, int]] = {ROOT_INO: {}}
        self.names: dict[int, tuple[Name, ...]] = {}
        self.directories = {"": ROOT_INO}

    def put(self, path: str, node: Node) -> None:
        if not path.strip("/"):
            self.nodes[ROOT_INO] = node
            return
        path = path.rstrip("/")
        parent, name = self._place(path)
        ino = len(self.nodes) + 1
        self.nodes[ino] = node
        self._name(parent, name, ino)
        if isinstance(node, Dir):
            self.entries[ino] = {}
            self.directories[path] = ino

    def hard_link(self, path: str, existing: str) -> None:
        above, _, name = existing.rpartition("/")
        ino = self.entries.get(self.directories.get(above, 0), {}).get(name)
        if ino is None:
            raise ValueError(f"no such path: {existing}")
        self._name(*self._place(path), ino)

    def tree(self) -> Tree:
        for ino, entries in self.entries.items():
            node = self.nodes[ino]
            if not isinstance(node, Dir):
                raise ValueError("the root is a directory")
            self.nodes[ino] = Dir(node.meta, SortedMap(entries), node.opaque)
        return Tree(SortedMap(self.nodes), SortedMap(self.names), len(self.nodes) + 1)

    def _name(self, parent: int, name: str, ino: int) -> None:
        if name in self.entries[parent]:
            raise ValueError(f"{name} is there twice")
        self.entries[parent][name] = ino
        self.names[ino] = (*self.names.get(ino, ()), (parent, name))

    def _place(self, path: str) -> Name:
        above, _, name = path.rpartition("/")
        return self._directory(above), name

    def _directory(self, path: str) -> int:
        """The number of a directory, made with all above it where it is missing."""
        missing = []
        while path not in self.directories:
            missing.append(path)
            path = path.rpartition("/")[0]
        for made in reversed(missing):
            self.put(made, Dir())
        return self.directories[missing[0] if missing else path]


def _lookup(tree: Tree | Draft, path: str) -> int | None:
    ino = tree.root
    for part in path.split("/"):
        if part:
            directory = tree.directory(ino)
            child = None if directory is None else directory.entries.find(part)
            if child is None:
                return None
            ino = child
    return ino


def _links(tree: Tree | Draft, ino: int) -> int:
    directory = tree.directory(ino)
    if directory is not None:
        children = directory.entries.values()
        return 2 + sum(1 for child in children if tree.directory(child) is not None)
    names = tree.names(ino) if isinstance(tree, Draft) else tree.names.find(ino)
    return len(names or NO_NAMES)


EMPTY_TREE: Final = Tree(SortedMap({ROOT_INO: Dir()}), SortedMap(), ROOT_INO + 1)
