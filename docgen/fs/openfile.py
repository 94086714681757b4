"""An open file: a position in a regular file, or a kernel character device."""

from __future__ import annotations

from hashlib import shake_128
from typing import Final

from docgen.diagnostics import NotSimulated
from docgen.fs.content import EMPTY, Content
from docgen.fs.credentials import Credentials, without_setid
from docgen.fs.errors import Errno, FsError
from docgen.fs.filesystem import Stat
from docgen.fs.flags import ACCESS_MODE, APPEND, WRONLY
from docgen.fs.mounts import Place
from docgen.fs.nodes import Device, Dir, Fifo, File
from docgen.fs.stats import stat_of
from docgen.fs.walk import Walker
from docgen.limits import PIPE_BYTES

SEEK_SET: Final = 0
SEEK_CUR: Final = 1
SEEK_END: Final = 2
NULL: Final = (1, 3)
ZERO: Final = (1, 5)
FULL: Final = (1, 7)
RANDOM: Final = (1, 8)
URANDOM: Final = (1, 9)
DEVICES: Final = frozenset({NULL, ZERO, FULL, RANDOM, URANDOM})
"""Major and minor of the character devices that behave; others cannot be opened (ENXIO)."""
CAPABILITY: Final = "security.capability"


class OpenFile:
    """A Stream (daemon/runner.py) with a position.

    Reads see what others write meanwhile, also after overlayfs has copied the file up.
    """

    def __init__(self, viewer: Walker, place: Place, flags: int, executes: bool = False) -> None:
        """`executes`: it runs as a program and may not be written meanwhile."""
        self.place = place
        self.flags = flags
        self.pos = 0
        self.closed = False
        self._fs = place.mount.fs
        self._viewer = viewer
        self._fs.pin(place.ino)
        self._writes = flags & ACCESS_MODE != 0
        self._writer = self._writes and isinstance(self._fs.node(place.ino), File)
        self._holds = self._fs.writers if self._writer else self._fs.executing if executes else None
        if self._holds is not None:
            self._holds[place.ino] += 1

    def readable(self) -> bool:
        """Always: a file never blocks."""
        return True

    def writable(self) -> bool:
        """Always: a file never blocks."""
        return True

    def read(self, limit: int) -> Content:
        """At most `limit` bytes from the position; empty at the end. EBADF, EISDIR."""
        if self.closed or self.flags & ACCESS_MODE == WRONLY:
            raise FsError(Errno.EBADF)
        node = self._fs.node(self.place.ino)
        if isinstance(node, Device):
            return self._device_read((node.major, node.minor), limit)
        if isinstance(node, Dir):
            raise FsError(Errno.EISDIR)
        data = self._fs.content(self.place.ino, self._viewer).read(self.pos, limit)
        self.pos += data.size
        return data

    def write(self, data: Content | bytes) -> int:
        """All of the data at the position (at the end with APPEND); returns its size. What fits is
        written before ENOSPC. EBADF."""
        done = 0
        content = data if isinstance(data, Content) else Content.of(data)
        while True:
            done += self.write_some(content.read(done, content.size))
            if done >= content.size:
                return done

    def write_some(self, data: Content) -> int:
        """write(2): how many bytes were taken, fewer than asked where the file system filled up."""
        if self.closed or not self._writes:
            raise FsError(Errno.EBADF)
        node = self._fs.node(self.place.ino)
        if isinstance(node, Device):
            return _device_write((node.major, node.minor), data)
        if not data.size:
            return 0
        offset = self._size() if self.flags & APPEND else self.pos
        self._drop_privileges()
        written = self._fs.write(self.place.ino, offset, data)
        self.pos = offset + written
        return written

    def seek(self, pos: int, whence: int = SEEK_SET) -> int:
        """Move the position and return it. EINVAL before the start."""
        base = {SEEK_SET: 0, SEEK_CUR: self.pos, SEEK_END: self._size()}[whence]
        if base + pos < 0:
            raise FsError(Errno.EINVAL)
        self.pos = base + pos
        return self.pos

    def truncate(self, n: int) -> None:
        """ftruncate(2); the position stays. EINVAL where it is not open for writing."""
        if not self._writer:
            raise FsError(Errno.EINVAL)
        self._drop_privileges()
        self._fs.truncate(self.place.ino, n)

    def stat(self) -> Stat:
        """fstat(2)."""
        return stat_of(self._viewer.table, self.place)

    def content(self) -> Content:
        """All that the file holds, whatever the position."""
        return self._fs.content(self.place.ino, self._viewer)

    def close(self) -> None:
        """Give the file back; a second close does nothing."""
        if self.closed:
            return
        self.closed = True
        if self._holds is not None:
            self._holds[self.place.ino] -= 1
        self._fs.unpin(self.place.ino)

    def _size(self) -> int:
        return self._fs.content(self.place.ino, self._viewer).size

    def _drop_privileges(self) -> None:
        drop_privileges(self.place, self._viewer.credentials)

    def _device_read(self, device: tuple[int, int], limit: int) -> Content:
        if device == NULL:
            return EMPTY
        if device in (ZERO, FULL):
            return Content.fill(0, limit)
        seed = f"urandom {self._fs.clock.tick()}".encode()
        return Content.of(shake_128(seed).digest(min(limit, PIPE_BYTES)))


def drop_privileges(place: Place, who: Credentials) -> None:
    """file_remove_privs: a write takes file capabilities away, and set-id bits but for root."""
    meta = place.mount.fs.node(place.ino).meta
    mode = meta.mode if who.uid == 0 else without_setid(meta.mode)
    if mode != meta.mode or meta.xattr(CAPABILITY) is not None:
        changed = meta.with_mode(mode).with_xattr(CAPABILITY, None)
        place.mount.fs.set_meta(place.ino, changed)


def _device_write(device: tuple[int, int], data: Content) -> int:
    if device == FULL:  # even nothing does not fit
        raise FsError(Errno.ENOSPC)
    return data.size


def check_openable(place: Place) -> None:
    """ENXIO for a device without a driver; NotSimulated for a named pipe."""
    match place.mount.fs.node(place.ino):
        case Device(char=char, major=major, minor=minor):
            if "nodev" in place.mount.flags:
                raise FsError(Errno.EACCES)
            if not char or (major, minor) not in DEVICES:
                raise FsError(Errno.ENXIO)
        case Fifo():
            raise NotSimulated("opening a named pipe", "use a pipe in the shell, or a file")
        case _:
            pass
