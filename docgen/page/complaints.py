"""Collects everything that is wrong with one page, so that the author hears it all at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from docgen.diagnostics import Diagnostic, PageError

MOST = 100
"""More errors than this help nobody."""


@dataclass(slots=True)
class Complaints:
    path: str
    found: list[Diagnostic] = field(default_factory=list)

    def add(self, line: int, column: int, found: str, expected: str, remedy: str) -> None:
        self.found.append(Diagnostic(self.path, line, column, found, expected, remedy))

    def raise_any(self) -> None:
        """Raises PageError when something was added."""
        if self.found:
            raise PageError(sorted(self.found)[:MOST])


def nearest(word: str, known: Iterable[str]) -> str:
    """ "; did you mean" for a remedy: the known word that was probably meant, or all of them."""
    from difflib import get_close_matches  # only a wrong page pays for it

    names = list(known)
    close = get_close_matches(word, names, n=1, cutoff=0.6)
    return f"write '{close[0]}'" if close else f"write one of: {', '.join(names)}"
