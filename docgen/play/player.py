"""Plays a scenario on an engine, block by block, and takes a snapshot after every command."""

from __future__ import annotations

from collections.abc import Iterator

from docgen.diagnostics import Diagnostic, LimitExceeded, NotSimulated, PageError
from docgen.limits import OUTPUT_BYTES
from docgen.page.blocks import Command, Console, FileBlock, Scenario
from docgen.play.engine import Engine
from docgen.record.recording import Recording, Step


def play(scenario: Scenario, engine: Engine) -> Recording:
    """Raises PageError for what the engine refuses: all of it before the first step, where the
    page itself says so; at its step, where only running it shows.
    """
    refuse_early(scenario, engine)
    start = engine.snapshot()
    steps = tuple(play_steps(scenario, engine))
    return Recording(scenario.path, scenario.title, engine.name, engine.driver, start, steps)


def refuse_early(scenario: Scenario, engine: Engine) -> None:
    """Raises PageError with everything that is known to be refused before the first step."""
    found = [
        _diagnostic(scenario, command, error)
        for _, command in scenario.commands(engine.driver)
        for error in engine.refused(command.text)
    ]
    if found:
        raise PageError(found)


def play_steps(scenario: Scenario, engine: Engine) -> Iterator[Step]:
    """The steps, one by one, as they are played."""
    for block in scenario.blocks:
        if isinstance(block, FileBlock):
            _write(scenario, block, engine)
        elif isinstance(block, Console) and block.runs_on(engine.driver):
            for command in block.commands:
                yield _play_command(scenario, command, engine)


def _write(scenario: Scenario, block: FileBlock, engine: Engine) -> None:
    try:
        engine.write_file(block.path, block.text.encode(), block.mode)
    except OSError as error:
        found = f"the file '{block.path}' cannot be written: {error.strerror or error}"
        remedy = "write to another path, or change the commands above it"
        raise PageError([Diagnostic(scenario.path, block.line, 1, found, "", remedy)]) from None


def _play_command(scenario: Scenario, command: Command, engine: Engine) -> Step:
    try:
        result = engine.run(command.text)
        size = len(result.stdout) + len(result.stderr)
        if size > OUTPUT_BYTES:
            raise LimitExceeded(f"an output of {size} characters", f"at most {OUTPUT_BYTES} a step")
        snapshot = engine.snapshot()
    except NotSimulated as error:
        raise PageError([_diagnostic(scenario, command, error)]) from None
    return Step(command.line, command.text, result.stdout, result.stderr, result.exit, snapshot)


def _diagnostic(scenario: Scenario, command: Command, error: NotSimulated) -> Diagnostic:
    """Places in a command are places in the page: each of its lines has a prompt of one width."""
    line = command.line + error.line - 1
    column = error.column + command.column - 1
    return Diagnostic(scenario.path, line, column, error.what, "", error.instead)
