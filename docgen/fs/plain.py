"""A plain POSIX file system over a draft: ext4, tmpfs and the like."""

from __future__ import annotations

from collections import Counter
from typing import Final

from docgen.diagnostics import LimitExceeded
from docgen.fs.clock import Clock
from docgen.fs.content import EMPTY, Content
from docgen.fs.errors import Errno, FsError
from docgen.fs.filesystem import NAME_MAX, FileSystem, StatFs
from docgen.fs.nodes import Dir, File, Meta, Node, with_meta
from docgen.fs.tree import EMPTY_TREE, Draft, Tree
from docgen.limits import DIRECTORY_DEPTH, GIB, INODES

PAGE: Final = 4096
"""Files occupy whole pages (tmpfs) or blocks (ext4) of this size."""
COUNTED: Final = ("tmpfs", "mqueue")
WITHOUT_SIZE: Final = ("sysfs", "devpts")
NOMINAL_CAPACITY: Final = 64 * GIB
"""What df shows of a file system that a page cannot fill."""
NOMINAL_INODES: Final = 4_194_304


class PlainFs(FileSystem):
    """Mutable. `snapshot` gives the frozen tree at any moment, at the cost of the changes since."""

    def __init__(
        self,
        tree: Tree = EMPTY_TREE,
        clock: Clock | None = None,
        fstype: str = "ext4",
        capacity: int | None = None,
        device: str = "",
        read_only: bool = False,
    ) -> None:
        """`capacity` in bytes (None: a page cannot fill it); `device` as /proc/mounts names it."""
        super().__init__(clock or Clock())
        self.fstype = fstype
        self.capacity = capacity
        self.device = device or fstype
        self.read_only = read_only
        self.root = tree.root
        self._draft = Draft(tree)
        self._pins: Counter[int] = Counter()
        self._orphans: dict[int, Node] = {}
        """Inodes that are held, without a name."""
        self._above: dict[int, int] = {}
        """Where they were."""
        self._used = _pages(tree) if capacity is not None else 0

    def snapshot(self) -> Tree:
        """Everything that has a name, now."""
        return self._draft.freeze()

    def node(self, ino: int) -> Node:
        node = self._draft.node(ino) or self._orphans.get(ino)
        if node is None:
            raise FsError(Errno.ENOENT)
        return node

    def lookup(self, parent: int, name: str) -> int | None:
        if len(name) > 63 and len(name.encode("utf-8", "surrogateescape")) > NAME_MAX:
            raise FsError(Errno.ENAMETOOLONG)
        directory = self._draft.directory(parent)
        return None if directory is None else directory.entries.find(name)

    def readdir(self, ino: int) -> list[str]:
        directory = self._draft.directory(ino)
        return [] if directory is None else list(directory.entries)

    def is_empty(self, ino: int) -> bool:
        directory = self._draft.directory(ino)
        return directory is None or not directory.entries

    def where(self, ino: int) -> tuple[int, str] | None:
        names = self._draft.names(ino)
        return names[0] if names else None

    def above(self, ino: int) -> int | None:
        names = self._draft.names(ino)
        return names[0][0] if names else self._above.get(ino)

    def links(self, ino: int) -> int:
        return self._draft.links(ino) if ino not in self._orphans else 0

    def statfs(self) -> StatFs:
        capacity = self.capacity
        used = self._used if capacity is not None else _pages(self.snapshot())
        total = NOMINAL_CAPACITY if capacity is None else capacity
        free = max(total - used, 0)
        return StatFs(self.fstype, total, free, NOMINAL_INODES, NOMINAL_INODES - self._draft.count)

    def directory_size(self, node: Dir) -> tuple[int, int]:
        """ext4 gives a directory a block; tmpfs and mqueue count 20 bytes a name (BOGO_DIRENT_SIZE,
        DIRENT_SIZE); sysfs and devpts have none."""
        if self.fstype in COUNTED:
            return 20 * (len(node.entries) + 2), 0
        return (0, 0) if self.fstype in WITHOUT_SIZE else (4096, 8)

    def pin(self, ino: int) -> None:
        self._pins[ino] += 1

    def unpin(self, ino: int) -> None:
        self._pins[ino] -= 1
        if self._pins[ino] <= 0:
            del self._pins[ino]
            self._above.pop(ino, None)
            self._forget(self._orphans.pop(ino, None))

    def prepare_write(self, ino: int) -> None:
        if self.read_only:
            self.refuse_write(ino)

    def make(self, parent: int, name: str, node: Node) -> int:
        now = self.clock.tick()
        return self.adopt(parent, name, with_meta(node, node.meta.born(now)), now)

    def adopt(self, parent: int, name: str, node: Node, now_ns: int | None = None) -> int:
        """As `make`, with the inode's own times; the directory's become `now_ns` where given."""
        directory = self._directory(parent)
        if self.lookup(parent, name) is not None:
            raise FsError(Errno.EEXIST)
        if self._draft.count >= INODES:
            raise LimitExceeded(f"more than {INODES} files", "let the page make fewer of them")
        if isinstance(node, Dir):
            self._shallow(parent)
        self._charge(EMPTY, node.content if isinstance(node, File) else EMPTY)
        ino = self._draft.add(node)
        meta = directory.meta if now_ns is None else directory.meta.modified(now_ns)
        self._draft.link(parent, name, ino, meta)
        return ino

    def _shallow(self, ino: int) -> None:
        """Another level of directories is within the limit."""
        depth = 1
        while names := self._draft.names(ino):
            ino, depth = names[0][0], depth + 1
        if depth > DIRECTORY_DEPTH:
            raise LimitExceeded(f"directories more than {DIRECTORY_DEPTH} deep", "nest them less")

    def link(self, ino: int, parent: int, name: str) -> None:
        directory = self._directory(parent)
        if self.lookup(parent, name) is not None:
            raise FsError(Errno.EEXIST)
        if ino in self._orphans:
            raise FsError(Errno.ENOENT)
        now = self.clock.tick()
        self._draft.link(parent, name, ino, directory.meta.modified(now))
        self._touch(ino, now)

    def unlink(self, parent: int, name: str) -> None:
        self.drop(parent, name, self.clock.tick())

    def rmdir(self, parent: int, name: str) -> None:
        if not self.is_empty(self._entry(parent, name)):
            raise FsError(Errno.ENOTEMPTY)
        self.drop(parent, name, self.clock.tick())

    def drop(self, parent: int, name: str, now_ns: int | None = None) -> None:
        """Take a name away, whatever it is; the directory's times become `now_ns` where given."""
        directory = self._directory(parent)
        ino = self._entry(parent, name)
        node = self.node(ino)
        self._draft.unlink(
            parent, name, directory.meta if now_ns is None else directory.meta.modified(now_ns)
        )
        if self._draft.names(ino):
            self._touch(ino, now_ns or self.clock.now_ns)
        elif self._pins[ino]:
            self._orphans[ino] = node
            self._above[ino] = parent
        else:
            self._forget(node)

    def rename(self, old: tuple[int, str], new: tuple[int, str]) -> None:
        ino = self._entry(*old)
        target = self.lookup(*new)
        if target == ino:
            return
        if self._draft.directory(ino) is not None:
            self._shallow(new[0])
        now = self.clock.tick()
        if target is not None:
            if not self.is_empty(target):
                raise FsError(Errno.ENOTEMPTY)
            self.drop(*new, now)
        metas = [self._directory(parent).meta.modified(now) for parent in (old[0], new[0])]
        self._draft.move(old, new, (metas[0], metas[1]))
        self._touch(ino, now)

    def set_meta(self, ino: int, meta: Meta) -> None:
        self.replace(ino, with_meta(self.node(ino), meta))

    def set_content(self, ino: int, content: Content) -> None:
        file = self._file(ino)
        self._charge(file.content, content)
        self._meter(file.content, content)
        self.replace(ino, File(file.meta.modified(self.clock.tick()), content))

    def truncate(self, ino: int, size: int) -> None:
        """tmpfs leaves the times of a file of that size without a page; ext4 does not."""
        content = self._file(ino).content
        if self.fstype == "tmpfs" and content.size == size and not content.extents:
            return
        super().truncate(ino, size)

    def write(self, ino: int, offset: int, data: Content) -> int:
        file = self._file(ino)
        content = file.content.write(offset, data)
        if self.capacity is not None:
            data = self._fitting(file.content, offset, data)
            content = file.content.write(offset, data)
        self._charge(file.content, content)
        self._meter(file.content, content)
        self.replace(ino, File(file.meta.modified(self.clock.tick()), content))
        return data.size

    def replace(self, ino: int, node: Node) -> None:
        """Put another node under a number, named or not."""
        if ino in self._orphans:
            self._orphans[ino] = node
        else:
            self._draft.replace(ino, node)

    def _fitting(self, content: Content, offset: int, data: Content) -> Content:
        """As much of the data as there are free pages for. ENOSPC where not a byte fits."""
        free = (self.capacity or 0) - self._used + content.allocated(PAGE)
        if content.write(offset, data).allocated(PAGE) <= free:
            return data
        first = PAGE - offset % PAGE
        low, high = 0, (data.size - first) // PAGE + 1
        while low < high:
            middle = (low + high + 1) // 2
            part = data.read(0, first + (middle - 1) * PAGE)
            fits = content.write(offset, part).allocated(PAGE) <= free
            low, high = (middle, high) if fits else (low, middle - 1)
        if not low:
            raise FsError(Errno.ENOSPC)
        return data.read(0, first + (low - 1) * PAGE)

    def _charge(self, old: Content, new: Content) -> None:
        if self.capacity is None:
            return
        grown = new.allocated(PAGE) - old.allocated(PAGE)
        if grown > 0 and self._used + grown > self.capacity:
            raise FsError(Errno.ENOSPC)
        self._used += grown

    def _meter(self, old: Content, new: Content) -> None:
        """The page's account of literal bytes."""
        grown = new.literal - old.literal
        if grown > 0:
            self.clock.charge(grown)

    def _forget(self, node: Node | None) -> None:
        """The last trace of an inode is gone: its pages are free."""
        if isinstance(node, File):
            self._charge(node.content, EMPTY)

    def _touch(self, ino: int, now_ns: int) -> None:
        node = self.node(ino)
        self.replace(ino, with_meta(node, node.meta.changed(now_ns)))

    def _directory(self, ino: int) -> Dir:
        directory = self._draft.directory(ino)
        if directory is None:
            raise FsError(Errno.ENOENT if ino in self._orphans else Errno.ENOTDIR)
        return directory

    def _file(self, ino: int) -> File:
        node = self.node(ino)
        if not isinstance(node, File):
            raise FsError(Errno.EISDIR if isinstance(node, Dir) else Errno.EINVAL)
        return node

    def _entry(self, parent: int, name: str) -> int:
        ino = self.lookup(parent, name)
        if ino is None:
            raise FsError(Errno.ENOENT)
        return ino


def _pages(tree: Tree) -> int:
    """Bytes that the files of a tree occupy, in whole pages."""
    files = (node for node in tree.inodes.values() if isinstance(node, File))
    return sum(file.content.allocated(PAGE) for file in files)
