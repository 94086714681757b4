"""A snapshot: everything a Docker host stores at one moment, as plain frozen data.

Both engines fill it (the simulator from its model, a real host from what was observed), every
picture is drawn from it, and recordings compare it. Paths inside a place start with '/'; sizes
are bytes.
"""

from __future__ import annotations

from enum import StrEnum

from docgen.frozen import frozen


class Kind(StrEnum):
    FILE = "file"
    DIR = "dir"
    SYMLINK = "symlink"
    CHAR = "char"
    BLOCK = "block"
    FIFO = "fifo"
    SOCKET = "socket"
    WHITEOUT = "whiteout"


class Mark(StrEnum):
    """The letters of `docker diff`."""

    ADDED = "A"
    CHANGED = "C"
    DELETED = "D"


class MountKind(StrEnum):
    VOLUME = "volume"
    BIND = "bind"
    TMPFS = "tmpfs"
    IMAGE = "image"


class ContainerStatus(StrEnum):
    CREATED = "created"
    RUNNING = "running"
    PAUSED = "paused"
    RESTARTING = "restarting"
    EXITED = "exited"
    DEAD = "dead"


@frozen
class Entry:
    """One name in a layer, a volume, a tmpfs or a host directory."""

    path: str
    kind: Kind
    size: int = 0
    """Apparent bytes of a file; length of the target of a symlink; 0 else."""
    mode: int = 0
    """Permission bits, 0 to 0o7777."""
    uid: int = 0
    gid: int = 0
    target: str = ""
    """Where a symlink points."""
    inode: int = 0
    """Names of one place with one number are hard links of one file (small, by first appearance).
    """
    digest: str = ""
    """sha256 (hex) of a file's content, where it is known and at most 1 MiB; '' else."""
    opaque: bool = False
    """A directory that hides what layers below have under its name."""
    copied_up: bool = False
    """In a writable layer: the same path exists as a non-directory in a layer below."""


@frozen
class Change:
    """One line of `docker diff`."""

    mark: Mark
    path: str


@frozen
class Layer:
    """A read-only image layer (its diff)."""

    key: str
    """ChainID, `sha256:…`."""
    diff_id: str
    parent: str
    """Key of the layer below; '' for a base layer."""
    created_by: str
    """The history line that made it."""
    size: int
    """By the driver's own rule, as `docker history` shows it."""
    directory: str
    """Where it lies on the host; '' where the backend does not say."""
    entries: tuple[Entry, ...]
    """The diff, sorted by path, without the root."""


@frozen
class Image:
    id: str
    names: tuple[str, ...]
    """`repository:tag`, sorted; empty when dangling."""
    layers: tuple[str, ...]
    """Keys, base first."""
    size: int
    """As `docker images` shows it."""


@frozen
class Writable:
    """A container's own layer."""

    entries: tuple[Entry, ...]
    """What lies in it (union drivers: the upper directory itself; full-tree drivers: the
    difference).
    """
    changes: tuple[Change, ...]
    """`docker diff`, sorted by path."""
    size: int
    """SIZE of `docker ps -s`."""
    directory: str


@frozen
class Mount:
    """Something mounted into a container."""

    kind: MountKind
    source: str
    """Volume name, host path, image reference; '' for tmpfs."""
    target: str
    read_only: bool = False
    anonymous: bool = False
    """A volume that nobody named."""
    subpath: str = ""
    entries: tuple[Entry, ...] = ()
    """Contents of a tmpfs while the container runs; empty for the other kinds (see volumes, host
    paths).
    """
    hides: tuple[str, ...] = ()
    """Paths of the layers (absolute, in the container) that the mount covers; at most 100."""


@frozen
class Seen:
    """One name that a process in a container sees, and the place that serves it."""

    path: str
    kind: Kind
    served_by: str
    """Layer key, 'writable', 'init' (made by the runtime), or 'mount:TARGET'."""


@frozen
class Container:
    id: str
    name: str
    image: str
    """Image id."""
    image_name: str
    """As the person wrote it."""
    status: ContainerStatus
    exit_code: int
    layers: tuple[str, ...]
    """Keys, base first."""
    writable: Writable
    mounts: tuple[Mount, ...]
    """Sorted by target."""
    seen: tuple[Seen, ...]
    """The root directory's names and every mount target, sorted."""
    log_size: int = 0
    """Bytes of the log file, which lies outside the layer."""
    auto_remove: bool = False
    read_only: bool = False


@frozen
class Volume:
    name: str
    anonymous: bool
    driver: str
    options: tuple[tuple[str, str], ...]
    labels: tuple[tuple[str, str], ...]
    directory: str
    entries: tuple[Entry, ...]
    size: int
    used_by: tuple[str, ...]
    """Ids of the containers that refer to it."""


@frozen
class HostPath:
    """A host file or directory that containers use or the page made below its home directory."""

    path: str
    kind: Kind | None
    """None when it does not exist."""
    entries: tuple[Entry, ...]
    used_by: tuple[str, ...]


@frozen
class DiskEntry:
    """One line of the host's disk, as `ls -R` below Docker's directories would find it."""

    path: str
    """Absolute on the host."""
    kind: Kind
    size: int
    owner: str
    """`layer:KEY`, `container:ID`, `volume:NAME`, `image:ID`, or ''."""


@frozen
class Snapshot:
    driver: str
    time: int
    """Virtual seconds since the epoch."""
    layers: tuple[Layer, ...]
    """Every layer that an image or a container refers to, in order of creation."""
    images: tuple[Image, ...]
    containers: tuple[Container, ...]
    """In order of creation."""
    volumes: tuple[Volume, ...]
    """Sorted by name, anonymous ones last."""
    host_paths: tuple[HostPath, ...]
    disk: tuple[DiskEntry, ...]
    """Docker's own directories, directories above files, at most 2,000 lines."""

    def layer(self, key: str) -> Layer:
        return next(one for one in self.layers if one.key == key)

    def container(self, name_or_id: str) -> Container | None:
        found = (c for c in self.containers if name_or_id in (c.name, c.id))
        return next(found, None)

    def volume(self, name: str) -> Volume | None:
        return next((v for v in self.volumes if v.name == name), None)
