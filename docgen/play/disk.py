"""Docker's own directories on the host, line by line, each line with the thing it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from docgen.daemon.world import World
from docgen.fs.nodes import Dir, File, Node, Symlink, is_whiteout, kind_of
from docgen.fs.plain import PlainFs
from docgen.fs.tree import Tree
from docgen.record.snapshot import DiskEntry, Kind

ROOTS: Final = ("/var/lib/containerd", "/var/lib/docker")
MOST: Final = 2_000
CONTAINERS: Final = "/var/lib/docker/containers/"
VOLUMES: Final = "/var/lib/docker/volumes/"


@dataclass(slots=True)
class Disk:
    """Lines of frozen trees are made once; what lies around them is small."""

    world: World
    _known: dict[tuple[int, str, str], tuple[Tree, tuple[DiskEntry, ...]]] = field(
        default_factory=dict, init=False
    )

    def lines(self, tree: Tree) -> tuple[DiskEntry, ...]:
        """At most MOST lines, directories above what they hold. `tree`: the host's own files."""
        owners = self._owners()
        found: dict[str, tuple[DiskEntry, ...]] = {}
        layout = self.world.store.layout()
        for path in layout.dirs:
            found[path] = (DiskEntry(path, Kind.DIR, 0, owners.of(path)),)
        for path, (_, content) in layout.files.items():
            found[path] = (DiskEntry(path, Kind.FILE, content.size, owners.of(path)),)
        for path, target in layout.links.items():
            size = len(target.encode())
            found[path] = (DiskEntry(path, Kind.SYMLINK, size, owners.of(path)),)
        for path, grafted in layout.grafts.items():
            held = grafted.snapshot() if isinstance(grafted, PlainFs) else grafted
            if isinstance(held, Tree):
                found[path] = self._tree_lines(held, path, owners.of(path))
        for entry in _host_lines(tree, owners):
            found.setdefault(entry.path, (entry,))
        ordered = sorted(found, key=lambda path: path.split("/"))
        return tuple(_first(MOST, (line for path in ordered for line in found[path])))

    def _tree_lines(self, tree: Tree, at: str, owner: str) -> tuple[DiskEntry, ...]:
        key = (id(tree), at, owner)
        known = self._known.get(key)
        if known is None:
            lines = tuple(
                _node_line(at + path.rstrip("/"), node, owner) for path, _, node in tree.walk()
            )
            known = self._known[key] = (tree, lines)
        return known[1]

    def _owners(self) -> Owners:
        store = self.world.store
        home = store.driver.home
        names: dict[str, str] = {}
        for layer in store.layers():
            names[layer.cell.name] = f"layer:{layer.chain_id}"
        for rw in store.writables():
            names[rw.directory] = f"container:{rw.name}"
            if rw.has_init and rw.below is not None:
                names[rw.below.name] = f"container:{rw.name}"
        return Owners(f"{home}/", names)


@dataclass(frozen=True, slots=True)
class Owners:
    home: str
    """Where the driver has one directory a layer."""
    names: Mapping[str, str]
    """Directory → owner."""

    def of(self, path: str) -> str:
        for root, kind in ((self.home, ""), (CONTAINERS, "container:"), (VOLUMES, "volume:")):
            if path.startswith(root):
                name = path[len(root) :].split("/")[0]
                return f"{kind}{name}" if kind else self.names.get(name, "")
        return ""


def _host_lines(tree: Tree, owners: Owners) -> Iterator[DiskEntry]:
    """What is an ordinary file of the host: containers' logs and settings, volumes."""
    for root in ROOTS:
        top = tree.lookup(root)
        pending = [] if top is None else [(root, top)]
        while pending:
            path, ino = pending.pop()
            node = tree.node(ino)
            yield _node_line(path, node, owners.of(path))
            if isinstance(node, Dir):
                pending += reversed([(f"{path}/{n}", child) for n, child in node.entries.items()])


def _node_line(path: str, node: Node, owner: str) -> DiskEntry:
    if is_whiteout(node):
        return DiskEntry(path, Kind.WHITEOUT, 0, owner)
    size = 0
    if isinstance(node, File):
        size = node.content.size
    elif isinstance(node, Symlink):
        size = len(node.target.encode())
    return DiskEntry(path, Kind(kind_of(node).value), size, owner)


def _first(count: int, lines: Iterable[DiskEntry]) -> Iterator[DiskEntry]:
    for line, _ in zip(lines, range(count), strict=False):
        yield line
