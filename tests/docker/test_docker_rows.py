"""Rows that no recorded page reaches: rare states and fields."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from docgen.daemon.answers import CacheRecord, ImageSummary
from docgen.daemon.model import ContainerState, State, VolumeRecord
from docgen.shell.docker.listing import render
from docgen.shell.docker.rows import cache_row, image_rows, labels_text, status_text, volume_row

SECOND = 1_000_000_000
NOW = 1_767_225_600 * SECOND


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (
            ContainerState(State.RESTARTING, exit_code=1, finished_ns=NOW - SECOND),
            "Restarting (1) 1 second ago",
        ),
        (ContainerState(State.PAUSED, started_ns=NOW - 90 * SECOND), "Up About a minute (Paused)"),
        (ContainerState(State.DEAD, dead=True), "Dead"),
        (ContainerState(State.CREATED), "Created"),
        (ContainerState(State.EXITED, started_ns=NOW), ""),
        (
            ContainerState(State.EXITED, exit_code=137, started_ns=NOW, finished_ns=NOW),
            "Exited (137) Less than a second ago",
        ),
    ],
)
def test_status(state: ContainerState, text: str) -> None:
    container: Any = SimpleNamespace(state=state)
    assert status_text(container, NOW) == text


def test_build_cache_line() -> None:
    record = CacheRecord(
        "z5smeqnogfys7sqxcj8ce0vte", "regular", 8192, NOW, NOW, 2, True, in_use=True
    )
    row = cache_row(record, NOW + 5 * SECOND, truncate=True)
    form = (
        "{{.ID}} {{.CacheType}} {{.Size}} {{.CreatedSince}} {{.UsageCount}} {{.InUse}} {{.Shared}}"
    )
    assert render(form, {}, [row]) == "z5smeqnogfys* regular 8.19kB 5 seconds ago 2 true true\n"


def test_image_by_digest() -> None:
    image = ImageSummary(
        "sha256:" + "a" * 64, ("app:1",), ("app@sha256:" + "b" * 64,), NOW, 10, 4, 2, {}
    )
    (row,) = image_rows(image, NOW, truncate=False, digests=True, counts=True)
    form = "{{.Digest}} {{.Containers}} {{.SharedSize}} {{.UniqueSize}} {{.CreatedAt}}"
    expected = f"sha256:{'b' * 64} 2 4B 6B 2026-01-01 00:00:00 +0000 UTC\n"
    assert render(form, {}, [row]) == expected


def test_volume_fields_that_only_a_cluster_knows() -> None:
    row = volume_row(VolumeRecord("v", NOW, labels={"b": "2", "a": "1"}), links=3, size=2048)
    form = (
        '{{.Labels}} {{.Label "b"}} {{.Links}} {{.Size}} {{.Group}} {{.Availability}} {{.Status}}'
    )
    assert render(form, {}, [row]) == "a=1,b=2 2 3 2.048kB N/A N/A N/A\n"
    assert labels_text(None) == ""
