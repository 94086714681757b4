"""From the daemon's JSON to Go values: what a template sees of inspect, info and version.

docker first runs the template on its own structs and, when that fails, on the bare JSON; both
differ in field names (`.ID`, `.Id`), in printing and in what a missing key gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pkgutil import get_data

from docgen.frozen import frozen
from docgen.shell.docker.template.encoding import Json
from docgen.shell.docker.template.values import (
    Map,
    Member,
    NamedString,
    NilPointer,
    Slice,
    Struct,
    Value,
)

_MAP = "map[string]"
_NAMED_COLLECTIONS = {
    "strslice.StrSlice": "[]string",
    "nat.PortSet": f"{_MAP}struct{{}}",
    "nat.PortMap": f"{_MAP}[]nat.PortBinding",
    "[2]uint": "[]int",
}
_SCALARS = frozenset(("string", "bool", "int", "float"))
_ZERO: Mapping[str, Value] = {"string": "", "bool": False, "int": 0, "float": 0.0}
_EMPTY: tuple[object, ...] = (None, False, 0, "", [], {})
"""What encoding/json leaves out under `omitempty`."""
_EMPTY_STRUCT = Struct("struct {}", ())


@frozen
class Field:
    name: str
    json_name: str
    type: str
    omit_empty: bool = False
    embedded: bool = False


@cache
def struct_types() -> Mapping[str, tuple[Field, ...]]:
    """Every struct of data/gotypes.txt by name."""
    text = (get_data(__package__, "data/gotypes.txt") or b"").decode()
    types: dict[str, list[Field]] = {}
    current: list[Field] = []
    for line in text.splitlines():
        words = line.split()
        if not words or words[0] == "#":
            continue
        if words[0] == "type":
            current = types.setdefault(words[1], [])
        elif words[0] == "+":
            name = words[1].rpartition(".")[2]
            current.append(Field(name, "", words[1], embedded=True))
        else:
            name, _, json_name = words[0].partition("=")
            current.append(Field(name, json_name or name, words[1], words[-1] == "?"))
    return {name: tuple(fields) for name, fields in types.items()}


def typed(data: Json, go_type: str) -> Value:
    """The Go value of a type for JSON that the daemon gave."""
    if go_type in _NAMED_COLLECTIONS:
        return _renamed(typed(data, _NAMED_COLLECTIONS[go_type]), go_type)
    if go_type == "any":
        return untyped(data)
    if go_type == "struct{}":
        return _EMPTY_STRUCT
    if go_type in _SCALARS:
        return _scalar(data, go_type)
    if go_type.startswith("[]"):
        return _slice(data, go_type)
    if go_type.startswith(_MAP):
        return _map(data, go_type)
    if go_type.startswith("*"):
        return _pointer(data, go_type[1:])
    if go_type in struct_types():
        return _struct(data if isinstance(data, Mapping) else {}, go_type)
    return NamedString.of(data if isinstance(data, str) else "", go_type)


def _renamed(value: Value, go_type: str) -> Value:
    if isinstance(value, Slice):
        return Slice(value.items, go_type, value.is_nil)
    assert isinstance(value, Map)
    return Map(value.items, go_type, value.is_nil, value.zero)


def _scalar(data: Json, go_type: str) -> Value:
    if data is None:
        return _ZERO[go_type]
    assert isinstance(data, str | bool | int | float)
    return data


def _slice(data: Json, go_type: str) -> Slice:
    items = data if isinstance(data, Sequence) and not isinstance(data, str) else ()
    shown = go_type.replace("any", "interface {}")
    return Slice(tuple(typed(one, go_type[2:]) for one in items), shown, data is None)


def _map(data: Json, go_type: str) -> Map:
    element = go_type[len(_MAP) :]
    items = data if isinstance(data, Mapping) else {}
    made = {str(key): typed(one, element) for key, one in items.items()}
    shown = go_type.replace("struct{}", "struct {}").replace("any", "interface {}")
    return Map(made, shown, data is None, typed(None, element))


def _pointer(data: Json, name: str) -> Value:
    if name in _SCALARS:
        return NilPointer(f"*{name}") if data is None else _scalar(data, name)
    if data is None:
        fields = struct_types().get(name, ())
        return NilPointer(f"*{name}", frozenset(one.name for one in fields))
    made = typed(data, name)
    assert isinstance(made, Struct)
    return Struct(made.go_type, made.members, pointer=True)


def _struct(data: Mapping[object, object], name: str) -> Struct:
    members: list[Member] = []
    for one in struct_types()[name]:
        if one.embedded:
            members.append(Member(one.name, typed(data, one.type), "", embedded=True))
            continue
        value = typed(data.get(one.json_name), one.type)
        omitted = one.omit_empty and data.get(one.json_name) in _EMPTY
        members.append(Member(one.name, value, one.json_name, omitted))
    return Struct(name, tuple(members))


def untyped(data: Json) -> Value:
    """JSON as `map[string]interface {}` and friends; numbers keep their text (json.Number)."""
    match data:
        case None | bool() | str():
            return data
        case int() | float():
            return NamedString.of(repr(data), "json.Number")
        case Mapping():
            return Map({str(key): untyped(one) for key, one in data.items()})
        case Sequence():
            return Slice(tuple(untyped(one) for one in data))
        case _:
            raise TypeError(f"no JSON: {type(data).__name__}")
