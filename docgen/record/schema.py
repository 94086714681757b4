"""The published schema of recordings, made from the types; `schema.json` is its committed text.

python -m docgen.record.schema > docgen/record/schema.json
"""

from __future__ import annotations

import ast
import inspect
import json
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from itertools import pairwise
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from docgen.record import codec, recording, snapshot
from docgen.record.plain import ALWAYS
from docgen.record.recording import Recording, Step
from docgen.record.snapshot import DiskEntry, Entry, Layer, Snapshot

SCALARS: dict[Any, str] = {str: "string", int: "integer", bool: "boolean"}


def schema() -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    _define(Recording, definitions)
    start = definitions[Recording.__name__]
    start["properties"] = {"version": {"const": codec.VERSION}, **start["properties"]}
    start["required"] = ["version", *start["required"]]
    _as_written(definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A docgen recording, version {codec.VERSION}",
        "description": "What docgen run --json prints. " + (inspect.getdoc(codec) or ""),
        "$ref": "#/$defs/Recording",
        "$defs": definitions,
    }


def _as_written(definitions: dict[str, Any]) -> None:
    """Where the written form differs from the type: outputs joined, large things given once."""
    step = definitions[Step.__name__]
    step["properties"]["output"] = {"type": "string", "description": "stdout, then stderr."}
    step["required"].append("output")
    taken = definitions[Snapshot.__name__]
    taken["required"].remove("disk")
    taken["properties"]["disk_changes"] = {
        "description": "In a step, in place of disk: what differs from the snapshot before.",
        "type": "object",
        "properties": {
            "removed": {"type": "array", "items": {"type": "string"}},
            "added": {"type": "array", "items": {"$ref": f"#/$defs/{DiskEntry.__name__}"}},
        },
        "required": ["removed", "added"],
        "additionalProperties": False,
    }
    definitions[Layer.__name__]["required"].remove("entries")
    definitions[Entry.__name__]["required"] = list(ALWAYS)


def _define(record: type, definitions: dict[str, Any]) -> None:
    if record.__name__ in definitions:
        return
    definition: dict[str, Any] = {}
    definitions[record.__name__] = definition
    notes = _notes(record)
    hints = get_type_hints(record)
    properties = {}
    for one in fields(record):
        note = {"description": notes[one.name]} if one.name in notes else {}
        properties[one.name] = {**_type(hints[one.name], definitions), **note}
    described = inspect.getdoc(record) or ""
    if described:
        definition["description"] = described
    definition["type"] = "object"
    definition["properties"] = properties
    definition["required"] = [
        one.name for one in fields(record) if one.default is MISSING or record is not Entry
    ]
    definition["additionalProperties"] = False


def _type(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if get_origin(kind) is tuple:
        items = get_args(kind)
        if items[-1] is Ellipsis:
            return {"type": "array", "items": _type(items[0], definitions)}
        return {"type": "array", "prefixItems": [_type(one, definitions) for one in items]}
    if get_origin(kind) is UnionType:
        return {"anyOf": [_type(get_args(kind)[0], definitions), {"type": "null"}]}
    if isinstance(kind, type) and is_dataclass(kind):
        _define(kind, definitions)
        return {"$ref": f"#/$defs/{kind.__name__}"}
    if kind in SCALARS:
        return {"type": SCALARS[kind]}
    assert issubclass(kind, Enum)
    return {"enum": [one.value for one in kind]}


def _notes(record: type) -> dict[str, str]:
    """The text under each field, as it stands in the source."""
    source = inspect.getsource(recording if record.__module__ == recording.__name__ else snapshot)
    tree = ast.parse(source)
    body = next(
        n.body for n in tree.body if isinstance(n, ast.ClassDef) and n.name == record.__name__
    )
    notes = {}
    for field, note in pairwise(body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(note, ast.Expr)
            and isinstance(note.value, ast.Constant)
        ):
            notes[field.target.id] = " ".join(str(note.value.value).split())
    return notes


def text() -> str:
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(text(), end="")
