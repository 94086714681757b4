"""What find can be asked: the nodes of its expression."""

from __future__ import annotations

from collections.abc import Callable

from docgen.frozen import frozen
from docgen.fs.filesystem import Stat


@frozen
class Found:
    """One file at which the expression is evaluated."""

    path: str
    name: str
    """Last part of the path; of an operand, what it was given as."""
    top: str
    """The operand below which it was found."""
    depth: int
    stat: Stat


@frozen
class Test:
    """A condition on a file."""

    __test__ = False

    holds: Callable[[Found], bool]


@frozen
class Not:
    inner: Expression


@frozen
class And:
    left: Expression
    right: Expression


@frozen
class Or:
    left: Expression
    right: Expression


@frozen
class Comma:
    """Both are evaluated; the value is the second one's."""

    left: Expression
    right: Expression


@frozen
class Print:
    end: str


@frozen
class Printf:
    template: str


@frozen
class Ls:
    pass


@frozen
class Delete:
    pass


@frozen
class Prune:
    pass


@frozen
class Quit:
    pass


@frozen
class Exec:
    words: tuple[str, ...]
    many: bool
    """`+`: as many files at a time as possible."""


Action = Print | Printf | Ls | Delete | Exec
Expression = Test | Not | And | Or | Comma | Prune | Quit | Action


@frozen
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
