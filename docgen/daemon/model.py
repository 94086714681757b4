"""The daemon's nouns, as data. Behaviour lives in the stores beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class MountType(StrEnum):
    VOLUME = "volume"
    BIND = "bind"
    TMPFS = "tmpfs"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class MountSpec:
    """One `-v`, `--mount` or `--tmpfs`, or one VOLUME of the image, after the command line was read."""

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


@dataclass(frozen=True, slots=True)
class ContainerConfig:
    """What an image says about its containers; also `.Config` of a container."""

    env: tuple[str, ...] = ()
    cmd: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    working_dir: str = ""
    user: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    volumes: tuple[str, ...] = ()
    exposed_ports: tuple[str, ...] = ()
    stop_signal: str = ""
    shell: tuple[str, ...] | None = None
    healthcheck: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    name: str = "no"
    maximum_retry_count: int = 0


@dataclass(frozen=True, slots=True)
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


class State(StrEnum):
    CREATED = "created"
    RUNNING = "running"
    PAUSED = "paused"
    RESTARTING = "restarting"
    EXITED = "exited"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class LogLine:
    stream: str
    """`stdout` or `stderr`."""
    data: bytes
    """With its newline, where it had one."""
    time_ns: int
