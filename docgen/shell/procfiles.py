"""/proc as far as pages look into it: mounts, one's own process, a little about the machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from docgen.fs.namespace import MountEntry, Namespace
from docgen.fs.synthetic import Link, PerViewer, Source
from docgen.fs.walk import Walker

if TYPE_CHECKING:
    from docgen.shell.kernel import Kernel
    from docgen.shell.process import Process

_FILESYSTEMS = b"""nodev\tsysfs
nodev\ttmpfs
nodev\tproc
nodev\tcgroup2
nodev\tdevtmpfs
nodev\tdevpts
nodev\tmqueue
\text4
nodev\toverlay
"""
_MEMINFO = b"""MemTotal:        8131152 kB
MemFree:         5242880 kB
MemAvailable:    6815744 kB
Buffers:          131072 kB
Cached:          1441792 kB
SwapTotal:             0 kB
SwapFree:              0 kB
"""
_VERSION = b"Linux version 6.1.0-40-amd64 (debian-kernel@lists.debian.org)\n"


def proc_files(kernel: Kernel) -> Callable[[Namespace, str], Mapping[str, Source]]:
    """What a /proc holds, for the mounts of one namespace and the processes of one group."""

    def files(namespace: Namespace, group: str) -> Mapping[str, Source]:
        def mounts() -> bytes:
            return namespace.mounts_text().encode("utf-8", "surrogateescape")

        def mount_info() -> bytes:
            return _mount_info(namespace).encode("utf-8", "surrogateescape")

        return {
            **(_init_files(kernel, group, mounts, mount_info) if group else {}),
            "/mounts": Link("self/mounts"),
            "/self/mounts": mounts,
            "/self/mountinfo": mount_info,
            "/self/cgroup": b"0::/\n",
            "/self/cmdline": PerViewer(_command_line),
            "/self/comm": PerViewer(_name),
            "/self/environ": PerViewer(_environment),
            "/self/cwd": Link(_directory),
            "/self/exe": Link(_program),
            "/self/root": Link("/"),
            **{f"/self/fd/{number}": Link("/dev/null") for number in range(3)},
            "/filesystems": _FILESYSTEMS,
            "/loadavg": b"0.00 0.00 0.00 1/100 1\n",
            "/meminfo": _MEMINFO,
            "/uptime": lambda: _uptime(kernel),
            "/version": _VERSION,
        }

    return files


def _init_files(
    kernel: Kernel, group: str, mounts: Callable[[], bytes], mount_info: Callable[[], bytes]
) -> Mapping[str, Source]:
    """/proc/1 of a container."""

    def init() -> Process | None:
        return next((one for one in kernel.processes(group) if one.is_init), None)

    return {
        "/1/cgroup": b"0::/\n",
        "/1/cmdline": lambda: _words(init()),
        "/1/comm": lambda: _short_name(init()),
        "/1/environ": lambda: _pairs(init()),
        "/1/mountinfo": mount_info,
        "/1/mounts": mounts,
    }


_PER_MOUNT = frozenset({"nosuid", "nodev", "noexec", "relatime", "noatime", "nodiratime"})
_FIRST_MOUNT = 600


def _mount_info(namespace: Namespace) -> str:
    """proc_pid_mountinfo(5): the fourth field tells which directory of its disk a mount shows."""
    entries = namespace.table.entries
    numbers = {id(entry): _FIRST_MOUNT + at for at, entry in enumerate(entries)}
    lines: list[str] = []
    for entry in entries:
        if entry.hidden:
            continue
        words = entry.options.split(",")
        own = ",".join(word for word in words if word in _PER_MOUNT)
        rest = "".join(f",{word}" for word in words if word not in _PER_MOUNT)
        state = "ro" if entry.read_only else "rw"
        whole = "ro" if entry.fs.read_only else "rw"
        lines.append(
            f"{numbers[id(entry)]} {numbers.get(id(entry.parent), _FIRST_MOUNT - 1)} "
            f"0:{namespace.table.device(entry.fs)} {_shown_root(entry)} {entry.target} "
            f"{state}{',' + own if own else ''} - {entry.fstype} {entry.source} {whole}{rest}\n"
        )
    return "".join(lines)


def _shown_root(entry: MountEntry) -> str:
    """The path of what is mounted, within its own file system."""
    if entry.root == entry.fs.root:
        return "/"
    parts: list[str] = []
    at: tuple[int, str] | None = entry.lies_at
    while at is not None:
        parts.append(at[1])
        at = entry.fs.where(at[0])
    return "/" + "/".join(reversed(parts))


def _uptime(kernel: Kernel) -> bytes:
    seconds = kernel.clock.now_ns // 10_000_000 / 100 - 1_767_222_000
    return f"{seconds:.2f} {seconds:.2f}\n".encode()


def _process(viewer: Walker) -> Process | None:
    return getattr(viewer, "context", None)


def _command_line(viewer: Walker) -> bytes:
    return _words(_process(viewer))


def _name(viewer: Walker) -> bytes:
    return _short_name(_process(viewer))


def _environment(viewer: Walker) -> bytes:
    return _pairs(_process(viewer))


def _words(process: Process | None) -> bytes:
    words = () if process is None else process.argv
    return b"".join(word.encode("utf-8", "surrogateescape") + b"\0" for word in words)


def _short_name(process: Process | None) -> bytes:
    name = "" if process is None else process.argv[0].rpartition("/")[2]
    return name[:15].encode("utf-8", "surrogateescape") + b"\n"


def _pairs(process: Process | None) -> bytes:
    pairs = {} if process is None else process.env
    return b"".join(
        f"{name}={value}".encode("utf-8", "surrogateescape") + b"\0"
        for name, value in pairs.items()
    )


def _directory(viewer: Walker) -> str:
    process = _process(viewer)
    return "/" if process is None else process.view.getcwd()


def _program(viewer: Walker) -> str:
    process = _process(viewer)
    if process is None or process.executable.name == "busybox":
        return "/bin/busybox"
    return f"/usr/bin/{process.executable.name}"
