"""What ext4 allocates, as docker's sizes on the containerd store showed it."""

from __future__ import annotations

import pytest

from docgen.fs.content import Content
from docgen.fs.nodes import Device, Dir, Fifo, File, Meta, Node, Symlink, Whiteout
from docgen.fs.tree import Draft, Tree
from docgen.store.ext4 import BLOCK, allocated, node_bytes

ORIGIN = ("trusted.overlay.origin", b"17")
IMPURE = ("trusted.overlay.impure", b"y")


@pytest.mark.parametrize(
    ("node", "blocks"),
    [
        (File(), 0),
        (File(Meta(), Content.of("x")), 1),
        (File(Meta(), Content.fill(0, 10 << 10)), 3),
        (File(Meta(), Content.hole(1 << 30)), 0),
        (Dir(), 1),
        (Symlink(Meta(), "a" * 59), 0),
        (Symlink(Meta(), "a" * 60), 1),
        (Device(), 0),
        (Fifo(), 0),
        (Whiteout(), 0),
        (Dir(Meta(xattrs=(ORIGIN,))), 1),
        (Dir(Meta(xattrs=(IMPURE,))), 1),
        (Dir(Meta(xattrs=(IMPURE, ORIGIN))), 2),
        (Dir(Meta(xattrs=(IMPURE,)), opaque=True), 1),
        (File(Meta(xattrs=(("user.note", b"x" * 200),)), Content.of("x")), 2),
    ],
)
def test_blocks_of_one_inode(node: Node, blocks: int) -> None:
    assert node_bytes(node) == blocks * BLOCK


@pytest.mark.parametrize(("files", "blocks"), [(100, 1), (145, 1), (150, 3), (400, 5)])
def test_a_large_directory_is_hashed_and_grows_by_halves(files: int, blocks: int) -> None:
    """400 names like these took 20,480 bytes on a real host: a root and four leaves."""
    tree = Tree.build({f"/d/file-with-name-{number}": File() for number in range(1, files + 1)})
    node = tree.at("/d")
    assert node is not None
    assert node_bytes(node) == blocks * BLOCK


def test_a_tree_counts_an_inode_once_and_its_root_too() -> None:
    draft = Draft(Tree.build({"/a": File(Meta(), Content.of("x"))}, {"/b": "/a"}))
    assert allocated(draft.freeze()) == 2 * BLOCK
