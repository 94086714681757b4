"""Does a page keep its promises? Output on the first driver that runs it, exit statuses on all."""

from __future__ import annotations

from collections.abc import Iterator

from docgen.diagnostics import Diagnostic, LimitExceeded
from docgen.page.blocks import Command, Console
from docgen.page.matching import match, output_lines, rewrite
from docgen.page.splice import Edit, command_edit
from docgen.record.recording import Step
from docgen.upkeep.plays import Played

UPDATE = "run docgen update, if it is right"
LONGEST = 160


def broken_promises(played: Played) -> Iterator[Diagnostic]:
    for driver in played.recordings:
        for console, command, step in played.steps(driver):
            yield from _exit(played, console, command, step, driver)
            if played.first_driver(console) == driver:
                yield from _output(played, command, step)


def promise_edits(played: Played) -> Iterator[Edit]:
    """What has to be written so that all promises are kept."""
    for driver in played.recordings:
        for console, command, step in played.steps(driver):
            if played.first_driver(console) == driver:
                edit = command_edit(command, step.output, step.exit, bool(console.fails))
                if edit:
                    yield edit


def _exit(
    played: Played, console: Console, command: Command, step: Step, driver: str
) -> Iterator[Diagnostic]:
    first = played.first_driver(console) == driver
    on = "" if first else f" on {driver}"
    wanted, remedy = f"exit status {command.exit or 0}", UPDATE
    if not first:
        remedy = "give the commands that differ a fence of their own with when=, or fix the page"
    if console.fails and command.exit is None:
        if step.exit != 0 or command is not console.commands[-1]:
            return
        others = [s.exit for c, _, s in played.steps(driver) if c is console]
        if any(others):
            return
        wanted, remedy = f"a failure: {console.fails}", "remove fails= from the fence"
    elif step.exit == (command.exit or 0):
        return
    found = f"exit status {step.exit}{on} of: {shown(command.text)}"
    yield Diagnostic(played.scenario.path, command.line, command.column, found, wanted, remedy)


def _output(played: Played, command: Command, step: Step) -> Iterator[Diagnostic]:
    path = played.scenario.path
    try:
        if match(command.promised, step.output):
            return
    except LimitExceeded as error:
        yield Diagnostic(path, command.output_line, 1, error.what, "", error.instead)
        return
    promised, actual = command.promised, rewrite(command.promised, step.output)
    index = next(
        (n for n, (a, b) in enumerate(zip(promised, actual, strict=False)) if a != b),
        min(len(promised), len(actual)),
    )
    if not promised:
        count = len(output_lines(step.output))
        more = f" and {count - 1} more lines" if count > 1 else ""
        found = f"output that the page does not promise: '{shown(actual[0])}'{more}"
        yield Diagnostic(
            path, command.line, command.column, found, "", f"{UPDATE}, or promise '...'"
        )
        return
    found = f"'{shown(actual[index])}'" if index < len(actual) else "the end of the output"
    wanted = f"'{shown(promised[index])}'" if index < len(promised) else "the end of the output"
    yield Diagnostic(path, command.output_line + index, 1, found, wanted, UPDATE)


def shown(text: str) -> str:
    """One line of it, not too long, without control characters."""
    line = text.split("\n")[0]
    line = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in line)
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
