"""Docker's own directories on the host, line by line, each line with the thing it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from docgen.daemon.world import World
from docgen.frozen import frozen
from docgen.fs.nodes import Dir, File, Node, Symlink, is_whiteout
from docgen.fs.plain import PlainFs
from docgen.fs.tree import Tree
from docgen.play.entries import shown_kind
from docgen.record.snapshot import DiskEntry, Kind

ROOTS: Final = ("/var/lib/containerd", "/var/lib/docker")
MOST: Final = 2_000
CONTAINERS: Final = "/var/lib/docker/containers/"
VOLUMES: Final = "/var/lib/docker/volumes/"


Block = tuple[list[str], tuple[DiskEntry, ...]]
"""Lines that stand together, and the path they are sorted by."""


@dataclass(slots=True)
class Disk:
    """Lines of frozen trees are made once, those of the driver's directories when the daemon has
    done something; what lies around them is small.
    """

    world: World
    _trees: dict[tuple[int, str], tuple[Tree, tuple[DiskEntry, ...]]] = field(
        default_factory=dict, init=False
    )
    _generation: int = field(default=-1, init=False)
    _seen: tuple[object, ...] = field(default=(), init=False)
    """The layers and writable layers that the blocks below are of."""
    _fixed: list[Block] = field(default_factory=list, init=False)
    _live: list[tuple[str, PlainFs]] = field(default_factory=list, init=False)
    """Containers' own directories."""
    _owners: Owners = field(default_factory=lambda: Owners("", {}), init=False)

    def lines(self, tree: Tree) -> tuple[DiskEntry, ...]:
        """At most MOST lines, directories above what they hold. `tree`: the host's own files."""
        if self._generation != self.world.generation:
            self._generation = self.world.generation
            store = self.world.store
            seen = (*store.layers(), *store.writables(), *self.world.images.all())
            if seen != self._seen:
                self._seen = seen
                self._look_again()
        blocks = [*self._fixed, *_host_blocks(tree, self._owners)]
        blocks += [self._graft(path, fs.snapshot()) for path, fs in self._live]
        blocks.sort(key=_place)
        lines: list[DiskEntry] = []
        last = ""
        for _, block in blocks:
            lines += block if block[0].path != last else block[1:]
            last = block[0].path
        return tuple(lines[:MOST])

    def _look_again(self) -> None:
        """The driver's directories as they are now."""
        layout = self.world.store.layout()
        self._owners = owners = _owners_of(self.world)
        grafts = layout.grafts
        self._live = [(path, one) for path, one in grafts.items() if isinstance(one, PlainFs)]
        lines = [
            *(DiskEntry(path, Kind.DIR, 0, owners.of(path)) for path in layout.dirs),
            *(
                DiskEntry(path, Kind.FILE, content.size, owners.of(path))
                for path, (_, content) in layout.files.items()
            ),
            *(
                DiskEntry(path, Kind.SYMLINK, len(target.encode()), owners.of(path))
                for path, target in layout.links.items()
            ),
        ]
        self._fixed = [(line.path.split("/"), (line,)) for line in lines if line.path not in grafts]
        self._fixed += [
            self._graft(path, one) for path, one in grafts.items() if isinstance(one, Tree)
        ]

    def _graft(self, at: str, tree: Tree) -> Block:
        key = (id(tree), at)
        known = self._trees.get(key)
        if known is None:
            owner = self._owners.of(at)
            lines = tuple(
                _node_line(at + path.rstrip("/"), node, owner) for path, _, node in tree.walk()
            )
            known = self._trees[key] = (tree, lines)
        return at.split("/"), known[1]


def _place(block: Block) -> list[str]:
    return block[0]


def _owners_of(world: World) -> Owners:
    store = world.store
    names: dict[str, str] = {}
    for layer in store.layers():
        names[layer.cell.name] = f"layer:{layer.chain_id}"
    for rw in store.writables():
        names[rw.directory] = f"container:{rw.name}"
        if rw.has_init and rw.below is not None:
            names[rw.below.name] = f"container:{rw.name}"
    return Owners(f"{store.driver.home}/", names)


@frozen
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


def _host_blocks(tree: Tree, owners: Owners) -> Iterator[Block]:
    """What is an ordinary file of the host: containers' logs and settings, volumes."""
    for root in ROOTS:
        top = tree.lookup(root)
        pending = [] if top is None else [(root, top)]
        while pending:
            path, ino = pending.pop()
            node = tree.node(ino)
            yield path.split("/"), (_node_line(path, node, owners.of(path)),)
            if isinstance(node, Dir):
                pending += [(f"{path}/{name}", child) for name, child in node.entries.items()]


def _node_line(path: str, node: Node, owner: str) -> DiskEntry:
    if is_whiteout(node):
        return DiskEntry(path, Kind.WHITEOUT, 0, owner)
    size = 0
    if isinstance(node, File):
        size = node.content.size
    elif isinstance(node, Symlink):
        size = len(node.target.encode())
    return DiskEntry(path, shown_kind(node), size, owner)
