"""`docgen update`: writes outputs, exit statuses and drawings into pages, and leaves all else
alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path

from docgen.diagnostics import Diagnostic, PageError
from docgen.frozen import frozen
from docgen.page.blocks import Console, Diagram, Scenario
from docgen.page.reader import read, read_content
from docgen.page.splice import Edit, diagram_edit, longer_fences, splice
from docgen.upkeep.files import Source, read_source, write_source
from docgen.upkeep.plays import Played
from docgen.upkeep.project import PageFile, find_pages
from docgen.upkeep.promises import broken_promises, promise_edits
from docgen.upkeep.workshop import Workshop


@frozen
class Updated:
    """What became of a page."""

    path: str
    before: str
    after: str
    diagnostics: tuple[Diagnostic, ...]
    """What writing could not mend."""

    @property
    def changed(self) -> bool:
        return self.before != self.after

    def diff(self) -> str:
        """A unified diff, as `patch` takes it."""
        old, new = self.before.splitlines(keepends=True), self.after.splitlines(keepends=True)
        lines = unified_diff(old, new, f"a/{self.path}", f"b/{self.path}")
        return "".join(
            one if one.endswith("\n") else f"{one}\n\\ No newline at end of file\n" for one in lines
        )


def update_pages(paths: Iterable[Path], workshop: Workshop, *, write: bool) -> Iterator[Updated]:
    """Raises FileNotFoundError for a path that is not there. Without `write` nothing is touched."""
    for page in find_pages(paths):
        yield _update(page, workshop, write)


def _update(page: PageFile, workshop: Workshop, write: bool) -> Updated:
    before = ""
    try:
        source = read_source(page.file, page.shown)
        before = source.text
        updated = _updated(page, source, workshop)
        if write and updated.changed:
            write_source(source, updated.after, page.shown)
        return updated
    except PageError as error:
        return Updated(page.shown, before, before, error.diagnostics)


def _updated(page: PageFile, source: Source, workshop: Workshop) -> Updated:
    if not page.runs:
        scenario = read_content(page.shown, source.text)
        edits, faults = _diagrams(page, scenario, None, workshop)
        return _finished(page, source.text, scenario, edits, faults)
    scenario = read(page.shown, source.text)
    played, hindered = workshop.play(page, scenario)
    told = [replace(one, path=page.shown) for one in hindered]
    if hindered:
        return Updated(page.shown, source.text, source.text, tuple(sorted(told)))
    shown = replace(played, scenario=scenario)
    edits, faults = _diagrams(page, scenario, shown, workshop)
    updated = _finished(page, source.text, scenario, [*promise_edits(shown), *edits], faults)
    again = replace(shown, scenario=read(page.shown, updated.after))
    return replace(updated, diagnostics=tuple(sorted({*faults, *broken_promises(again)})))


def _diagrams(
    page: PageFile, scenario: Scenario, own: Played | None, workshop: Workshop
) -> tuple[list[Edit], list[Diagnostic]]:
    edits: list[Edit] = []
    faults: list[Diagnostic] = []
    for diagram in scenario.diagrams():
        try:
            edit = diagram_edit(diagram, workshop.drawing(page, scenario, diagram, own))
        except PageError as error:
            faults += error.diagnostics
            continue
        if edit:
            edits.append(edit)
    return edits, faults


def _finished(
    page: PageFile, text: str, scenario: Scenario, edits: list[Edit], faults: list[Diagnostic]
) -> Updated:
    fences = [block for block in scenario.blocks if isinstance(block, (Console, Diagram))]
    marks = longer_fences(scenario.lines, fences, edits)
    return Updated(page.shown, text, splice(text, [*edits, *marks]), tuple(sorted(faults)))
