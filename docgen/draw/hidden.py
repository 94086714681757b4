"""Which entries of a layer no process sees, because something above stands in their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from docgen.record.snapshot import Entry, Kind, Layer, Mark, Mount, Writable


@dataclass(slots=True)
class Cover:
    """What the places seen so far, from the top down, put in the way of those below."""

    names: dict[str, str] = field(default_factory=dict)
    """Path of anything that replaces its like below, and the key of its place."""
    trees: dict[str, str] = field(default_factory=dict)
    """Path and '/' of what replaces a whole directory below."""

    def add(self, place: str, entries: Sequence[Entry]) -> None:
        for entry in entries:
            path = entry.path
            if entry.kind is not Kind.DIR:
                self.names.setdefault(path, place)
                self.trees.setdefault(path + "/", place)
            elif entry.opaque:
                self.trees.setdefault(path + "/", place)

    def hides(self, entries: Sequence[Entry]) -> dict[str, str]:
        """Of these entries (not directories), the hidden ones and what hides them."""
        if not self.names and not self.trees:
            return {}
        prefixes = tuple(self.trees)
        found: dict[str, str] = {}
        for entry in entries:
            if entry.kind is Kind.DIR or entry.kind is Kind.WHITEOUT:
                continue
            path = entry.path
            if path in self.names:
                found[path] = self.names[path]
            elif path.startswith(prefixes):
                found[path] = next(self.trees[tree] for tree in prefixes if path.startswith(tree))
        return found


def hidden(
    layers: Sequence[Layer], writable: Writable | None, mounts: Sequence[Mount] = ()
) -> dict[str, dict[str, str]]:
    """For each layer (given base first) its hidden paths, and the key of the place that hides each.

    A full-tree driver keeps no whiteouts: there the container's own deletions do the same work.
    """
    cover = Cover()
    for mount in mounts:
        cover.names[mount.target] = cover.trees[mount.target + "/"] = f"mount:{mount.target}"
    if writable:
        cover.add("writable", writable.entries)
        gone = [change.path for change in writable.changes if change.mark is Mark.DELETED]
        for path in gone:
            cover.names.setdefault(path, "writable")
            cover.trees.setdefault(path + "/", "writable")
    result: dict[str, dict[str, str]] = {}
    for layer in reversed(layers):
        result[layer.key] = cover.hides(layer.entries)
        if layer is not layers[0]:
            cover.add(layer.key, layer.entries)
    return result
