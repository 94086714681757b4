"""`docker ps`, `docker images`, `docker volume ls`: what is listed, in which order."""

from __future__ import annotations

from typing import Final

from docgen.daemon.answers import ImageSummary
from docgen.daemon.container import Container
from docgen.daemon.errors import DaemonError, invalid
from docgen.daemon.filters import check_keys, flag, label_matches, matches, until_ns
from docgen.daemon.glob import path_match
from docgen.daemon.image import ATTESTATION_BYTES, ImageRecord
from docgen.daemon.images import shared_layers
from docgen.daemon.model import Filters, State, VolumeRecord
from docgen.daemon.world import World
from docgen.diagnostics import NotSimulated

_PS_KEYS: Final = frozenset(
    [
        "ancestor",
        "before",
        "exited",
        "id",
        "label",
        "name",
        "status",
        "since",
        "volume",
        "health",
        "network",
        "expose",
        "publish",
        "isolation",
        "is-task",
    ]
)
_PS_NOT_SIMULATED: Final = ("health", "expose", "publish", "isolation", "is-task")
_STATES: Final = ("created", "running", "paused", "restarting", "removing", "exited", "dead")
_IMAGE_KEYS: Final = frozenset(
    ["dangling", "label", "label!", "before", "since", "reference", "until"]
)
_VOLUME_KEYS: Final = ("dangling", "driver", "label", "label!", "name")


def containers(world: World, filters: Filters, *, everything: bool) -> tuple[Container, ...]:
    """Newest first."""
    check_keys(filters, _PS_KEYS)
    for key in _PS_NOT_SIMULATED:
        if key in filters:
            raise NotSimulated(f"docker ps --filter {key}", "filter by another key")
    for value in filters.get("status", ()):
        if value not in _STATES:
            raise invalid(
                f"invalid filter 'status={value}': invalid value for state ({value}): "
                f"must be one of {', '.join(_STATES)}"
            )
    everything = everything or "status" in filters
    images = _ancestors(world, filters)
    found = [
        one
        for one in _range(world, filters)
        if (everything or one.state.running) and _included(one, filters, images)
    ]
    return tuple(found)


def _range(world: World, filters: Filters) -> tuple[Container, ...]:
    """`before` and `since` name a container."""
    listed = world.containers.newest_first()
    for ref in filters.get("before", ()):
        listed = listed[listed.index(world.containers.get(ref)) + 1 :]
    for ref in filters.get("since", ()):
        mark = world.containers.get(ref)
        listed = listed[: listed.index(mark)] if mark in listed else listed
    return listed


def _ancestors(world: World, filters: Filters) -> frozenset[str] | None:
    """Ids of the images and of those committed from them; None where nothing is asked."""
    if "ancestor" not in filters:
        return None
    found: set[str] = set()
    for ref in filters["ancestor"]:
        try:
            todo = [world.images.resolve(ref)]
        except DaemonError:
            continue
        while todo:
            image = todo.pop()
            if image.id not in found:
                found.add(image.id)
                todo += world.images.children(image.id)
    return frozenset(found)


def _on_network(filters: Filters, container: Container) -> bool:
    own = container.spec.network
    return not filters.get("network") or (
        ("bridge" if own in ("", "default") else own) in filters["network"]
    )


def _included(container: Container, filters: Filters, images: frozenset[str] | None) -> bool:
    state = container.state
    if images is not None and container.image.id not in images:
        return False
    codes = filters.get("exited", ())
    ended = state.status is State.EXITED and state.started_ns is not None
    if codes and not (ended and str(state.exit_code) in codes):
        return False
    volumes = filters.get("volume", ())
    mounted = {text for point in container.mounts for text in (point.name, point.destination)}
    mounted |= {point.source for point in container.mounts if not point.name}
    return (
        matches(filters, "name", container.name, f"/{container.name}")
        and matches(filters, "id", container.id)
        and label_matches(filters, container.config.labels)
        and _on_network(filters, container)
        and (not filters.get("status") or state.status.value in filters["status"])
        and (not volumes or any(one in mounted for one in volumes))
    )


def images(world: World, filters: Filters, *, everything: bool) -> tuple[ImageSummary, ...]:
    """Newest first. Without `everything` (`-a`), nameless parents of other images stay out."""
    check_keys(filters, _IMAGE_KEYS)
    dangling = flag(filters, "dangling")
    until = until_ns(filters, world.clock.now_ns)
    shared = shared_layers(world.images.all())
    records = sorted(world.images.all(), key=lambda one: one.created_ns, reverse=True)
    found = []
    for image in _image_range(world, filters, records):
        names = _named(filters, world.images.names_of(image.id))
        if names is None or not label_matches(filters, image.run_config.labels):
            continue
        if until is not None and image.created_ns > until:
            continue
        is_dangling = not world.images.names_of(image.id)
        hidden = is_dangling and not everything and bool(world.images.children(image.id))
        if hidden or (dangling is not None and dangling != is_dangling):
            continue
        found.append(summary(world, image, names, shared))
    return tuple(found)


def _image_range(world: World, filters: Filters, records: list[ImageRecord]) -> list[ImageRecord]:
    for ref in filters.get("before", ()):
        mark = world.images.resolve(ref).created_ns
        records = [one for one in records if one.created_ns < mark]
    for ref in filters.get("since", ()):
        mark = world.images.resolve(ref).created_ns
        records = [one for one in records if one.created_ns > mark]
    return records


def _named(filters: Filters, names: tuple[str, ...]) -> tuple[str, ...] | None:
    """The names that `reference` asks for; None where it asks for others."""
    wanted = filters.get("reference", ())
    if not wanted:
        return names
    kept = tuple(name for name in names if any(_is_reference(one, name) for one in wanted))
    return kept or None


def _is_reference(pattern: str, name: str) -> bool:
    """reference.FamiliarMatch: the whole familiar name, or the part before the tag."""
    return path_match(pattern, name) or path_match(pattern, name.rpartition(":")[0])


def summary(
    world: World, image: ImageRecord, names: tuple[str, ...], shared: frozenset[str]
) -> ImageSummary:
    return ImageSummary(
        id=image.id,
        names=names,
        digests=repo_digests(world, image),
        created_ns=image.created_ns,
        size=image_size(world, image),
        shared_size=sum(
            world.store.layer_size(layer) for layer in image.layers if layer.chain_id in shared
        ),
        containers=sum(one.image.id == image.id for one in world.containers),
        labels=image.run_config.labels,
    )


def repo_digests(world: World, image: ImageRecord) -> tuple[str, ...]:
    """`name@sha256:…`; a classic store has them for pulled images only."""
    if not world.images.containerd:
        return ()
    repositories = {name.rpartition(":")[0] for name in world.images.names_of(image.id)}
    return tuple(f"{one}@{image.id}" for one in sorted(repositories))


def image_size(world: World, image: ImageRecord) -> int:
    """SIZE of `docker images`."""
    attested = ATTESTATION_BYTES if image.by_buildkit else 0
    return world.store.image_size(image.layers, image.content_size + attested)


def volumes(world: World, filters: Filters) -> tuple[VolumeRecord, ...]:
    """Sorted by name."""
    check_keys(filters, _VOLUME_KEYS)
    dangling = flag(filters, "dangling")
    return tuple(
        one
        for one in world.volumes
        if (dangling is None or dangling != bool(world.volumes.users(one.name)))
        and matches(filters, "name", one.name)
        and (not filters.get("driver") or one.driver in filters["driver"])
        and label_matches(filters, one.labels or {})
    )
