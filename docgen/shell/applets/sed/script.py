"""A sed script as data: addresses, commands, substitutions."""

from __future__ import annotations

from docgen.frozen import frozen
from docgen.shell.applets.regex import Regex


@frozen
class Line:
    number: int


@frozen
class Last:
    pass


@frozen
class Match:
    regex: Regex | None
    """None: the expression that was used last."""


@frozen
class Step:
    """`first~step`"""

    first: int
    step: int


@frozen
class Count:
    """`addr,+N`"""

    lines: int


@frozen
class Multiple:
    """`addr,~N`"""

    of: int


Address = Line | Last | Match | Step | Count | Multiple


@frozen
class Piece:
    """Part of a replacement: literal text, or what a group took (0 is `&`)."""

    text: bytes = b""
    group: int | None = None
    case: str = ""
    """`U`, `L`, `u`, `l`, `E`: GNU's case conversion from here on."""


@frozen
class Substitution:
    regex: Regex | None
    pieces: tuple[Piece, ...]
    every: bool
    nth: int
    print: bool
    file: str | None


@frozen
class Command:
    """One command. `target` is the index where `b`, `t`, `T` go on, and for `{` its `}`."""

    name: str
    first: Address | None = None
    second: Address | None = None
    negated: bool = False
    text: bytes = b""
    """Of a, i, c; a label; a file name."""
    number: int | None = None
    """Exit status of q; width of l."""
    substitution: Substitution | None = None
    table: bytes = b""
    """Of y."""
    target: int = 0


@frozen
class Script:
    commands: tuple[Command, ...]
    silent: bool
    """Its first line is `#n`."""
    files: tuple[str, ...]
    """What `w` commands write, made empty before the first line is read."""
