"""Recordings as JSON: both ways, canonical, small, and as the published schema says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from record_samples import BASE, D1, recording

from docgen.record import schema
from docgen.record.codec import decode, dumps, encode, loads
from docgen.record.plain import RecordError
from docgen.record.proof import Proof, dumps_proofs, loads_proofs, proof_path, with_proof

SCHEMA = Path(schema.__file__).with_name("schema.json")


def test_what_is_written_is_read_again() -> None:
    assert loads(dumps(recording())) == recording()


def test_the_same_recording_has_the_same_bytes() -> None:
    assert dumps(loads(dumps(recording()))) == dumps(recording())


def test_the_published_schema_is_that_of_the_types() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema.text(), (
        "run: python -m docgen.record.schema > docgen/record/schema.json"
    )


def test_a_recording_keeps_to_the_published_schema() -> None:
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(encode(recording()))


def test_the_form_is_the_one_that_others_compare_with() -> None:
    plain = json.loads(dumps(recording()))
    step = plain["steps"][2]
    assert (plain["scenario"], plain["engine"], plain["driver"]) == (
        "scenarios/db.md",
        "simulated",
        "overlay2",
    )
    assert {key: step[key] for key in step if key != "snapshot"} == {
        "line": 12,
        "command": "docker diff db",
        "stdout": "A /note\nC /etc\n",
        "stderr": "warning\n",
        "output": "A /note\nC /etc\nwarning\n",
        "exit": 0,
    }
    assert step["snapshot"]["containers"][0]["name"] == "db"


def test_large_things_are_given_once() -> None:
    plain = encode(recording())
    assert [entry["path"] for entry in plain["start"]["layers"][0]["entries"]] == [
        "/bin",
        "/bin/sh",
    ]
    assert all("entries" not in step["snapshot"]["layers"][0] for step in plain["steps"])
    assert plain["steps"][0]["snapshot"]["disk_changes"] == {
        "removed": [],
        "added": [
            {"path": "/var/lib/docker/a", "kind": "file", "size": 9, "owner": f"layer:{BASE}"},
            {"path": "/var/lib/docker/b", "kind": "file", "size": 2, "owner": ""},
        ],
    }
    assert plain["steps"][1]["snapshot"]["disk_changes"] == {
        "removed": ["/var/lib/docker/a"],
        "added": [],
    }
    assert plain["start"]["layers"][0]["entries"][0] == {
        "path": "/bin",
        "kind": "dir",
        "size": 0,
        "mode": 0o755,
    }


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda plain: plain.update(version=9), "version 9; this docgen reads version 1"),
        (lambda plain: plain.pop("driver"), "recording.driver: str is expected, not NoneType"),
        (lambda plain: plain["start"].update(extra=1), "start: unknown key 'extra'"),
        (lambda plain: plain["start"].pop("time"), "start: 'time' is missing"),
        (lambda plain: plain["start"].update(time=True), "start.time: int is expected, not bool"),
        (lambda plain: plain.update(steps={}), "steps: a list is expected, not dict"),
        (
            lambda plain: plain["start"]["layers"][0]["entries"][0].update(kind="door"),
            "start.layers[0].entries[0].kind: 'door'; one of file, dir, symlink, char, block, fifo,"
            " socket, whiteout is expected",
        ),
        (
            lambda plain: plain["start"]["volumes"][0].update(options=[["a"]]),
            "start.volumes[0].options[0]: 2 values are expected, not 1",
        ),
        (lambda plain: plain.update(start=[]), "start: an object is expected, not list"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(change, told: str) -> None:  # type: ignore[no-untyped-def]
    plain = json.loads(dumps(recording()))
    change(plain)
    with pytest.raises(RecordError) as error:
        decode(plain)
    assert str(error.value) == told


def test_text_that_is_no_json_is_told() -> None:
    with pytest.raises(RecordError, match="not JSON"):
        loads("[" * 100_000)


def test_proofs_are_kept_by_engine_and_driver() -> None:
    old = Proof("2026-11-20", recording(engine="docker 28.5.2"))
    new = Proof("2026-11-24", recording("f" * 64, engine="docker 28.5.2"))
    other = Proof("2026-11-24", replace(recording(engine="docker 28.5.2"), driver="vfs"))
    proofs = with_proof(with_proof((other, old), new), old)
    assert loads_proofs(dumps_proofs(proofs)) == (old, other)
    assert with_proof((other, old), new) == (other, new)
    assert proof_path("scenarios/a/b.md") == "scenarios/a/b.real.json"


def test_an_edited_proof_is_noticed() -> None:
    text = dumps_proofs([Proof("2026-11-24", recording())])
    with pytest.raises(RecordError, match="the checksum does not fit"):
        loads_proofs(text.replace("warning", "nothing"))


@pytest.mark.parametrize("text", ["{", "[]", '{"version":2}', '{"version":1,"proofs":[3]}'])
def test_broken_proofs_are_told(text: str) -> None:
    with pytest.raises(RecordError):
        loads_proofs(text)


def test_disk_entries_are_sorted_directories_first() -> None:
    read = loads(dumps(recording()))
    assert read.steps[2].snapshot.disk[0] == D1
