"""What a scenario is played on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from docgen.diagnostics import NotSimulated
from docgen.frozen import frozen
from docgen.record.snapshot import Snapshot


@frozen
class Result:
    """What a command did. The streams are kept apart: a real engine mixes them at random."""

    stdout: str
    stderr: str
    exit: int


class Engine(Protocol):
    """A Docker host with one shell session in /root, fresh for one page."""

    @property
    def name(self) -> str:
        """`simulated`, or `docker <version>`."""
        ...

    @property
    def driver(self) -> str: ...

    def refused(self, command: str) -> Sequence[NotSimulated]:
        """What this engine will not do of a command, as far as it can be told before it runs."""
        ...

    def write_file(self, path: str, data: bytes, mode: int) -> None:
        """A file below the home directory, its directories made. Raises OSError if that fails."""
        ...

    def run(self, command: str) -> Result:
        """Raises NotSimulated for what is only known when the command runs."""
        ...

    def snapshot(self) -> Snapshot: ...

    def close(self) -> None:
        """Throw the host away."""
        ...
