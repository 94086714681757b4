"""What an overlayfs shows: lookup, listing and numbers over its layers.

The reading half of `union.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from docgen.fs.clock import Clock
from docgen.fs.errors import Errno, FsError
from docgen.fs.filesystem import NAME_MAX, FileSystem, StatFs
from docgen.fs.nodes import Dir, Node, is_whiteout
from docgen.fs.plain import NOMINAL_CAPACITY, NOMINAL_INODES, PlainFs
from docgen.fs.tree import EMPTY_TREE, Tree

PRIVATE: Final = "trusted.overlay."
ORIGIN: Final = "trusted.overlay.origin"
"""On what was copied up: the number it had (Linux stores a file handle)."""
LAYER_INODES: Final = 1 << 20
"""Inode numbers of the layers are kept apart by this distance."""
ROOT: Final = 1
NOWHERE: Final = (0, "")
Real = tuple[int, int]
"""An inode of a lower layer: the layer's index, topmost 0, and the number there."""


@dataclass(slots=True)
class Inode:
    """An inode of the union: what it is made of. The number that names it never changes."""

    upper: int | None
    lower: tuple[Real, ...]
    """Directories that merge, topmost first; of anything else the one that is seen."""
    where: tuple[int, str]
    """Its directory and name; of a file with more names, the last one made."""
    removed: bool = False
    """The name `where` was taken away; the inode may still be open."""


class MergedFs(FileSystem):
    """Layers under an upper directory: what is found, listed and counted."""

    fstype = "overlay"
    device = "overlay"
    hidden_xattrs = PRIVATE

    def __init__(
        self, lowers: Sequence[Tree], upper: PlainFs | None, clock: Clock | None = None
    ) -> None:
        """`lowers` topmost first; without an upper the union is read-only."""
        super().__init__(clock or (upper.clock if upper else Clock()))
        self.lowers = tuple(lowers) or (EMPTY_TREE,)
        self.upper = upper
        self.read_only = upper is None or upper.read_only
        self.capacity = None if upper is None else upper.capacity
        below = tuple((layer, tree.root) for layer, tree in enumerate(self.lowers))
        self._inodes = {ROOT: Inode(None if upper is None else upper.root, below, NOWHERE)}
        self._names: dict[int, dict[str, int]] = {}
        """What was looked up, by directory: a name keeps its inode until it is removed."""
        self._by_upper: dict[int, int] = {} if upper is None else {upper.root: ROOT}
        self._pins: Counter[int] = Counter()
        self.root = ROOT

    def node(self, ino: int) -> Node:
        inode = self._inodes[ino]
        if inode.upper is not None and self.upper is not None:
            return self.upper.node(inode.upper)
        layer, number = inode.lower[0]
        return self.lowers[layer].inodes[number]

    def lookup(self, parent: int, name: str) -> int | None:
        if len(name) > 63 and len(name.encode("utf-8", "surrogateescape")) > NAME_MAX:
            raise FsError(Errno.ENAMETOOLONG)
        known = self._names.get(parent)
        if known is None:
            known = self._names[parent] = {}
        ino = known.get(name)
        if ino is None:
            found = self._look(parent, name)
            if found is None:
                return None
            ino = known[name] = self._number_of(found)
        return ino

    def _number_of(self, inode: Inode) -> int:
        """The number of an inode just found: the one it has, where its upper part is known."""
        if inode.upper is not None and inode.upper in self._by_upper:
            return self._by_upper[inode.upper]
        ino = len(self._inodes) + 1
        self._inodes[ino] = inode
        if inode.upper is not None:
            self._by_upper[inode.upper] = ino
        return ino

    def _look(self, ino: int, name: str) -> Inode | None:
        """ovl_lookup: the upper name, then the lower ones as far as directories merge."""
        parent = self._inodes[ino]
        if parent.removed:
            return None
        upper, is_dir = self._upper_entry(parent, name), False
        if upper is not None and self.upper is not None:
            node = self.upper.node(upper)
            if is_whiteout(node):
                return None
            if not isinstance(node, Dir) or node.opaque:
                return Inode(upper, (), (ino, name))
            is_dir = True
        lower: list[Real] = []
        for layer, number in parent.lower:
            child, below = self._lower_entry(layer, number, name)
            if below is None:
                continue
            if is_whiteout(below) or (is_dir and not isinstance(below, Dir)):
                break
            lower.append((layer, child))
            is_dir = True
            if not isinstance(below, Dir) or below.opaque:
                break
        if not lower and upper is None:
            return None
        return Inode(upper, tuple(lower), (ino, name))

    def _upper_entry(self, parent: Inode, name: str) -> int | None:
        if parent.upper is None or self.upper is None:
            return None
        return self.upper.lookup(parent.upper, name)

    def _lower_entry(self, layer: int, ino: int, name: str) -> tuple[int, Node | None]:
        tree = self.lowers[layer]
        directory = tree.directory(ino)
        child = None if directory is None else directory.entries.find(name)
        return (0, None) if child is None else (child, tree.inodes[child])

    def readdir(self, ino: int) -> list[str]:
        return sorted(name for name, visible in self._merged(ino).items() if visible)

    def is_empty(self, ino: int) -> bool:
        return not any(self._merged(ino).values())

    def _merged(self, ino: int) -> dict[str, bool]:
        """Every name in any layer of a directory, and whether it is there or taken away."""
        inode = self._inodes[ino]
        merged: dict[str, bool] = {}
        if inode.removed:
            return merged
        if inode.upper is not None and self.upper is not None:
            upper = self.upper
            node = upper.node(inode.upper)
            if isinstance(node, Dir):
                merged = {n: not is_whiteout(upper.node(i)) for n, i in node.entries.items()}
        for layer, number in inode.lower:
            tree = self.lowers[layer]
            directory = tree.directory(number)
            for name, child in () if directory is None else directory.entries.items():
                if name not in merged:
                    merged[name] = not is_whiteout(tree.inodes[child])
        return merged

    def where(self, ino: int) -> tuple[int, str] | None:
        inode = self._inodes[ino]
        return None if inode.removed or ino == ROOT else inode.where

    def above(self, ino: int) -> int | None:
        return None if ino == ROOT else self._inodes[ino].where[0]

    def links(self, ino: int) -> int:
        """A merged directory says 1; all else says what its real inode has."""
        inode = self._inodes[ino]
        if isinstance(self.node(ino), Dir) and len(inode.lower) + (inode.upper is not None) > 1:
            return 1
        if inode.upper is not None and self.upper is not None:
            return self.upper.links(inode.upper)
        layer, number = inode.lower[0]
        return self.lowers[layer].links(number)

    def number(self, ino: int) -> int:
        """Constant over copy-up, but for files that had hard links below."""
        inode = self._inodes[ino]
        if inode.upper is None or (inode.lower and isinstance(self.node(ino), Dir)):
            return self._layer_number(inode.lower[0])
        origin = self.node(ino).meta.xattr(ORIGIN)
        if origin is not None:
            return int(origin)
        return (len(self.lowers) + 1) * LAYER_INODES + inode.upper

    def _layer_number(self, real: Real) -> int:
        layer, number = real
        return (len(self.lowers) - layer) * LAYER_INODES + number

    def statfs(self) -> StatFs:
        if self.upper is None:
            return StatFs(self.fstype, NOMINAL_CAPACITY, 0, NOMINAL_INODES, 0)
        below = self.upper.statfs()
        return StatFs(self.fstype, below.total, below.free, below.inodes, below.inodes_free)

    def directory_size(self, node: Dir) -> tuple[int, int]:
        return (4096, 8) if self.upper is None else self.upper.directory_size(node)
