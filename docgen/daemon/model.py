"""The daemon's nouns, as data. Behaviour lives in the stores beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from docgen.daemon.runner import Stream
from docgen.frozen import frozen
from docgen.oci.gojson import Json


class MountType(StrEnum):
    VOLUME = "volume"
    BIND = "bind"
    TMPFS = "tmpfs"
    IMAGE = "image"


@frozen
class MountSpec:
    """One `-v`, `--mount` or `--tmpfs`, or one VOLUME of the image, after the command line was
    read."""

    type: MountType
    target: str
    source: str = ""
    """Volume name ('' = anonymous), host path, image reference."""
    read_only: bool = False
    mode: str = ""
    """The literal third field of `-v`."""
    from_mount_flag: bool = False
    """Given with `--mount`: a missing bind source is an error, not a new directory."""
    no_copy: bool = False
    subpath: str = ""
    propagation: str = ""
    recursive: str = ""
    """`bind-recursive`."""
    volume_driver: str = ""
    volume_options: Mapping[str, str] = field(default_factory=dict)
    volume_labels: Mapping[str, str] = field(default_factory=dict)
    tmpfs_options: str = ""
    """Mount options as `--tmpfs` takes them."""
    tmpfs_size: int = 0
    tmpfs_mode: int | None = None
    in_mounts: bool = True
    """Shown in `.Mounts` of inspect (`--tmpfs` is not)."""


@frozen
class RestartPolicy:
    name: str = "no"
    maximum_retry_count: int = 0


@frozen
class ContainerSpec:
    """Everything `docker create` decided."""

    image: str
    """As the person wrote it."""
    command: tuple[str, ...] = ()
    """Words after the image; empty = the image's CMD."""
    name: str = ""
    entrypoint: tuple[str, ...] | None = None
    env: tuple[str, ...] = ()
    working_dir: str = ""
    user: str = ""
    hostname: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    mounts: tuple[MountSpec, ...] = ()
    volumes_from: tuple[str, ...] = ()
    read_only: bool = False
    auto_remove: bool = False
    detach: bool = False
    attach: tuple[str, ...] = ()
    """`-a`: stdin, stdout, stderr; () = what there is."""
    interactive: bool = False
    tty: bool = False
    init: bool = False
    restart: RestartPolicy = field(default_factory=RestartPolicy)
    stop_signal: str = ""
    stop_timeout: int | None = None
    shm_size: int = 64 * 1024 * 1024
    storage_options: Mapping[str, str] = field(default_factory=dict)
    log_driver: str = "json-file"
    exposed_ports: tuple[str, ...] = ()
    network: str = ""
    privileged: bool = False
    port_bindings: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """`-p`: port → (ip, port) of the host. Only shown: the host has no bridge."""
    publish_all_ports: bool = False
    resources: Mapping[str, Json] = field(default_factory=dict)
    """Keys of `.HostConfig` that are only shown: limits, name servers, further hosts."""
    log_options: Mapping[str, str] = field(default_factory=dict)


class State(StrEnum):
    CREATED = "created"
    RUNNING = "running"
    PAUSED = "paused"
    RESTARTING = "restarting"
    EXITED = "exited"
    DEAD = "dead"


@frozen
class LogLine:
    stream: str
    """`stdout` or `stderr`."""
    data: bytes
    """With its newline, where it had one."""
    time_ns: int


@frozen
class MountPoint:
    """One mount of a container, resolved at `create` (moby's volume/mounts.MountPoint)."""

    type: MountType
    destination: str
    """Absolute in the container, cleaned."""
    source: str = ""
    """Host path behind it: `/var/lib/docker/volumes/NAME/_data`, the bind's source; '' for tmpfs.
    """
    name: str = ""
    """Volume name, or image reference of an image mount."""
    driver: str = ""
    """`local` for volumes."""
    mode: str = ""
    rw: bool = True
    propagation: str = ""
    named: bool = True
    """False for a volume nobody named: `rm -v` and `--rm` take it."""
    copy_data: bool = False
    """An empty volume is filled from the image at create."""
    in_mounts: bool = True
    """Shown in `.Mounts` (`--tmpfs` is not)."""
    spec: MountSpec = field(default_factory=lambda: MountSpec(MountType.VOLUME, ""))
    """What was asked for."""

    @property
    def anonymous(self) -> bool:
        return self.type is MountType.VOLUME and not self.named


@dataclass(slots=True)
class ContainerState:
    """`.State` of inspect."""

    status: State = State.CREATED
    pid: int = 0
    exit_code: int = 0
    error: str = ""
    started_ns: int | None = None
    finished_ns: int | None = None
    oom_killed: bool = False
    dead: bool = False

    @property
    def running(self) -> bool:
        """Also paused and restarting containers, as in moby."""
        return self.status in (State.RUNNING, State.PAUSED, State.RESTARTING)


@frozen
class AttachStreams:
    """The client's ends of a container's streams; None = not attached."""

    stdin: Stream | None = None
    stdout: Stream | None = None
    stderr: Stream | None = None


@frozen
class ExecSpec:
    """`docker exec`, after the command line was read."""

    argv: tuple[str, ...]
    env: tuple[str, ...] = ()
    user: str = ""
    working_dir: str = ""
    detach: bool = False
    interactive: bool = False
    tty: bool = False
    privileged: bool = False


@frozen
class VolumeRecord:
    name: str
    created_ns: int
    driver: str = "local"
    options: Mapping[str, str] | None = None
    labels: Mapping[str, str] | None = None
    anonymous: bool = False
    """Carries the label com.docker.volume.anonymous: the default prune may take it."""

    @property
    def directory(self) -> str:
        """Its `_data` on the host."""
        return f"/var/lib/docker/volumes/{self.name}/_data"


@frozen
class CommitOptions:
    repository: str = ""
    """`name[:tag]`; '' = dangling."""
    author: str = ""
    message: str = ""
    changes: tuple[str, ...] = ()
    """`-c` instructions."""
    pause: bool = True


Filters = Mapping[str, "tuple[str, ...]"]
"""`--filter key=value`, by key; the daemon refuses keys it does not know."""
