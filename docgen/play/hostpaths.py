"""The host's own files that matter to a page: what containers bind, and what the page made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from docgen.fs.nodes import Dir
from docgen.fs.tree import Tree
from docgen.play.entries import MOST, entries_below, shown_kind
from docgen.record.snapshot import HostPath

WATCHED: Final = ("/root", "/srv", "/tmp")
"""Directories in which every new name of a page is shown."""


@dataclass(slots=True)
class HostPaths:
    """Compares with the host as it was before the page."""

    before: Tree
    _last: tuple[Tree, Mapping[str, tuple[str, ...]], tuple[HostPath, ...]] | None = field(
        default=None, init=False
    )

    def of(self, tree: Tree, binds: Mapping[str, tuple[str, ...]]) -> tuple[HostPath, ...]:
        """`binds`: host path → ids of the containers that mount it."""
        if self._last is not None and self._last[0] is tree and self._last[1] == binds:
            return self._last[2]
        paths = {*binds, *self._made(tree)}
        shown = tuple(host_path(tree, path, binds.get(path, ())) for path in sorted(paths))
        self._last = (tree, binds, shown)
        return shown

    def _made(self, tree: Tree) -> Iterable[str]:
        for directory in WATCHED:
            now, then = tree.at(directory), self.before.at(directory)
            if isinstance(now, Dir):
                known = then.entries if isinstance(then, Dir) else ()
                yield from (f"{directory}/{name}" for name in now.entries if name not in known)


def host_path(tree: Tree, path: str, used_by: tuple[str, ...]) -> HostPath:
    """A path as it is now; symlinks in it are not followed."""
    ino = tree.lookup(path)
    if ino is None:
        return HostPath(path, None, (), used_by)
    node = tree.node(ino)
    entries = entries_below(tree, ino, most=MOST) if isinstance(node, Dir) else ()
    return HostPath(path, shown_kind(node), entries, used_by)
