"""Named pipes: one buffer per FIFO inode, shared by all who opened it (fifo(7))."""

from __future__ import annotations

import os

from docgen.daemon.runner import Stream
from docgen.daemon.waits import Steps, Until
from docgen.fs.content import Content
from docgen.fs.errors import Errno, FsError
from docgen.shell.streams import PIPE_BUF, PIPE_CAPACITY, Buffer


class Fifo:
    """The state behind one FIFO inode while anybody has it open."""

    __slots__ = ("buffer", "readers", "readers_ever", "writers", "writers_ever")

    def __init__(self) -> None:
        self.buffer = Buffer()
        self.readers = 0
        self.writers = 0
        self.readers_ever = 0
        self.writers_ever = 0

    def open(self, flags: int) -> Steps[Stream]:
        """Waits for the other end, as open(2) of a FIFO does; O_RDWR does not wait."""
        access = flags & os.O_ACCMODE
        end = FifoEnd(self, access != os.O_WRONLY, access != os.O_RDONLY)
        writers, readers = self.writers_ever, self.readers_ever
        if access == os.O_RDONLY and not self.writers:
            yield Until(lambda: self.writers_ever > writers)
        if access == os.O_WRONLY and not self.readers:
            yield Until(lambda: self.readers_ever > readers)
        return end


class FifoEnd:
    """One open description of a FIFO."""

    __slots__ = ("_fifo", "_reads", "_writes")

    def __init__(self, fifo: Fifo, reads: bool, writes: bool) -> None:
        self._fifo = fifo
        self._reads = reads
        self._writes = writes
        fifo.readers += reads
        fifo.writers += writes
        fifo.readers_ever += reads
        fifo.writers_ever += writes

    def readable(self) -> bool:
        return self._fifo.buffer.size > 0 or not self._fifo.writers

    def writable(self) -> bool:
        return not self._fifo.readers or self._fifo.buffer.size + PIPE_BUF <= PIPE_CAPACITY

    def read(self, limit: int) -> Content:
        if not self._reads:
            raise FsError(Errno.EBADF)
        return self._fifo.buffer.take(limit)

    def write(self, data: Content) -> None:
        if not self._writes:
            raise FsError(Errno.EBADF)
        if not self._fifo.readers:
            raise FsError(Errno.EPIPE)
        self._fifo.buffer.put(data)

    def close(self) -> None:
        self._fifo.readers -= self._reads
        self._fifo.writers -= self._writes
        if not self._fifo.readers and not self._fifo.writers:
            self._fifo.buffer = Buffer()
