"""A scenario played on all of its drivers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from docgen.diagnostics import Diagnostic, PageError
from docgen.frozen import frozen
from docgen.page.blocks import Command, Console, Scenario
from docgen.page.complaints import nearest
from docgen.play.engine import Engine
from docgen.play.player import play
from docgen.record.recording import Recording, Step

OpenEngine = Callable[[Scenario, str], Engine]
"""A fresh engine for a scenario and a driver."""


@frozen
class Played:
    """A scenario and what came of it. Steps belong to commands by their order, not by their lines,
    so the same recordings serve a page whose bodies were rewritten.
    """

    scenario: Scenario
    recordings: Mapping[str, Recording]
    """By driver, in the page's order; a driver is missing where the page could not be played."""

    def steps(self, driver: str) -> Iterator[tuple[Console, Command, Step]]:
        recording = self.recordings.get(driver)
        if recording is not None:
            pairs = zip(self.scenario.commands(driver), recording.steps, strict=True)
            yield from ((console, command, step) for (console, command), step in pairs)

    def first_driver(self, console: Console) -> str:
        """The driver that a fence's promised output is checked on; '' where it runs on none."""
        return next((one for one in self.scenario.front.drivers if console.runs_on(one)), "")


def step_at(scenario: Scenario, driver: str, line: int) -> int:
    """How many steps of the page have been run above a line."""
    return sum(command.line < line for _, command in scenario.commands(driver))


def play_all(scenario: Scenario, open_engine: OpenEngine) -> tuple[Played, list[Diagnostic]]:
    """Plays on every driver of the page; what cannot be played is told, the rest goes on."""
    recordings: dict[str, Recording] = {}
    found: list[Diagnostic] = []
    for driver in scenario.front.drivers:
        try:
            engine = open_engine(scenario, driver)
        except PageError as error:
            found += error.diagnostics
            continue
        try:
            recordings[driver] = play(scenario, engine)
        except PageError as error:
            found += [one for one in error.diagnostics if one not in found]
        finally:
            engine.close()
    return Played(scenario, recordings), found


def check_drivers(scenario: Scenario, known: Mapping[str, object]) -> list[Diagnostic]:
    """Driver names of the front matter and of conditions that nobody knows, and fences that no
    driver of the page runs.
    """
    found: list[Diagnostic] = []
    for index, driver in enumerate(scenario.front.drivers):
        if driver not in known:
            place = scenario.front.places[f"drivers[{index}]"]
            text = f"unknown driver '{driver}'"
            found.append(
                Diagnostic(
                    scenario.path, place.line, place.column, text, "", nearest(driver, known)
                )
            )
    for console in scenario.consoles():
        drivers = console.when.drivers if console.when else ()
        for driver in drivers:
            if driver not in known:
                text = f"unknown driver '{driver}' in the condition '{console.when}'"
                found.append(
                    Diagnostic(scenario.path, console.line, 1, text, "", nearest(driver, known))
                )
        if console.commands and not any(map(console.runs_on, scenario.front.drivers)):
            text = f"a fence that never runs: {console.when}"
            wanted = f"a condition for one of: {', '.join(scenario.front.drivers)}"
            remedy = "add the driver to 'drivers' in the front matter, or change the condition"
            found.append(Diagnostic(scenario.path, console.line, 1, text, wanted, remedy))
    return found
