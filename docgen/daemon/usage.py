"""`docker system df`, the prunes of containers and volumes, sizes (moby daemon/disk_usage.go,
prune.go)."""

from __future__ import annotations

from collections.abc import Iterable

from docgen.daemon.answers import (
    CacheRecord,
    ContainerUsage,
    DiskUsage,
    PruneReport,
    UsageRow,
    VolumeUsage,
)
from docgen.daemon.container import Container
from docgen.daemon.filters import check_keys, flag, label_matches, until_ns
from docgen.daemon.image import ATTESTATION_BYTES, PROVENANCE_BYTES, ImageRecord
from docgen.daemon.images import shared_layers
from docgen.daemon.lifecycle import delete
from docgen.daemon.listing import image_size, summary
from docgen.daemon.model import Filters, MountType, VolumeRecord
from docgen.daemon.world import World
from docgen.fs.view import View


def container_size(world: World, container: Container) -> tuple[int, int]:
    """(writable layer, virtual), by the store's rule."""
    own = world.store.rw_size(container.rw)
    return own, world.store.root_size(container.rw)


def disk_usage(world: World, cache: tuple[CacheRecord, ...]) -> DiskUsage:
    """Everything that `docker system df -v` shows."""
    records = world.images.all()
    shared = shared_layers(records)
    images = tuple(
        summary(world, one, world.images.names_of(one.id), shared)
        for one in sorted(records, key=lambda one: one.created_ns, reverse=True)
    )
    containers = tuple(_container_usage(world, one) for one in world.containers.newest_first())
    volumes = tuple(_volume_usage(world, one) for one in world.volumes if not one.options)
    return DiskUsage(
        images=_image_row(world, shared),
        containers=_container_row(world, containers),
        volumes=_volume_row(volumes),
        build_cache=_cache_row(cache),
        image_list=images,
        container_list=containers,
        volume_list=volumes,
        cache_list=cache,
    )


def _image_row(world: World, shared: frozenset[str]) -> UsageRow:
    """Each layer once; reclaimable is all but the unshared part of images with containers
    (docker/cli
    formatter/disk_usage.go). On the containerd store the containers' layers are in it too
    (engine-observations 3.6)."""
    records = world.images.all()
    used = {one.image.id for one in world.containers}
    total = world.store.layers_size(world.images.chains())
    if world.images.containerd:
        total += sum(_content(records).values()) + world.cache_bytes()
    kept = sum(
        image_size(world, one) - _shared_size(world, one, shared)
        for one in records
        if one.id in used
    )
    return UsageRow(len(records), sum(one.id in used for one in records), total, total - kept)


def _shared_size(world: World, image: ImageRecord, shared: frozenset[str]) -> int:
    return sum(world.store.layer_size(one) for one in image.layers if one.chain_id in shared)


def _content(records: Iterable[ImageRecord]) -> dict[str, int]:
    """Bytes of every blob, each once."""
    found: dict[str, int] = {}
    for record in records:
        attested = ATTESTATION_BYTES + PROVENANCE_BYTES if record.by_buildkit else 0
        found[record.id] = record.content_size - sum(record.blob_sizes) + attested
        blobs = zip(record.layers, record.blob_sizes, strict=True)
        found |= {layer.chain_id: size for layer, size in blobs}
    return found


def _container_usage(world: World, container: Container) -> ContainerUsage:
    volumes = sum(point.type is MountType.VOLUME for point in container.mounts)
    return ContainerUsage(container.id, world.store.rw_size(container.rw), volumes)


def _container_row(world: World, rows: tuple[ContainerUsage, ...]) -> UsageRow:
    active = [one for one in world.containers if one.state.running]
    running = {one.id for one in active}
    size = sum(one.size for one in rows)
    free = sum(one.size for one in rows if one.container_id not in running)
    return UsageRow(len(rows), len(active), size, free)


def _volume_usage(world: World, record: VolumeRecord) -> VolumeUsage:
    return VolumeUsage(
        record.name, len(world.volumes.users(record.name)), volume_size(world.view, record)
    )


def volume_size(view: View, record: VolumeRecord) -> int:
    """Bytes of its files, hard links once; directories do not count (moby internal/directory)."""
    seen: set[tuple[int, int]] = set()
    total, todo = 0, [record.directory]
    while todo:
        path = todo.pop()
        stat = view.stat(path, follow=False)
        if stat.kind == "dir":
            todo += [f"{path}/{name}" for name in view.listdir(path)]
        elif stat.size and (stat.dev, stat.ino) not in seen:
            seen.add((stat.dev, stat.ino))
            total += stat.size
    return total


def _volume_row(rows: tuple[VolumeUsage, ...]) -> UsageRow:
    return UsageRow(
        len(rows),
        sum(one.links > 0 for one in rows),
        sum(one.size for one in rows),
        sum(one.size for one in rows if not one.links),
    )


def _cache_row(cache: tuple[CacheRecord, ...]) -> UsageRow:
    size = sum(one.size for one in cache if not one.shared)
    free = sum(one.size for one in cache if not one.shared and not one.in_use)
    return UsageRow(len(cache), sum(one.in_use for one in cache), size, free)


def prune_containers(world: World, filters: Filters) -> PruneReport:
    """All that do not run, newest first. Their anonymous volumes stay."""
    check_keys(filters, ("label", "label!", "until"))
    until = until_ns(filters, world.clock.now_ns)
    deleted, space = [], 0
    for one in world.containers.newest_first():
        too_young = until is not None and one.created_ns > until
        if one.state.running or too_young or not label_matches(filters, one.config.labels):
            continue
        space += world.store.rw_size(one.rw)
        delete(world, one, volumes=False)
        deleted.append(one.id)
    return PruneReport(tuple(deleted), space)


def prune_volumes(world: World, filters: Filters) -> PruneReport:
    """Unused ones: anonymous only, unless `all`; never one with driver options."""
    check_keys(filters, ("label", "label!", "all"))
    everything = flag(filters, "all") is True
    deleted, space = [], 0
    for one in world.volumes:
        wanted = (everything or one.anonymous) and label_matches(filters, one.labels or {})
        if not wanted or one.options or world.volumes.users(one.name):
            continue
        space += volume_size(world.view, one)
        world.volumes.remove(one.name)
        deleted.append(one.name)
    return PruneReport(tuple(deleted), space)
