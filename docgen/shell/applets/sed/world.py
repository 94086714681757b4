"""What a running sed script needs around it."""

from __future__ import annotations

from typing import Protocol

from docgen.daemon.waits import Steps


class World(Protocol):
    """What a running script needs: lines in, lines out, files."""

    gnu: bool
    name: bytes
    """Of the file that is read now."""

    def next_line(self) -> Steps[tuple[bytes, bool] | None]:
        """The next line, and whether it had its newline."""
        ...

    def is_last(self) -> Steps[bool]:
        """Whether no line is left."""
        ...

    def put(self, data: bytes, newline: bool = True) -> Steps[None]: ...

    def put_text(self, text: bytes) -> Steps[None]: ...

    def write_to(self, name: str, data: bytes, newline: bool) -> Steps[None]: ...

    def read_whole(self, name: bytes) -> Steps[bytes]: ...

    def read_line_of(self, name: bytes) -> Steps[bytes | None]: ...

    def tick(self, count: int) -> None: ...
