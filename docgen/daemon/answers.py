"""What the daemon answers, as data: rows of listings, reports, disk usage."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from docgen.frozen import frozen


@frozen
class HistoryEntry:
    """One line of `docker history`."""

    id: str
    """`sha256:…`, or `<missing>`."""
    created_ns: int
    created_by: str
    size: int
    comment: str
    tags: tuple[str, ...] = ()


@frozen
class ImageSummary:
    """One image of `docker images` (which prints one line per name)."""

    id: str
    names: tuple[str, ...]
    """`repository:tag` in familiar form; empty = `<none>:<none>`."""
    digests: tuple[str, ...]
    created_ns: int
    size: int
    """As the SIZE column has it, by the store's own rule."""
    shared_size: int
    """For `system df -v`."""
    containers: int
    labels: Mapping[str, str]


class Removal(StrEnum):
    UNTAGGED = "Untagged"
    DELETED = "Deleted"


@frozen
class ImageDeletion:
    """One line of `docker image rm`."""

    kind: Removal
    value: str


@frozen
class PruneReport:
    deleted: tuple[str, ...]
    """Container ids, volume names, cache ids, in the order the engine prints them."""
    space: int
    """Bytes reclaimed, by the store's own rule."""
    images: tuple[ImageDeletion, ...] = ()


@frozen
class UsageRow:
    """One line of `docker system df`."""

    total: int
    active: int
    size: int
    reclaimable: int


@frozen
class ContainerUsage:
    container_id: str
    size: int
    """Writable layer."""
    local_volumes: int


@frozen
class VolumeUsage:
    name: str
    links: int
    size: int


@frozen
class CacheRecord:
    """One line of `docker builder du` / the build cache table of `system df -v`."""

    id: str
    kind: str
    size: int
    created_ns: int
    last_used_ns: int
    usage: int
    shared: bool
    in_use: bool = False
    mutable: bool = False
    """Shown with a `*`: a local source, which the next build brings up to date."""


@frozen
class DiskUsage:
    images: UsageRow
    containers: UsageRow
    volumes: UsageRow
    build_cache: UsageRow
    image_list: tuple[ImageSummary, ...]
    container_list: tuple[ContainerUsage, ...]
    volume_list: tuple[VolumeUsage, ...]
    cache_list: tuple[CacheRecord, ...]


@frozen
class LoadedImage:
    """One `Loaded image: NAME` / `Loaded image ID: sha256:…` line of `docker load`."""

    name: str
    """'' when the archive names none."""
    id: str


@frozen
class PathStat:
    """What the daemon says of a path in a container (the header of `docker cp`)."""

    name: str
    size: int
    is_dir: bool
    mode: int
    """With the file type bits of stat(2)."""
    mtime_ns: int
    link_target: str
