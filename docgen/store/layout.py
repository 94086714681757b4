"""The driver's part of the host's disk: a lazy picture of the store, to be read and never written.

Directories and small files are listed; the files of layers are not copied but grafted: a path and
the tree (or the live file system) that is seen there.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from docgen.fs.content import Content
from docgen.fs.filesystem import FileSystem
from docgen.fs.nodes import Dir, File, Meta, Node, Symlink
from docgen.fs.tree import Tree

Graft = Tree | FileSystem


@dataclass(slots=True)
class Layout:
    """Absolute paths of the host. `roots` are the directories that belong to the store alone."""

    roots: tuple[str, ...]
    dirs: dict[str, int] = field(default_factory=dict)
    """Path to mode."""
    files: dict[str, tuple[int, Content]] = field(default_factory=dict)
    """Path to mode and bytes; binary files of the engine are sealed."""
    links: dict[str, str] = field(default_factory=dict)
    """Symlink to target."""
    grafts: dict[str, Graft] = field(default_factory=dict)

    def tree(self, root: str, now_ns: int) -> Tree:
        """What lies below one of `roots`, without the grafts: their directories are empty."""
        at = Meta(0o755, 0, 0, now_ns, now_ns, now_ns)
        nodes: dict[str, Node] = {}
        for path, mode in self.dirs.items():
            nodes[path] = Dir(_mode(at, mode))
        for path, (mode, content) in self.files.items():
            nodes[path] = File(_mode(at, mode), content)
        for path, target in self.links.items():
            nodes[path] = Symlink(_mode(at, 0o777), target)
        for path in self.grafts:
            nodes.setdefault(path, Dir(at))
        inside = {_inside(root, path): node for path, node in nodes.items() if _is_in(root, path)}
        return Tree.build(inside)

    def grafts_in(self, root: str) -> dict[str, Graft]:
        """The grafts below one of `roots`, parents first."""
        return {path: self.grafts[path] for path in sorted(self.grafts) if _is_in(root, path)}

    def text(self) -> str:
        """A plain listing, one path a line, for people and tests."""
        lines = [f"{path}/ {mode:o}" for path, mode in self.dirs.items()]
        lines += [f"{path} {mode:o} {_shown(data)}" for path, (mode, data) in self.files.items()]
        lines += [f"{path} -> {target}" for path, target in self.links.items()]
        lines += [f"{path}/ <{_kind(graft)}>" for path, graft in self.grafts.items()]
        return "\n".join(sorted(lines)) + "\n"

    def add_file(self, path: str, text: str, mode: int = 0o644) -> None:
        self.files[path] = (mode, Content.of(text))


def _mode(meta: Meta, mode: int) -> Meta:
    return Meta(mode, 0, 0, meta.mtime_ns, meta.atime_ns, meta.ctime_ns)


def _is_in(root: str, path: str) -> bool:
    return path == root or path.startswith(f"{root}/")


def _inside(root: str, path: str) -> str:
    return path[len(root) :] or "/"


def _kind(graft: Graft) -> str:
    return "layer" if isinstance(graft, Tree) else "mounted"


def _shown(data: Content) -> str:
    return f"({data.size} bytes)" if data.is_sealed or data.size > 200 else repr(data.text())
