"""`if`, `for`, `while`, `until`, `case`: compound commands without their redirections."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from docgen.daemon.waits import Steps, Turn
from docgen.shell import expand
from docgen.shell.control import LeaveLoop, Loop
from docgen.shell.pattern import Pattern
from docgen.shell.syntax import Case, For, Group, If, Script, While

if TYPE_CHECKING:
    from docgen.shell.interpret import Shell

ITERATION_TICKS = 4
"""What one pass through a loop costs."""


def run_compound(shell: Shell, command: Group | If | For | While | Case) -> Steps[None]:
    match command:
        case Group(body):
            yield from shell.run(body)
        case If():
            yield from _if(shell, command)
        case For():
            yield from _for(shell, command)
        case While():
            yield from _while(shell, command)
        case Case():
            yield from _case(shell, command)
        case _:
            assert_never(command)


def _condition(shell: Shell, script: Script) -> Steps[bool]:
    shell.tested += 1
    try:
        return (yield from shell.run(script)) == 0
    finally:
        shell.tested -= 1


def _if(shell: Shell, command: If) -> Steps[None]:
    for condition, body in command.branches:
        if (yield from _condition(shell, condition)):
            yield from shell.run(body)
            return
    if command.otherwise is not None:
        yield from shell.run(command.otherwise)
    else:
        shell.status = 0


def _for(shell: Shell, command: For) -> Steps[None]:
    shell.line = command.line
    values: list[str] | tuple[str, ...] = shell.positional
    if command.words is not None:
        values = yield from expand.fields(shell, command.words)
    shell.status = 0
    for value in values:
        shell.assign(command.name, value)
        if not (yield from _iteration(shell, command.body)):
            return


def _while(shell: Shell, command: While) -> Steps[None]:
    status = 0
    while True:
        shell.loops += 1
        try:
            holds = yield from _condition(shell, command.condition)
        except LeaveLoop as leaving:
            if _leaves(shell, leaving):
                return
            continue
        finally:
            shell.loops -= 1
        if holds == command.until:
            shell.status = status
            return
        goes_on = yield from _iteration(shell, command.body)
        status = shell.status
        if not goes_on:
            return


def _iteration(shell: Shell, body: Script) -> Steps[bool]:
    """One pass through a loop's body; False when the loop is left."""
    shell.process.kernel.tick(ITERATION_TICKS)
    yield Turn()
    shell.loops += 1
    try:
        yield from shell.run(body)
    except LeaveLoop as leaving:
        return not _leaves(shell, leaving)
    finally:
        shell.loops -= 1
    return True


def _leaves(shell: Shell, leaving: LeaveLoop) -> bool:
    """Has `break` or `continue` arrived here? True: this loop ends."""
    shell.status = 0
    if leaving.levels > 1 and shell.loops > 1:
        raise LeaveLoop(leaving.how, leaving.levels - 1)
    return leaving.how is Loop.BREAK


def _case(shell: Shell, command: Case) -> Steps[None]:
    shell.line = command.line
    subject = yield from expand.text(shell, command.word)
    shell.status = 0
    for arm in command.arms:
        for word in arm.patterns:
            pattern = Pattern((yield from expand.chunks(shell, word.parts)), shell.caret_negates)
            if pattern.matches(subject):
                yield from shell.run(arm.body)
                return
