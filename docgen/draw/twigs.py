"""The lines of the `disk` view: which part of the tree is shown, and what is said of the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from docgen.draw.disktree import Node, disk_tree
from docgen.draw.outside import short_name
from docgen.draw.panel import Runs, run
from docgen.draw.scene import Role, Style
from docgen.draw.sheet import Ask
from docgen.draw.story import Story
from docgen.draw.text import clean, plural, size
from docgen.frozen import frozen
from docgen.record.snapshot import Kind, Snapshot

MOST_LINES: Final = {False: 30, True: 90}
MOST_CHILDREN: Final = {False: 4, True: 12}
_REST: Final = "//#rest"
"""After a directory's path: the line that counts what is left out of it. No file can have that
key.
"""


@frozen
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


def by_tree(key: str) -> tuple[str, ...]:
    """The order of a walk, in which what was left out comes last."""
    return tuple(key.removesuffix(_REST).split("/")) + (
        ("\U0010ffff",) if key.endswith(_REST) else ()
    )


def owner_count(snapshot: Snapshot) -> int:
    return len({entry.owner for entry in snapshot.disk if entry.owner})


def twigs_of(story: Story, snapshot: Snapshot, share: int, ask: Ask) -> list[Twig]:
    """The lines: every place that has an owner, and of each an equal share of what it holds."""
    root = disk_tree(story, snapshot, ask.target)
    grower = _Grower(owner_names(snapshot, ask), share, MOST_CHILDREN[ask.full], [])
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


def owner_names(snapshot: Snapshot, ask: Ask) -> Owners:
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


def label_of(owners: Owners, twig: Twig) -> tuple[str, Style]:
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
