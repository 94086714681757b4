"""`docker build`, as data: what is asked, what was done, what failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from docgen.frozen import frozen
from docgen.fs.view import View


@frozen
class BuildRequest:
    """One `docker build`, after the command line was read."""

    view: View
    """The client's view of the host; the context and the Dockerfile are read through it."""
    context: str
    """Directory on the host ('' with `dockerfile_text` alone: `docker build -`)."""
    dockerfile: str = ""
    """Path of the Dockerfile; '' = CONTEXT/Dockerfile."""
    dockerfile_text: str | None = None
    """Given on standard input (`-f -`, `docker build - < Dockerfile`)."""
    tags: tuple[str, ...] = ()
    args: Mapping[str, str | None] = field(default_factory=dict)
    """`--build-arg`; None takes the value from the client's environment (the command line did)."""
    labels: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    no_cache: bool = False


class VertexStatus(StrEnum):
    DONE = "DONE"
    CACHED = "CACHED"
    ERROR = "ERROR"
    CANCELED = "CANCELED"


@dataclass(slots=True)
class Vertex:
    """One `#n` of BuildKit's plain progress."""

    name: str
    """`[internal] load build definition from Dockerfile`, `[2/3] RUN echo hi`, `exporting to image`
    …"""
    status: VertexStatus = VertexStatus.DONE
    log: list[tuple[int, bytes]] = field(default_factory=list)
    """(virtual ns since its start, one line of output with its newline)."""
    notes: list[str] = field(default_factory=list)
    """Status lines: `transferring dockerfile: 76B done`, `exporting layers done` …"""
    error: str = ""
    started_ns: int = 0
    finished_ns: int = 0


@frozen
class BuildResult:
    image_id: str
    """`sha256:…`"""
    vertices: tuple[Vertex, ...]
    warnings: tuple[str, ...] = ()
    """Lines below `n warnings found (use docker --debug to expand):`."""


class BuildError(Exception):
    """The build failed; carries what the client prints.

    `message` is the text after `ERROR: failed to build: ` (`failed to solve: …`).
    `line` is the 1-based first line of the instruction in the Dockerfile (0: none is shown),
    `last_line` its last one, `source` the whole Dockerfile's text; `warnings` as in BuildResult.
    """

    def __init__(
        self,
        message: str,
        vertices: tuple[Vertex, ...] = (),
        *,
        failed: Vertex | None = None,
        line: int = 0,
        last_line: int = 0,
        source: str = "",
        dockerfile: str = "Dockerfile",
        warnings: tuple[str, ...] = (),
    ) -> None:
        self.message = message
        self.vertices = vertices
        self.failed = failed
        self.line = line
        self.last_line = last_line
        self.source = source
        self.dockerfile = dockerfile
        self.warnings = warnings
        super().__init__(message)
