"""What every container gets between the image and its own layer (moby daemon/initlayer)."""

from __future__ import annotations

from typing import Final

from docgen.fs.nodes import Dir, File, Meta, Node, Symlink
from docgen.fs.tree import Tree

_DIRECTORIES: Final = ("/dev", "/dev/pts", "/dev/shm", "/proc", "/sys", "/etc")
_FILES: Final = (
    "/.dockerenv",
    "/dev/console",
    "/etc/hostname",
    "/etc/hosts",
    "/etc/resolv.conf",
)
_CHANGED: Final = ("/", "/dev", "/etc")
_ETC_MTAB: Final = "/proc/mounts"


def init_tree(image: Tree, now_ns: int) -> Tree:
    """The init layer over an image whose flattened tree is `image`.

    Mount points: directories 755, empty files 755 (they hide the image's own), the link /etc/mtab.
    A directory that the image has keeps its attributes but for the time: something was made in it.
    """
    born = Meta(mode=0o755, mtime_ns=now_ns, atime_ns=now_ns, ctime_ns=now_ns)
    nodes: dict[str, Node] = {}
    for path in _DIRECTORIES:
        there = image.at(path)
        nodes[path] = Dir(there.meta) if isinstance(there, Dir) else Dir(born)
    nodes["/"] = Dir(image.node(image.root).meta)
    for path in _CHANGED:
        nodes[path] = Dir(nodes[path].meta.modified(now_ns))
    for path in _FILES:
        nodes[path] = File(born)
    nodes["/etc/mtab"] = Symlink(Meta(0o777, 0, 0, now_ns, now_ns, now_ns), _ETC_MTAB)
    return Tree.build(nodes)
