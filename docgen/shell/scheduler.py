"""Whose turn it is: processes as generators on virtual time.

Deterministic: processes run in the order they were started, each up to its next wait. Time passes
only when nobody can run (or, when somebody spins, every thousandth round).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from docgen import limits
from docgen.daemon.waits import Sleep, Steps, Turn, Until, Wait
from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.fs.clock import Clock
from docgen.fs.content import Content
from docgen.fs.errors import FsError
from docgen.shell.process import Killed, Process

SPIN_ROUNDS = 1_000
"""Rounds without a wait after which time passes all the same."""
ABANDONED = 125
"""Exit status of a process that met something that is not simulated."""


class Scheduler(ABC):
    """The living processes of one host, those in containers too."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.ticks = 0
        self._live: dict[int, Process] = {}
        self._current: Process | None = None
        self._frozen: set[str] = set()
        self._chores: list[_Chore] = []

    @abstractmethod
    def _finish(self, process: Process, code: int) -> None:
        """Its program has ended."""

    def background(self, steps: Steps[None]) -> None:
        """Run the daemon's own steps beside the processes: a restart after its delay."""
        self._chores.append(_Chore(steps))

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
