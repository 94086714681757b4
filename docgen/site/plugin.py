"""The MkDocs plugin: hands pages to `weave` and files to MkDocs, and knows nothing else.

Nothing is written into docs_dir (`mkdocs serve` would build for ever); scenarios join the site as
files in memory, below /scenarios/.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path

from mkdocs.config.base import Config
from mkdocs.config.config_options import Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from docgen.diagnostics import PageError
from docgen.page.frontmarks import front_matter_end
from docgen.page.reader import source_lines
from docgen.site.coverage import coverage_page
from docgen.site.finished import ASSETS, asset_files
from docgen.site.library import Library
from docgen.site.shelf import Shelf
from docgen.upkeep.project import PageFile, Project

LASTMOD = "2026-01-01"
"""Pages carry no clock: the site's bytes depend on its sources only."""


class DocgenConfig(Config):  # type: ignore[no-untyped-call]
    scenarios = Type(str, default="scenarios")
    """Directory of the executable pages, beside mkdocs.yml."""
    coverage = Type(str, default="")
    """Where the page of what is simulated stands on the site, say `authors/commands.md`."""


class DocgenPlugin(BasePlugin[DocgenConfig]):  # type: ignore[no-untyped-call]
    """`plugins: [docgen]` in mkdocs.yml."""

    library: Library | None = None
    shelf: Shelf

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Having this method tells MkDocs to keep the plugin while it serves: pages that did not
        change are not played again.
        """

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        config.extra_css = [f"{ASSETS}/diagram.css", f"{ASSETS}/site.css", *config.extra_css]
        config.extra_javascript.append(f"{ASSETS}/player.js")
        # A site map without dates, in place of the theme's.
        config.theme.dirs.insert(0, str(resources.files("docgen.site") / "theme"))
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        from docgen.upkeep.workshop import simulated_workshop

        if self.library is None:
            root = Path(config.config_file_path).parent
            self.shelf = Shelf()
            self.library = Library(Project(root), simulated_workshop(), self.shelf.put)
        library = self.library
        for page in library.scenarios():
            woven = _or_abort(lambda page=page: library.scenario(page))  # type: ignore[misc]
            files.append(File.generated(config, page.path, content=woven))
        if self.config.coverage:
            text = coverage_page()
            files.append(File.generated(config, self.config.coverage, content=text))
        for name, data in asset_files():
            files.append(File.generated(config, f"{ASSETS}/{name}", content=data))
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        assert self.library is not None
        listed = {page.file.src_uri for page in nav.pages}
        pages = (page.path for page in self.library.scenarios())
        unlisted = [path for path in pages if path not in listed]
        if unlisted:
            lines = [f"mkdocs.yml:0:0: {path} is not in the navigation" for path in unlisted]
            raise PluginError("\n".join(f"{line}; list it under 'nav'" for line in lines))
        return nav

    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        page.update_date = LASTMOD
        source = page.file.abs_src_path
        if source is None:
            return markdown
        assert self.library is not None
        library = self.library
        shown = PageFile(Path(source), library.project)
        first = front_matter_end(source_lines(Path(source).read_text(encoding="utf-8"))) or 1
        return _or_abort(lambda: library.content(shown, first))

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        return self.shelf.fill(output)

    @event_priority(100)
    def on_serve(
        self,
        server: LiveReloadServer,
        *,
        config: MkDocsConfig,
        builder: Callable[..., None],
    ) -> LiveReloadServer:
        assert self.library is not None
        server.watch(str(self.library.project.scenarios))
        return server


def _or_abort(make: Callable[[], str]) -> str:
    """An error of a page ends the build, with the page's own words and no traceback."""
    try:
        return make()
    except PageError as error:
        raise PluginError(f"\n{error}") from None
