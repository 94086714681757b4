"""The whole project as finished files: Markdown and what it needs, for any generator of sites."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

from docgen.draw.svg import stylesheet
from docgen.site.library import Library
from docgen.upkeep.project import CONTENT, PageFile

ASSETS = "assets/docgen"
OWN = ("player.js", "site.css")


def finished_files(library: Library) -> Iterator[tuple[str, str]]:
    """Path in the site's sources, and text: content pages, scenarios, styles and the player.

    Raises PageError for a page that cannot be read, played or drawn.
    """
    project = library.project
    for file in sorted(project.content.rglob("*.md")):
        page = PageFile(file, project)
        yield page.path.removeprefix(f"{CONTENT}/"), library.content(page, 1)
    for page in library.scenarios():
        yield page.path, library.scenario(page)
    for name, text in asset_files():
        yield f"{ASSETS}/{name}", text


def asset_files() -> list[tuple[str, str]]:
    """Name and text of the player and the styles."""
    folder = resources.files("docgen.site") / "assets"
    own = [(name, (folder / name).read_text(encoding="utf-8")) for name in OWN]
    return [*own, ("diagram.css", stylesheet())]
