"""`docgen run`: a page's steps in the terminal, with diagrams."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from docgen.cli.common import chosen_driver, fail, load, play_far
from docgen.diagnostics import NotSimulated
from docgen.page.blocks import Console, Mode, Scenario
from docgen.record.recording import Recording, Step


def run_page(path: Path, *, as_json: bool, step: int | None, driver: str | None, view: str) -> None:
    page, scenario = load(path)
    recording, faults = play_far(page, scenario, chosen_driver(scenario, driver))
    if faults and (as_json or not recording.steps):
        fail(faults)
    if step is not None and step > len(recording.steps) and not faults:
        raise click.BadParameter(f"the page has {len(recording.steps)} steps", param_hint="--step")
    if as_json:
        from docgen.record.codec import dumps

        click.echo(dumps(_only(recording, step) if step else recording), nl=False)
        return
    _check_view(view)
    colour = sys.stdout.isatty()
    for text in _shown(scenario, recording, step, view, colour):
        click.echo(text, color=colour)
    if faults:
        fail(faults)


def _only(recording: Recording, step: int) -> Recording:
    """One step, from the state before it."""
    before = recording.steps[step - 2].snapshot if step > 1 else recording.start
    return replace(recording, start=before, steps=recording.steps[step - 1 : step])


def _check_view(view: str) -> None:
    if view:
        from docgen.draw.views import VIEWS

        if view not in VIEWS:
            known = ", ".join(VIEWS)
            raise click.BadParameter(f"'{view}' is none of: {known}", param_hint="--view")


def _shown(
    scenario: Scenario, recording: Recording, only: int | None, view: str, colour: bool
) -> Iterator[str]:
    head = f"{recording.title} ({recording.engine}, {recording.driver})"
    yield click.style(head, bold=True)
    steps = {step.line: (number, step) for number, step in enumerate(recording.steps, start=1)}
    for console in scenario.consoles():
        if not console.runs_on(recording.driver):
            if only is None and console.mode is not Mode.NORUN:
                yield f"\nline {console.line}: not run on {recording.driver} ({console.when})"
            continue
        for command in console.commands:
            if command.line not in steps:
                return
            number, step = steps[command.line]
            if only is None or only == number:
                yield from _step(recording, console, number, step, view, colour)


def _step(
    recording: Recording, console: Console, number: int, step: Step, view: str, colour: bool
) -> Iterator[str]:
    setup = ", setup" if console.mode is Mode.SETUP else ""
    where = f"step {number} of {len(recording.steps)}, line {step.line}{setup}"
    yield "\n" + click.style(where, dim=True)
    first, *rest = step.command.split("\n")
    yield click.style("\n".join([f"$ {first}", *(f"> {line}" for line in rest)]), bold=True)
    if step.output:
        yield clean_output(step.output)
    if step.exit:
        yield click.style(f"[{step.exit}]", fg="red")
    before = recording.steps[number - 2].snapshot if number > 1 else recording.start
    if view and replace(step.snapshot, time=before.time) != before:
        yield "\n" + _drawing(recording, number, view, colour)


def _drawing(recording: Recording, number: int, view: str, colour: bool) -> str:
    from docgen.draw.ascii import ascii as as_text
    from docgen.draw.picture import picture

    try:
        return as_text(picture(recording, number, view), colour=colour)
    except NotSimulated as error:
        return f"(no diagram: {error})"


def clean_output(output: str) -> str:
    """Output as a terminal may show it: no control character reaches it."""
    text = output.removesuffix("\n")
    return "".join(c if c in "\n\t" or c.isprintable() else f"\\x{ord(c):02x}" for c in text)
