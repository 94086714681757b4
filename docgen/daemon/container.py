"""A container: the daemon's one mutable noun."""

from __future__ import annotations

from dataclasses import dataclass, field

from docgen.daemon.image import ImageRecord
from docgen.daemon.model import (
    AttachStreams,
    ContainerSpec,
    ContainerState,
    LogLine,
    MountPoint,
)
from docgen.daemon.runner import Running
from docgen.daemon.streams import ClientInput, Output, Sink
from docgen.fs.filesystem import FileSystem
from docgen.fs.namespace import MountEntry, Namespace
from docgen.fs.plain import PlainFs
from docgen.oci.config import RunConfig
from docgen.store.layers import Writable


@dataclass(slots=True, eq=False)
class Container:
    """Made by `create`; gone with `rm`."""

    id: str
    """64 hex digits."""
    name: str
    """Without the leading slash."""
    spec: ContainerSpec
    config: RunConfig
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
    warnings: tuple[str, ...] = ()
    """What the answer to `create` warned of; the client prints each as `WARNING: …`."""
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
    announced: MountEntry | None = None
    """Its line in the host's /proc/mounts, while it runs."""
    namespace: Namespace | None = None
    """What its processes see; None while it does not run."""
    tmpfs: dict[str, PlainFs] = field(default_factory=dict)
    """Destination of a user's tmpfs → its file system; empty while it does not run."""
    process: Running | None = None
    stdin: ClientInput | None = None
    """With `-i` or `-t`, while it runs."""
    stdout: Output | None = None
    stderr: Output | None = None
    """While it runs; the same object as stdout with `-t`."""
    sinks: tuple[Sink, ...] = ()
    """What its output goes through on the way to the log."""
    waiting_clients: list[AttachStreams] = field(default_factory=list)
    """Attached before the start."""
    backoff_ns: int = 0
    """Of the restart policy; 0 before the first restart."""
    restarting_by_hand: bool = False
    """`docker restart` is under way: `--rm` does not act."""
    removing_by_hand: bool = False
    """`docker rm -f` is at work: `--rm` finds nothing left to do."""
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
