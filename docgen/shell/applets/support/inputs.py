"""Reading operands: files, `-`, and their lines."""

from __future__ import annotations

from docgen import limits
from docgen.daemon.runner import Stream
from docgen.daemon.waits import Steps, Until
from docgen.diagnostics import LimitExceeded
from docgen.fs.content import EMPTY, Content
from docgen.fs.errors import FsError
from docgen.fs.filesystem import Stat
from docgen.fs.flags import Open
from docgen.fs.openfile import OpenFile
from docgen.limits import FILE_BYTES
from docgen.shell.applets.support.quoting import shell_quoted
from docgen.shell.applets.support.tool import on_host
from docgen.shell.process import Process

PIECE = 64 * 1024
"""Bytes that are asked for at a time."""
BYTES_A_TICK = 64
"""Long lines cost more than one tick: a program looks at every byte."""


def open_input(p: Process, name: str) -> Steps[Stream]:
    """A file for reading; `-` is standard input. Raises FsError."""
    if name == "-":
        return p.fds[0]
    return (yield from p.open(name, Open.RDONLY))


def cannot_open(p: Process, name: str, error: FsError) -> Steps[None]:
    """The complaint of cut and paste."""
    shown = shell_quoted(p, name) if on_host(p) else name
    yield from p.complain(f"{shown}: {error.errno.value}")


def stat_of_input(p: Process, name: str) -> Stat | None:
    """fstat(2) of an operand; None for standard input that is no open file. Raises FsError."""
    if name != "-":
        return p.view.stat(name)
    stream = p.fds[0]
    return stream.stat() if isinstance(stream, OpenFile) else None


def done_with(p: Process, stream: Stream) -> None:
    """Close what `open_input` opened, but not a descriptor of the process itself."""
    if not any(p.fds[number] is stream for number in p.fds.numbers()):
        stream.close()


def read_piece(stream: Stream, limit: int = PIECE) -> Steps[Content]:
    """What is there, once there is something; empty at the end. Raises FsError."""
    if not stream.readable():
        yield Until(stream.readable)
    return stream.read(limit)


def read_stream(p: Process, stream: Stream) -> Steps[Content]:
    """All that is left of a stream."""
    pieces: list[Content] = []
    total = 0
    while True:
        piece = yield from read_piece(stream, FILE_BYTES if not pieces else PIECE)
        p.kernel.tick()
        if not piece.size:
            break
        total += piece.size
        if total > FILE_BYTES:
            raise LimitExceeded("reading a stream that never ends", "read a part: head -c, dd")
        pieces.append(piece)
    if not pieces:
        return EMPTY
    return pieces[0] if len(pieces) == 1 else Content.join(pieces)


def literal(p: Process, content: Content) -> bytes:
    """All of it, paid for: for programs that look at each byte. NotSimulated for sealed bytes."""
    data = content.to_bytes()
    p.kernel.pay(len(data))
    return data


def longer(p: Process, held: bytes, piece: Content) -> bytes:
    """What a reader holds of a line, and more of it. Raises LimitExceeded."""
    if len(held) + piece.size > limits.LINE_BYTES + PIECE:
        raise LimitExceeded(
            f"{p.name} meets a line of more than {limits.LINE_BYTES:,} bytes",
            "cut it with head -c or dd",
        )
    return held + literal(p, piece)


def read_operand(p: Process, name: str) -> Steps[Content]:
    """All of a file or of standard input. Raises FsError."""
    stream = yield from open_input(p, name)
    try:
        return (yield from read_stream(p, stream))
    finally:
        done_with(p, stream)


class Lines:
    """The lines of a stream. Raises FsError where reading fails."""

    __slots__ = ("_at", "_data", "_end", "_ended", "_process", "_stream")

    def __init__(self, process: Process, stream: Stream, end: bytes = b"\n") -> None:
        self._process = process
        self._stream = stream
        self._end = end
        self._data = b""
        self._at = 0
        self._ended = False

    def next(self) -> Steps[bytes | None]:
        """The next line with its end (the last may lack it); None when there is no more."""
        line = yield from self._next()
        self._process.kernel.tick(1 + len(line or b"") // BYTES_A_TICK)
        return line

    def _next(self) -> Steps[bytes | None]:
        looked_at = self._at
        while True:
            found = self._data.find(self._end, looked_at)
            if found >= 0:
                return self._take(found + 1)
            if self._ended:
                return self._take(len(self._data)) or None
            looked_at = len(self._data) - self._at
            piece = yield from read_piece(self._stream)
            self._ended = piece.size == 0
            self._data = longer(self._process, self._data[self._at :], piece)
            self._at = 0

    def peek_end(self) -> Steps[bool]:
        """Whether no line is left."""
        while self._at == len(self._data) and not self._ended:
            piece = yield from read_piece(self._stream)
            self._ended = piece.size == 0
            self._data, self._at = literal(self._process, piece), 0
        return self._at == len(self._data)

    def _take(self, to: int) -> bytes:
        line = self._data[self._at : to]
        self._at = to
        return line


def split_lines(data: bytes, end: bytes = b"\n") -> list[bytes]:
    """Lines without their ends; a last one without an end counts as well."""
    lines = data.split(end)
    if lines[-1] == b"":
        lines.pop()
    return lines
