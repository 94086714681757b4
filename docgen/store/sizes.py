"""The size rules: what each driver counts when Docker prints a SIZE. All results are bytes."""

from __future__ import annotations

from collections.abc import Iterable

from docgen.fs.changes import Change
from docgen.fs.nodes import Dir, File, Node, Symlink
from docgen.fs.tree import Tree
from docgen.oci.tarform import raw_name


def apparent(tree: Tree) -> int:
    """moby, directory.Size: every inode once, directories and empty files not."""
    return sum(_apparent(node) for node in tree.inodes.values())


def unpacked(layer: Tree) -> int:
    """What go-archive counts while it unpacks a layer: the sizes in the tar headers. Symlinks and
    further hard links have none."""
    files = (node for node in layer.inodes.values() if isinstance(node, File))
    return sum(file.content.size for file in files)


def changed(changes: Iterable[Change], view: Tree) -> int:
    """go-archive, ChangesSize: whole files that were added or changed, an inode once."""
    numbers = {view.lookup(change.path) for change in changes if change.kind != "D"}
    return sum(_apparent(view.node(ino)) for ino in numbers if ino is not None)


def _apparent(node: Node) -> int:
    """st_size as these rules see it; a symlink's is the length of its target."""
    match node:
        case File(content=content):
            return content.size
        case Symlink(target=target):
            return len(raw_name(target))
        case Dir():
            return 0
        case _:
            return 0
