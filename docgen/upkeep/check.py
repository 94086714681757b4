"""`docgen check`: promised output, exit statuses, drawings, recordings, links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from docgen.diagnostics import Diagnostic, PageError
from docgen.frozen import frozen
from docgen.page.blocks import Scenario
from docgen.page.reader import read, read_content
from docgen.upkeep.diagrams import stale
from docgen.upkeep.files import Source, read_source
from docgen.upkeep.links import broken_links
from docgen.upkeep.plays import Played
from docgen.upkeep.project import PageFile, find_pages
from docgen.upkeep.promises import broken_promises
from docgen.upkeep.proofs import proof_faults
from docgen.upkeep.workshop import Workshop


@frozen
class Checked:
    """A page and all that is wrong with it."""

    path: str
    steps: int
    """Commands that were run, over all drivers."""
    diagnostics: tuple[Diagnostic, ...]


def check(paths: Iterable[Path], workshop: Workshop) -> list[Diagnostic]:
    """Everything that is wrong with these pages. Raises FileNotFoundError for a path that is not
    there.
    """
    return [one for page in check_pages(paths, workshop) for one in page.diagnostics]


def check_pages(paths: Iterable[Path], workshop: Workshop) -> Iterator[Checked]:
    for page in find_pages(paths):
        yield check_page(page, workshop)


def check_page(page: PageFile, workshop: Workshop) -> Checked:
    try:
        source = read_source(page.file, page.shown)
        if page.runs:
            return _check_scenario(page, source, workshop)
        scenario = read_content(page.shown, source.text)
        return Checked(page.shown, 0, _in_order(_faults(page, scenario, None, workshop)))
    except PageError as error:
        return Checked(page.shown, 0, error.diagnostics)


def _check_scenario(page: PageFile, source: Source, workshop: Workshop) -> Checked:
    scenario = read(page.shown, source.text)
    played, hindered = workshop.play(page, scenario)
    shown = replace(played, scenario=scenario)
    found = [
        *(replace(one, path=page.shown) for one in hindered),
        *broken_promises(shown),
        *proof_faults(page.file, page.shown, shown),
        *_faults(page, scenario, shown, workshop),
    ]
    steps = sum(len(recording.steps) for recording in played.recordings.values())
    return Checked(page.shown, steps, _in_order(found))


def _faults(
    page: PageFile, scenario: Scenario, own: Played | None, workshop: Workshop
) -> Iterator[Diagnostic]:
    """Of drawings and links, which all pages have."""
    yield from broken_links(page, scenario)
    for diagram in scenario.diagrams():
        try:
            wanted = workshop.drawing(page, scenario, diagram, own)
        except PageError as error:
            yield from error.diagnostics
            continue
        fault = stale(diagram, wanted, page.shown) if wanted else None
        if fault:
            yield fault


def _in_order(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(set(found)))
