"""The size rules: what each driver counts when Docker prints a SIZE. All results are bytes."""

from __future__ import annotations

from collections.abc import Iterable

from docgen.fs.changes import Change
from docgen.fs.nodes import File, Node, Symlink
from docgen.fs.tree import Tree
from docgen.oci.tarform import raw_name
from docgen.store.ext4 import BLOCK


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


def files_in_blocks(difference: Tree) -> int:
    """containerd's btrfs (continuity, DiffUsage): blocks of changed files and symlinks, an inode
    once. On btrfs directories have no blocks, and a short symlink has one."""
    return sum(_blocks(node) for node in difference.inodes.values())


def _blocks(node: Node) -> int:
    match node:
        case File(content=content):
            return content.allocated(BLOCK)
        case Symlink():
            return BLOCK
        case _:
            return 0


def _apparent(node: Node) -> int:
    """st_size as these rules see it; a symlink's is the length of its target."""
    match node:
        case File(content=content):
            return content.size
        case Symlink(target=target):
            return len(raw_name(target))
        case _:
            return 0
