"""The kernel: it starts processes, which the scheduler runs and signals end.

Implements `daemon.runner.Runner`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from docgen import limits
from docgen.daemon.runner import ProcessSpec, Stream
from docgen.daemon.waits import Steps
from docgen.diagnostics import LimitExceeded
from docgen.fs.clock import Clock
from docgen.fs.errors import FsError
from docgen.fs.view import View
from docgen.shell.applet import Program
from docgen.shell.delivery import Delivery
from docgen.shell.fifo import Fifo
from docgen.shell.loader import DEFAULT_PATH, Executable, find_program, load
from docgen.shell.process import Process
from docgen.shell.streams import Descriptors

if TYPE_CHECKING:
    from docgen.daemon.host import Host

FIRST_HOST_PID = 1_000


class Kernel(Delivery):
    """All processes of one host, those in containers too."""

    def __init__(self, clock: Clock, programs: Mapping[str, Executable]) -> None:
        super().__init__(clock)
        self.programs = programs
        """sha256 of a program file → what it does."""
        self.host: Host | None = None
        """The host whose daemon the program `docker` talks to."""
        self._next_pid = FIRST_HOST_PID
        self._next_local: dict[str, int] = {}
        self._holders: dict[int, int] = {}
        self._fifos: dict[tuple[int, int], Fifo] = {}

    def spawn(self, spec: ProcessSpec) -> Process:
        """Start a process from outside: a container's first, or `docker exec`. Raises FsError."""
        path = find_program(spec.view, spec.argv[0], spec.env.get("PATH", DEFAULT_PATH))
        loaded = load(spec.view, path, spec.argv, self.programs)
        process = Process(
            self,
            argv=loaded.argv,
            env=spec.env,
            view=spec.view,
            fds=self.descriptors(spec.stdin, spec.stdout, spec.stderr),
            executable=loaded.executable,
            group=spec.group,
            parent=None,
        )
        process.is_init = spec.is_init
        process.on_exit = spec.on_exit
        if spec.is_init:
            self._next_local[spec.group] = 1
        return self._start(process, loaded.executable.run)

    def descriptors(self, stdin: Stream, stdout: Stream, stderr: Stream) -> Descriptors:
        """A new descriptor table with 0, 1 and 2."""
        table = Descriptors(self._holders)
        for number, stream in enumerate((stdin, stdout, stderr)):
            table.put(number, stream)
        return table

    def execute(
        self,
        parent: Process,
        path: str,
        argv: Sequence[str],
        env: Mapping[str, str],
        fds: Descriptors,
        view: View | None = None,
    ) -> Process:
        """fork and execve. Takes over `fds` (closes them when it fails). Raises FsError."""
        try:
            loaded = load(parent.view, path, argv, self.programs)
        except FsError:
            fds.close_all()
            raise
        return self.run_program(parent, loaded.executable, loaded.argv, env, fds, view)

    def run_program(
        self,
        parent: Process,
        executable: Executable,
        argv: Sequence[str],
        env: Mapping[str, str],
        fds: Descriptors,
        view: View | None = None,
    ) -> Process:
        """A child that runs a program that was found already (a shell's own applets)."""
        child = self._child(parent, argv, env, fds, view)
        child.executable = executable
        child.flavour = executable.flavour
        return self._start(child, executable.run)

    def replace(
        self, process: Process, path: str, argv: Sequence[str], env: Mapping[str, str]
    ) -> Program:
        """execve within `process`: go on with `return (yield from program(process))`."""
        loaded = load(process.view, path, argv, self.programs)
        process.argv = loaded.argv
        process.env = dict(env)
        process.executable = loaded.executable
        process.flavour = loaded.executable.flavour
        process.handlers.clear()
        return loaded.executable.run

    def fork(self, parent: Process, run: Program, fds: Descriptors) -> Process:
        """A child that runs `run` with a copy of all that the parent has."""
        return self._start(self._child(parent, parent.argv, parent.env, fds, None), run)

    def start(
        self,
        executable: Executable,
        argv: Sequence[str],
        env: Mapping[str, str],
        view: View,
        fds: Descriptors,
    ) -> Process:
        """A host process without a parent: the session's shell."""
        process = Process(
            self,
            argv=argv,
            env=env,
            view=view,
            fds=fds,
            executable=executable,
            group="",
            parent=None,
        )
        return self._start(process, executable.run)

    def _child(
        self,
        parent: Process,
        argv: Sequence[str],
        env: Mapping[str, str],
        fds: Descriptors,
        view: View | None,
    ) -> Process:
        child = Process(
            self,
            argv=argv,
            env=env,
            view=parent.view.copy() if view is None else view,
            fds=fds,
            executable=parent.executable,
            group=parent.group,
            parent=parent,
        )
        child.pgrp = parent.pgrp
        child.ignored = set(parent.ignored)
        parent.children.append(child)
        return child

    def _start(self, process: Process, run: Program) -> Process:
        if len(self._live) >= limits.PROCESSES:
            raise LimitExceeded(
                f"more than {limits.PROCESSES} processes at one time",
                "start fewer, or wait for them",
            )
        process.pid = self._next_pid
        self._next_pid += 1
        if process.group:
            process.local_pid = self._next_local.setdefault(process.group, 1)
            self._next_local[process.group] += 1
        else:
            process.local_pid = process.pid
        process.view.context = process
        process.pgrp = process.pgrp or process.pid
        process.steps = run(process)
        self._live[process.pid] = process
        return process

    def open(self, process: Process, path: str, flags: int, mode: int) -> Steps[Stream]:
        """open(2) in the process's view. A FIFO waits for its other end."""
        view = process.view
        try:
            stat = view.stat(path)
        except FsError:
            stat = None
        if stat is not None and stat.kind == "fifo":
            right = {os.O_RDONLY: os.R_OK, os.O_WRONLY: os.W_OK}
            wanted = right.get(flags & os.O_ACCMODE, os.R_OK | os.W_OK)
            if view.access(path, wanted):
                fifo = self._fifos.setdefault((stat.dev, stat.ino), Fifo())
                return (yield from fifo.open(flags))
        return view.open(path, flags, mode)
