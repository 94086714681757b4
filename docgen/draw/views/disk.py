"""`disk`: what lies on the host's disk for this driver, as `ls` would find it.

A tree of directories; at the right end of a line stands whose it is, on the ground that its box
has in `layers`. Directories that only lead somewhere share a line; what is left out is counted
and added up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from docgen.draw.outside import short_name
from docgen.draw.panel import Runs, fit, length, run
from docgen.draw.scene import Chip, Group, Line, Role, Run, Scene, Shape, Style, Text
from docgen.draw.sheet import Ask, finish
from docgen.draw.story import Story
from docgen.draw.text import cells, clean, cut_middle, plural, size
from docgen.record.snapshot import DiskEntry, Kind, Snapshot

MOST_LINES: Final = {False: 30, True: 90}
MOST_CHILDREN: Final = {False: 4, True: 12}
INDENT: Final = 3
_REST: Final = "//#rest"
"""After a directory's path: the line that counts what is left out of it. No file can have that
key.
"""


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


@dataclass(frozen=True, slots=True)
class Twig:
    """One line of the drawing."""

    key: str
    depth: int
    name: Runs
    right: Runs
    owner: str
    """Whose it is, where that is not said by a line above."""
    parent: str
    """Key of the line it hangs on; '' for a root."""
    tip: str


def disk(story: Story, steps: Sequence[int], ask: Ask) -> list[Scene]:
    """The tree after each step; `ask.target` keeps to what belongs to a container or volume."""
    owners = max((_owner_count(story.snapshot(step)) for step in steps), default=0)
    share = max(MOST_LINES[ask.full] // max(owners, 1) - 1, 2)
    grown = [_twigs(story, story.snapshot(step), share, ask) for step in steps]
    order = sorted({twig.key for twigs in grown for twig in twigs}, key=_by_tree)
    if len(order) > 2 * MOST_LINES[ask.full]:
        rows = [{twig.key: y for y, twig in enumerate(twigs)} for twigs in grown]
    else:
        rows = [{key: y for y, key in enumerate(order)}] * len(grown)
    pages = [
        _groups(twigs, places, story.snapshot(step), ask)
        for step, twigs, places in zip(steps, grown, rows, strict=True)
    ]
    height = max((1 + max(places.values(), default=0) for places in rows), default=1)
    title = f"What lies on the host's disk, with {story.recording.driver}"
    return finish(story, steps, ask, title, pages, height)


# --- the tree ------------------------------------------------------------------------------------


def _tree(story: Story, snapshot: Snapshot, target: str) -> Node:
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
        below = node.children.values()
        own = node.kind is not Kind.DIR
        node.files = own + sum(child.files for child in below)
        node.total += sum(child.total for child in below)
    return root


class _Links:
    """Tells the first name of a hard-linked file from its others, so that it is counted once.

    A place's files come from image layers, whose entries know their inodes.
    """

    def __init__(self, story: Story, snapshot: Snapshot) -> None:
        self._seen: set[tuple[str, str, int]] = set()
        self._homes: dict[str, tuple[str, Mapping[str, int]]] = {}
        indexes = {layer.key: story.index(layer) for layer in snapshot.layers}
        for layer in snapshot.layers:
            self._homes[f"layer:{layer.key}"] = (layer.directory, indexes[layer.key].links)
        for one in snapshot.containers:
            links: dict[str, int] = {}
            for key in one.layers:
                links |= indexes[key].links if key in indexes else {}
            self._homes[f"container:{one.id}"] = (one.writable.directory, links)

    def first(self, entry: DiskEntry) -> bool:
        home, links = self._homes.get(entry.owner, ("", {}))
        if not links or not home or not entry.path.startswith(home):
            return True
        beside, _, path = entry.path[len(home) :].partition("/")
        inode = links.get(f"/{path}")
        key = (entry.owner, beside, inode or 0)
        known = inode is not None and key in self._seen
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


def _by_tree(key: str) -> tuple[str, ...]:
    """The order of a walk, in which what was left out comes last."""
    return tuple(key.removesuffix(_REST).split("/")) + (
        ("\U0010ffff",) if key.endswith(_REST) else ()
    )


def _owner_count(snapshot: Snapshot) -> int:
    return len({entry.owner for entry in snapshot.disk if entry.owner})


def _twigs(story: Story, snapshot: Snapshot, share: int, ask: Ask) -> list[Twig]:
    """The lines: every place that has an owner, and of each an equal share of what it holds."""
    root = _tree(story, snapshot, ask.target)
    grower = _Grower(_owner_names(snapshot, ask), share, MOST_CHILDREN[ask.full], [])
    for node, label in _roots(root):
        grower.grow(node, label, 0, "", "", MOST_LINES[ask.full])
    return grower.twigs


def _roots(root: Node) -> Iterator[tuple[Node, str]]:
    """Docker's directories by their whole path: the way to them needs no lines."""
    for child in root.children.values():
        node, label = _through(child, f"/{child.name}")
        yield node, label


def _through(node: Node, label: str) -> tuple[Node, str]:
    """Down a chain of directories that hold one thing each, as long as the owner stays the same."""
    while len(node.children) == 1:
        (only,) = node.children.values()
        if only.kind is not Kind.DIR or (node.owner and only.owner != node.owner):
            break
        node, label = only, f"{label}/{_short(only.name)}"
    return node, label


_HASH: Final = re.compile(r"[0-9a-f]{32,}")


def _short(name: str) -> str:
    """A name that is a hash in its first twelve digits."""
    shown = clean(name)
    return f"{shown[:12]}…" if _HASH.fullmatch(shown) else shown


@dataclass(slots=True)
class _Grower:
    names: Owners
    share: int
    """Lines for what one owner holds."""
    most: int
    """Children of one directory."""
    twigs: list[Twig]

    def grow(self, node: Node, label: str, depth: int, parent: str, above: str, left: int) -> int:
        """A node's line, then its children's, in at most `left` lines; says how many are left."""
        owner = node.owner if node.owner != above and node.owner in self.names else ""
        self.twigs.append(_twig(node, label, depth, parent, owner))
        outer, inner = left - 1, self.share if owner else left - 1
        owned = node.owner or above
        children = sorted(node.children.values(), key=lambda one: one.name)
        room = len(children) if not owned else self.most
        done = 0
        for child in children:
            last_line = inner <= 1 and done + 1 < len(children)
            if owned and (last_line or inner <= 0 or (done == room - 1 and len(children) > room)):
                break
            text = _short(child.name)
            into, text = _through(child, text) if child.kind is Kind.DIR else (child, text)
            inner = self.grow(into, text, depth + 1, node.path, owned, inner)
            done += 1
        if rest := children[done:]:
            self.twigs.append(_rest_twig(node, rest, depth + 1))
            inner -= 1
        return outer if owner else inner


def _twig(node: Node, label: str, depth: int, parent: str, owner: str) -> Twig:
    if node.kind is Kind.DIR:
        name = run(f"{label.rstrip('/')}/", Role.HOST)
        total = node.total
        right = run(size(total), Role.QUIET) if owner and total else ()
    else:
        name = run(label, Role.HOST if node.kind is not Kind.WHITEOUT else Role.STRUCK)
        words = size(node.size) if node.kind is Kind.FILE else node.kind.value
        right = run(words, Role.QUIET)
    tip = f"{clean(node.path)}, {node.kind}, {node.total:,} bytes"
    return Twig(node.path, depth, name, right, owner, parent, tip)


def _rest_twig(node: Node, rest: Sequence[Node], depth: int) -> Twig:
    words = f"and {_rest_words(rest)}"
    total = run(size(sum(one.total for one in rest)), Role.QUIET)
    tip = "\n".join(clean(one.name) for one in rest[:20])
    return Twig(f"{node.path}{_REST}", depth, run(words, Role.QUIET), total, "", node.path, tip)


def _rest_words(rest: Sequence[Node]) -> str:
    """`3 more directories`, `266 more names of hard links`, `5 more files`, `2 more, with 7
    files`.
    """
    files = sum(one.files for one in rest)
    if not files:
        return plural(len(rest), "more directory", "more directories")
    if all(one.linked for one in rest):
        return plural(len(rest), "more name of a hard link", "more names of hard links")
    if files == len(rest):
        return plural(files, "more file")
    return f"{len(rest):,} more, with {plural(files, 'file')}"


Owners = Mapping[str, tuple[str, str, Style]]
"""Owner to its directory, what to call it, and its style."""


def _owner_names(snapshot: Snapshot, ask: Ask) -> Owners:
    """A phone has room for the kind of place only."""
    names: dict[str, tuple[str, str, Style]] = {}
    numbers = {key: at for image in snapshot.images for at, key in enumerate(image.layers, 1)}
    for layer in snapshot.layers:
        number = numbers.get(layer.key, 0)
        words = f"layer {number}" if number else "layer"
        words = f"image {words}" if ask.wide else words
        names[f"layer:{layer.key}"] = (layer.directory, words, Style.LAYER)
    for container in snapshot.containers:
        words = f"writable layer of {clean(container.name)}" if ask.wide else "writable"
        where = container.writable.directory
        names[f"container:{container.id}"] = (where, words, Style.WRITABLE)
    for volume in snapshot.volumes:
        words = f"volume {short_name(volume.name)}" if ask.wide else "volume"
        names[f"volume:{volume.name}"] = (volume.directory, words, Style.VOLUME)
    for image in snapshot.images:
        names[f"image:{image.id}"] = ("", "image", Style.LAYER)
    return names


def _label(owners: Owners, twig: Twig) -> tuple[str, Style]:
    """Whose the directory is; what lies apart from the owner's own place is its keeping: logs,
    settings.
    """
    where, words, style = owners.get(twig.owner, ("", "", Style.VIEW))
    path = twig.key
    if not where or where.startswith(path) or path == where or path.startswith(f"{where}/"):
        return words, style
    kind = "init of" if path.startswith(f"{where}-init") else "kept for"
    owner = words.rpartition(" of ")[2] if " of " in words else words
    return (f"{kind} {owner}", Style.FRAME)


# --- drawing -------------------------------------------------------------------------------------


def _groups(
    twigs: Sequence[Twig], rows: Mapping[str, int], snapshot: Snapshot, ask: Ask
) -> list[Group]:
    names = _owner_names(snapshot, ask)
    if not twigs:
        return [Group("empty", (Text(1, 0, 20, run("nothing on the disk", Role.QUIET)),))]
    groups = []
    labels = [_label(names, twig)[0] for twig in twigs]
    column = min(max([cells(label) for label in labels] or [0]), ask.width // 3)
    for twig in twigs:
        y = rows[twig.key]
        shapes: list[Shape] = []
        if twig.parent:
            x = 1 + INDENT * (twig.depth - 1)
            shapes.append(
                Line(((x, rows[twig.parent]), (x, y), (x + 1, y)), Style.FRAME, hangs=True)
            )
        shapes += _line_texts(twig, y, names, column, ask)
        groups.append(Group(f"disk:{twig.key}", tuple(shapes), twig.tip))
    return groups


def _line_texts(twig: Twig, y: int, names: Owners, column: int, ask: Ask) -> list[Shape]:
    """Name, size, and in the last column the owner."""
    x = max(INDENT * twig.depth, 1)
    label, style = _label(names, twig)
    shapes: list[Shape] = []
    end = ask.width - 1 - column
    if label:
        label = cut_middle(label, column)
        shapes.append(Chip(end, y, column, style))
        shapes.append(Text(end, y, column, (Run(label, Role.BODY),), "middle"))
    end -= 2
    right = fit(twig.right, max(end - x - 6, 0))
    if right:
        shapes.append(Text(end - length(right), y, length(right), right, "end"))
        end -= length(right) + 2
    name = fit(twig.name, end - x)
    return [Text(x, y, length(name), name), *shapes]
