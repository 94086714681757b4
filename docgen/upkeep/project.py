"""Where pages lie. A project is the nearest directory above with `mkdocs.yml` or `scenarios/`.

Pages below `scenarios/` run; all other pages of a project may only draw from them. Outside of a
project every page runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from docgen.frozen import frozen

SCENARIOS: Final = "scenarios"
CONTENT: Final = "content"
MARKS: Final = ("mkdocs.yml", SCENARIOS)


@frozen
class Project:
    root: Path
    """Absolute."""

    @property
    def scenarios(self) -> Path:
        return self.root / SCENARIOS

    @property
    def content(self) -> Path:
        return self.root / CONTENT

    def path_of(self, page: Path) -> str:
        """Relative to the root, with forward slashes; ids are made from it."""
        return page.resolve().relative_to(self.root).as_posix()


@frozen
class PageFile:
    """A page on the disk."""

    file: Path
    """As the person named it."""
    project: Project | None

    @property
    def shown(self) -> str:
        """The path in messages."""
        return self.file.as_posix()

    @property
    def path(self) -> str:
        """In the project; outside one, the file's name."""
        return self.project.path_of(self.file) if self.project else self.file.name

    @property
    def runs(self) -> bool:
        return self.project is None or self.path.startswith(f"{SCENARIOS}/")


def find_project(start: Path) -> Project | None:
    """The project that holds a file or directory."""
    place = start.resolve()
    for directory in (place, *place.parents):
        if any((directory / mark).exists() for mark in MARKS):
            return Project(directory)
    return None


def page_file(path: Path) -> PageFile:
    return PageFile(path, find_project(path.parent))


def find_pages(paths: Iterable[Path]) -> list[PageFile]:
    """The pages that are meant, each once: files as they are, directories with all pages below.
    Without a path, all of the project. Raises FileNotFoundError.
    """
    given = list(paths) or list(_all_of_project())
    found: dict[Path, PageFile] = {}
    for path in given:
        if not path.exists():
            raise FileNotFoundError(path.as_posix())
        for file in sorted(path.rglob("*.md")) if path.is_dir() else [path]:
            found.setdefault(file.resolve(), page_file(file))
    return list(found.values())


def _all_of_project() -> Iterator[Path]:
    here = Path()
    project = find_project(here)
    if project is None:
        raise FileNotFoundError("no project here: no mkdocs.yml and no scenarios/ above")
    for place in (project.scenarios, project.content):
        if place.is_dir():
            yield Path(_relative(place, here.resolve()))


def _relative(place: Path, here: Path) -> Path:
    return place.relative_to(here) if place.is_relative_to(here) else place
