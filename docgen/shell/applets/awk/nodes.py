"""The syntax tree of an awk program."""

from __future__ import annotations

from dataclasses import dataclass, field

from docgen.frozen import frozen


@frozen
class Number:
    value: float


@frozen
class String:
    value: bytes


@frozen
class Pattern:
    """A regular expression literal; alone it means `$0 ~ /re/`."""

    source: bytes


@frozen
class Name:
    name: str


@frozen
class FieldOf:
    index: Expression


@frozen
class Element:
    array: str
    subscripts: tuple[Expression, ...]


@frozen
class Grouping:
    """`(a, b)`, which only `in` and print understand."""

    items: tuple[Expression, ...]


@frozen
class Unary:
    operator: str
    operand: Expression


@frozen
class Binary:
    """Arithmetic, comparison, `~`, `!~`, concatenation (operator ` `)."""

    operator: str
    left: Expression
    right: Expression


@frozen
class Logical:
    operator: str
    left: Expression
    right: Expression


@frozen
class Conditional:
    test: Expression
    yes: Expression
    no: Expression


@frozen
class In:
    subscripts: tuple[Expression, ...]
    array: str


@frozen
class Assign:
    operator: str
    """`=`, `+=`, …"""
    target: Target
    value: Expression


@frozen
class Step:
    """`++` and `--`"""

    operator: str
    target: Target
    prefix: bool


@frozen
class Call:
    """A built-in function."""

    name: str
    arguments: tuple[Expression, ...]


@frozen
class UserCall:
    name: str
    arguments: tuple[Expression, ...]


@frozen
class Getline:
    target: Target | None
    source: Expression | None
    """The file of `getline < file`; None for the main input."""


Target = Name | FieldOf | Element
Expression = (
    Number
    | String
    | Pattern
    | Name
    | FieldOf
    | Element
    | Grouping
    | Unary
    | Binary
    | Logical
    | Conditional
    | In
    | Assign
    | Step
    | Call
    | UserCall
    | Getline
)


@frozen
class Block:
    body: tuple[Statement, ...]


@frozen
class Simple:
    expression: Expression


@frozen
class Print:
    arguments: tuple[Expression, ...]
    formatted: bool
    redirection: str
    """`>`, `>>` or empty."""
    file: Expression | None


@frozen
class If:
    test: Expression
    yes: Statement
    no: Statement | None


@frozen
class While:
    test: Expression
    body: Statement


@frozen
class DoWhile:
    body: Statement
    test: Expression


@frozen
class For:
    start: Statement | None
    test: Expression | None
    step: Statement | None
    body: Statement


@frozen
class ForIn:
    variable: str
    array: str
    body: Statement


@frozen
class Delete:
    array: str
    subscripts: tuple[Expression, ...] | None
    """None: the whole array."""


@frozen
class Jump:
    """break, continue, next, nextfile."""

    kind: str


@frozen
class Exit:
    status: Expression | None


@frozen
class Return:
    value: Expression | None


Statement = (
    Block | Simple | Print | If | While | DoWhile | For | ForIn | Delete | Jump | Exit | Return
)


@frozen
class Rule:
    """pattern { action }; a range has two patterns."""

    pattern: Expression | None
    end: Expression | None
    action: Block | None
    """None: print."""


@frozen
class Function:
    name: str
    parameters: tuple[str, ...]
    body: Block


@dataclass(slots=True)
class Program:
    begin: list[Block] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    end: list[Block] = field(default_factory=list)
    functions: dict[str, Function] = field(default_factory=dict)
