"""The syntax tree of an awk program."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class String:
    value: bytes


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression literal; alone it means `$0 ~ /re/`."""

    source: bytes


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class FieldOf:
    index: Expression


@dataclass(frozen=True, slots=True)
class Element:
    array: str
    subscripts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """`(a, b)`, which only `in` and print understand."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic, comparison, `~`, `!~`, concatenation (operator ` `)."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Logical:
    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Conditional:
    test: Expression
    yes: Expression
    no: Expression


@dataclass(frozen=True, slots=True)
class In:
    subscripts: tuple[Expression, ...]
    array: str


@dataclass(frozen=True, slots=True)
class Assign:
    operator: str
    """`=`, `+=`, …"""
    target: Target
    value: Expression


@dataclass(frozen=True, slots=True)
class Step:
    """`++` and `--`"""

    operator: str
    target: Target
    prefix: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A built-in function."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class UserCall:
    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Block:
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Simple:
    expression: Expression


@dataclass(frozen=True, slots=True)
class Print:
    arguments: tuple[Expression, ...]
    formatted: bool
    redirection: str
    """`>`, `>>` or empty."""
    file: Expression | None


@dataclass(frozen=True, slots=True)
class If:
    test: Expression
    yes: Statement
    no: Statement | None


@dataclass(frozen=True, slots=True)
class While:
    test: Expression
    body: Statement


@dataclass(frozen=True, slots=True)
class DoWhile:
    body: Statement
    test: Expression


@dataclass(frozen=True, slots=True)
class For:
    start: Statement | None
    test: Expression | None
    step: Statement | None
    body: Statement


@dataclass(frozen=True, slots=True)
class ForIn:
    variable: str
    array: str
    body: Statement


@dataclass(frozen=True, slots=True)
class Delete:
    array: str
    subscripts: tuple[Expression, ...] | None
    """None: the whole array."""


@dataclass(frozen=True, slots=True)
class Jump:
    """break, continue, next, nextfile."""

    kind: str


@dataclass(frozen=True, slots=True)
class Exit:
    status: Expression | None


@dataclass(frozen=True, slots=True)
class Return:
    value: Expression | None


Statement = (
    Block | Simple | Print | If | While | DoWhile | For | ForIn | Delete | Jump | Exit | Return
)


@dataclass(frozen=True, slots=True)
class Rule:
    """pattern { action }; a range has two patterns."""

    pattern: Expression | None
    end: Expression | None
    action: Block | None
    """None: print."""


@dataclass(frozen=True, slots=True)
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
