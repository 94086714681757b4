"""What is said to be lost is what the simulator loses when the command is really played."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from docgen.daemon.host import BASE_IMAGE
from docgen.play.simulated import SimulatedEngine
from docgen.record.losses import Losses, Wipe, losses
from docgen.record.snapshot import Container, MountKind, Snapshot

NAMES = ("one", "two", "three")
MOUNTS = (
    *("", "-v named:/n", "-v /anon", "--tmpfs /t", "-v named:/n -v /anon --tmpfs /t"),
    *("--rm -v /anon --tmpfs /t", "--rm -v named:/n", "--volumes-from one"),
)
FIRST = ("docker volume create", "docker volume create -o type=tmpfs -o device=tmpfs", "true")
LATER = ("stop -t 0", "pause", "restart -t 0", "rm -f", "kill")


def commands(random: Random) -> list[str]:
    made = [random.choice(FIRST)]
    for name in NAMES:
        verb = random.choice(("run -d", "run -d", "create"))
        made.append(f"docker {verb} --name {name} {random.choice(MOUNTS)} busybox sleep 9999")
        made.append(f"docker exec {name} sh -c 'echo x > /file; test ! -d /t || echo x > /t/x'")
    later = range(random.randint(0, 3))
    return [*made, *(f"docker {random.choice(LATER)} {random.choice(NAMES)}" for _ in later)]


def typed(wipe: Wipe, names: list[str]) -> list[str]:
    """The command as a person would type it."""
    quick = " -t 0" if wipe in (Wipe.STOP, Wipe.RESTART) else ""
    if wipe.of_container:
        return [f"{wipe}{quick} {name}" for name in names]
    return [f"{wipe} -f"]


def played(before: list[str], then: list[str]) -> tuple[Snapshot, Snapshot]:
    engine = SimulatedEngine("overlay2", "losses", (BASE_IMAGE,))
    for command in before:
        engine.run(command)
    first = engine.snapshot()
    for command in then:
        engine.run(command)
    return first, engine.snapshot()


def seen(before: Snapshot, after: Snapshot) -> Losses:
    """What differs between two snapshots, said as losses."""
    ids = {one.id: one for one in after.containers}
    memory = tuple(
        (one.id, mount.target)
        for one in before.containers
        for mount in one.mounts
        if mount.kind is MountKind.TMPFS and mount.entries
        if one.id not in ids or not _held(ids[one.id], mount.target)
    )
    names = {volume.name for volume in after.volumes}
    return Losses(
        tuple(one.id for one in before.containers if one.id not in ids),
        memory,
        tuple(volume.name for volume in before.volumes if volume.name not in names),
    )


def with_content(found: Losses, before: Snapshot) -> Losses:
    """Without the memory in which nothing was: nobody can see that lost."""
    held = {one.id: one for one in before.containers}
    memory = tuple(one for one in found.memory if _held(held[one[0]], one[1]))
    return replace(found, memory=memory)


def _held(container: Container, target: str) -> bool:
    return any(mount.entries for mount in container.mounts if mount.target == target)


@pytest.mark.parametrize("wipe", list(Wipe))
@settings(max_examples=12, deadline=None, phases=[Phase.generate])
@given(seed=st.integers(0, 2**32), whom=st.sampled_from(["", *NAMES]))
def test_the_simulator_loses_just_what_was_foretold(wipe: Wipe, seed: int, whom: str) -> None:
    past = commands(Random(seed))
    first, _ = played(past, [])
    names = [one.name for one in first.containers if whom in ("", one.name)]
    before, after = played(past, typed(wipe, names))
    assert before == first
    foretold = losses(before, wipe, whom)
    assert with_content(foretold, before) == seen(before, after)
    left = {one.id: {entry.path for entry in one.writable.entries} for one in after.containers}
    for one in before.containers:
        held = {entry.path for entry in one.writable.entries}
        assert one.id in foretold.containers or held <= left[one.id]


def snapshot_of(*before: str) -> Snapshot:
    return played(list(before), [])[0]


def test_rm_keeps_both_kinds_of_volumes_and_rm_v_only_the_named_one() -> None:
    run = "docker run -d --name db -v named:/n -v /anon busybox sleep 99"
    now = snapshot_of(run)
    anonymous = next(one.name for one in now.volumes if one.anonymous)
    assert losses(now, Wipe.REMOVE, "db").volumes == ()
    assert losses(now, Wipe.REMOVE_VOLUMES, "db").volumes == (anonymous,)


def test_an_anonymous_volume_goes_with_its_last_container() -> None:
    first = "docker run -d --name one -v /anon busybox sleep 99"
    second = "docker run -d --name two --volumes-from one busybox sleep 99"
    now = snapshot_of(first, second)
    assert losses(now, Wipe.REMOVE_VOLUMES, "one").volumes == ()


def test_a_system_prune_frees_the_volumes_of_the_containers_it_takes() -> None:
    now = snapshot_of("docker create --name one -v /anon -v named:/n busybox")
    assert losses(now, Wipe.PRUNE_VOLUMES) == Losses()
    found = losses(now, Wipe.PRUNE_SYSTEM)
    assert found.containers == (now.containers[0].id,)
    assert [len(name) for name in found.volumes] == [64]


def test_rm_f_of_a_container_with_rm_keeps_its_anonymous_volume_as_the_engine_does() -> None:
    """Seen on Docker 28.5.2; `docker stop` of the same container takes the volume with it."""
    run = "docker run -d --rm --name one -v /anon busybox sleep 99"
    before, after = played([run], ["docker rm -f one"])
    assert losses(before, Wipe.REMOVE, "one").volumes == ()
    assert [volume.anonymous for volume in after.volumes] == [True]
    assert len(losses(before, Wipe.STOP, "one").volumes) == 1
