"""The canonical tar of a tree: what a layer's DiffID is the sha256 of.

Order and headers are those of moby's go-archive: depth first with sorted names, no entry for the
root, whole seconds, PAX only where needed, later names of one inode as hard links, a whiteout as
an empty `.wh.NAME`, an opaque directory followed by `.wh..wh..opq`. Overlay's own attributes stay
out.

Sealed bytes (known by size and sha256 only) take part with their seal: such a DiffID is stable
and tells apart what differs, but is not the one a real engine would compute. The base image
carries its true DiffID in its manifest instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from docgen.fs.content import EMPTY, Content
from docgen.fs.nodes import Dir, Meta, Node, Whiteout
from docgen.fs.tree import Tree
from docgen.oci.bytestream import content_digest
from docgen.oci.members import member, member_of
from docgen.oci.tarform import Member, Type, raw_name
from docgen.oci.tarstream import tar_parts

WHITEOUT: Final = ".wh."
OPAQUE: Final = ".wh..wh..opq"


@dataclass(frozen=True)
class LayerTar:
    """A tree seen as a tar; computed when asked for, once."""

    tree: Tree

    def parts(self) -> Iterator[Content]:
        """The tar, in order: headers, data, padding."""
        yield from tar_parts(members(self.tree))

    @cached_property
    def size(self) -> int:
        """Bytes of the tar."""
        return sum(part.size for part in self.parts())

    @cached_property
    def diff_id(self) -> str:
        """`sha256:…` of the tar; see the module for sealed bytes. LimitExceeded when too long."""
        return content_digest(self.content())

    def content(self) -> Content:
        """The whole tar as one content; fills and seals stay what they are."""
        return Content.join(self.parts())


def layer_tar(tree: Tree) -> LayerTar:
    """The canonical tar of `tree`."""
    return LayerTar(tree)


def members(tree: Tree) -> Iterator[tuple[Member, Content]]:
    """Every name of the tree but the root, depth first, names sorted as bytes."""
    first_names: dict[int, str] = {}
    todo = [("", tree.root)]
    while todo:
        path, ino = todo.pop()
        node = tree.node(ino)
        if path:
            yield from _entry(path, ino, node, first_names)
        if isinstance(node, Dir):
            below = sorted(node.entries.items(), key=lambda one: raw_name(one[0]), reverse=True)
            todo.extend((f"{path}/{name}" if path else name, child) for name, child in below)


def _entry(
    path: str, ino: int, node: Node, first_names: dict[int, str]
) -> Iterator[tuple[Member, Content]]:
    if isinstance(node, Whiteout):
        yield _whiteout(path, node.meta), EMPTY
        return
    found, data = member_of(path, node)
    if not isinstance(node, Dir):
        first = first_names.setdefault(ino, path)
        if first != path:
            yield member(node.meta, path, Type.HARD_LINK, link=first), EMPTY
            return
    yield found, data
    if isinstance(node, Dir) and node.opaque:
        yield _opaque_marker(path, node.meta), EMPTY


def _whiteout(path: str, meta: Meta) -> Member:
    """go-archive, archive_linux.go: mode 0600, owner and time of the device that stood for it."""
    folder, slash, name = path.rpartition("/")
    hidden = f"{folder}{slash}{WHITEOUT}{name}"
    mtime = meta.mtime_ns // 10**9
    return Member(hidden, Type.FILE, 0o600, meta.uid, meta.gid, mtime=mtime)


def _opaque_marker(path: str, meta: Meta) -> Member:
    """go-archive gives it the directory's mode and owner, and no time."""
    return Member(f"{path}/{OPAQUE}", Type.FILE, meta.mode & 0o777, meta.uid, meta.gid)
