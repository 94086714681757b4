"""Any record of this room as JSON's own types and back; the types themselves are the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from docgen.record.snapshot import Entry

ALWAYS = ("path", "kind", "size", "mode")
"""Fields of an entry that are never left out."""

Plain = dict[str, Any]
T = TypeVar("T")


class RecordError(ValueError):
    """A recording cannot be read; the text says where and why."""


def plain(value: object) -> Any:
    """Any record of `snapshot.py` as JSON's own types, every field given."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (str, int, NoneType)):
        return value
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, Entry):
        return entry_plain(value)
    assert is_dataclass(value)
    return {one.name: plain(getattr(value, one.name)) for one in fields(value)}


def entry_plain(entry: Entry) -> Plain:
    return {
        name: plain(value)
        for name, usual in _entry_defaults()
        if (value := getattr(entry, name)) != usual or name in ALWAYS
    }


@cache
def _entry_defaults() -> tuple[tuple[str, object], ...]:
    return tuple((one.name, one.default) for one in fields(Entry))


def mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise RecordError(f"{where}: an object is expected, not {type(value).__name__}")
    return value


def sequence(value: object, where: str) -> Sequence[Any]:
    if not isinstance(value, (list, tuple)):
        raise RecordError(f"{where}: a list is expected, not {type(value).__name__}")
    return value


@cache
def _fields_of(record: type) -> Mapping[str, tuple[Any, bool]]:
    """Type of each field, and whether it must be given."""
    hints = get_type_hints(record)
    return {one.name: (hints[one.name], one.default is MISSING) for one in fields(record)}


def read_record(record: type[T], value: object, where: str) -> T:
    if isinstance(value, record):
        return value
    given = mapping(value, where)
    known: Mapping[str, tuple[Any, bool]] = _fields_of(record)  # type: ignore[arg-type]
    for name in given:
        if name not in known:
            raise RecordError(f"{where}: unknown key '{name}'")
    values = {}
    for name, (kind, needed) in known.items():
        if name in given:
            values[name] = convert(kind, given[name], f"{where}.{name}")
        elif needed:
            raise RecordError(f"{where}: '{name}' is missing")
    return record(**values)


def convert(kind: Any, value: object, where: str) -> Any:
    if get_origin(kind) is tuple:
        return _convert_tuple(get_args(kind), sequence(value, where), where)
    if get_origin(kind) is UnionType:
        return None if value is None else convert(get_args(kind)[0], value, where)
    if is_dataclass(kind):
        return read_record(kind, value, where)  # type: ignore[arg-type]
    return SCALARS.get(kind, _enum(kind))(value, where)


def _convert_tuple(items: tuple[Any, ...], values: Sequence[Any], where: str) -> tuple[Any, ...]:
    if len(items) == 2 and items[1] is Ellipsis:
        return tuple(convert(items[0], one, f"{where}[{n}]") for n, one in enumerate(values))
    if len(items) != len(values):
        raise RecordError(f"{where}: {len(items)} values are expected, not {len(values)}")
    return tuple(convert(kind, one, where) for kind, one in zip(items, values, strict=True))


def _scalar(kind: type) -> Callable[[object, str], Any]:
    def read(value: object, where: str) -> Any:
        if type(value) is not kind:
            raise RecordError(f"{where}: {kind.__name__} is expected, not {type(value).__name__}")
        return value

    return read


SCALARS: Mapping[Any, Callable[[object, str], Any]] = {
    one: _scalar(one) for one in (str, int, bool)
}


def _enum(kind: type[Enum]) -> Callable[[object, str], Any]:
    def read(value: object, where: str) -> Any:
        try:
            return kind(value)
        except ValueError:
            allowed = ", ".join(str(one.value) for one in kind)
            raise RecordError(f"{where}: {value!r}; one of {allowed} is expected") from None

    return read
