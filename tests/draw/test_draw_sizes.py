"""The `sizes` view adds up: every byte that Docker counts is drawn once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from draw_samples import APP, BASE, LAYERS, crowd, recording
from draw_strategies import recordings
from hypothesis import HealthCheck, given, settings

from docgen.draw.amounts import COMMANDS, SECTIONS, amounts
from docgen.draw.ascii import ascii  # noqa: A004
from docgen.draw.picture import picture
from docgen.draw.scene import Bar
from docgen.record.recording import Recording
from docgen.record.snapshot import ContainerStatus, DiskEntry, Kind, Snapshot


def total(snapshot: Snapshot) -> int:
    own = sum(one.writable.size + one.log_size for one in snapshot.containers)
    layers = sum(layer.size for layer in snapshot.layers)
    return own + layers + sum(volume.size for volume in snapshot.volumes)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(played=recordings())
def test_the_parts_add_up_to_the_whole(played: Recording) -> None:
    for step in played.steps:
        found = amounts(step.snapshot)
        assert sum(one.size for one in found) == total(step.snapshot)
        assert len({one.key for one in found}) == len(found)
        assert {one.section for one in found} <= set(SECTIONS)
        assert {one.freed_by for one in found} <= {"", *COMMANDS}


def test_a_layer_of_two_images_counts_once() -> None:
    found = {one.key: one.size for one in amounts(crowd().steps[2].snapshot)}
    assert found[f"shared:{BASE.key}"] == BASE.size
    assert found[f"image:{APP.id}"] == sum(layer.size for layer in LAYERS[1:])


def test_what_a_running_container_holds_is_not_given_back() -> None:
    (own,) = (one for one in amounts(recording().steps[3].snapshot) if one.key == "writable:db")
    (stopped,) = (one for one in amounts(recording().steps[4].snapshot) if one.key == own.key)
    assert (own.freed_by, stopped.freed_by) == ("", "docker container prune")


@pytest.mark.parametrize(
    ("anonymous", "options", "freed_by"),
    [
        (False, (), "docker volume prune -a"),
        (True, (), "docker volume prune"),
        (True, (("type", "tmpfs"),), ""),
    ],
)
def test_of_unused_volumes_a_prune_takes(
    anonymous: bool, options: tuple[tuple[str, str], ...], freed_by: str
) -> None:
    snapshot = recording().steps[5].snapshot
    volume = replace(snapshot.volumes[0], anonymous=anonymous, options=options)
    found = amounts(replace(snapshot, containers=(), volumes=(volume,)))
    assert next(one for one in found if one.key.startswith("volume:")).freed_by == freed_by


def test_blobs_of_the_containerd_store_are_told_apart_from_unpacked_layers() -> None:
    where = "/var/lib/containerd/io.containerd.content.v1.content/blobs/sha256/ab"
    snapshot = recording().steps[0].snapshot
    blob = DiskEntry(where, Kind.FILE, 700, "")
    found = amounts(replace(snapshot, disk=(blob, *snapshot.disk)))
    assert next(one for one in found if one.key == "blobs").size == 700


def test_bars_are_on_one_scale_and_what_is_there_shows() -> None:
    scene = picture(recording(), 4, "sizes")
    bars = {
        group.key: shape.w
        for group in scene.groups
        for shape in group.shapes
        if isinstance(shape, Bar) and group.key != "legend"
    }
    assert max(bars.values()) == bars[f"shared:{BASE.key}"]
    assert bars["writable:db"] == 0
    assert "▏" in ascii(scene)


def test_what_a_command_took_is_a_ghost_for_that_step() -> None:
    assert "gone" in ascii(picture(recording(), 6, "sizes"))
    assert "db" not in ascii(picture(recording(), 7, "sizes"))


def test_a_dead_container_can_be_pruned_too() -> None:
    snapshot = recording().steps[0].snapshot
    (one,) = snapshot.containers
    dead = replace(one, status=ContainerStatus.DEAD)
    found = {a.key: a for a in amounts(replace(snapshot, containers=(dead,)))}
    assert found["writable:db"].note == "dead"
