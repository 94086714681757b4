"""A recording: a scenario as one engine played it, step by step."""

from __future__ import annotations

from docgen.frozen import frozen
from docgen.record.snapshot import Snapshot


@frozen
class Step:
    """One command of a page, and what came of it."""

    line: int
    """Of the command's `$ `, from 1, in the page."""
    command: str
    """As written, continuation lines joined by newlines, without the `$ ` and `> `."""
    stdout: str
    stderr: str
    exit: int
    snapshot: Snapshot

    @property
    def output(self) -> str:
        """What a page promises: stdout, then stderr."""
        return self.stdout + self.stderr


@frozen
class Recording:
    scenario: str
    """The page's path in the project, with forward slashes."""
    title: str
    engine: str
    """`simulated`, or `docker <version>`."""
    driver: str
    start: Snapshot
    """Before the first step."""
    steps: tuple[Step, ...]
