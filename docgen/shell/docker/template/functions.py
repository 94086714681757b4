"""The functions of a template, one table: Go's builtins and docker's own (templates.go)."""

from __future__ import annotations

from collections.abc import Callable

from docgen import limits
from docgen.diagnostics import LimitExceeded
from docgen.frozen import frozen
from docgen.shell.docker.template.encoding import dumps, to_json
from docgen.shell.docker.template.printing import show, sprint, sprintf
from docgen.shell.docker.template.values import (
    Map,
    NilPointer,
    Record,
    Slice,
    Value,
    go_slice,
    truth,
    type_name,
)

ANY = "interface {}"


class CallError(Exception):
    """A function refuses its arguments; the text after `error calling NAME: `."""


@frozen
class Function:
    takes: tuple[str, ...]
    """Go types of the fixed parameters."""
    run: Callable[..., Value]
    rest: str = ""
    """Go type of the variadic ones; '' = none."""
    lazy: bool = False
    """`and`, `or`: arguments are evaluated only as far as needed."""


def _json(value: Value) -> str:
    """Rows marshal themselves, with HTML escapes; everything else is written without."""
    return dumps(to_json(value), escape_html=isinstance(value, Record)).strip()


def _split(text: str, separator: str) -> Value:
    return go_slice(text.split(separator) if separator else list(text))


def _join(items: Slice | None, separator: str) -> str:
    return separator.join(show(one) for one in items.items) if items is not None else ""


def _title(text: str) -> str:
    """strings.Title: the first letter of each word; letters, digits and underscores go on."""
    parts: list[str] = []
    before = " "
    for letter in text:
        inside = (
            before.isalnum() or before == "_" or (not before.isascii() and not before.isspace())
        )
        parts.append(letter if inside else letter.title())
        before = letter
    return "".join(parts)


def _pad(text: str, before: int, after: int) -> str:
    if not text:
        return text
    if min(before, after) < 0:
        raise CallError("strings: negative Repeat count")
    if before + after > limits.OUTPUT_BYTES:
        raise LimitExceeded("pad makes more blanks than a step's output", "use smaller numbers")
    return " " * before + text + " " * after


def _truncate(text: str, length: int) -> str:
    data = text.encode("utf-8", "surrogateescape")
    if len(data) < length:
        return text
    if length < 0:
        raise CallError("runtime error: slice bounds out of range [:" + str(length) + "]")
    return data[:length].decode("utf-8", "surrogateescape")


def _length(value: Value) -> int:
    match value:
        case str():
            return len(value.encode("utf-8", "surrogateescape"))
        case Slice() | Map():
            return len(value.items)
        case NilPointer():
            raise CallError("len of nil pointer")
        case None:
            raise CallError("reflect: call of reflect.Value.Type on zero Value")
        case _:
            raise CallError(f"len of type {type_name(value).removeprefix('*')}")


def _index(value: Value, *keys: Value) -> Value:
    for key in keys:
        value = _index_once(value, key)
    return value


def _index_once(value: Value, key: Value) -> Value:
    match value:
        case None:
            raise CallError("index of untyped nil")
        case NilPointer():
            raise CallError("index of nil pointer")
        case Slice():
            return value.items[_position(key, len(value.items))]
        case str():
            data = value.encode("utf-8", "surrogateescape")
            return data[_position(key, len(data))]
        case Map():
            if key is None:
                raise CallError("value is nil; should be of type string")
            if not isinstance(key, str):
                raise CallError(f"value has type {type_name(key)}; should be string")
            return value.items.get(key, value.zero)
        case _:
            raise CallError(f"can't index item of type {type_name(value).removeprefix('*')}")


def _position(key: Value, length: int) -> int:
    if key is None:
        raise CallError("cannot index slice/array with nil")
    if isinstance(key, bool) or not isinstance(key, int):
        raise CallError(f"cannot index slice/array with type {type_name(key)}")
    if not 0 <= key < length:
        raise CallError(f"index out of range: {key}")
    return key


def _slice(value: Value, *bounds: Value) -> Value:
    if not isinstance(value, str | Slice):
        raise CallError(f"can't slice item of type {type_name(value)}")
    length = _length(value)
    places = [_bound(one, length) for one in bounds]
    start, end = [*places, *(0, length)[len(places) :]][:2]
    if start > end:
        raise CallError(f"invalid slice index: {start} > {end}")
    if isinstance(value, Slice):
        return Slice(value.items[start:end], value.go_type)
    return value.encode("utf-8", "surrogateescape")[start:end].decode("utf-8", "replace")


def _bound(key: Value, length: int) -> int:
    if isinstance(key, bool) or not isinstance(key, int):
        raise CallError(f"cannot index slice/array with type {type_name(key)}")
    if not 0 <= key <= length:
        raise CallError(f"index out of range: {key}")
    return key


_COMPARED = (str, bool, int, float)


def _kind(value: Value) -> type | None:
    return next((kind for kind in (bool, str, int, float) if isinstance(value, kind)), None)


def _incompatible(first: Value, second: Value) -> CallError:
    return CallError(
        f"incompatible types for comparison: {type_name(first)} and {type_name(second)}"
    )


def _equal(first: Value, *others: Value) -> bool:
    if not others:
        raise CallError("missing argument for comparison")
    return any(_same(first, other) for other in others)


def _same(first: Value, second: Value) -> bool:
    if not isinstance(first, _COMPARED) or not isinstance(second, _COMPARED):
        return _same_unordered(first, second)
    if _kind(first) is not _kind(second):
        raise _incompatible(first, second)
    return first == second


def _is_nil(value: Value) -> bool:
    return value is None or isinstance(value, NilPointer) or bool(getattr(value, "is_nil", False))


def _same_unordered(first: Value, second: Value) -> bool:
    if _is_nil(first) or _is_nil(second):
        return _is_nil(first) == _is_nil(second)
    if isinstance(first, _COMPARED) or isinstance(second, _COMPARED):
        raise _incompatible(first, second)
    for one in (first, second):
        if isinstance(one, Slice | Map):
            raise CallError(f"non-comparable type {show(one)}: {type_name(one)}")
    return first is second


def _less(first: Value, second: Value) -> bool:
    if isinstance(first, bool) or not isinstance(first, _COMPARED):
        raise CallError("invalid type for comparison")
    if not isinstance(second, _COMPARED) or _kind(first) is not _kind(second):
        raise _incompatible(first, second)
    return first < second  # type: ignore[operator]  # both of one kind


def _less_or_equal(first: Value, second: Value) -> bool:
    return _less(first, second) or _same(first, second)


_HTML = str.maketrans({'"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;"})


def _println(*values: Value) -> str:
    return " ".join(show(one) for one in values) + "\n"


def _call(*_values: Value) -> Value:
    raise CallError("error calling call: non-function")


FUNCTIONS: dict[str, Function] = {
    "and": Function((ANY,), lambda *values: values[-1], ANY, lazy=True),
    "or": Function((ANY,), lambda *values: values[-1], ANY, lazy=True),
    "not": Function((ANY,), lambda value: not truth(value)),
    "eq": Function((ANY,), _equal, ANY),
    "ne": Function((ANY, ANY), lambda first, second: not _same(first, second)),
    "lt": Function((ANY, ANY), _less),
    "le": Function((ANY, ANY), _less_or_equal),
    "gt": Function((ANY, ANY), lambda first, second: not _less_or_equal(first, second)),
    "ge": Function((ANY, ANY), lambda first, second: not _less(first, second)),
    "index": Function((ANY,), _index, ANY),
    "slice": Function((ANY,), _slice, ANY),
    "len": Function((ANY,), _length),
    "print": Function((), lambda *values: sprint(values), ANY),
    "printf": Function(("string",), lambda form, *values: sprintf(form, values), ANY),
    "println": Function((), _println, ANY),
    "html": Function((), lambda *values: sprint(values).translate(_HTML), ANY),
    "json": Function((ANY,), _json),
    "split": Function(("string", "string"), _split),
    "join": Function(("[]string", "string"), _join),
    "title": Function(("string",), _title),
    "lower": Function(("string",), lambda text: text.lower()),
    "upper": Function(("string",), lambda text: text.upper()),
    "pad": Function(("string", "int", "int"), _pad),
    "truncate": Function(("string", "int"), _truncate),
}
"""Go has also `call`, `js` and `urlquery`; nobody needs them on docker's data: they are refused."""

REFUSED = frozenset(("call", "js", "urlquery"))

HEADER_FUNCTIONS: dict[str, Function] = FUNCTIONS | {
    name: Function(FUNCTIONS[name].takes, lambda text, *_: text)
    for name in ("json", "split", "join", "title", "lower", "upper", "truncate")
}
"""For the header line of a table: the column's name stays as it is."""


def fits(value: Value, go_type: str) -> bool:
    """Is the value assignable to a parameter of that type?"""
    if go_type == ANY:
        return True
    if go_type == "[]string":
        return value is None or (
            isinstance(value, Slice) and value.go_type in ("[]string", "strslice.StrSlice")
        )
    return type_name(value) == go_type


def unfit(value: Value, go_type: str) -> str:
    """Go's words for an argument of the wrong type."""
    if value is None and not go_type.startswith("["):
        return f"invalid value; expected {go_type}"
    return f"wrong type for value; expected {go_type}; got {type_name(value)}"


def arguments_problem(name: str, function: Function, count: int) -> str:
    """Go's words for a wrong number of arguments; '' where it is right."""
    fixed = len(function.takes)
    if function.rest and count < fixed:
        return f"wrong number of args for {name}: want at least {fixed} got {count}"
    if not function.rest and count != fixed:
        return f"wrong number of args for {name}: want {fixed} got {count}"
    return ""
