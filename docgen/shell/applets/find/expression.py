"""What find can be asked: the nodes of its expression."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from docgen.fs.filesystem import Stat


@dataclass(frozen=True, slots=True)
class Found:
    """One file at which the expression is evaluated."""

    path: str
    name: str
    """Last part of the path; of an operand, what it was given as."""
    top: str
    """The operand below which it was found."""
    depth: int
    stat: Stat


@dataclass(frozen=True, slots=True)
class Test:
    """A condition on a file."""

    __test__ = False

    holds: Callable[[Found], bool]


@dataclass(frozen=True, slots=True)
class Not:
    inner: Expression


@dataclass(frozen=True, slots=True)
class And:
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Or:
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Comma:
    """Both are evaluated; the value is the second one's."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Print:
    end: str


@dataclass(frozen=True, slots=True)
class Printf:
    template: str


@dataclass(frozen=True, slots=True)
class Ls:
    pass


@dataclass(frozen=True, slots=True)
class Delete:
    pass


@dataclass(frozen=True, slots=True)
class Prune:
    pass


@dataclass(frozen=True, slots=True)
class Quit:
    pass


@dataclass(frozen=True, slots=True)
class Exec:
    words: tuple[str, ...]
    many: bool
    """`+`: as many files at a time as possible."""


Action = Print | Printf | Ls | Delete | Exec
Expression = Test | Not | And | Or | Comma | Prune | Quit | Action


@dataclass(frozen=True, slots=True)
class Search:
    """Everything that the command line says."""

    paths: tuple[str, ...]
    expression: Expression
    follow: str
    """`never`, `operands`, `always`."""
    least: int
    most: int
    depth_first: bool
    one_file_system: bool
