"""The parsed template: frozen nodes. str() is the text that Go shows in `executing "" at <…>`."""

from __future__ import annotations

from docgen.frozen import frozen


@frozen
class Dot:
    at: int

    def __str__(self) -> str:
        return "."


@frozen
class Nil:
    at: int

    def __str__(self) -> str:
        return "nil"


@frozen
class Literal:
    """A string, number or boolean constant."""

    at: int
    value: str | bool | int | float
    source: str

    def __str__(self) -> str:
        return self.source


@frozen
class Field:
    """`.State.Status`"""

    at: int
    names: tuple[str, ...]

    def __str__(self) -> str:
        return "".join(f".{name}" for name in self.names)


@frozen
class Variable:
    """`$`, `$key`, `$value.Name`"""

    at: int
    name: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ".".join((self.name, *self.fields))


@frozen
class Identifier:
    """A function's name."""

    at: int
    name: str

    def __str__(self) -> str:
        return self.name


@frozen
class Chain:
    """`(pipeline).Field`"""

    at: int
    node: Operand
    names: tuple[str, ...]

    def __str__(self) -> str:
        inner = f"({self.node})" if isinstance(self.node, Pipeline) else str(self.node)
        return inner + "".join(f".{name}" for name in self.names)


@frozen
class Command:
    """Words separated by spaces: an operand, or a function or method with its arguments."""

    at: int
    words: tuple[Operand, ...]

    def __str__(self) -> str:
        return " ".join(f"({w})" if isinstance(w, Pipeline) else str(w) for w in self.words)


@frozen
class Pipeline:
    at: int
    commands: tuple[Command, ...]
    declared: tuple[Variable, ...] = ()
    assigns: bool = False
    """`=` in place of `:=`."""

    def __str__(self) -> str:
        names = ", ".join(str(one) for one in self.declared)
        head = f"{names} {'=' if self.assigns else ':='} " if names else ""
        return head + " | ".join(str(one) for one in self.commands)


Operand = Dot | Nil | Literal | Field | Variable | Identifier | Chain | Pipeline


@frozen
class Text:
    at: int
    text: str


@frozen
class Action:
    at: int
    pipeline: Pipeline

    def __str__(self) -> str:
        return f"{{{{{self.pipeline}}}}}"


@frozen
class If:
    at: int
    pipeline: Pipeline
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...] | None

    def __str__(self) -> str:
        return f"{{{{if {self.pipeline}}}}}"


@frozen
class With:
    at: int
    pipeline: Pipeline
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...] | None

    def __str__(self) -> str:
        return f"{{{{with {self.pipeline}}}}}"


@frozen
class Range:
    at: int
    pipeline: Pipeline
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...] | None

    def __str__(self) -> str:
        return f"{{{{range {self.pipeline}}}}}"


@frozen
class Break:
    at: int


@frozen
class Continue:
    at: int


Node = Text | Action | If | With | Range | Break | Continue
