"""One process: all that a program may touch. Programs are generators over `daemon.waits`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from docgen import limits
from docgen.daemon.runner import Stream
from docgen.daemon.waits import Sleep, Steps, Turn, Until, Wait
from docgen.diagnostics import LimitExceeded
from docgen.fs.content import Content
from docgen.fs.errors import Errno, FsError
from docgen.fs.view import View
from docgen.shell import signals
from docgen.shell.applet import Program
from docgen.shell.flavour import Flavour
from docgen.shell.loader import DEFAULT_PATH, Executable, find_program
from docgen.shell.streams import PIPE_CAPACITY, Descriptors, PipeWriter

if TYPE_CHECKING:
    from docgen.shell.kernel import Kernel

__all__ = ["Killed", "LineReader", "Process", "Program"]

ENCODING = "utf-8"
ERRORS = "surrogateescape"
"""Words and paths are str; bytes that are no UTF-8 survive as surrogates, as in Python's os."""

_DESCRIPTOR_NAMES = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_DESCRIPTOR_DIRECTORIES = ("/dev/fd/", "/proc/self/fd/")


class Killed(BaseException):
    """Raised in a program that dies of a signal at this very call. Only the kernel catches it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Process:
    """A running program. `pid` is the host's number, `local_pid` the one in its container."""

    __slots__ = (
        "argv",
        "children",
        "died_of",
        "env",
        "executable",
        "exit_code",
        "fds",
        "flavour",
        "group",
        "handlers",
        "held",
        "ignored",
        "is_init",
        "kernel",
        "local_pid",
        "on_exit",
        "parent",
        "pending",
        "pgrp",
        "pid",
        "reaped",
        "steps",
        "stopped",
        "view",
        "wait",
    )

    def __init__(
        self,
        kernel: Kernel,
        *,
        argv: Sequence[str],
        env: Mapping[str, str],
        view: View,
        fds: Descriptors,
        executable: Executable,
        group: str,
        parent: Process | None,
    ) -> None:
        self.kernel = kernel
        self.argv = tuple(argv)
        self.env = dict(env)
        self.view = view
        self.fds = fds
        self.executable = executable
        self.flavour = executable.flavour
        self.group = group
        """The container's id; '' on the host."""
        self.parent = parent
        self.children: list[Process] = []
        """Living ones, and dead ones that nobody waited for."""
        self.pid = 0
        self.local_pid = 0
        self.pgrp = 0
        self.is_init = False
        self.exit_code: int | None = None
        self.died_of = 0
        """The signal that ended it."""
        self.reaped = False
        self.stopped = False
        self.handlers: dict[int, Callable[[int], None]] = {}
        """Signals that the program handles; called when the signal arrives, must not block."""
        self.ignored: set[int] = set()
        self.pending: list[int] = []
        """A shell keeps caught signals here until it may run their trap."""
        self.held: list[int] = []
        """Signals that came while it was stopped or frozen."""
        self.on_exit: Callable[[int], None] | None = None
        self.steps: Steps[int] | None = None
        self.wait: Wait | None = None

    @property
    def ppid(self) -> int:
        """In its container; 0 for PID 1 and for what came in from outside."""
        parent = self.parent
        return parent.local_pid if parent is not None and parent.group == self.group else 0

    @property
    def name(self) -> str:
        """How it calls itself in messages: GNU as it was called, busybox by the applet."""
        word = self.argv[0] if self.argv else ""
        return word if self.flavour is Flavour.HOST else word.rpartition("/")[2]

    @property
    def death_words(self) -> str:
        """What a shell says about a foreground child that a signal ended; '' for no words."""
        return signals.DEATHS.get(self.died_of, "")

    # -- streams -----------------------------------------------------------------------------

    def write(self, number: int, data: str | bytes | Content) -> Steps[None]:
        """All of `data` to a descriptor. Dies of SIGPIPE where nobody reads.

        Raises FsError (EBADF, ENOSPC …), which a program may leave to the kernel: it then ends
        with `name: write error: …` and status 1.
        """
        stream = self.fds[number]
        if isinstance(data, str):
            data = data.encode(ENCODING, ERRORS)
        content = Content.of(data) if isinstance(data, bytes) else data
        try:
            if isinstance(stream, PipeWriter):
                yield from self._write_pipe(stream, content)
                return
            if not stream.writable():
                yield Until(stream.writable)
            stream.write(content)
        except FsError as error:
            if error.errno is Errno.EPIPE and signals.PIPE not in self.ignored:
                raise Killed(signals.PIPE) from None
            raise

    def _write_pipe(self, stream: PipeWriter, content: Content) -> Steps[None]:
        at = 0
        while True:
            if not stream.writable():
                yield Until(stream.writable)
            piece = content.read(at, min(stream.room(), PIPE_CAPACITY)) if at else content
            if piece.size > stream.room():
                piece = piece.read(0, stream.room())
            stream.write(piece)
            at += piece.size
            if at >= content.size:
                return

    def out(self, data: str | bytes | Content) -> Steps[None]:
        """To standard output."""
        return self.write(1, data)

    def err(self, data: str | bytes | Content) -> Steps[None]:
        """To standard error, as it stands."""
        return self.write(2, data)

    def complain(self, message: str) -> Steps[None]:
        """`name: message` and a newline, to standard error."""
        return self.write(2, f"{self.name}: {message}\n")

    def read(self, number: int = 0, limit: int = PIPE_CAPACITY) -> Steps[Content]:
        """What is there, at most `limit` bytes; empty at the end. Raises FsError (EISDIR …)."""
        stream = self.fds[number]
        if not stream.readable():
            yield Until(stream.readable)
        return stream.read(limit)

    def read_all(self, number: int = 0) -> Steps[Content]:
        """Everything up to the end of the stream."""
        pieces: list[Content] = []
        while True:
            piece = yield from self.read(number)
            if not piece.size:
                return Content.join(pieces)
            pieces.append(piece)
            self.kernel.tick()

    def lines(self, number: int = 0) -> LineReader:
        """Line by line: `reader = process.lines()`; `line = yield from reader.next()`."""
        return LineReader(self, number)

    def open(self, path: str, flags: int = os.O_RDONLY, mode: int = 0o666) -> Steps[Stream]:
        """open(2), also of /dev/stdin and /dev/fd/N; a FIFO waits for its other end.

        Raises FsError. The stream is not in the descriptor table yet: `fds.add` it, or close it.
        """
        number = _named_descriptor(path)
        if number is not None:
            if number not in self.fds:
                raise FsError(Errno.ENOENT, path)
            return self.fds[number]
        return (yield from self.kernel.open(self, path, flags, mode))

    # -- other processes ---------------------------------------------------------------------

    def spawn(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        fds: Mapping[int, Stream] | None = None,
        view: View | None = None,
    ) -> Process:
        """fork and execvp: a child with this process's descriptors, changed by `fds`.

        Raises FsError (ENOENT, EACCES, ENOEXEC) where execvp(3) would fail.
        """
        environment = self.env if env is None else env
        path = find_program(self.view, argv[0], environment.get("PATH", DEFAULT_PATH))
        return self.kernel.execute(self, path, argv, environment, self.fds_with(fds), view)

    def fds_with(self, changes: Mapping[int, Stream] | None) -> Descriptors:
        """A copy of the descriptor table with some entries replaced."""
        table = self.fds.copy()
        for number, stream in (changes or {}).items():
            table.put(number, stream)
        return table

    def fork(self, run: Program, fds: Descriptors | None = None) -> Process:
        """A child that goes on with `run` (a shell's subshell, one side of a pipeline)."""
        return self.kernel.fork(self, run, self.fds.copy() if fds is None else fds)

    def wait_for(self, child: Process) -> Steps[int]:
        """waitpid(2): the exit status, 128 + n after signal n."""
        if child.exit_code is None:
            yield Until(lambda: child.exit_code is not None)
        self.kernel.reap(child)
        assert child.exit_code is not None
        return child.exit_code

    # -- time and signals --------------------------------------------------------------------

    def sleep(self, nanoseconds: int) -> Steps[None]:
        """Virtual time."""
        yield Sleep(self.kernel.clock.now_ns + nanoseconds)

    def turn(self) -> Steps[None]:
        """Let the others run; costs one tick."""
        yield Turn()

    def signal(self, number: int) -> None:
        """A signal from outside the container (docker kill, the host)."""
        self.kernel.deliver(self, number, outside=True)


def _named_descriptor(path: str) -> int | None:
    if not path.startswith(("/dev/", "/proc/self/fd/")):
        return None
    for prefix in _DESCRIPTOR_DIRECTORIES:
        rest = path.removeprefix(prefix)
        if rest != path and rest.isascii() and rest.isdigit() and len(rest) < 5:
            return int(rest)
    return _DESCRIPTOR_NAMES.get(path)


class LineReader:
    """Lines of a descriptor, read in large pieces. NotSimulated for sealed bytes."""

    __slots__ = ("_at", "_buffer", "_ended", "_number", "_process")

    def __init__(self, process: Process, number: int) -> None:
        self._process = process
        self._number = number
        self._buffer = b""
        self._at = 0
        self._ended = False

    def next(self, end: bytes = b"\n") -> Steps[bytes | None]:
        """The next line with its newline (the last may lack it); None at the end."""
        looked_at = self._at
        while True:
            found = self._buffer.find(end, looked_at)
            if found >= 0:
                start, self._at = self._at, found + 1
                return self._buffer[start : self._at]
            if self._ended:
                line, self._buffer, self._at = self._buffer[self._at :], b"", 0
                return line or None
            looked_at = len(self._buffer) - self._at
            piece = yield from self._process.read(self._number)
            self._ended = piece.size == 0
            self._process.kernel.pay(piece.size)
            if len(self._buffer) > limits.LINE_BYTES:
                raise LimitExceeded(
                    f"{self._process.name} meets a line of more than {limits.LINE_BYTES:,} bytes",
                    "give it shorter lines",
                )
            self._buffer = self._buffer[self._at :] + piece.to_bytes()
            self._at = 0
