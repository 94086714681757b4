"""What several commands do alike: read one page, play it, tell what is wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click

from docgen.diagnostics import Diagnostic, PageError
from docgen.page.blocks import Scenario
from docgen.page.reader import read
from docgen.play.drivers import driver_names
from docgen.play.player import play_steps, refuse_early
from docgen.play.simulated import open_simulated
from docgen.record.recording import Recording, Step
from docgen.upkeep.files import read_source
from docgen.upkeep.plays import check_drivers
from docgen.upkeep.project import PageFile, page_file

WRONG = 1


def fail(found: Iterable[Diagnostic], more: Sequence[str] = ()) -> NoReturn:
    """The pages are wrong: tell it on stderr, exit 1."""
    for one in found:
        click.echo(str(one), err=True)
    for line in more:
        click.echo(line, err=True)
    sys.exit(WRONG)


def load(path: Path) -> tuple[PageFile, Scenario]:
    """A page that is to be run. Exits 2 where there is none, 1 where it cannot be read."""
    if not path.is_file():
        raise click.BadParameter(f"{path.as_posix()}: there is no such page", param_hint="PAGE")
    page = page_file(path)
    try:
        scenario = read(page.shown, read_source(path, page.shown).text)
    except PageError as error:
        fail(error.diagnostics)
    faults = check_drivers(scenario, driver_names())
    if faults:
        fail(faults)
    return page, scenario


def chosen_driver(scenario: Scenario, driver: str | None) -> str:
    """The one asked for, else the page's first. Exits 2 for one that nobody knows."""
    if driver is None:
        return scenario.front.drivers[0]
    if driver not in driver_names():
        known = ", ".join(driver_names())
        raise click.BadParameter(f"'{driver}' is none of: {known}", param_hint="--driver")
    return driver


def play_page(page: PageFile, scenario: Scenario, driver: str) -> Recording:
    """Exits 1 where the page cannot be played to its end."""
    recording, faults = play_far(page, scenario, driver)
    if faults:
        fail(faults)
    return recording


def play_far(
    page: PageFile, scenario: Scenario, driver: str
) -> tuple[Recording, Sequence[Diagnostic]]:
    """As far as the page can be played, and what stopped it."""
    engine = open_simulated(replace(scenario, path=page.path), driver)
    steps: list[Step] = []
    faults: Sequence[Diagnostic] = ()
    start = engine.snapshot()
    try:
        refuse_early(scenario, engine)
        steps.extend(play_steps(scenario, engine))
    except PageError as error:
        faults = error.diagnostics
    finally:
        engine.close()
    recording = Recording(page.path, scenario.title, engine.name, driver, start, tuple(steps))
    return recording, faults
