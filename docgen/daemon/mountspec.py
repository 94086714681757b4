"""What the daemon says of a mount before it makes it (moby volume/mounts/linux_parser.go,
28.5.2)."""

from __future__ import annotations

import posixpath
from typing import Final

from docgen.daemon.errors import DaemonError, invalid
from docgen.daemon.model import MountPoint, MountSpec, MountType
from docgen.fs.errors import FsError
from docgen.fs.view import View

_RW: Final = frozenset({"ro", "rw"})
_LABELS: Final = frozenset({"z", "Z"})
_PROPAGATION: Final = frozenset({"private", "rprivate", "slave", "rslave", "shared", "rshared"})
_COPY: Final = frozenset({"nocopy"})
_CONSISTENCY: Final = frozenset({"consistent", "cached", "delegated"})
_MODES: Final = (_RW, _LABELS, _PROPAGATION, _COPY, _CONSISTENCY)
_TMPFS_FLAGS: Final = frozenset(
    [
        "async",
        "atime",
        "bind",
        "defaults",
        "dev",
        "diratime",
        "dirsync",
        "exec",
        "iversion",
        "mand",
        "noatime",
        "nodev",
        "nodiratime",
        "noexec",
        "noiversion",
        "nomand",
        "norelatime",
        "nostrictatime",
        "nosuid",
        "private",
        "rbind",
        "relatime",
        "remount",
        "ro",
        "rprivate",
        "rshared",
        "rslave",
        "rw",
        "runbindable",
        "shared",
        "slave",
        "strictatime",
        "suid",
        "sync",
        "unbindable",
    ]
)
_TMPFS_VALUES: Final = frozenset(["mode", "uid", "gid", "size", "nr_inodes", "nr_blocks", "mpol"])
DAEMON_ROOT: Final = "/var/lib/docker"


def valid_mode(mode: str) -> bool:
    """At most one word of each kind: ro|rw, z|Z, propagation, nocopy, consistency."""
    if not mode:
        return True
    words = mode.split(",")
    kinds = [sum(word in kind for word in words) for kind in _MODES]
    return sum(kinds) == len(words) and max(kinds) <= 1


def validate(spec: MountSpec, view: View) -> None:
    """A `--mount`: raises INVALID `invalid mount config for type "…": …`. `view` is the host's."""
    problem = _problem(spec, view)
    if problem:
        raise invalid(_config_text(spec, problem))


def _config_text(spec: MountSpec, problem: str) -> str:
    return f'invalid mount config for type "{spec.type}": {problem}'


def _target_problem(target: str) -> str:
    if not target:
        return "field Target must not be empty"
    return destination_problem(target)


def destination_problem(target: str) -> str:
    """'' where a mount may go there."""
    if posixpath.normpath(target) in ("/", "//"):
        return "invalid specification: destination can't be '/'"
    if not target.startswith("/"):
        return f"invalid mount path: '{target}' mount path must be absolute"
    return ""


def _problem(spec: MountSpec, view: View | None) -> str:
    """`view` None: whether a bind's source exists is not asked (`-v`)."""
    if problem := _target_problem(spec.target):
        return problem
    match spec.type:
        case MountType.BIND:
            return _bind_problem(spec, view)
        case MountType.VOLUME:
            return _volume_problem(spec)
        case MountType.TMPFS:
            return "field Source must not be specified" if spec.source else ""
        case MountType.IMAGE:
            if not spec.source:
                return "field Source must not be empty"
            return "" if _is_local(spec.subpath) else _BAD_SUBPATH


_BAD_SUBPATH: Final = "subpath must be a relative path within the volume"


def _bind_problem(spec: MountSpec, view: View | None) -> str:
    if not spec.source:
        return "field Source must not be empty"
    if spec.propagation and spec.propagation not in _PROPAGATION:
        return f"invalid propagation mode: {spec.propagation}"
    if not spec.source.startswith("/"):
        return f"invalid mount path: '{spec.source}' mount path must be absolute"
    if view is not None and not view.exists(spec.source):
        return f"bind source path does not exist: {spec.source}"
    return ""


def _volume_problem(spec: MountSpec) -> str:
    if spec.subpath and not spec.source:
        return "must not set Subpath when using anonymous volumes"
    if not _is_local(spec.subpath):
        return _BAD_SUBPATH
    if spec.read_only and not spec.source:
        return "must not set ReadOnly mode when using anonymous volumes"
    return ""


def _is_local(path: str) -> bool:
    """Go's filepath.IsLocal, with '' allowed."""
    if not path:
        return True
    clean = posixpath.normpath(path)
    return not path.startswith("/") and clean != ".." and not clean.startswith("../")


def raw_text(spec: MountSpec) -> str:
    """A `-v` as the client sends it."""
    return ":".join(part for part in (spec.source, spec.target, spec.mode) if part)


def mount_point(spec: MountSpec) -> MountPoint:
    """The mount point of a `-v SRC:DST`, a `--mount` or a `--tmpfs`, before a volume is made for
    it.

    Raises INVALID as `ParseMountRaw` does for a `-v`.
    """
    if not spec.from_mount_flag and spec.type in (MountType.BIND, MountType.VOLUME):
        if not valid_mode(spec.mode):
            raise invalid(f"invalid mode: {spec.mode}")
        if problem := _problem(spec, None):
            text = _config_text(spec, problem)
            raise invalid(f"invalid volume specification: '{raw_text(spec)}': {text}")
    bind = spec.type is MountType.BIND
    return MountPoint(
        type=spec.type,
        destination=posixpath.normpath(spec.target),
        source=posixpath.normpath(spec.source) if bind else "",
        name=spec.source if spec.type is MountType.VOLUME else "",
        driver=spec.volume_driver if spec.type is MountType.VOLUME else "",
        mode=spec.mode,
        rw=not (spec.read_only or "ro" in spec.mode.split(",")),
        propagation=_propagation(spec),
        named=bool(spec.source),
        copy_data=spec.type is MountType.VOLUME
        and not spec.no_copy
        and "nocopy" not in spec.mode.split(","),
        in_mounts=spec.in_mounts,
        spec=spec,
    )


def _propagation(spec: MountSpec) -> str:
    if spec.type not in (MountType.BIND, MountType.IMAGE):
        return ""
    word = next((word for word in spec.mode.split(",") if word in _PROPAGATION), "")
    chosen = word or spec.propagation
    if not chosen and spec.type is MountType.BIND and _holds_daemon_root(spec.source):
        return "rslave"
    return chosen or "rprivate"


def _holds_daemon_root(source: str) -> bool:
    """A bind of the daemon's root or of a parent (moby daemon/volumes_linux.go)."""
    clean = posixpath.normpath(source).rstrip("/")
    return f"{DAEMON_ROOT}/".startswith(f"{clean}/")


def parse_volumes_from(text: str) -> tuple[str, str]:
    """(container, mode). Raises INVALID."""
    container, _, mode = text.partition(":")
    if not text:
        raise invalid("volumes-from specification cannot be an empty string")
    words = set(mode.split(","))
    if not valid_mode(mode) or words & (_PROPAGATION | _COPY):
        raise invalid(f"invalid mode: {mode}")
    return container, mode or "rw"


def check_tmpfs_options(options: str) -> None:
    """At start: raises SYSTEM `invalid tmpfs option "…"` (moby pkg/mount MergeTmpfsOptions)."""
    from docgen.daemon.errors import system

    for word in filter(None, options.split(",")):
        key, equals, _ = word.partition("=")
        known = key in _TMPFS_VALUES if equals else key in _TMPFS_FLAGS
        if not known:
            raise system(f'invalid tmpfs option "{key}"')


def duplicate(destination: str) -> DaemonError:
    return invalid(f"Duplicate mount point: {destination}")


def path_error(operation: str, path: str, error: FsError) -> str:
    """As Go prints an os.PathError: `lstat /x: no such file or directory`."""
    text = error.errno.value
    return f"{operation} {path}: {text[0].lower()}{text[1:]}"
