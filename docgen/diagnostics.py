"""How docgen tells a person that something is wrong: one record, one text form, two exceptions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One thing that is wrong, where it is, and what to do about it."""

    path: str
    """As the user named it, with forward slashes."""
    line: int
    """From 1; 0 where the whole file is meant."""
    column: int
    """From 1, in characters; 0 where the whole line is meant."""
    found: str
    """What was found."""
    expected: str
    """What was expected; empty where `found` says it all."""
    remedy: str
    """What the person can do now."""

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}:{self.column}"
        return f"{where}: " + "; ".join(
            part for part in (self.found, self.expected, self.remedy) if part
        )


class PageError(Exception):
    """A page cannot be used; carries every diagnostic of that page, in source order."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(sorted(diagnostics))
        super().__init__("\n".join(str(one) for one in self.diagnostics))


class NotSimulated(Exception):  # noqa: N818 - it names a fact about us, not a fault of the page
    """Real, but outside what the simulator models. Never swallowed: its step gets a diagnostic.

    `what` names the thing in the user's words; `instead` says what would do.
    `line` and `column` (from 1, inside the command's own text) are filled in where they are known.
    """

    def __init__(self, what: str, instead: str, line: int = 1, column: int = 1) -> None:
        self.what = what
        self.instead = instead
        self.line = line
        self.column = column
        super().__init__(f"{what}; {instead}")


class LimitExceeded(NotSimulated):
    """A limit of `limits.py` was met. Deterministic: the same page meets it at the same place."""
