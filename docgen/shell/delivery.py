"""How processes end, and the signals that reach them (signal(7), pid_namespaces(7))."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.shell import signals
from docgen.shell.process import Killed, Process
from docgen.shell.scheduler import Scheduler


class Delivery(Scheduler):
    """Signals, exit and wait."""

    def processes(self, group: str) -> Sequence[Process]:
        """The living ones, oldest first."""
        return [one for one in self._live.values() if one.group == group]

    def find(self, group: str, local_pid: int) -> Process | None:
        """By the number that the processes of this container see."""
        return next((one for one in self.processes(group) if one.local_pid == local_pid), None)

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
