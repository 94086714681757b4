"""Who uses whom on a host: images, containers and what is mounted, in an order for all steps."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.draw.outside import in_order, mount_key
from docgen.draw.story import Story
from docgen.frozen import frozen
from docgen.record.snapshot import Container, Image, Mount, MountKind

LASTING = frozenset({MountKind.VOLUME, MountKind.BIND})
"""Mounts of things that exist without the container."""


@frozen
class Use:
    """A container's mount of a thing that stands on its own."""

    container: str
    target: str
    store: str
    """`volume:NAME`, `bind:PATH`."""

    @property
    def row(self) -> str:
        return f"mount:{self.container}:{self.target}"


@frozen
class Cast:
    """Everything that the steps show, each once."""

    images: tuple[str, ...]
    """Ids; those with containers in the containers' order, then the others."""
    containers: tuple[tuple[str, str], ...]
    """Name and image id, containers of one image together."""
    stores: tuple[str, ...]
    """Volumes and host paths: in the order of their first use, then the unused ones."""
    uses: tuple[Use, ...]
    shared: frozenset[str]
    """Keys of layers that more than one of the images has."""

    def of_image(self, image: str) -> list[str]:
        return [name for name, of in self.containers if of == image]


def cast(story: Story, steps: Sequence[int], *, full: bool) -> Cast:
    """The cast of the steps and of the step before each, so that what a command took is seen."""
    told = sorted({*steps, *(max(step - 1, 0) for step in steps)})
    of: dict[str, Container] = {}
    images: dict[str, Image] = {}
    for step in told:
        snapshot = story.snapshot(step)
        of |= {container.name: container for container in snapshot.containers}
        images |= {image.id: image for image in snapshot.images}
    order = dict.fromkeys(container.image for container in of.values())
    named = [key for key, image in images.items() if image.names or full]
    wanted = list(dict.fromkeys([*order, *named]))
    grouped = sorted(of.values(), key=lambda one: wanted.index(one.image))
    uses = dict.fromkeys(
        Use(container.name, mount.target, mount_key(mount))
        for step in told
        for container in _by(grouped, story.snapshot(step).containers)
        for mount in in_order(container.mounts)
        if mount.kind in LASTING
    )
    ranked = sorted(uses, key=lambda use: [one.name for one in grouped].index(use.container))
    stores = dict.fromkeys(use.store for use in ranked)
    stores |= dict.fromkeys(_unused(story, told, full=full))
    chains = {key: set(image.layers) for key, image in images.items() if key in wanted}
    chains |= {one.image: set(one.layers) for one in grouped if one.image not in chains}
    return Cast(
        tuple(wanted),
        tuple((one.name, one.image) for one in grouped),
        tuple(stores),
        tuple(ranked),
        frozenset(
            key
            for chain in chains.values()
            for key in chain
            if sum(key in other for other in chains.values()) > 1
        ),
    )


def _by(order: Sequence[Container], found: Sequence[Container]) -> list[Container]:
    names = [one.name for one in order]
    return sorted(found, key=lambda one: names.index(one.name))


def _unused(story: Story, steps: Sequence[int], *, full: bool) -> list[str]:
    """Volumes that nobody mounts, too; a host path only where everything is wanted."""
    found: dict[str, None] = {}
    for step in steps:
        snapshot = story.snapshot(step)
        for volume in snapshot.volumes:
            found[mount_key(Mount(MountKind.VOLUME, volume.name, ""))] = None
        for host in snapshot.host_paths if full else ():
            if host.kind is not None:
                found[mount_key(Mount(MountKind.BIND, host.path, ""))] = None
    return list(found)
