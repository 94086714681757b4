"""What occupies how much, by the driver's own numbers, and which command would give it back.

The parts of one snapshot add up to its total: a layer counts once, whoever stands on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from docgen.draw.delta import image_words
from docgen.draw.outside import short_name
from docgen.draw.panel import Runs, run
from docgen.draw.scene import Role, Style
from docgen.draw.story import RUNS
from docgen.draw.text import cells, clean, listed, plural
from docgen.frozen import frozen
from docgen.record.snapshot import Container, ContainerStatus, Image, Kind, Snapshot, Volume

IMAGES, ARCHIVES, WRITABLE, LOGS, VOLUMES = SECTIONS = (
    "Image layers",
    "Compressed copies of the images",
    "Writable layers",
    "Logs",
    "Volumes",
)
COMMANDS: Final = (
    "docker container prune",
    "docker volume prune",
    "docker volume prune -a",
    "docker image prune",
    "docker image prune -a",
)
"""What gives space back: of two that would, the gentler."""
BLOBS: Final = "/var/lib/containerd/io.containerd.content.v1.content/blobs/"
"""containerd keeps what it pulled or was given beside the unpacked layers."""


@frozen
class Amount:
    key: str
    section: str
    name: Runs
    size: int
    """Bytes."""
    style: Style
    note: str = ""
    """Why it could go, in a word."""
    freed_by: str = ""
    """One of COMMANDS; '' where no prune takes it."""
    tip: str = ""


def amounts(snapshot: Snapshot) -> list[Amount]:
    found = [*_layers(snapshot), *_archives(snapshot)]
    found += [_writable(container) for container in snapshot.containers]
    found += [_log(container) for container in snapshot.containers if container.log_size]
    return found + [_volume(volume) for volume in snapshot.volumes]


# --- images --------------------------------------------------------------------------------------


def _layers(snapshot: Snapshot) -> Iterator[Amount]:
    """Layers that the same images stand on, together; those of several images first."""
    shelves: dict[tuple[str, ...], list[str]] = {}
    sizes = {layer.key: layer.size for layer in snapshot.layers}
    for layer in snapshot.layers:
        users = tuple(image.id for image in snapshot.images if layer.key in image.layers)
        shelves.setdefault(users, []).append(layer.key)
    images = {image.id: image for image in snapshot.images}
    used = {container.image for container in snapshot.containers}
    for users, keys in sorted(shelves.items(), key=lambda shelf: len(shelf[0]) < 2):
        size = sum(sizes[key] for key in keys)
        yield _shelf(keys, [images[user] for user in users], used, size)


def _shelf(keys: list[str], images: list[Image], used: set[str], size: int) -> Amount:
    names = [image_words(image) for image in images]
    tip = f"{plural(len(keys), 'layer')} of {', '.join(names) or 'a removed image'}"
    note, freed_by = "", ""
    if images and not any(image.id in used for image in images):
        named = any(image.names for image in images)
        note = "unused" if named else "no name"
        freed_by = "docker image prune -a" if named else "docker image prune"
    if len(images) == 1:
        key, name = f"image:{images[0].id}", run(names[0], Role.NAME)
    elif images:
        words = f"shared by {listed(names, 2)}"
        words = words if cells(words) <= 23 else f"shared by {len(names)} images"
        key, name = f"shared:{keys[0]}", run(words, Role.BODY)
    else:
        key, name = f"kept:{keys[0]}", run("of a removed image", Role.BODY)
    return Amount(key, IMAGES, name, size, Style.LAYER, note, freed_by, tip)


def _archives(snapshot: Snapshot) -> Iterator[Amount]:
    blobs = [one for one in snapshot.disk if one.path.startswith(BLOBS) and one.kind is Kind.FILE]
    if blobs:
        tip = f"{plural(len(blobs), 'blob')} in containerd's content store"
        size = sum(blob.size for blob in blobs)
        yield Amount("blobs", ARCHIVES, run("content store", Role.BODY), size, Style.LAYER, tip=tip)


# --- containers and volumes ----------------------------------------------------------------------

_ASLEEP: Final = {
    ContainerStatus.CREATED: "created",
    ContainerStatus.EXITED: "stopped",
    ContainerStatus.DEAD: "dead",
}


def _writable(one: Container) -> Amount:
    name = run(clean(one.name), Role.NAME)
    note, freed_by = _fate(one)
    tip = f"writable layer of {clean(one.name)}"
    key, size = f"writable:{one.name}", one.writable.size
    return Amount(key, WRITABLE, name, size, Style.WRITABLE, note, freed_by, tip)


def _log(one: Container) -> Amount:
    note, freed_by = _fate(one)
    name, tip = run(clean(one.name), Role.NAME), f"log of {clean(one.name)}"
    return Amount(f"log:{one.name}", LOGS, name, one.log_size, Style.FRAME, note, freed_by, tip)


def _fate(one: Container) -> tuple[str, str]:
    running = one.status in RUNS
    return ("", "") if running else (_ASLEEP[one.status], "docker container prune")


def _volume(one: Volume) -> Amount:
    """A prune spares what has driver options: no space of Docker's would be won."""
    note = "" if one.used_by else "unused"
    prune = "docker volume prune" if one.anonymous else "docker volume prune -a"
    pruned = not one.used_by and not one.options and one.driver == "local"
    name = run(short_name(one.name), Role.NAME)
    tip = f"volume {clean(one.name)}"
    key = f"volume:{one.name}"
    return Amount(key, VOLUMES, name, one.size, Style.VOLUME, note, prune if pruned else "", tip)
