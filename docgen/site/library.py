"""All pages of a project, read and played, each once, for one build of the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docgen.diagnostics import Diagnostic, PageError
from docgen.page.blocks import Diagram
from docgen.page.reader import read, read_content
from docgen.record.plain import RecordError
from docgen.record.proof import Proof
from docgen.site.links import for_site
from docgen.site.weave import Page, Recordings, Shelve, weave, weave_content
from docgen.upkeep.files import read_source
from docgen.upkeep.project import PageFile, Project
from docgen.upkeep.proofs import read_proofs
from docgen.upkeep.workshop import Workshop


@dataclass(slots=True)
class Library:
    """Raises PageError for a page that cannot be read, played or drawn."""

    project: Project
    workshop: Workshop
    shelve: Shelve = str

    def scenarios(self) -> Iterator[PageFile]:
        for file in sorted(self.project.scenarios.rglob("*.md")):
            yield PageFile(file, self.project)

    def scenario(self, page: PageFile) -> str:
        """The finished Markdown of a scenario."""
        return for_site(weave(self._page(page), self.shelve), page.path)

    def content(self, page: PageFile, first_line: int) -> str:
        """The finished Markdown of a content page, from `first_line` on."""
        scenario = read_content(page.path, read_source(page.file, page.path).text)
        for diagram in scenario.diagrams():
            self.workshop.drawing(page, scenario, diagram, None)

        def recordings_of(diagram: Diagram) -> Recordings:
            other = self.project.scenarios / f"{diagram.options['scenario']}.md"
            return self._page(PageFile(other, self.project)).recordings

        return for_site(weave_content(scenario, recordings_of, first_line, self.shelve), page.path)

    def _page(self, page: PageFile) -> Page:
        scenario = read(page.path, read_source(page.file, page.path).text)
        played, faults = self.workshop.play(page, scenario)
        if faults:
            raise PageError(faults)
        for diagram in scenario.diagrams():
            self.workshop.drawing(page, scenario, diagram, played)
        return Page(scenario, played.recordings, _proofs(page))


def _proofs(page: PageFile) -> tuple[Proof, ...]:
    try:
        return read_proofs(Path(page.file))
    except RecordError as error:
        remedy = "run docgen verify --record on a machine with Docker"
        raise PageError([Diagnostic(page.path, 0, 0, str(error), "", remedy)]) from None
