"""All pages of a project, read, played and woven, each once as long as it does not change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from docgen.diagnostics import Diagnostic, PageError
from docgen.page.blocks import Diagram
from docgen.page.reader import read, read_content
from docgen.record.plain import RecordError
from docgen.record.proof import Proof, proof_path
from docgen.site.links import for_site
from docgen.site.weave import Find, Page, Recordings, Shelve, weave, weave_content
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
    _woven: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    """Page → the bytes that it was woven from, and the result."""

    def scenarios(self) -> Iterator[PageFile]:
        for file in sorted(self.project.scenarios.rglob("*.md")):
            yield PageFile(file, self.project)

    def scenario(self, page: PageFile) -> str:
        """The finished Markdown of a scenario."""
        source = b"\0".join(_bytes(file) for file in (page.file, _proof_file(page)))
        known = self._woven.get(page.path)
        if known is not None and known[0] == source:
            return known[1]
        made = self._page(page)
        woven = for_site(weave(made, self._recordings_of(made), self.shelve), page.path)
        if not any("scenario" in one.options for one in made.scenario.diagrams()):
            self._woven[page.path] = (source, woven)
        return woven

    def content(self, page: PageFile, first_line: int) -> str:
        """The finished Markdown of a content page, from `first_line` on."""
        scenario = read_content(page.path, read_source(page.file, page.path).text)
        for diagram in scenario.diagrams():
            self.workshop.drawing(page, scenario, diagram, None)
        find = self._recordings_of(None)
        return for_site(weave_content(scenario, find, first_line, self.shelve), page.path)

    def _recordings_of(self, own: Page | None) -> Find:
        """What a diagram fence draws from: the scenario that it names, else its own page."""

        def find(diagram: Diagram) -> Recordings:
            name = diagram.options.get("scenario")
            if name is None and own is not None:
                return own.recordings
            other = self.project.scenarios / f"{name}.md"
            return self._page(PageFile(other, self.project)).recordings

        return find

    def _page(self, page: PageFile) -> Page:
        scenario = read(page.path, read_source(page.file, page.path).text)
        played, faults = self.workshop.play(page, scenario)
        if faults:
            raise PageError(faults)
        for diagram in scenario.diagrams():
            self.workshop.drawing(page, scenario, diagram, played)
        return Page(scenario, played.recordings, _proofs(page))


def _bytes(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""


def _proof_file(page: PageFile) -> Path:
    return Path(proof_path(page.file.as_posix()))


def _proofs(page: PageFile) -> tuple[Proof, ...]:
    try:
        return read_proofs(Path(page.file))
    except RecordError as error:
        remedy = "run docgen verify --record on a machine with Docker"
        raise PageError([Diagnostic(page.path, 0, 0, str(error), "", remedy)]) from None
