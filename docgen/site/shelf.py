"""Finished HTML that waits beside the page until Markdown and search are through with it.

A player is some hundred thousand characters; parsing them again, twice, took two thirds of a build.
"""

from __future__ import annotations

import re

from markupsafe import Markup

_MARK = re.compile(r'<div data-docgen="(\d+)"></div>')


class Shelf:
    """Marks in the Markdown, pieces in the finished page."""

    def __init__(self) -> None:
        self._pieces: list[Markup] = []

    def put(self, html: Markup) -> str:
        """A mark that Markdown leaves alone."""
        self._pieces.append(html)
        return f'<div data-docgen="{len(self._pieces) - 1}"></div>'

    def fill(self, page: str) -> str:
        """The page with every mark replaced by its piece."""
        return _MARK.sub(lambda found: str(self._pieces[int(found[1])]), page)
