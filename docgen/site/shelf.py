"""Finished HTML that waits beside the page until Markdown and search are through with it.

A player is some hundred thousand characters; parsing them again, twice, took two thirds of a build.
"""

from __future__ import annotations

import hashlib
import re

from markupsafe import Markup

_MARK = re.compile(r'<div data-docgen="([0-9a-f]{16})"></div>')


class Shelf:
    """Marks in the Markdown, pieces in the finished page."""

    def __init__(self) -> None:
        self._pieces: dict[str, Markup] = {}

    def put(self, html: Markup) -> str:
        """A mark that Markdown leaves alone; the same piece has the same mark."""
        name = hashlib.sha256(html.encode()).hexdigest()[:16]
        self._pieces[name] = html
        return f'<div data-docgen="{name}"></div>'

    def fill(self, page: str) -> str:
        """The page with every mark replaced by its piece."""
        return _MARK.sub(lambda found: str(self._pieces.get(found[1], found[0])), page)
