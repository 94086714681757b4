"""overlayfs as Docker mounts it: index=off, redirect_dir and metacopy off.

Written after fs/overlayfs of Linux 6.18 and held to it by tests/fs/test_kernel_overlay.py, which
compares errno, the visible tree and the raw upper directory.
"""

from __future__ import annotations

from typing import Final

from docgen.fs.content import Content
from docgen.fs.errors import Errno, FsError
from docgen.fs.merged import ORIGIN, PRIVATE, Inode, MergedFs
from docgen.fs.nodes import Dir, Meta, Node, Whiteout, is_whiteout, with_meta
from docgen.fs.plain import PlainFs
from docgen.fs.tree import EMPTY_TREE, Tree

IMPURE: Final = "trusted.overlay.impure"
"""On a directory that holds something copied up."""


class UnionFs(MergedFs):
    """Mutable. Lower trees are never touched; every change lands in `upper`."""

    def upper_tree(self) -> Tree:
        """The raw upper directory: whiteouts, opaque marks and overlayfs's own attributes."""
        return EMPTY_TREE if self.upper is None else self.upper.snapshot()

    # Open files

    def pin(self, ino: int) -> None:
        inode = self._inodes[ino]
        self._pins[ino] += 1
        if self._pins[ino] == 1 and inode.upper is not None and self.upper is not None:
            self.upper.pin(inode.upper)

    def unpin(self, ino: int) -> None:
        inode = self._inodes[ino]
        self._pins[ino] -= 1
        if self._pins[ino] == 0 and inode.upper is not None and self.upper is not None:
            self.upper.unpin(inode.upper)

    def prepare_write(self, ino: int) -> None:
        """Opening for writing copies the file up, also when nothing is written then."""
        self._copy_up(ino)

    # Copy-up

    def _writable(self) -> PlainFs:
        if self.upper is None or self.upper.read_only:
            raise FsError(Errno.EROFS)
        return self.upper

    def _copy_up(self, ino: int) -> int:
        """The inode's number in the upper directory, after copying it and what lies above it up."""
        upper = self._writable()
        pending: list[int] = []
        while (real := self._inodes[ino].upper) is None:
            pending.append(ino)
            ino = self._inodes[ino].where[0]
        for child in reversed(pending):
            real = self._copy_one(upper, real, child)
        return real

    def _copy_one(self, upper: PlainFs, parent: int, ino: int) -> int:
        """ovl_copy_up_one: the whole file, or the directory alone; the parent's times stay."""
        inode = self._inodes[ino]
        self._mark_impure(upper, parent)
        if inode.removed:  # but still open: its name is taken by its whiteout
            raise FsError(Errno.EEXIST)
        node, name = self.node(ino), inode.where[1]
        meta = _public(node.meta).changed(self.clock.tick())
        layer, number = inode.lower[0]
        if isinstance(node, Dir) or self.lowers[layer].links(number) == 1:
            meta = meta.with_xattr(ORIGIN, str(self._layer_number(inode.lower[0])).encode())
        copy = Dir(meta) if isinstance(node, Dir) else with_meta(node, meta)
        inode.upper = upper.adopt(parent, name, copy)
        self._by_upper[inode.upper] = ino
        if self._pins[ino]:
            upper.pin(inode.upper)
        return inode.upper

    def _mark_impure(self, upper: PlainFs, directory: int) -> None:
        meta = upper.node(directory).meta
        if meta.xattr(IMPURE) is None:
            upper.set_meta(directory, meta.with_xattr(IMPURE, b"y"))

    # Writing

    def make(self, parent: int, name: str, node: Node) -> int:
        """A directory over a whiteout becomes opaque."""
        upper = self._writable()
        above = self._open_directory(parent)
        if self._drop_whiteout(upper, above, name) and isinstance(node, Dir):
            node = Dir(node.meta, node.entries, opaque=True)
        real = upper.make(above, name, node)
        ino = self._number_of(Inode(real, (), (parent, name)))
        self._names.setdefault(parent, {})[name] = ino
        return ino

    def _open_directory(self, ino: int) -> int:
        """A directory that takes a new name, copied up. ENOENT in a removed one."""
        if self._inodes[ino].removed:
            raise FsError(Errno.ENOENT)
        return self._copy_up(ino)

    def _drop_whiteout(self, upper: PlainFs, directory: int, name: str) -> bool:
        """Whether there was a whiteout in the way."""
        if upper.lookup(directory, name) is None:
            return False
        upper.drop(directory, name)
        return True

    def link(self, ino: int, parent: int, name: str) -> None:
        """The file is copied up first: its other names of a lower layer are left behind."""
        upper = self._writable()
        real = self._copy_up(ino)
        above = self._open_directory(parent)
        self._drop_whiteout(upper, above, name)
        upper.link(real, above, name)
        self._move_mark(upper, real, above)
        inode = self._inodes[ino]
        inode.where, inode.removed = (parent, name), False
        self._names.setdefault(parent, {})[name] = ino

    def _move_mark(self, upper: PlainFs, real: int, directory: int) -> None:
        """A directory that gets something that was copied up is impure."""
        if upper.node(real).meta.xattr(ORIGIN) is not None:
            self._mark_impure(upper, directory)

    def unlink(self, parent: int, name: str) -> None:
        self._remove(parent, name)

    def rmdir(self, parent: int, name: str) -> None:
        self._require_empty(self.lookup(parent, name))
        self._remove(parent, name)

    def _remove(self, parent: int, name: str) -> None:
        """Upper names go; where a lower one would show, a whiteout comes."""
        upper = self._writable()
        ino = self._existing(parent, name)
        covers = self._lower_positive(parent, name, self._inodes[ino])
        above = self._copy_up(parent)
        now = self.clock.tick()
        self._drop_upper(upper, above, name, now)
        if covers:
            upper.adopt(above, name, Whiteout(_whiteout_meta(now)), now)
        self._forget(parent, name, ino)

    def _existing(self, parent: int, name: str) -> int:
        ino = self.lookup(parent, name)
        if ino is None:
            raise FsError(Errno.ENOENT)
        return ino

    def _lower_positive(self, parent: int, name: str, inode: Inode) -> bool:
        """ovl_lower_positive: whether a lower layer has something under the name."""
        if inode.upper is None:
            return True
        for layer, number in self._inodes[parent].lower:
            _, node = self._lower_entry(layer, number, name)
            if node is not None:
                return not is_whiteout(node)
        return False

    def _drop_upper(self, upper: PlainFs, directory: int, name: str, now: int) -> None:
        """Take a name away from the upper directory, with the whiteouts in an emptied one."""
        real = upper.lookup(directory, name)
        if real is None:
            return
        for inner in upper.readdir(real):
            upper.drop(real, inner)
        upper.drop(directory, name, now)

    def _forget(self, parent: int, name: str, ino: int) -> None:
        self._names.get(parent, {}).pop(name, None)
        self._names.pop(ino, None)
        inode = self._inodes[ino]
        if inode.where == (parent, name):
            inode.removed = True

    def rename(self, old: tuple[int, str], new: tuple[int, str]) -> None:
        """EXDEV for a directory that any lower layer has. A moved directory becomes opaque where
        its new place could merge."""
        upper = self._writable()
        ino, target = self._existing(*old), self.lookup(*new)
        if target == ino:
            return
        inode = self._inodes[ino]
        if inode.lower and isinstance(self.node(ino), Dir):
            raise FsError(Errno.EXDEV)
        if target is not None and self._inodes[target].lower:
            self._require_empty(target)
        covers = self._lower_positive(*old, inode)
        real, old_dir, new_dir = (
            self._copy_up(ino),
            self._copy_up(old[0]),
            self._open_directory(new[0]),
        )
        self._shield(upper, real, new[0])
        self._require_empty(target)
        now = self.clock.tick()
        self._drop_upper(upper, new_dir, new[1], now)
        if target is not None:
            self._forget(*new, target)
        upper.rename((old_dir, old[1]), (new_dir, new[1]))
        if covers:
            upper.adopt(old_dir, old[1], Whiteout(_whiteout_meta(now)), now)
        self._move_mark(upper, real, new_dir)
        self._names.get(old[0], {}).pop(old[1], None)
        self._names.setdefault(new[0], {})[new[1]] = ino
        inode.where = new

    def _shield(self, upper: PlainFs, real: int, parent: int) -> None:
        """A directory that moves to where it could merge becomes opaque."""
        node = upper.node(real)
        if isinstance(node, Dir) and not node.opaque and self._inodes[parent].lower:
            upper.replace(real, Dir(node.meta, node.entries, opaque=True))

    def _require_empty(self, ino: int | None) -> None:
        if ino is not None and not self.is_empty(ino):
            raise FsError(Errno.ENOTEMPTY)

    def set_meta(self, ino: int, meta: Meta) -> None:
        """Copies up even where nothing changes."""
        upper = self._writable()
        real = self._copy_up(ino)
        own = [pair for pair in upper.node(real).meta.xattrs if pair[0].startswith(PRIVATE)]
        meta = _public(meta)
        for name, value in own:
            meta = meta.with_xattr(name, value)
        upper.set_meta(real, meta)

    def set_content(self, ino: int, content: Content) -> None:
        self._writable().set_content(self._copy_up(ino), content)

    def truncate(self, ino: int, size: int) -> None:
        self._writable().truncate(self._copy_up(ino), size)

    def write(self, ino: int, offset: int, data: Content) -> int:
        return self._writable().write(self._copy_up(ino), offset, data)


def _public(meta: Meta) -> Meta:
    """Without overlayfs's own attributes: they are not copied up."""
    for name, _ in meta.xattrs:
        if name.startswith(PRIVATE):
            meta = meta.with_xattr(name, None)
    return meta


def _whiteout_meta(now: int) -> Meta:
    return Meta(mode=0).born(now)
