"""A container's own ends of its streams: output to log and clients, input from a client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from docgen.daemon.model import AttachStreams, LogLine
from docgen.daemon.runner import Stream
from docgen.fs.clock import Clock
from docgen.fs.content import EMPTY, Content
from docgen.fs.errors import Errno, FsError

_AHEAD: Final = 64 * 1024
"""Bytes taken from a client at once."""


class NullInput:
    """Standard input of a container without `-i`: /dev/null."""

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def read(self, limit: int) -> Content:  # noqa: ARG002 - the protocol's
        return EMPTY

    def write(self, data: Content) -> None:  # noqa: ARG002 - the protocol's
        raise FsError(Errno.EBADF)

    def close(self) -> None:
        return


class ClientInput:
    """Standard input of a container with `-i`: silent until a client is attached.

    With `-d` and no client (`docker run -di`) a shell waits for ever. StdinOnce: once the first
    client's input has ended, so has the container's; without it (a container that was started with
    `-d`) the end of a client's input is no end for the container.
    """

    def __init__(self, *, once: bool) -> None:
        self._once = once
        self._client: Stream | None = None
        self._ended = False
        self._ahead = EMPTY

    def attach(self, client: Stream) -> None:
        self._client = client

    def readable(self) -> bool:
        if not self._ahead.size and self._client is not None and self._client.readable():
            self._ahead = self._client.read(_AHEAD)
            if not self._ahead.size:
                self._client = None
                self._ended = self._once
        return self._ended or self._ahead.size > 0

    def writable(self) -> bool:
        return True

    def read(self, limit: int) -> Content:
        if not self.readable():
            return EMPTY
        data, size = self._ahead, self._ahead.size
        self._ahead = data.read(limit, size - limit) if size > limit else EMPTY
        return data.read(0, limit) if size > limit else data

    def write(self, data: Content) -> None:  # noqa: ARG002 - the protocol's
        raise FsError(Errno.EBADF)

    def close(self) -> None:
        self._client = None


class Output:
    """Standard output or error of a container: every byte goes to the log and to the attached
    clients.

    A client that has gone (EPIPE) is let go; one that is slow holds the container back.
    """

    def __init__(self, take: Callable[[Content], None], *, tty: bool = False) -> None:
        self._take = take
        self._tty = tty
        self._clients: list[Stream] = []

    def attach(self, client: Stream) -> None:
        self._clients.append(client)

    def detach_all(self) -> None:
        self._clients.clear()

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return all(client.writable() for client in self._clients)

    def read(self, limit: int) -> Content:  # noqa: ARG002 - the protocol's
        raise FsError(Errno.EBADF)

    def write(self, data: Content) -> None:
        if self._tty:
            data = with_carriage_returns(data)
        self._take(data)
        for client in tuple(self._clients):
            try:
                client.write(data)
            except FsError:
                self._clients.remove(client)

    def close(self) -> None:
        self.detach_all()


def with_carriage_returns(data: Content) -> Content:
    """What a terminal's line discipline makes of output (ONLCR)."""
    return Content.of(data.to_bytes().replace(b"\n", b"\r\n"))


class Sink(Protocol):
    """Where a container's output goes besides the attached clients."""

    def take(self, data: Content) -> None: ...

    def flush(self) -> None:
        """The container has ended."""
        ...


class LogWriter:
    """json-file: one record a line; what has no newline yet waits for it, or for the end."""

    def __init__(self, log: list[LogLine], clock: Clock, stream: str) -> None:
        self._log = log
        self._clock = clock
        self._stream = stream
        self._begun = b""

    def take(self, data: Content) -> None:
        *whole, rest = (self._begun + data.to_bytes()).split(b"\n")
        for line in whole:
            self._log.append(LogLine(self._stream, line + b"\n", self._clock.now_ns))
        self._begun = rest

    def flush(self) -> None:
        """The container has ended: a last line without newline is a record too."""
        if self._begun:
            self._log.append(LogLine(self._stream, self._begun, self._clock.now_ns))
        self._begun = b""


def ignore(data: Content) -> None:
    """For output that is not logged (`docker exec`)."""
    del data


def connect(streams: AttachStreams, stdout: Output, stderr: Output) -> None:
    """Attach a client's output streams."""
    if streams.stdout is not None:
        stdout.attach(streams.stdout)
    if streams.stderr is not None:
        stderr.attach(streams.stderr)
