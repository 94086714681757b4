"""The places a container's files come from, topmost first, and which of them serves a path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from docgen.frozen import frozen
from docgen.fs.nodes import Dir, Node, is_whiteout
from docgen.fs.tree import Tree
from docgen.play.entries import shown_kind
from docgen.record.snapshot import Kind, Mount, Seen

HIDDEN: Final = 100
"""Paths under one mount that a snapshot names."""


@frozen
class Place:
    name: str
    """`writable`, `init`, or a layer's key."""
    tree: Tree


def serving(places: Sequence[Place], path: str) -> tuple[Place, Node] | None:
    """The place that a path is read from; of a directory that several places hold, the lowest: it
    was there first, the others only add to it.
    """
    found: tuple[Place, Node] | None = None
    for place in places:
        node, covered = _look(place.tree, path)
        if node is not None and not is_whiteout(node):
            if found is not None and not isinstance(node, Dir):
                break
            found = (place, node)
        if covered or (node is not None and not (isinstance(node, Dir) and not node.opaque)):
            break
    return found


def _look(tree: Tree, path: str) -> tuple[Node | None, bool]:
    """The node of a path in one tree, and whether the tree hides the path below it."""
    ino = tree.root
    covered = False
    for part in path.split("/"):
        if not part:
            continue
        directory = tree.node(ino)
        if not isinstance(directory, Dir):
            return None, True
        covered = covered or directory.opaque
        child = directory.entries.find(part)
        if child is None:
            return None, covered
        ino = child
    return tree.node(ino), covered


def names_in(places: Sequence[Place], path: str) -> list[str]:
    """The names that a directory shows, sorted."""
    shown: set[str] = set()
    gone: set[str] = set()
    for place in places:
        node, covered = _look(place.tree, path)
        if isinstance(node, Dir):
            for name, ino in node.entries.items():
                if name not in gone and not is_whiteout(place.tree.node(ino)):
                    shown.add(name)
                gone.add(name)
        if covered or (node is not None and not (isinstance(node, Dir) and not node.opaque)):
            break
    return sorted(shown)


def hidden_under(places: Sequence[Place], target: str) -> tuple[str, ...]:
    """What a mount covers, in the order of a walk, at most HIDDEN paths."""
    return tuple(path for path, _ in zip(_below(places, target), range(HIDDEN), strict=False))


def _below(places: Sequence[Place], top: str) -> Iterator[str]:
    pending = [f"{top.rstrip('/')}/{name}" for name in reversed(names_in(places, top))]
    while pending:
        path = pending.pop()
        yield path
        pending += [f"{path}/{name}" for name in reversed(names_in(places, path))]


def seen(places: Sequence[Place], mounts: Sequence[Mount]) -> tuple[Seen, ...]:
    """The names in the root directory and every mount point, sorted by path."""
    found: dict[str, Seen] = {}
    for name in names_in(places, "/"):
        served = serving(places, f"/{name}")
        if served is not None:
            place, node = served
            found[f"/{name}"] = Seen(f"/{name}", shown_kind(node), place.name)
    for mount in mounts:
        kind = found[mount.target].kind if mount.target in found else Kind.DIR
        found[mount.target] = Seen(mount.target, kind, f"mount:{mount.target}")
    return tuple(found[path] for path in sorted(found))
