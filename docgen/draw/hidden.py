"""Which entries of a layer no process sees, because something above stands in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from docgen.frozen import frozen
from docgen.record.snapshot import Entry, Kind, Layer, Mark, Mount, Writable


@frozen
class Index:
    """The entries of one layer, ready to be asked; a layer never changes, so it is made once."""

    files: tuple[Entry, ...]
    """Everything but directories."""
    paths: frozenset[str]
    """Of the files, without whiteouts."""
    folders: frozenset[str]
    """Directories, and whatever stands above a file."""
    links: Mapping[str, int]
    """Number of the inode, of files that have several names."""

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Index:
        files = tuple(entry for entry in entries if entry.kind is not Kind.DIR)
        paths = frozenset(entry.path for entry in files if entry.kind is not Kind.WHITEOUT)
        above = {parent for path in paths for parent in parents(path)}
        folders = above | {entry.path for entry in entries if entry.kind is Kind.DIR}
        links = {entry.path: entry.inode for entry in files if entry.inode}
        return cls(files, paths, frozenset(folders), links)


def parents(path: str) -> Iterator[str]:
    """Every directory above a path, without the root."""
    while (at := path.rfind("/")) > 0:
        path = path[:at]
        yield path


@dataclass(slots=True)
class Cover:
    """What the places seen so far, from the top down, put in the way of those below."""

    names: dict[str, str] = field(default_factory=dict)
    """Path of anything that replaces its like below, and the key of its place."""
    trees: dict[str, str] = field(default_factory=dict)
    """Path of what replaces a whole directory below."""

    def add(self, place: str, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.kind is not Kind.DIR:
                self.put(place, entry.path)
            elif entry.opaque:
                self.trees.setdefault(entry.path, place)

    def put(self, place: str, path: str) -> None:
        self.names.setdefault(path, place)
        self.trees.setdefault(path, place)

    def hides(self, index: Index) -> dict[str, str]:
        """Of a layer's files, the hidden ones and what hides them."""
        found = {path: place for path, place in self.names.items() if path in index.paths}
        over = [path for path in self.trees if path in index.folders]
        if over:
            for path in index.paths:
                tree = next((one for one in over if path.startswith(one + "/")), None)
                if tree is not None:
                    found.setdefault(path, self.trees[tree])
        return dict(sorted(found.items()))


def hidden(
    layers: Sequence[Layer],
    writable: Writable | None,
    mounts: Sequence[Mount],
    index: Callable[[Layer], Index],
) -> dict[str, dict[str, str]]:
    """For each layer (given base first) its hidden paths, and the key of the place that hides each.

    A full-tree driver keeps no whiteouts: there the container's own deletions do the same work.
    """
    cover = Cover()
    for mount in mounts:
        cover.put(f"mount:{mount.target}", mount.target)
    if writable:
        cover.add("writable", writable.entries)
        for change in writable.changes:
            if change.mark is Mark.DELETED:
                cover.put("writable", change.path)
    result: dict[str, dict[str, str]] = {}
    for layer in reversed(layers):
        result[layer.key] = cover.hides(index(layer))
        if layer is not layers[0]:
            cover.add(layer.key, layer.entries)
    return result
