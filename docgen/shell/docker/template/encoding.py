"""encoding/json as Go writes it: escapes, sorted map keys, struct fields in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docgen.shell.docker.template.values import (
    Map,
    NilPointer,
    Record,
    Slice,
    Stringer,
    Struct,
    Value,
)

Json = object
"""dict (in the order to print), list, str, bool, int, float, None."""

_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_HTML = frozenset("<>&")
_LINE_SEPARATORS = frozenset("\u2028\u2029")


def dumps(data: Json, *, indent: str = "", escape_html: bool = False) -> str:
    """json.Marshal (`escape_html`) or an Encoder without it; `indent` as json.Indent."""
    parts: list[str] = []
    _write(data, parts, indent, "\n", escape_html)
    return "".join(parts)


def _write(data: Json, parts: list[str], indent: str, newline: str, escape_html: bool) -> None:
    match data:
        case None:
            parts.append("null")
        case bool():
            parts.append("true" if data else "false")
        case int() | float():
            parts.append(repr(data))
        case str():
            parts.append(encode_string(data, escape_html))
        case Mapping():
            members = [(encode_string(key, escape_html) + ":", one) for key, one in data.items()]
            _write_all("{}", members, parts, indent, newline, escape_html)
        case Sequence():
            _write_all("[]", [("", one) for one in data], parts, indent, newline, escape_html)
        case _:
            raise TypeError(f"no JSON: {type(data).__name__}")


def _write_all(
    brackets: str,
    members: list[tuple[str, Json]],
    parts: list[str],
    indent: str,
    newline: str,
    escape_html: bool,
) -> None:
    if not members:
        parts.append(brackets)
        return
    deeper = newline + indent
    separator = brackets[0]
    for key, one in members:
        parts.append(separator + (deeper if indent else "") + key + (" " if indent and key else ""))
        _write(one, parts, indent, deeper, escape_html)
        separator = ","
    parts.append((newline if indent else "") + brackets[1])


def encode_string(text: str, escape_html: bool = False) -> str:
    """A JSON string with Go's escapes; bytes that are no UTF-8 become U+FFFD."""
    return '"' + "".join(_letter(one, escape_html) for one in text) + '"'


def _letter(letter: str, escape_html: bool) -> str:
    code = ord(letter)
    if letter in _SHORT:
        return _SHORT[letter]
    if code < 0x20 or letter in _LINE_SEPARATORS or (escape_html and letter in _HTML):
        return f"\\u{code:04x}"
    return "\\ufffd" if 0xD800 <= code < 0xE000 else letter


def to_json(value: Value) -> Json:
    """The value as data: maps sorted by key, structs in their order, rows by method name."""
    match value:
        case Slice():
            return None if value.is_nil else [to_json(one) for one in value.items]
        case Map():
            return (
                None if value.is_nil else {k: to_json(value.items[k]) for k in sorted(value.items)}
            )
        case Struct():
            return _struct(value)
        case NilPointer():
            return None
        case Stringer():
            return value.json
        case Record():
            return {name: to_json(value.methods[name]()) for name in sorted(value.methods)}
        case _:
            return value


def _struct(value: Struct) -> dict[str, Json]:
    made: dict[str, Json] = {}
    for member in value.members:
        if member.embedded and isinstance(member.value, Struct):
            made.update(_struct(member.value))
        elif not member.omitted and member.json_name:
            made[member.json_name] = to_json(member.value)
    return made
