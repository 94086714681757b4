"""Buffered standard output, as stdio gives it to programs whose output is no terminal."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.fs.content import Content
from docgen.shell.process import Process

BUFFER = 4096
"""Bytes that are held back before they are written (st_blksize)."""


def encoded(text: str) -> bytes:
    """A word or a path as the bytes that it stands for."""
    return text.encode("utf-8", "surrogateescape")


def decoded(data: bytes) -> str:
    """Bytes as a word or a path."""
    return data.decode("utf-8", "surrogateescape")


class Out:
    """Collects output; `yield from out.flush()` at the end."""

    __slots__ = ("_descriptor", "_parts", "_process", "_size")

    def __init__(self, process: Process, descriptor: int = 1) -> None:
        self._process = process
        self._descriptor = descriptor
        self._parts: list[bytes] = []
        self._size = 0

    def put(self, data: bytes | str) -> Steps[None]:
        raw = encoded(data) if isinstance(data, str) else data
        self._process.kernel.tick()
        self._parts.append(raw)
        self._size += len(raw)
        if self._size >= BUFFER:
            yield from self.flush()

    def pass_on(self, data: Content) -> Steps[None]:
        """Content as it is, behind what was put."""
        yield from self.flush()
        yield from self._process.write(self._descriptor, data)

    def flush(self) -> Steps[None]:
        if self._parts:
            data = b"".join(self._parts)
            self._parts.clear()
            self._size = 0
            yield from self._process.write(self._descriptor, data)
