"""What ext4 allocates for an inode: st_blocks in bytes, for block size 4096 and inode size 256.

Worked out against a real ext4 (Docker's sizes on the containerd store, which sums st_blocks): an
upper directory that was copied up *and* holds something copied up carries two overlay attributes
that do not fit into its inode, and gets a block of its own for them.
"""

from __future__ import annotations

from typing import Final

from docgen.fs.nodes import Dir, File, Meta, Node, Symlink
from docgen.fs.tree import Tree
from docgen.oci.tarform import raw_name

BLOCK: Final = 4096
FAST_SYMLINK: Final = 60
"""A shorter target is kept in the inode."""
_IN_INODE: Final = 256 - 128 - 32 - 4
"""Bytes for attributes in the inode: its size less the old part, the extra fields and the magic."""
_ENTRY: Final = 16
_TERMINATOR: Final = 4
_PREFIXES: Final = ("user.", "trusted.", "security.", "system.")
_ORIGIN: Final = "trusted.overlay.origin"
_ORIGIN_BYTES: Final = 29
"""The kernel's file handle; the model keeps a shorter value."""
_OPAQUE: Final = ("trusted.overlay.opaque", 1)
_CHECKSUM: Final = 12
_DOTS: Final = 24


def allocated(tree: Tree) -> int:
    """Bytes of all inodes of a tree, the root directory included, an inode once."""
    return sum(node_bytes(node) for node in tree.inodes.values())


def node_bytes(node: Node) -> int:
    """Bytes of one inode with its attributes."""
    attributes = 0 if _fits(node) else BLOCK
    match node:
        case Dir():
            return attributes + directory_bytes(node)
        case File(content=content):
            return attributes + content.allocated(BLOCK)
        case Symlink(target=target):
            return attributes + (0 if len(raw_name(target)) < FAST_SYMLINK else BLOCK)
        case _:
            return attributes


def directory_bytes(node: Dir) -> int:
    """One block for a small directory; a hashed one has a root and leaves that split in halves."""
    names = sum(8 + _padded(len(raw_name(name))) for name in node.entries)
    room = BLOCK - _CHECKSUM
    if names + _DOTS <= room:
        return BLOCK
    leaves = 2
    while names > leaves * room:
        leaves *= 2
    return (1 + leaves) * BLOCK


def _fits(node: Node) -> bool:
    """Whether all attributes have room in the inode."""
    sizes = [_attribute(name, _value(name, value)) for name, value in node.meta.xattrs]
    if isinstance(node, Dir) and node.opaque and not _has(node.meta, _OPAQUE[0]):
        sizes.append(_attribute(*_OPAQUE))
    return not sizes or sum(sizes) + _TERMINATOR <= _IN_INODE


def _has(meta: Meta, name: str) -> bool:
    return meta.xattr(name) is not None


def _value(name: str, value: bytes) -> int:
    return _ORIGIN_BYTES if name == _ORIGIN else len(value)


def _attribute(name: str, value: int) -> int:
    """An entry with its name (the well-known prefix is a number on disk) and its value."""
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return _ENTRY + _padded(len(name)) + _padded(value)


def _padded(size: int) -> int:
    return size + -size % 4
