"""A container: the daemon's one mutable noun."""

from __future__ import annotations

from dataclasses import dataclass, field

from docgen.daemon.image import ImageRecord
from docgen.daemon.model import (
    ContainerConfig,
    ContainerSpec,
    ContainerState,
    LogLine,
    MountPoint,
)
from docgen.daemon.runner import Running
from docgen.fs.filesystem import FileSystem
from docgen.fs.namespace import Namespace
from docgen.fs.plain import PlainFs
from docgen.store.store import Writable


@dataclass(slots=True, eq=False)
class Container:
    """Made by `create`; gone with `rm`."""

    id: str
    """64 hex digits."""
    name: str
    """Without the leading slash."""
    spec: ContainerSpec
    config: ContainerConfig
    """`.Config`: the image's, with the spec's merged in."""
    image: ImageRecord
    created_ns: int
    rw: Writable
    """The writable layer (with its init layer below)."""
    path: str = ""
    """`.Path`: the program."""
    args: tuple[str, ...] = ()
    """`.Args`."""
    mounts: tuple[MountPoint, ...] = ()
    """All mounts of the user and of the image, tmpfs too; sorted by destination."""
    image_mounts: dict[str, Writable] = field(default_factory=dict)
    """Destination of an image mount → the layer made for it."""
    state: ContainerState = field(default_factory=ContainerState)
    log: list[LogLine] = field(default_factory=list)
    restart_count: int = 0
    exits: int = 0
    """How often it has ended (what `wait --condition next-exit` counts)."""
    removed: bool = False
    stopped_by_hand: bool = False
    rootfs: FileSystem | None = None
    """The union, while mounted."""
    namespace: Namespace | None = None
    """What its processes see; None while it does not run."""
    tmpfs: dict[str, PlainFs] = field(default_factory=dict)
    """Destination of a user's tmpfs → its file system; empty while it does not run."""
    process: Running | None = None
    exec_ids: list[str] = field(default_factory=list)

    @property
    def short_id(self) -> str:
        return self.id[:12]

    @property
    def directory(self) -> str:
        """Its files on the host that lie outside the layer: log, hosts, configuration."""
        return f"/var/lib/docker/containers/{self.id}"

    @property
    def log_path(self) -> str:
        return f"{self.directory}/{self.id}-json.log"
