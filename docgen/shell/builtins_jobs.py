"""Builtins around processes: trap kill wait jobs times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.daemon.waits import Steps, Until
from docgen.shell import signals
from docgen.shell.flavour import Flavour
from docgen.shell.process import Process
from docgen.shell.state import trap_name
from docgen.shell.wording import BareFailure, CommandFailed, single_quoted

if TYPE_CHECKING:
    from docgen.shell.interpret import Shell


def trap(shell: Shell, argv: list[str]) -> Steps[int]:
    """`trap`, `trap action signals`, `trap - signals`."""
    words = argv[2:] if len(argv) > 1 and argv[1] == "--" else argv[1:]
    if not words:
        for trapped, command in sorted(shell.traps.items()):
            shown = single_quoted(command)
            yield from shell.process.out(f"trap -- {shown} {trap_name(trapped)}\n")
        return 0
    action: str | None = None
    if len(words) > 1 and not words[0].isdigit():
        action, words = (None if words[0] == "-" else words[0]), words[1:]
    status = 0
    for word in words:
        number = signals.number_of(word)
        if number is None:
            yield from _bad_signal(shell, word)
            status = 1
        else:
            shell.set_trap(number, action)
    return status


def _bad_signal(shell: Shell, word: str) -> Steps[None]:
    if shell.flavour is Flavour.HOST:
        yield from shell.say(f"trap: {word}: bad trap\n")
    else:
        yield from shell.complain(f"{word}: invalid signal specification")


def kill(shell: Shell, argv: list[str]) -> Steps[int]:
    """`kill [-signal | -s signal] pid…`, `kill -l`."""
    words = argv[1:]
    number = signals.TERM
    if words and words[0] == "-l":
        return (yield from _list_signals(shell, words[1:]))
    if words and words[0] == "-s" and len(words) > 1:
        number = _signal(shell, words[1], named=True)
        words = words[2:]
    elif words and words[0].startswith("-") and words[0] != "--":
        number = _signal(shell, words[0][1:])
        words = words[1:]
    if words and words[0] == "--":
        words = words[1:]
    if not words:
        raise _kill_usage(shell)
    status = 0
    for word in words:
        try:
            _send(shell, word, number)
        except CommandFailed as failure:
            status = yield from shell.report(failure)
    return status


def _kill_usage(shell: Shell) -> CommandFailed:
    if shell.flavour is Flavour.HOST:
        return CommandFailed(
            "Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]"
        )
    return BareFailure(f"{shell.applet_name}: you need to specify whom to kill\n", 1)


def _signal(shell: Shell, name: str, *, named: bool = False) -> int:
    number = signals.number_of(name)
    if number is not None:
        return number
    if shell.flavour is Flavour.HOST and named:
        raise CommandFailed(f"invalid signal number or name: {name}")
    if shell.flavour is Flavour.HOST:
        raise CommandFailed(f"Illegal option -{name[:1]}")
    raise BareFailure(f"{shell.applet_name}: bad signal name '{name}'\n", 1)


def _send(shell: Shell, word: str, number: int) -> None:
    """To one process (`123`, `%1`), to one's own process group (`0`, `-123`)."""
    kernel, own = shell.process.kernel, shell.process
    if word.startswith("%"):
        targets = [_job(shell, word)[1]]
        if shell.flavour is Flavour.HOST:  # dash kills the job's group, and a script has none
            raise _no_process(shell, word)
    else:
        digits = word.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
            raise _bad_pid(shell, word)
        targets = _targets(own, int(word))
    living = [one for one in targets if one.exit_code is None]
    if not living and not (targets and number == 0 and not targets[0].reaped):
        raise _no_process(shell, word)
    # Itself last: the others must get theirs.
    for target in sorted(living, key=lambda one: one is own):
        kernel.deliver(target, number)


def _targets(own: Process, number: int) -> list[Process]:
    kernel = own.kernel
    everybody = kernel.processes(own.group)
    if number > 0:
        found = kernel.find(own.group, number)
        zombies = [one for one in own.children if one.local_pid == number]
        return [found] if found is not None else zombies
    if number == -1:
        return [one for one in everybody if one is not own and not one.is_init]
    if number == 0:
        return [one for one in everybody if one.pgrp == own.pgrp]
    leader = next((one for one in everybody if one.local_pid == -number), None)
    return [] if leader is None else [one for one in everybody if one.pgrp == leader.pid]


def _bad_pid(shell: Shell, word: str) -> CommandFailed:
    if shell.flavour is Flavour.HOST:
        return CommandFailed(f"Illegal number: {word}")
    return BareFailure(f"{shell.applet_name}: invalid number '{word}'\n", 1)


def _no_process(shell: Shell, word: str) -> CommandFailed:
    if shell.flavour is Flavour.HOST:
        return CommandFailed("No such process\n", 1)
    return BareFailure(f"{shell.applet_name}: can't kill pid {word}: No such process\n", 1)


def _list_signals(shell: Shell, words: list[str]) -> Steps[int]:
    if not words:
        if shell.flavour is Flavour.HOST:
            lines = list(signals.DASH_LIST)
        else:
            lines = [f"{number:2}) {name}" for number, name in enumerate(signals.ASH_LIST, 1)]
        yield from shell.process.out("".join(f"{line}\n" for line in lines))
        return 0
    for word in words[:1] if shell.flavour is Flavour.HOST else words:
        if word.isdigit():
            number = int(word) & 0x7F if len(word) < 5 else 0
            if number < len(signals.NAMES):
                yield from shell.process.out(f"{signals.NAMES[number]}\n")
        elif shell.flavour is Flavour.HOST:
            raise CommandFailed(f"Illegal number: {word}")
        else:
            yield from shell.process.out(f"{_signal(shell, word)}\n")
    return 0


# -- jobs ----------------------------------------------------------------------------------------


def _job(shell: Shell, word: str) -> tuple[int, Process]:
    """`%1`, `%%`, `%+`, `%-`. Raises CommandFailed."""
    numbers = sorted(shell.jobs)
    name = word[1:]
    if name in ("", "%", "+") and numbers:
        return numbers[-1], shell.jobs[numbers[-1]]
    if name == "-" and len(numbers) > 1:
        return numbers[-2], shell.jobs[numbers[-2]]
    if name.isdigit() and len(name) < 6 and int(name) in shell.jobs:
        return int(name), shell.jobs[int(name)]
    if shell.flavour is Flavour.HOST:
        raise CommandFailed(f"No such job: {word}")
    raise CommandFailed(f"{word}: no such job")


def wait(shell: Shell, argv: list[str]) -> Steps[int]:
    """`wait`, `wait pid`, `wait %job`: a trapped signal ends it at once (XCU 2.11)."""
    words = argv[1:]
    if not words:
        for _, job in sorted(shell.jobs.items()):
            if not (yield from _wait_for(shell, job)):
                return 128 + shell.process.pending[0]
        return 0
    status = 0
    for word in words:
        child = _waited_for(shell, word)
        if child is None:
            status = 127
            continue
        if not (yield from _wait_for(shell, child)):
            return 128 + shell.process.pending[0]
        status = child.exit_code or 0
        if child.death_words:
            yield from shell.say(child.death_words + "\n")
    return status


def _waited_for(shell: Shell, word: str) -> Process | None:
    if word.startswith("%"):
        return _job(shell, word)[1]
    if not (word.isascii() and word.isdigit()):
        raise CommandFailed(f"Illegal number: {word}")
    return next((one for one in shell.jobs.values() if str(one.local_pid) == word), None)


def _wait_for(shell: Shell, child: Process) -> Steps[bool]:
    """False when a trapped signal came first."""
    pending = shell.process.pending
    if child.exit_code is None and not pending:
        yield Until(lambda: child.exit_code is not None or bool(pending))
    if child.exit_code is None:
        return False
    shell.process.kernel.reap(child)
    return True


def jobs(shell: Shell, argv: list[str]) -> Steps[int]:
    """Background jobs, the newest first; those that are done are shown once."""
    long = "-l" in argv[1:]
    shown = 0
    for number in sorted(shell.jobs, reverse=True):
        child = shell.jobs[number]
        mark = "+- "[min(shown, 2)]
        shown += child.exit_code is None
        pid = f"{child.local_pid} " if long else ""
        state = _state(child)
        if shell.flavour is Flavour.HOST:
            line = f"[{number}] {mark} {pid}{state}"
        else:
            line = f"[{number}]{mark}  {pid}{state}"
        yield from shell.process.out(f"{line:<33}\n")
        if child.exit_code is not None:
            del shell.jobs[number]
    return 0


def _state(child: Process) -> str:
    if child.exit_code is None:
        return "Stopped" if child.stopped else "Running"
    if child.died_of:
        return child.death_words or "Interrupt"
    return "Done" if child.exit_code == 0 else f"Done({child.exit_code})"


def no_job_control(shell: Shell, argv: list[str]) -> Steps[int]:
    """`fg`, `bg`: a script has no job control."""
    del shell, argv
    yield from ()
    raise CommandFailed("No current job")


def times(shell: Shell, argv: list[str]) -> Steps[int]:
    """Nothing takes time in virtual time."""
    del argv
    one = "0m0.000000s" if shell.flavour is Flavour.HOST else "0m0.000s"
    yield from shell.process.out(f"{one} {one}\n{one} {one}\n")
    return 0
