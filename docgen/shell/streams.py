"""Byte streams that are no files: pipes, captures, sources; all are a `daemon.runner.Stream`."""

# ruff: noqa: ARG002 - the parameters are the protocol's

from __future__ import annotations

from collections import deque

from docgen import limits
from docgen.daemon.runner import Stream
from docgen.diagnostics import LimitExceeded
from docgen.fs.content import Content
from docgen.fs.errors import Errno, FsError

PIPE_CAPACITY = 64 * limits.KIB
"""What an unread pipe holds (pipe(7))."""
PIPE_BUF = 4 * limits.KIB
"""A pipe counts as writable while this much fits (pipe(7): writes up to PIPE_BUF are atomic)."""

NOTHING = Content.of(b"")


class Buffer:
    """A queue of bytes that keeps fills and sealed pieces as they are."""

    __slots__ = ("_pieces", "size")

    def __init__(self) -> None:
        self._pieces: deque[Content] = deque()
        self.size = 0

    def put(self, data: Content) -> None:
        if data.size:
            self._pieces.append(data)
            self.size += data.size

    def put_back(self, data: Content) -> None:
        if data.size:
            self._pieces.appendleft(data)
            self.size += data.size

    def take(self, limit: int) -> Content:
        """At most `limit` bytes from the front."""
        taken = NOTHING
        while self._pieces and taken.size < limit:
            piece = self._pieces.popleft()
            room = limit - taken.size
            if piece.size > room:
                self._pieces.appendleft(piece.read(room, piece.size - room))
                piece = piece.read(0, room)
            taken = taken.append(piece) if taken.size else piece
        self.size -= taken.size
        return taken


class _Pipe:
    __slots__ = ("buffer", "read_open", "write_open")

    def __init__(self) -> None:
        self.buffer = Buffer()
        self.read_open = True
        self.write_open = True


class PipeReader:
    """The end that is read."""

    __slots__ = ("_pipe",)

    def __init__(self, pipe: _Pipe) -> None:
        self._pipe = pipe

    def readable(self) -> bool:
        return self._pipe.buffer.size > 0 or not self._pipe.write_open

    def writable(self) -> bool:
        return True

    def read(self, limit: int) -> Content:
        return self._pipe.buffer.take(limit)

    def unread(self, data: Content) -> None:
        """Put back what was read too much (a shell's `read` takes one line)."""
        self._pipe.buffer.put_back(data)

    def write(self, data: Content) -> None:
        raise FsError(Errno.EBADF)

    def close(self) -> None:
        self._pipe.read_open = False
        self._pipe.buffer = Buffer()


class PipeWriter:
    """The end that is written. Raises EPIPE once the reader is gone."""

    __slots__ = ("_pipe",)

    def __init__(self, pipe: _Pipe) -> None:
        self._pipe = pipe

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        pipe = self._pipe
        return not pipe.read_open or pipe.buffer.size + PIPE_BUF <= PIPE_CAPACITY

    def room(self) -> int:
        """Bytes that fit now."""
        return PIPE_CAPACITY - self._pipe.buffer.size

    def read(self, limit: int) -> Content:
        raise FsError(Errno.EBADF)

    def write(self, data: Content) -> None:
        if not self._pipe.read_open:
            raise FsError(Errno.EPIPE)
        self._pipe.buffer.put(data)

    def close(self) -> None:
        self._pipe.write_open = False


def pipe() -> tuple[PipeReader, PipeWriter]:
    """pipe(2): reading end, writing end."""
    made = _Pipe()
    return PipeReader(made), PipeWriter(made)


class _Sink:
    """Always ready and always at its end; closing it changes nothing."""

    __slots__ = ()

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def read(self, limit: int) -> Content:
        return NOTHING

    def close(self) -> None:
        return None


class Null(_Sink):
    """/dev/null as a stream: always at its end, takes everything."""

    __slots__ = ()

    def write(self, data: Content) -> None:
        return None


class Capture(_Sink):
    """Collects what is written; `limit` bytes at most (LimitExceeded, which names `what`)."""

    __slots__ = ("_limit", "_pieces", "_what", "size")

    def __init__(self, limit: int, what: str) -> None:
        self._limit = limit
        self._what = what
        self._pieces: list[Content] = []
        self.size = 0

    def write(self, data: Content) -> None:
        self.size += data.size
        if self.size > self._limit:
            raise LimitExceeded(f"{self._what} is larger than {self._limit:,} bytes", "print less")
        self._pieces.append(data)

    def take(self) -> bytes:
        """All that came since the last call. NotSimulated for bytes known only by their digest."""
        data = b"".join(piece.to_bytes() for piece in self._pieces)
        self._pieces.clear()
        self.size = 0
        return data


class Source:
    """A stream that gives `content` and then ends: here-documents, a command's prepared input."""

    __slots__ = ("_at", "_content")

    def __init__(self, content: Content) -> None:
        self._content = content
        self._at = 0

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def read(self, limit: int) -> Content:
        piece = self._content.read(self._at, limit)
        self._at += piece.size
        return piece

    def unread(self, data: Content) -> None:
        """Put back what was read too much."""
        self._at -= data.size

    def write(self, data: Content) -> None:
        raise FsError(Errno.EBADF)

    def close(self) -> None:
        return None


class Descriptors:
    """The descriptor table of one process: number → stream.

    A stream may stand in many tables (fork, dup2); it is closed when the last one lets go of it.
    `holders` is shared by all tables of a kernel.
    """

    __slots__ = ("_holders", "_streams")

    def __init__(self, holders: dict[int, int]) -> None:
        self._holders = holders
        self._streams: dict[int, Stream] = {}

    def __getitem__(self, number: int) -> Stream:
        """Raises FsError(EBADF)."""
        stream = self._streams.get(number)
        if stream is None:
            raise FsError(Errno.EBADF)
        return stream

    def __contains__(self, number: int) -> bool:
        return number in self._streams

    def numbers(self) -> list[int]:
        return sorted(self._streams)

    def put(self, number: int, stream: Stream) -> None:
        """dup2: `number` now is `stream`; what it was before is let go."""
        key = id(stream)
        self._holders[key] = self._holders.get(key, 0) + 1
        self.close(number)
        self._streams[number] = stream

    def add(self, stream: Stream, lowest: int = 0) -> int:
        """Put the stream at the lowest free number from `lowest`."""
        number = lowest
        while number in self._streams:
            number += 1
        self.put(number, stream)
        return number

    def close(self, number: int) -> None:
        """Closing what is not open does nothing."""
        stream = self._streams.pop(number, None)
        if stream is None:
            return
        key = id(stream)
        left = self._holders[key] - 1
        if left:
            self._holders[key] = left
        else:
            del self._holders[key]
            stream.close()

    def close_all(self) -> None:
        for number in tuple(self._streams):
            self.close(number)

    def empty(self) -> Descriptors:
        """Another table, to keep streams open that have no number."""
        return Descriptors(self._holders)

    def copy(self) -> Descriptors:
        """For a child process."""
        other = Descriptors(self._holders)
        holders = self._holders
        for stream in self._streams.values():
            holders[id(stream)] += 1
        other._streams = dict(self._streams)
        return other
