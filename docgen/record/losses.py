"""What a command would take away from here: arithmetic on a snapshot, nothing is run.

The rules are Docker 28.5's: daemon/delete.go and mounts.go (rm), start.go (stop), prune.go. Of
images and build cache, which can be made again, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import assert_never

from docgen.frozen import frozen
from docgen.record.snapshot import Container, ContainerStatus, MountKind, Snapshot, Volume

_AWAKE = frozenset({ContainerStatus.RUNNING, ContainerStatus.PAUSED})
"""Processes exist, and with them what lies in memory."""
_BUSY = _AWAKE | {ContainerStatus.RESTARTING}
"""No prune takes it."""


class Wipe(StrEnum):
    """A command that may lose data."""

    STOP = "docker stop"
    RESTART = "docker restart"
    REMOVE = "docker rm -f"
    REMOVE_VOLUMES = "docker rm -f -v"
    PRUNE_VOLUMES = "docker volume prune"
    PRUNE_SYSTEM = "docker system prune --volumes"

    @property
    def of_container(self) -> bool:
        """It names containers; the others look at the whole host."""
        return self not in (Wipe.PRUNE_VOLUMES, Wipe.PRUNE_SYSTEM)


@frozen
class Losses:
    containers: tuple[str, ...] = ()
    """Ids of those that go with their writable layer and log."""
    memory: tuple[tuple[str, str], ...] = ()
    """Container id and target of each tmpfs whose content goes."""
    volumes: tuple[str, ...] = ()
    """Names."""


def losses(snapshot: Snapshot, wipe: Wipe, container: str = "") -> Losses:
    """`container`: name or id; '': every container, one after the other."""
    chosen = [
        one for one in snapshot.containers if not container or container in (one.name, one.id)
    ]
    match wipe:
        case Wipe.STOP:
            gone = [one for one in chosen if one.status in _AWAKE and one.auto_remove]
            return _lost(snapshot, gone, _with_own_volumes(snapshot, gone), _memory(chosen))
        case Wipe.RESTART:
            return Losses(memory=_memory(chosen))
        case Wipe.REMOVE:
            return _lost(snapshot, chosen, (), _memory(chosen))
        case Wipe.REMOVE_VOLUMES:
            volumes = _with_own_volumes(snapshot, chosen)
            return _lost(snapshot, chosen, volumes, _memory(chosen))
        case Wipe.PRUNE_VOLUMES:
            return Losses(volumes=_prunable(snapshot, ()))
        case Wipe.PRUNE_SYSTEM:
            idle = [one for one in snapshot.containers if one.status not in _BUSY]
            return _lost(snapshot, idle, _prunable(snapshot, idle), ())
        case _:
            assert_never(wipe)


def _lost(
    snapshot: Snapshot,
    gone: Iterable[Container],
    volumes: Iterable[str],
    memory: tuple[tuple[str, str], ...],
) -> Losses:
    """In the snapshot's order."""
    ids, names = {one.id for one in gone}, set(volumes)
    return Losses(
        tuple(one.id for one in snapshot.containers if one.id in ids),
        memory,
        tuple(one.name for one in snapshot.volumes if one.name in names),
    )


def _memory(containers: Iterable[Container]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (one.id, mount.target)
        for one in containers
        if one.status in _AWAKE
        for mount in one.mounts
        if mount.kind is MountKind.TMPFS
    )


def _with_own_volumes(snapshot: Snapshot, gone: Iterable[Container]) -> set[str]:
    """Volumes that nobody named, when the last container that has them goes."""
    users = {volume.name: set(volume.used_by) for volume in snapshot.volumes}
    taken: set[str] = set()
    for one in gone:
        for mount in one.mounts:
            if mount.kind is MountKind.VOLUME and mount.source in users:
                users[mount.source].discard(one.id)
                if mount.anonymous and not users[mount.source]:
                    taken.add(mount.source)
    return taken


def _prunable(snapshot: Snapshot, gone: Iterable[Container]) -> tuple[str, ...]:
    """Anonymous ones that no container has. A prune spares volumes with driver options."""
    ids = {one.id for one in gone}

    def pruned(volume: Volume) -> bool:
        plain = volume.driver == "local" and not volume.options
        return volume.anonymous and plain and not set(volume.used_by) - ids

    return tuple(volume.name for volume in snapshot.volumes if pruned(volume))
