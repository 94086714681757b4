"""The nouns of a page. A scenario is a sequence of blocks; every block knows its source lines.

Lines count from 1; `line` is the first line of a thing and `end` the line after its last one, so
that `lines[line - 1 : end - 1]` is its source. Columns count from 1, in characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from enum import StrEnum

from docgen.frozen import frozen

PROMPT = "$ "
CONTINUATION = "> "


@frozen
class Place:
    line: int
    column: int


@frozen
class FrontMatter:
    """What stands between the two `---` at the top of a page."""

    title: str = ""
    summary: str = ""
    drivers: tuple[str, ...] = ("overlayfs",)
    """Storage drivers that the page is run on; promised text is checked on the first."""
    tags: tuple[str, ...] = ()
    images: tuple[str, ...] = ("busybox",)
    """Images that the host has before the first step."""
    host: str = "debian"
    """The system that the commands are typed on."""
    docker: str = "28.5.2"
    os: str = "linux"
    places: Mapping[str, Place] = field(default_factory=dict)
    """Where the value of each given key stands; list items as `drivers[0]`."""


@frozen
class Prose:
    """Markdown that docgen leaves alone, fences of other languages included."""

    line: int
    end: int
    text: str
    """The source, lines joined by newlines, without the last newline."""


@frozen
class Command:
    """One command of a console fence and what the page promises of it."""

    line: int
    """Of its `$ `."""
    text: str
    """Without prompts; continuation lines are joined by newlines."""
    promised: tuple[str, ...]
    """Lines of output, as written."""
    output_line: int
    """The first line after the command: where its promised output stands or would stand."""
    exit: int | None
    """The promised exit status; None where the page is silent, which means 0."""
    end: int

    @property
    def column(self) -> int:
        """Where the text starts in its line, and where each continuation does."""
        return len(PROMPT) + 1


class Mode(StrEnum):
    """What becomes of a console fence."""

    RUN = "run"
    SETUP = "setup"
    """Runs, and is folded on the site."""
    NORUN = "norun"
    """Is only shown."""


@frozen
class Condition:
    """`when="driver=overlay2"`, `when="driver!=vfs,zfs"`."""

    drivers: tuple[str, ...]
    negated: bool

    def holds(self, driver: str) -> bool:
        return (driver in self.drivers) != self.negated

    def __str__(self) -> str:
        return f"driver{'!=' if self.negated else '='}{','.join(self.drivers)}"


@frozen
class Console:
    """A console fence."""

    line: int
    end: int
    mode: Mode
    when: Condition | None
    fails: str
    """Why its commands must fail; '' where they need not."""
    commands: tuple[Command, ...]
    """Empty for `norun`."""
    text: str
    """The body as written."""

    def runs_on(self, driver: str) -> bool:
        return self.mode is not Mode.NORUN and (self.when is None or self.when.holds(driver))


@frozen
class FileBlock:
    """A fence that writes a file on the host before the steps that follow it."""

    line: int
    end: int
    path: str
    """Relative to the home directory, without `..`, normal form."""
    mode: int
    """Permission bits."""
    language: str
    text: str
    """The file's content; ends with a newline unless empty."""


@frozen
class Diagram:
    """A picture of the state at this point of the page."""

    line: int
    end: int
    view: str
    target: str
    options: Mapping[str, str]
    """As written: `scenario step driver level width`."""
    body: tuple[str, ...]
    """The ASCII drawing; empty where the author wants none."""
    column: int
    """Where the view's name stands."""


Block = Prose | Console | FileBlock | Diagram


@frozen
class Scenario:
    """A page that has been read."""

    path: str
    front: FrontMatter
    title: str
    """From the front matter, else the first heading, else the file's name."""
    blocks: tuple[Block, ...]
    body_line: int
    """The first line after the front matter."""
    lines: tuple[str, ...]
    """The source, without line ends."""

    def consoles(self) -> Iterator[Console]:
        return (block for block in self.blocks if isinstance(block, Console))

    def diagrams(self) -> Iterator[Diagram]:
        return (block for block in self.blocks if isinstance(block, Diagram))

    def commands(self, driver: str) -> Iterator[tuple[Console, Command]]:
        """Everything that runs on this driver, in order."""
        for console in self.consoles():
            if console.runs_on(driver):
                for command in console.commands:
                    yield console, command
