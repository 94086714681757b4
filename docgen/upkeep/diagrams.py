"""Diagrams of a page: the wanted picture, its ASCII form, and whether the page shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from docgen.diagnostics import Diagnostic, NotSimulated, PageError
from docgen.page.blocks import Diagram, Scenario
from docgen.page.complaints import nearest
from docgen.page.splice import diagram_edit
from docgen.record.recording import Recording
from docgen.upkeep.plays import step_at

WIDEST: Final = 160
"""Columns of the widest drawing."""


def drawing(diagram: Diagram, recording: Recording, step: int) -> str:
    """The ASCII drawing of a diagram fence."""
    from docgen.draw.ascii import ascii as as_text
    from docgen.draw.picture import picture
    from docgen.draw.sheet import WIDE

    level = diagram.options.get("level", "simple")
    width = int(diagram.options.get("width", WIDE))
    return as_text(picture(recording, step, diagram.view, diagram.target, level, width))


def stale(diagram: Diagram, wanted: str, shown: str) -> Diagnostic | None:
    """The fault of a body that shows another state than the wanted drawing; None where it fits."""
    edit = diagram_edit(diagram, wanted)
    if edit is None:
        return None
    old = [line.rstrip() for line in diagram.body]
    at = next((n for n, line in enumerate(edit.lines) if old[n : n + 1] != [line]), len(edit.lines))
    line = diagram.line + 1 + min(at, len(diagram.body))
    return Diagnostic(shown, line, 0, "a drawing that shows another state", "", "run docgen update")


def wanted_drawing(
    scenario: Scenario, diagram: Diagram, recordings: Mapping[str, Recording]
) -> str:
    """What the body must show. Raises PageError for a wish that cannot be met."""
    faults = list(_wish_faults(scenario, diagram))
    if faults:
        raise PageError(faults)
    driver = diagram.options.get("driver", next(iter(recordings)))
    recording = recordings.get(driver)
    if recording is None:
        found = f"driver '{driver}', on which the scenario is not run"
        raise PageError([_fault(scenario, diagram, found, nearest(driver, recordings))])
    step = _step(scenario, diagram, recording)
    if step > len(recording.steps):
        found = f"step {step} of a scenario with {len(recording.steps)} steps"
        remedy = f"write step={len(recording.steps)} or less"
        raise PageError([_fault(scenario, diagram, found, remedy)])
    try:
        return drawing(diagram, recording, step)
    except NotSimulated as error:
        raise PageError([_fault(scenario, diagram, error.what, error.instead)]) from None


def _step(scenario: Scenario, diagram: Diagram, recording: Recording) -> int:
    """As the fence says it; else what was run above it, or all of another scenario."""
    if "step" in diagram.options:
        return int(diagram.options["step"])
    if "scenario" in diagram.options:
        return len(recording.steps)
    return step_at(scenario, recording.driver, diagram.line)


def _wish_faults(scenario: Scenario, diagram: Diagram) -> Iterator[Diagnostic]:
    from docgen.draw.picture import LEVELS
    from docgen.draw.sheet import NARROW
    from docgen.draw.views import VIEWS

    if diagram.view not in VIEWS:
        found = f"unknown view '{diagram.view}'"
        yield _fault(scenario, diagram, found, nearest(diagram.view, VIEWS))
    level = diagram.options.get("level", LEVELS[0])
    if level not in LEVELS:
        yield _fault(scenario, diagram, f"unknown level '{level}'", nearest(level, LEVELS))
    width = int(diagram.options.get("width", NARROW))
    if not NARROW <= width <= WIDEST:
        found = f"a width of {width} columns"
        yield _fault(scenario, diagram, found, f"write a width from {NARROW} to {WIDEST}")


def _fault(scenario: Scenario, diagram: Diagram, found: str, remedy: str) -> Diagnostic:
    return Diagnostic(scenario.path, diagram.line, diagram.column, found, "", remedy)
