"""Trees of the file system as entries of a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from docgen.fs import nodes
from docgen.fs.nodes import Dir, File, Node, Symlink, is_whiteout, kind_of
from docgen.fs.tree import Tree
from docgen.limits import MIB
from docgen.oci.base import base_image
from docgen.oci.base_manifest import NAMES
from docgen.record.snapshot import Entry, Kind

DIGESTED: Final = 1 * MIB
"""Files up to this size carry their digest."""
KINDS: Final = {one: Kind(one.value) for one in nodes.Kind}
MOST: Final = 2_000
"""Entries of one host path: a page may bind the whole host."""

IsBelow = Callable[[str], bool]
"""Does a layer below hold a non-directory at this path?"""


def shown_kind(node: Node) -> Kind:
    """The kind of an inode in the words of a snapshot."""
    return KINDS[kind_of(node)]


@cache
def _of_base_images() -> Mapping[int, tuple[Tree, tuple[Entry, ...]]]:
    """Every host begins with these, so all pages of a process share them."""
    trees = [tree for name in NAMES for tree in base_image(name).layers]
    return {id(tree): (tree, entries_below(tree, tree.root)) for tree in trees}


@dataclass(slots=True)
class Entries:
    """The entries of trees, each made once: a frozen tree does not change."""

    _known: dict[int, tuple[Tree, tuple[Entry, ...]]] = field(
        default_factory=lambda: dict(_of_base_images())
    )

    def of(self, tree: Tree) -> tuple[Entry, ...]:
        """All of a layer, sorted by walking, without the root."""
        known = self._known.get(id(tree))
        if known is None:
            known = self._known[id(tree)] = (tree, entries_below(tree, tree.root))
        return known[1]


def entries_below(
    tree: Tree, top: int, is_below: IsBelow | None = None, most: int | None = None
) -> tuple[Entry, ...]:
    """What lies below a directory of a tree; paths start at that directory.

    `is_below` tells what a file of a writable layer was copied up from.
    """
    numbers: dict[int, int] = {}
    found: list[Entry] = []
    for path, ino, node in _walk(tree, top):
        linked = not isinstance(node, Dir) and tree.links(ino) > 1
        number = numbers.setdefault(ino, len(numbers) + 1) if linked else 0
        copied = is_below is not None and isinstance(node, File) and is_below(path)
        found.append(entry(path, node, number, copied))
        if most is not None and len(found) >= most:
            break
    return tuple(found)


def entry(path: str, node: Node, number: int = 0, copied_up: bool = False) -> Entry:
    meta = node.meta
    if is_whiteout(node):
        return Entry(path, Kind.WHITEOUT)
    content = node.content if isinstance(node, File) else None
    digest = content.sha256() if content is not None and content.size <= DIGESTED else ""
    target = node.target if isinstance(node, Symlink) else ""
    return Entry(
        path=path,
        kind=shown_kind(node),
        size=content.size if content is not None else len(target.encode()),
        mode=meta.mode,
        uid=meta.uid,
        gid=meta.gid,
        target=target,
        inode=number,
        digest=digest,
        opaque=isinstance(node, Dir) and node.opaque,
        copied_up=copied_up,
    )


def _walk(tree: Tree, top: int) -> Iterator[tuple[str, int, Node]]:
    """As Tree.walk, from any directory, without it."""
    pending: list[tuple[str, int]] = [("", top)]
    while pending:
        path, ino = pending.pop()
        node = tree.node(ino)
        if path:
            yield path, ino, node
        if isinstance(node, Dir):
            pending += reversed([(f"{path}/{name}", child) for name, child in node.entries.items()])
