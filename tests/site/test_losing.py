"""The switch of the player paints what is there to be painted, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from docgen.daemon.host import BASE_IMAGE
from docgen.draw.picture import sequence
from docgen.play.simulated import SimulatedEngine
from docgen.record.losses import Wipe
from docgen.record.recording import Recording, Step
from docgen.site.losing import Losing, losing
from docgen.site.player import player

COMMANDS = (
    "docker run -d --name db -v pgdata:/data -v /cache --tmpfs /scratch busybox sleep 999",
    "docker exec db sh -c 'echo x > /note; echo y > /scratch/job'",
    "docker stop -t 0 db",
    "docker rm db",
)
PARTS = {"container": ("container", "writable"), "tmpfs": ("tmpfs",), "volume": ("volume",)}


@pytest.fixture(scope="module")
def page() -> Recording:
    engine = SimulatedEngine("overlay2", "losing", (BASE_IMAGE,))
    start, steps = engine.snapshot(), []
    for line, command in enumerate(COMMANDS, 1):
        found = engine.run(command)
        steps.append(Step(line, command, found.stdout, found.stderr, found.exit, engine.snapshot()))
    return Recording("p.md", "P", "simulated", "overlay2", start, tuple(steps))


@pytest.fixture(scope="module")
def taken(page: Recording) -> Losing:
    found = losing([page], "")
    assert found is not None
    return found


def keys(taken: Losing, step: int, wipe: Wipe) -> set[str]:
    bit = 1 << list(Wipe).index(wipe)
    lines = [line.split(" ", 1) for line in taken.steps[step - 1].split("\n") if line]
    return {key for mask, key in lines if int(mask) & bit}


def test_the_only_container_is_named_by_the_commands(taken: Losing) -> None:
    assert taken.target == "db"
    assert "docker rm -f -v db" in taken.commands


def test_rm_takes_the_layer_and_rm_v_the_unnamed_volume_too(page: Recording, taken: Losing) -> None:
    anonymous = next(one.name for one in page.steps[1].snapshot.volumes if one.anonymous)
    assert keys(taken, 2, Wipe.STOP) == {"tmpfs:db:/scratch"}
    assert keys(taken, 2, Wipe.REMOVE) == {"container:db", "tmpfs:db:/scratch"}
    assert keys(taken, 2, Wipe.REMOVE_VOLUMES) == {
        "container:db",
        "tmpfs:db:/scratch",
        f"volume:{anonymous}",
    }
    assert keys(taken, 3, Wipe.STOP) == set()
    assert keys(taken, 4, Wipe.PRUNE_VOLUMES) == {f"volume:{anonymous}"}


@pytest.mark.parametrize("view", ["lifetime", "host", "sizes"])
def test_pictures_know_the_things_by_the_same_keys(
    page: Recording, taken: Losing, view: str
) -> None:
    drawn = {group.key for group in sequence(page, view).scenes[1].groups}
    for key in keys(taken, 2, Wipe.REMOVE_VOLUMES):
        kind, _, name = key.partition(":")
        if (view, kind) != ("sizes", "tmpfs"):
            assert {f"{part}:{name}" for part in PARTS[kind]} & drawn, key


def test_the_layers_of_one_container_go_by_bare_names(page: Recording, taken: Losing) -> None:
    drawn = {group.key for group in sequence(page, "layers", taken.target).scenes[1].groups}
    assert {"container", "writable", "tmpfs:/scratch"} <= drawn


def test_the_disk_loses_the_directories_that_the_command_takes(
    page: Recording, taken: Losing
) -> None:
    homes = [line.split("\t") for line in taken.homes.split("\n")]
    left = {entry.path for entry in page.steps[3].snapshot.disk}
    had = {entry.path for entry in page.steps[2].snapshot.disk}
    for key, path in homes:
        if key == "container:db":
            assert path in had
            assert path not in left
    assert any("/overlay2/" in path for _, path in homes)
    assert any("/containers/" in path for _, path in homes)


def test_what_the_switch_needs_is_small(page: Recording, taken: Losing) -> None:
    steps = sum(len(one.encode()) for one in taken.steps)
    assert steps < 150 * len(page.steps)
    assert len(taken.homes.encode()) < 2_000


def test_a_page_that_can_lose_nothing_has_no_switch(page: Recording) -> None:
    quiet = replace(page, steps=(Step(1, "docker ps", "", "", 0, page.start),))
    assert losing([quiet], "") is None
    assert "data-dg-lose" not in player({"overlay2": quiet}, "", "u")
    assert "data-dg-lose" in player({"overlay2": page}, "", "u")
