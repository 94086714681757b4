"""A scene: a finished picture as frozen shapes on a grid of cells.

One cell is one character of the ASCII drawing and 8 x 18 px of the SVG. Everything that needs
thought (where, how long, what is left out) is decided before a scene exists; the renderers only
copy it. Meaning stands in semantic roles and styles, never in colours. Coordinates count cells
from the top left.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Literal

from docgen.frozen import frozen

CELL_WIDTH = 8
CELL_HEIGHT = 18
"""Pixels of one cell in the SVG."""


class Style(StrEnum):
    """What kind of thing a box, a chip or a line belongs to."""

    FRAME = "frame"
    """The container, an image, a group."""
    VIEW = "view"
    """What processes see."""
    WRITABLE = "writable"
    LAYER = "layer"
    """Read-only, shared."""
    VOLUME = "volume"
    BIND = "bind"
    """The host's own files."""
    TMPFS = "tmpfs"
    GHOST = "ghost"
    """Gone, or not there yet."""


class Role(StrEnum):
    """What a run of text is."""

    TITLE = "title"
    """What the thing is."""
    NAME = "name"
    """A name that a person gave."""
    BODY = "body"
    CODE = "code"
    """A path inside a container or a volume, a command."""
    QUIET = "quiet"
    QUIET_CODE = "quiet-code"
    HOST = "host"
    """A path on the host."""
    KEPT = "kept"
    LOST = "lost"
    """What deletes it, or what took it."""
    STRUCK = "struck"
    """A name that a deletion removed."""
    GHOST = "hidden"
    """A name that something above hides, or that is gone."""


class MarkKind(StrEnum):
    ADDED = "A"
    CHANGED = "C"
    DELETED = "D"
    COPIED_UP = "copied up"
    WHITEOUT = "whiteout"
    OPAQUE = "opaque"
    SERVES = "serves"
    """The probe found the path here."""
    HIDDEN = "hidden"
    """The path is here, but something above serves it."""
    ABSENT = "absent"
    """The probe looked here and went on."""
    BORN = "created"
    ENDED = "ended"
    STOPPED = "stopped"
    STARTED = "started"
    WRITTEN = "written to"


@frozen
class Run:
    text: str
    """Already clean: see `text.clean`."""
    role: Role


@frozen
class Box:
    x: int
    y: int
    w: int
    h: int
    """Border included; at least 2 x 2."""
    style: Style
    encloses: bool = False
    """It holds other boxes."""


@frozen
class Text:
    """One line of text in a reserved strip of `w` cells."""

    x: int
    y: int
    w: int
    runs: tuple[Run, ...]
    align: Literal["start", "middle", "end"] = "start"
    on_border: bool = False
    """On the line of a box, which makes room for it."""
    loose: bool = False
    """Between boxes, not in one."""

    @property
    def string(self) -> str:
        return "".join(run.text for run in self.runs)


@frozen
class Chip:
    """The ground under a name, one row high: it says by style which place serves the name."""

    x: int
    y: int
    w: int
    style: Style


@frozen
class Line:
    """An orthogonal line through the centres of cells."""

    points: tuple[tuple[int, int], ...]
    """Corners in order; neighbours share x or y."""
    style: Style
    arrow: bool = False
    """An arrow head on the last point."""
    touches: bool = False
    """It starts at what stands left of its first cell."""
    hangs: bool = False
    """It starts at the lower edge of its first cell, below what is written there."""


@frozen
class Mark:
    """A letter or sign of one cell."""

    x: int
    y: int
    kind: MarkKind
    faded: bool = False
    """Of something that is gone."""


@frozen
class Swatch:
    """A sample of a style, two cells wide, for the legend."""

    x: int
    y: int
    style: Style


@frozen
class Bar:
    """An amount, one row high."""

    x: int
    y: int
    w: int
    """0: too little for a cell, but there; it takes one cell all the same."""
    style: Style
    units: bool = False
    """Every cell is one piece, told from the next."""


Shape = Box | Text | Chip | Line | Mark | Swatch | Bar


@frozen
class Group:
    """The shapes of one thing."""

    key: str
    """The same thing has the same key in every step."""
    shapes: tuple[Shape, ...]
    tip: str = ""
    """All that there was no room for: the whole path, the size, the owner."""
    said: str = ""
    """What is read out instead of the texts, where signs and lines tell the story."""


@frozen
class Scene:
    view: str
    target: str
    width: int
    height: int
    groups: tuple[Group, ...]
    """In order of drawing; keys are unique."""
    title: str
    """One line: what is drawn."""
    caption: str
    """What the step did, in words."""

    def shapes(self) -> Iterator[Shape]:
        for group in self.groups:
            yield from group.shapes

    def texts(self) -> Iterator[Text]:
        return (shape for shape in self.shapes() if isinstance(shape, Text))
