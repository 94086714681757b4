"""Go values as a template sees them: the type decides how Go prints, compares and refuses them.

Strings, booleans, integers and floats are Python's own; None is the untyped nil (`<no value>`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field

from docgen.frozen import frozen

NOTHING = "<no value>"


class NamedString(str):
    """A string of a named Go type (`container.NetworkMode`): as text alike, as argument not."""

    __slots__ = ("go_type",)
    go_type: str

    @classmethod
    def of(cls, text: str, go_type: str) -> NamedString:
        made = cls(text)
        made.go_type = go_type
        return made


@frozen
class Slice:
    items: tuple[Value, ...]
    go_type: str = "[]interface {}"
    is_nil: bool = False


@frozen
class Map:
    items: Mapping[str, Value]
    go_type: str = "map[string]interface {}"
    is_nil: bool = False
    zero: Value = None
    """What `index` gives for a key that is not there."""


@frozen
class Member:
    """One field of a struct."""

    name: str
    value: Value
    json_name: str
    omitted: bool = False
    """Left out of the JSON (`omitempty`)."""
    embedded: bool = False
    """An embedded struct: its fields belong to the outer one as well."""


@frozen
class Struct:
    """A struct, or a pointer to one."""

    go_type: str
    """Of the struct itself: `container.State`."""
    members: tuple[Member, ...]
    pointer: bool = False

    def member(self, name: str) -> Member | None:
        for one in self.members:
            if one.name == name:
                return one
        for one in self.members:
            if one.embedded and isinstance(one.value, Struct):
                found = one.value.member(name)
                if found is not None:
                    return found
        return None


@frozen
class NilPointer:
    """A nil pointer of a known type."""

    go_type: str
    """With its star: `*container.Health`."""
    fields: frozenset[str] = frozenset()


@frozen
class Record:
    """A row of a list: methods without arguments are computed when they are asked for."""

    go_type: str
    """`*formatter.ContainerContext`"""
    methods: Mapping[str, Callable[[], Value]]
    calls: Mapping[str, Callable[[str], Value]] = field(default_factory=dict)
    """Methods with one string argument: `.Label "key"`."""
    lenient: bool = False
    """Header lines are maps: what is missing has no value."""


@frozen
class Stringer:
    """A value that says itself how it prints."""

    go_type: str
    text: str
    json: object


Value = str | bool | int | float | None | Slice | Map | Struct | NilPointer | Record | Stringer


def type_name(value: Value) -> str:
    """What `%T` would print."""
    match value:
        case None:
            return "<nil>"
        case NamedString():
            return value.go_type
        case str():
            return "string"
        case bool():
            return "bool"
        case int():
            return "int"
        case float():
            return "float64"
        case Struct():
            return f"*{value.go_type}" if value.pointer else value.go_type
        case Slice() | Map() | NilPointer() | Record() | Stringer():
            return value.go_type


def truth(value: Value) -> bool:
    """text/template's isTrue."""
    match value:
        case None | NilPointer():
            return False
        case Slice() | Map():
            return bool(value.items)
        case Struct() | Record() | Stringer():
            return True
        case str() | bool() | int() | float():
            return bool(value)


def go_slice(items: tuple[str, ...] | list[str] | None) -> Slice:
    """A []string."""
    return Slice(tuple(items or ()), "[]string", items is None)
