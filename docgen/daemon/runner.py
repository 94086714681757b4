"""What the daemon needs from above to run programs; the shell room implements it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Protocol

from docgen.daemon.waits import Steps
from docgen.frozen import frozen
from docgen.fs.content import Content
from docgen.fs.view import View


class Stream(Protocol):
    """One end of a byte stream: a pipe, an open file, a log. Never blocks by itself:
    programs wait with `Until(stream.readable)` / `Until(stream.writable)` first."""

    def readable(self) -> bool:
        """A read returns at once: there is data, or the end was met."""
        ...

    def writable(self) -> bool:
        """A write is taken at once (also when it will fail with EPIPE)."""
        ...

    def read(self, limit: int) -> Content:
        """At most `limit` bytes; empty at the end of the stream."""
        ...

    def write(self, data: Content) -> int | None:
        """All of `data`; what is returned does not matter.
        Raises FsError(EPIPE) without readers, or the file's own error."""
        ...

    def close(self) -> None: ...


@frozen
class ProcessSpec:
    """A process to be started, all decided but its life."""

    argv: Sequence[str]
    env: Mapping[str, str]
    view: View
    """Namespace, credentials, working directory and umask of the new process."""
    stdin: Stream
    stdout: Stream
    stderr: Stream
    group: str
    """The container's id; '' for the host. Pausing freezes a group."""
    is_init: bool = False
    """PID 1 of its container: signals without a handler are ignored (but KILL from outside)."""
    on_exit: Callable[[int], None] = field(default=lambda _code: None)
    """Called once with the exit code (128 + n after signal n)."""
    path: str = ""
    """The file to execute, as the runtime found it in the container's PATH; '' = look argv[0] up in
    PATH."""


class Running(Protocol):
    """A started process."""

    @property
    def pid(self) -> int:
        """On the host."""
        ...

    @property
    def exit_code(self) -> int | None:
        """None while it lives."""
        ...

    def signal(self, number: int) -> None: ...


class Runner(Protocol):
    """Starts programs. `spawn` raises FsError(ENOENT | EACCES | ENOEXEC …) where exec(2) would."""

    def spawn(self, spec: ProcessSpec) -> Running: ...

    def kill_group(self, group: str) -> None:
        """SIGKILL to all that is left of a container (PID 1 is gone)."""
        ...

    def freeze(self, group: str, frozen: bool) -> None:
        """`docker pause` and `unpause`."""
        ...

    def processes(self, group: str) -> Sequence[Running]: ...

    def background(self, steps: Steps[None]) -> None:
        """Run the daemon's own steps beside the processes: a restart after its delay."""
        ...
