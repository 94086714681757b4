"""The host's directories as a tree, with what lies below each counted and added up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from docgen.draw.story import Story
from docgen.record.snapshot import DiskEntry, Kind, Snapshot


@dataclass(slots=True)
class Node:
    name: str
    path: str
    kind: Kind = Kind.DIR
    size: int = 0
    owner: str = ""
    children: dict[str, Node] = field(default_factory=dict)
    files: int = 0
    """Everything here and below that is not a directory."""
    total: int = 0
    """Bytes, here and below; a hard-linked file counts once."""
    linked: bool = False
    """Another name of a file that was counted already."""


def disk_tree(story: Story, snapshot: Snapshot, target: str) -> Node:
    root = Node("/", "/")
    nodes = {"": root}
    wanted = _owners(snapshot, target)
    links = _Links(story, snapshot)
    for entry in snapshot.disk:
        if not wanted or entry.owner in wanted:
            node = _plant(nodes, entry.path)
            node.kind, node.size, node.owner = entry.kind, entry.size, entry.owner
            node.linked = not links.first(entry)
            node.total = 0 if node.linked else entry.size
    for node in reversed(nodes.values()):
        node.files = int(node.kind is not Kind.DIR)
        for child in node.children.values():
            node.files += child.files
            node.total += child.total
    return root


class _Links:
    """Tells the first name of a hard-linked file from its others, so that it is counted once.

    A place's files come from image layers, whose entries know their inodes.
    """

    def __init__(self, story: Story, snapshot: Snapshot) -> None:
        self._seen: set[tuple[str, str, int]] = set()
        self._homes: dict[str, tuple[str, Mapping[str, int]]] = {}
        """Owners with hard links: their directory, and the inode of each linked path."""
        indexes = {layer.key: story.index(layer) for layer in snapshot.layers}
        for layer in snapshot.layers:
            self._add(f"layer:{layer.key}", layer.directory, indexes[layer.key].links)
        for one in snapshot.containers:
            links: dict[str, int] = {}
            for key in one.layers:
                links |= indexes[key].links if key in indexes else {}
            self._add(f"container:{one.id}", one.writable.directory, links)

    def _add(self, owner: str, home: str, links: Mapping[str, int]) -> None:
        if home and links:
            self._homes[owner] = (home, links)

    def first(self, entry: DiskEntry) -> bool:
        if entry.owner not in self._homes:
            return True
        home, links = self._homes[entry.owner]
        if not entry.path.startswith(home):
            return True
        beside, _, path = entry.path[len(home) :].partition("/")
        inode = links.get(f"/{path}")
        if inode is None:
            return True
        key = (entry.owner, beside, inode)
        known = key in self._seen
        self._seen.add(key)
        return not known


def _plant(nodes: dict[str, Node], path: str) -> Node:
    """The node of a path; what is missing above it comes first: parents precede children."""
    known = nodes.get(path)
    if known is None:
        above, _, name = path.rpartition("/")
        parent = nodes.get(above) or _plant(nodes, above)
        known = nodes[path] = parent.children[name] = Node(name, path)
    return known


def _owners(snapshot: Snapshot, target: str) -> frozenset[str]:
    container = snapshot.container(target) if target else None
    if container:
        layers = {f"layer:{key}" for key in container.layers}
        mounted = {f"volume:{mount.source}" for mount in container.mounts}
        return frozenset({f"container:{container.id}", *layers, *mounted})
    return frozenset({f"volume:{target}"} if target and snapshot.volume(target) else ())
