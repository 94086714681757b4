"""Recordings as JSON, both ways. `schema.json` beside this file is the published form.

Two things are given only once, since they are large and mostly stay: a layer has `entries` in
the first snapshot that shows it, and `disk` stands in full in `start`, each step having only
`disk_changes`. An entry leaves out what has its usual value. All else stands in every step, so
that a reader of one step needs no other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Final

from docgen.record.plain import (
    Plain,
    RecordError,
    convert,
    entry_plain,
    mapping,
    plain,
    read_record,
    sequence,
)
from docgen.record.recording import Recording, Step
from docgen.record.snapshot import DiskEntry, Entry, Layer, Snapshot

VERSION: Final = 1


def dumps(recording: Recording) -> str:
    """Canonical text: the same recording gives the same bytes; each step stands on a line of its
    own.
    """
    document = encode(recording)
    steps = document.pop("steps")
    head = _line(document)[:-1]
    body = ",\n".join(_line(step) for step in steps)
    return f'{head},"steps":[\n{body}\n]}}\n'


def loads(text: str) -> Recording:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"not JSON: {error}") from None
    return decode(document)


def encode(recording: Recording) -> Plain:
    given: set[str] = set()
    start = _snapshot(recording.start, given)
    steps = []
    before = recording.start
    for step in recording.steps:
        snapshot = _snapshot(step.snapshot, given)
        del snapshot["disk"]
        snapshot["disk_changes"] = _disk_changes(before.disk, step.snapshot.disk)
        before = step.snapshot
        steps.append(
            {
                "line": step.line,
                "command": step.command,
                "stdout": step.stdout,
                "stderr": step.stderr,
                "output": step.output,
                "exit": step.exit,
                "snapshot": snapshot,
            }
        )
    return {
        "version": VERSION,
        "scenario": recording.scenario,
        "title": recording.title,
        "engine": recording.engine,
        "driver": recording.driver,
        "start": start,
        "steps": steps,
    }


def decode(value: object) -> Recording:
    """Raises RecordError."""
    document = mapping(value, "recording")
    if document.get("version") != VERSION:
        raise RecordError(
            f"version {document.get('version')!r}; this docgen reads version {VERSION}"
        )
    given: dict[str, object] = {}
    start_plain = dict(mapping(document.get("start"), "start"))
    start = _read_snapshot(start_plain, given, "start")
    before = start
    steps: list[Step] = []
    for number, item in enumerate(sequence(document.get("steps"), "steps")):
        where = f"steps[{number}]"
        step = dict(mapping(item, where))
        step.pop("output", None)
        snapshot = dict(mapping(step.get("snapshot"), f"{where}.snapshot"))
        changes = mapping(snapshot.pop("disk_changes", {}), f"{where}.snapshot.disk_changes")
        snapshot["disk"] = []
        read = _read_snapshot(snapshot, given, f"{where}.snapshot")
        disk = _changed_disk(before.disk, changes, f"{where}.snapshot.disk_changes")
        before = replace(read, disk=disk)
        step["snapshot"] = before
        steps.append(read_record(Step, step, where))
    head = {key: document.get(key) for key in ("scenario", "title", "engine", "driver")}
    return read_record(Recording, {**head, "start": start, "steps": tuple(steps)}, "recording")


def _line(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _snapshot(snapshot: Snapshot, given: set[str]) -> Plain:
    out: Plain = {
        one.name: plain(getattr(snapshot, one.name))
        for one in fields(Snapshot)
        if one.name != "layers"
    }
    out["layers"] = []
    for layer in snapshot.layers:
        shown = {
            one.name: getattr(layer, one.name) for one in fields(Layer) if one.name != "entries"
        }
        if layer.key not in given:
            given.add(layer.key)
            shown["entries"] = [entry_plain(entry) for entry in layer.entries]
        out["layers"].append(shown)
    return {one.name: out[one.name] for one in fields(Snapshot)}


def disk_order(entry: DiskEntry) -> list[str]:
    """Directories above what they hold."""
    return entry.path.split("/")


def _disk_changes(before: Sequence[DiskEntry], after: Sequence[DiskEntry]) -> Plain:
    if before is after:
        return {"removed": [], "added": []}
    old = set(before)
    kept = {entry.path for entry in after}
    return {
        "removed": [entry.path for entry in before if entry.path not in kept],
        "added": [plain(entry) for entry in after if entry not in old],
    }


def _changed_disk(
    before: Sequence[DiskEntry], changes: Mapping[str, Any], where: str
) -> tuple[DiskEntry, ...]:
    added = convert(tuple[DiskEntry, ...], changes.get("added", []), f"{where}.added")
    removed = convert(tuple[str, ...], changes.get("removed", []), f"{where}.removed")
    gone = {*removed, *(entry.path for entry in added)}
    kept = [entry for entry in before if entry.path not in gone]
    if not added:
        return tuple(kept)
    return tuple(sorted([*kept, *added], key=disk_order))


def _read_snapshot(snapshot: Plain, given: dict[str, object], where: str) -> Snapshot:
    """Puts the entries of known layers back."""
    layers = []
    for number, item in enumerate(sequence(snapshot.get("layers"), f"{where}.layers")):
        layer = dict(mapping(item, f"{where}.layers[{number}]"))
        key = str(layer.get("key"))
        if "entries" in layer:
            given[key] = layer["entries"] = convert(
                tuple[Entry, ...], layer["entries"], f"{where}.layers[{number}].entries"
            )
        elif key in given:
            layer["entries"] = given[key]
        layers.append(layer)
    return read_record(Snapshot, {**snapshot, "layers": layers}, where)
