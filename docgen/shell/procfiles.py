"""/proc as far as pages look into it: mounts, one's own process, a little about the machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from docgen.fs.namespace import Namespace
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
        del group

        def mounts() -> bytes:
            return namespace.mounts_text().encode("utf-8", "surrogateescape")

        return {
            "/mounts": Link("self/mounts"),
            "/self/mounts": mounts,
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


def _uptime(kernel: Kernel) -> bytes:
    seconds = kernel.clock.now_ns // 10_000_000 / 100 - 1_767_222_000
    return f"{seconds:.2f} {seconds:.2f}\n".encode()


def _process(viewer: Walker) -> Process | None:
    return getattr(viewer, "context", None)


def _command_line(viewer: Walker) -> bytes:
    process = _process(viewer)
    words = () if process is None else process.argv
    return b"".join(word.encode("utf-8", "surrogateescape") + b"\0" for word in words)


def _name(viewer: Walker) -> bytes:
    process = _process(viewer)
    name = "" if process is None else process.argv[0].rpartition("/")[2]
    return name[:15].encode("utf-8", "surrogateescape") + b"\n"


def _environment(viewer: Walker) -> bytes:
    process = _process(viewer)
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
