"""The scheduler: processes as generators on virtual time, signals, exit and wait.

Implements `daemon.runner.Runner`. Deterministic: processes run in the order they were started, each
up to its next wait. Time passes only when nobody can run (or, when somebody spins, every thousandth
round).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docgen import limits
from docgen.daemon.runner import ProcessSpec, Stream
from docgen.daemon.waits import Sleep, Steps, Turn, Until, Wait
from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.fs.clock import Clock
from docgen.fs.content import Content
from docgen.fs.errors import FsError
from docgen.fs.view import View
from docgen.shell import signals
from docgen.shell.applet import Program
from docgen.shell.fifo import Fifo
from docgen.shell.loader import DEFAULT_PATH, Executable, find_program, load
from docgen.shell.process import Killed, Process
from docgen.shell.streams import Descriptors

if TYPE_CHECKING:
    from docgen.daemon.host import Host

SPIN_ROUNDS = 1_000
"""Rounds without a wait after which time passes all the same."""
ABANDONED = 125
"""Exit status of a process that met something that is not simulated."""
FIRST_HOST_PID = 1_000


class Kernel:
    """All processes of one host, those in containers too."""

    def __init__(self, clock: Clock, programs: Mapping[str, Executable]) -> None:
        self.clock = clock
        self.programs = programs
        """sha256 of a program file → what it does."""
        self.host: Host | None = None
        """The host whose daemon the program `docker` talks to."""
        self.ticks = 0
        self._live: dict[int, Process] = {}
        self._current: Process | None = None
        self._next_pid = FIRST_HOST_PID
        self._next_local: dict[str, int] = {}
        self._frozen: set[str] = set()
        self._holders: dict[int, int] = {}
        self._fifos: dict[tuple[int, int], Fifo] = {}
        self._chores: list[_Chore] = []

    # -- starting ----------------------------------------------------------------------------

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

    def background(self, steps: Steps[None]) -> None:
        """Run the daemon's own steps beside the processes: a restart after its delay."""
        self._chores.append(_Chore(steps))

    # -- running -----------------------------------------------------------------------------

    def tick(self, count: int = 1) -> None:
        """Pay for work. Raises LimitExceeded beyond limits.SHELL_TICKS."""
        self.ticks += count
        if self.ticks > limits.SHELL_TICKS:
            raise LimitExceeded(
                f"the page runs for more than {limits.SHELL_TICKS:,} turns",
                "is there a loop that never ends? let it sleep, or end it",
            )

    def pay(self, size: int) -> None:
        """Pay for bytes that a program looks at one by one. Raises LimitExceeded."""
        self.tick(size // limits.BYTES_A_TICK)

    def run_until(self, done: Callable[[], bool]) -> bool:
        """Run everybody until `done()`; time passes where all wait. False: they wait for ever."""
        rounds = 0
        while not done():
            rounds += 1
            if self._round():
                if rounds % SPIN_ROUNDS == 0:
                    self._advance()
            elif not self._advance():
                return done()
        return True

    def settle(self) -> None:
        """Run everybody until all wait (those that spin: for a while). No time passes."""
        for _ in range(SPIN_ROUNDS):
            if not self._round():
                return

    def _round(self) -> bool:
        """Each process that can run runs up to its next wait. False when none could."""
        progress = False
        for process in tuple(self._live.values()):
            if process.exit_code is None and self._ready(process):
                self._step(process)
                progress = True
        for chore in tuple(self._chores):
            if self._due(chore.wait):
                progress = True
                try:
                    chore.wait = next(chore.steps)
                except StopIteration:
                    self._chores.remove(chore)
        return progress

    def _held(self, process: Process) -> bool:
        return process.stopped or process.group in self._frozen

    def _ready(self, process: Process) -> bool:
        if process.stopped or (self._frozen and process.group in self._frozen):
            return False
        return self._due(process.wait)

    def _due(self, wait: Wait | None) -> bool:
        match wait:
            case None | Turn():
                return True
            case Sleep(until_ns):
                return self.clock.now_ns >= until_ns
            case Until(ready, deadline_ns):
                return ready() or (deadline_ns is not None and self.clock.now_ns >= deadline_ns)

    def _step(self, process: Process) -> None:
        self.tick()
        assert process.steps is not None
        before, self._current = self._current, process
        try:
            process.wait = next(process.steps)
        except StopIteration as stop:
            self._finish(process, stop.value & 0xFF)
        except Killed as death:
            process.died_of = death.number
            self._finish(process, 128 + death.number)
        except FsError as error:
            self._last_words(process, f"{process.name}: write error: {error.errno.value}\n")
            self._finish(process, 1)
        except NotSimulated:
            # Its generator is over, and so is the page: nobody may step it again.
            process.exit_code = ABANDONED
            self._live.pop(process.pid, None)
            raise
        finally:
            self._current = before

    @staticmethod
    def _last_words(process: Process, text: str) -> None:
        """A program met a file error that it does not handle: writing its output failed."""
        if 2 in process.fds:
            try:
                process.fds[2].write(Content.of(text.encode("utf-8", "surrogateescape")))
            except FsError:
                return

    def _advance(self) -> bool:
        """Let time pass up to the first deadline. False when nobody has one."""
        deadlines = [
            deadline
            for process in self._live.values()
            if not self._held(process) and (deadline := _deadline(process.wait)) is not None
        ]
        deadlines += [at for chore in self._chores if (at := _deadline(chore.wait)) is not None]
        if not deadlines:
            return False
        self.clock.advance_to(max(min(deadlines), self.clock.now_ns))
        return True

    # -- ending ------------------------------------------------------------------------------

    def _finish(self, process: Process, code: int) -> None:
        process.exit_code = code
        process.steps = None
        process.wait = None
        self._live.pop(process.pid, None)
        process.fds.close_all()
        heir = self._init_of(process.group)
        for child in process.children:
            child.parent = heir
        process.children.clear()
        if process.is_init:
            self.kill_group(process.group)
        if process.on_exit is not None:
            process.on_exit(code)

    def _init_of(self, group: str) -> Process | None:
        if not group:
            return None
        return next((p for p in self._live.values() if p.group == group and p.is_init), None)

    def reap(self, child: Process) -> None:
        """Forget a dead child."""
        child.reaped = True
        if child.parent is not None and child in child.parent.children:
            child.parent.children.remove(child)

    # -- signals -----------------------------------------------------------------------------

    def deliver(self, process: Process, number: int, *, outside: bool = False) -> None:
        """kill(2) on one process.

        PID 1 of a container takes only what it handles, and KILL and STOP from outside.
        """
        if process.exit_code is not None or number == 0:
            return
        if number in (signals.KILL, signals.STOP) and process.is_init and not outside:
            return
        if number == signals.KILL:
            self._kill(process, number)
        elif number == signals.CONT:
            process.stopped = False
            self._release(process)
        elif self._held(process):
            process.held.append(number)
        elif number == signals.STOP:
            process.stopped = True
        else:
            self._act(process, number)

    def _act(self, process: Process, number: int) -> None:
        if number in process.ignored:
            return
        handler = process.handlers.get(number)
        if handler is not None:
            handler(number)
        elif process.is_init or number in signals.IGNORED_BY_DEFAULT:
            return
        elif number in signals.STOPPING:
            process.stopped = True
        else:
            self._kill(process, number)

    def _kill(self, process: Process, number: int) -> None:
        if process is self._current:
            raise Killed(number)
        process.died_of = number
        if process.steps is not None:
            process.steps.close()
        self._finish(process, 128 + number)

    def _release(self, process: Process) -> None:
        held, process.held = process.held, []
        for number in held:
            self.deliver(process, number, outside=True)

    def kill_group(self, group: str) -> None:
        """SIGKILL to all that is left of a container."""
        for process in self.processes(group):
            self.deliver(process, signals.KILL, outside=True)

    def freeze(self, group: str, frozen: bool) -> None:
        """`docker pause` and `unpause`: the cgroup freezer."""
        if frozen:
            self._frozen.add(group)
            return
        self._frozen.discard(group)
        for process in self.processes(group):
            if not process.stopped:
                self._release(process)

    def processes(self, group: str) -> Sequence[Process]:
        """The living ones, oldest first."""
        return [one for one in self._live.values() if one.group == group]

    def find(self, group: str, local_pid: int) -> Process | None:
        """By the number that the processes of this container see."""
        return next((one for one in self.processes(group) if one.local_pid == local_pid), None)

    # -- files -------------------------------------------------------------------------------

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


@dataclass(slots=True)
class _Chore:
    """Steps of the daemon that wait beside the processes."""

    steps: Steps[None]
    wait: Wait | None = None


def _deadline(wait: Wait | None) -> int | None:
    match wait:
        case Sleep(until_ns):
            return until_ns
        case Until(_, deadline_ns):
            return deadline_ns
        case _:
            return None
