"""Where pages are read, played and drawn for `check` and `update`, each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from docgen.diagnostics import Diagnostic, PageError
from docgen.page.blocks import Diagram, Scenario
from docgen.page.reader import read
from docgen.upkeep.diagrams import wanted_drawing
from docgen.upkeep.files import read_source
from docgen.upkeep.plays import OpenEngine, Played, check_drivers, play_all
from docgen.upkeep.project import PageFile, page_file


@dataclass(slots=True)
class Workshop:
    """Reads and plays pages, each once; a page that changed meanwhile is another one."""

    open_engine: OpenEngine
    drivers: Mapping[str, object]
    """Names of all drivers that there are."""
    _played: dict[tuple[Path, tuple[str, ...]], tuple[Played, list[Diagnostic]]] = field(
        default_factory=dict
    )

    def play(self, page: PageFile, scenario: Scenario) -> tuple[Played, list[Diagnostic]]:
        """The page on all of its drivers, and what hindered that."""
        key = (page.file.resolve(), scenario.lines)
        known = self._played.get(key)
        if known is None:
            named = replace(scenario, path=page.path)
            faults = check_drivers(named, self.drivers)
            known = (Played(named, {}), faults) if faults else play_all(named, self.open_engine)
            self._played[key] = known
        return known

    def drawing(
        self, page: PageFile, scenario: Scenario, diagram: Diagram, own: Played | None
    ) -> str:
        """What a diagram fence must show; '' where its own page could not be played.

        Raises PageError for a wish that cannot be met.
        """
        name = diagram.options.get("scenario", "")
        if own is not None and not name:
            return wanted_drawing(scenario, diagram, own.recordings) if own.recordings else ""
        if not name:
            raise _unmet(
                page, diagram, "a diagram of no scenario", "write, say, scenario=NAME step=3"
            )
        file = page.project.scenarios / f"{name}.md" if page.project else None
        if file is None or not file.is_file():
            remedy = "write its path below scenarios/, without .md"
            raise _unmet(page, diagram, f"unknown scenario '{name}'", remedy)
        other = page_file(file)
        source = read_source(file, other.path)
        recordings = self.play(other, read(other.path, source.text))[0].recordings
        if not recordings:
            found, remedy = (
                f"scenario '{name}', which cannot be played",
                f"check {other.path} first",
            )
            raise _unmet(page, diagram, found, remedy)
        return wanted_drawing(scenario, diagram, recordings)


def _unmet(page: PageFile, diagram: Diagram, found: str, remedy: str) -> PageError:
    return PageError([Diagnostic(page.shown, diagram.line, diagram.column, found, "", remedy)])


def simulated_workshop() -> Workshop:
    """The workshop that plays on the simulator."""
    from docgen.play.simulated import open_simulated
    from docgen.store.driver import DRIVERS

    return Workshop(open_simulated, DRIVERS)
