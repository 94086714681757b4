"""/dev, /sys and /proc of a container and of the host."""

from __future__ import annotations

from typing import Final

from docgen.fs.clock import Clock
from docgen.fs.nodes import Device, Dir, Meta, Node, Symlink
from docgen.fs.plain import PlainFs
from docgen.fs.tree import Tree

_NULLS: Final = {
    "/full": (1, 7),
    "/null": (1, 3),
    "/random": (1, 8),
    "/tty": (5, 0),
    "/urandom": (1, 9),
    "/zero": (1, 5),
}
_LINKS: Final = {
    "/fd": "/proc/self/fd",
    "/ptmx": "pts/ptmx",
    "/stderr": "/proc/self/fd/2",
    "/stdin": "/proc/self/fd/0",
    "/stdout": "/proc/self/fd/1",
}
_DIRECTORIES: Final = ("/mqueue", "/pts", "/shm")
PTS_OPTIONS: Final = "nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666"
DEV_BYTES: Final = 65_536 * 1024
"""runc's default: `size=65536k`."""


def device_fs(clock: Clock) -> PlainFs:
    """A fresh /dev: a tmpfs with the devices that runc makes."""
    now = clock.now_ns

    def meta(mode: int) -> Meta:
        return Meta(mode, 0, 0, now, now, now)

    nodes: dict[str, Node] = {"/": Dir(meta(0o755))}
    nodes |= {path: Device(meta(0o666), True, *number) for path, number in _NULLS.items()}
    nodes |= {path: Symlink(meta(0o777), target) for path, target in _LINKS.items()}
    nodes |= {path: Dir(meta(0o755)) for path in _DIRECTORIES}
    return PlainFs(Tree.build(nodes), clock, fstype="tmpfs", capacity=DEV_BYTES)


_SYS_DIRECTORIES: Final = tuple(
    f"/{name}"
    for name in [
        "block",
        "bus",
        "class",
        "dev",
        "devices",
        "firmware",
        "fs",
        "hypervisor",
        "kernel",
        "module",
        "power",
    ]
)


def sys_tree() -> Tree:
    """/sys: the directories a reader expects, and nothing in them."""
    meta = Meta(mode=0o755)
    nodes: dict[str, Node] = {path: Dir(meta) for path in _SYS_DIRECTORIES}
    nodes |= {"/": Dir(Meta(mode=0o555)), "/fs/cgroup": Dir(meta)}
    return Tree.build(nodes)


def small_fs(clock: Clock, fstype: str, mode: int) -> PlainFs:
    """An empty file system of the kernel's: devpts, mqueue."""
    now = clock.now_ns
    root = Tree.build({"/": Dir(Meta(mode, 0, 0, now, now, now))})
    return PlainFs(root, clock, fstype=fstype)
