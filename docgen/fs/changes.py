"""What differs between two trees: as `docker diff` tells it, and as a layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from docgen.frozen import frozen
from docgen.fs.nodes import (
    NO_ENTRIES,
    Device,
    Dir,
    File,
    Kind,
    Meta,
    Node,
    Symlink,
    Whiteout,
    is_whiteout,
    kind_of,
    with_meta,
)
from docgen.fs.tree import EMPTY_TREE, Draft, Tree

SECOND_NS: Final = 1_000_000_000
PRIVATE: Final = "trusted.overlay."
"""overlayfs's own extended attributes: they never leave the upper directory."""


@frozen
class Change:
    """One line of `docker diff`."""

    kind: str
    """A, C or D."""
    path: str


def compare(old: Tree, new: Tree) -> tuple[Change, ...]:
    """The rule of moby's go-archive (`FileInfo.addChanges`): A, C and D; a directory above a change
    is C too; of a removed directory one D. Sorted: parents first, siblings by name. Costs what
    differs."""
    if old is new:
        return ()
    touched = _touched(old, new)
    listed: dict[str, str] = {}
    pending: list[tuple[str, int, int | None]] = [("", new.root, old.root)]
    while pending:
        path, new_ino, old_ino = pending.pop()
        node = new.node(new_ino)
        if not isinstance(node, Dir):
            continue
        former = None if old_ino is None else old.directory(old_ino)
        before = NO_ENTRIES if former is None else former.entries
        names = touched.get(new_ino, ()) if old_ino == new_ino else {*node.entries, *before}
        for name in names:
            child, there = node.entries.find(name), before.find(name)
            if child is not None and child == there and child not in touched:
                continue
            if mark := _mark(old, new, there, child):
                listed[f"{path}/{name}"] = mark
            if child is not None:
                pending.append((f"{path}/{name}", child, there))
    _mark_above(listed)
    return tuple(Change(listed[path], path) for path in sorted(listed, key=_by_component))


def _mark(old: Tree, new: Tree, before: int | None, after: int | None) -> str:
    """What became of a name: A, C, D, or '' where nothing did."""
    if after is None:
        return "D"
    if before is None:
        return "A"
    return "C" if _differ(old.node(before), new.node(after)) else ""


def _mark_above(listed: dict[str, str]) -> None:
    """Every directory above a change is changed too, but the root."""
    for path in list(listed):
        while path := path.rpartition("/")[0]:
            if path in listed:
                break
            listed[path] = "C"


def diff(old: Tree, new: Tree) -> Tree:
    """The layer that makes `new` of `old`: changed inodes whole, removed names as whiteouts, as the
    drivers without an upper directory export it. Empty where nothing changed."""
    draft = Draft(EMPTY_TREE)
    made: dict[int, str] = {}
    draft.put("/", Dir(new.node(new.root).meta))
    for change in compare(old, new):
        ino = new.lookup(change.path)
        if ino is None:
            draft.put(change.path, Whiteout())
        elif ino in made:
            draft.hard_link(change.path, made[ino])
        else:
            node = new.node(ino)
            draft.put(change.path, Dir(node.meta) if isinstance(node, Dir) else node)
            if not isinstance(node, Dir):
                made[ino] = change.path
    return draft.freeze()


def apply(base: Tree, layer: Tree) -> Tree:
    """`base` with a layer on top: whiteouts and opaque directories take away, directories merge,
    all else replaces. What comes out has neither whiteouts nor overlayfs's own attributes."""
    draft = Draft(base)
    made: dict[int, int] = {}
    pending: list[tuple[int, int]] = [(layer.root, draft.root)]
    root = layer.node(layer.root)
    if isinstance(root, Dir):
        _merge_directory(draft, draft.root, root)
    while pending:
        source, target = pending.pop()
        directory = layer.directory(source)
        for name, child in () if directory is None else directory.entries.items():
            node = layer.node(child)
            there = _entry(draft, target, name)
            if isinstance(node, Dir) and there is not None and draft.directory(there) is not None:
                _merge_directory(draft, there, node)
                pending.append((child, there))
                continue
            if there is not None:
                draft.prune(target, name)
            if is_whiteout(node):
                continue
            if child not in made:
                made[child] = draft.add(_clean(node))
            draft.link(target, name, made[child])
            if isinstance(node, Dir):
                pending.append((child, made[child]))
    return draft.freeze()


def flatten(layers: Sequence[Tree]) -> Tree:
    """All layers in one tree, the bottom one first."""
    tree = EMPTY_TREE
    for layer in layers:
        tree = apply(tree, layer)
    return tree


def as_layer(upper: Tree) -> Tree:
    """An upper directory as a layer: the same whiteouts and opaque marks, without overlayfs's own
    extended attributes."""
    marked = [
        (ino, node)
        for ino, node in upper.inodes.items()
        if any(name.startswith(PRIVATE) for name, _ in node.meta.xattrs)
    ]
    draft = Draft(upper)
    for ino, node in marked:
        draft.replace(ino, with_meta(node, public(node.meta)))
    return draft.freeze()


def public(meta: Meta) -> Meta:
    """Without overlayfs's own extended attributes."""
    for name, _ in meta.xattrs:
        if name.startswith(PRIVATE):
            meta = meta.with_xattr(name, None)
    return meta


def _clean(node: Node) -> Node:
    """An inode as it is put into a flat tree."""
    meta = public(node.meta)
    if isinstance(node, Dir):
        return Dir(meta)
    return node if meta is node.meta else with_meta(node, meta)


def _merge_directory(draft: Draft, ino: int, layer: Dir) -> None:
    """The attributes of the layer's directory; an opaque one takes away what was there."""
    directory = draft.directory(ino)
    if directory is None:
        return
    if layer.opaque:
        for name in list(directory.entries):
            draft.prune(ino, name)
        directory = draft.directory(ino) or directory
    draft.replace(ino, Dir(public(layer.meta), directory.entries))


def _entry(draft: Draft, parent: int, name: str) -> int | None:
    directory = draft.directory(parent)
    return None if directory is None else directory.entries.find(name)


def _touched(old: Tree, new: Tree) -> dict[int, set[str]]:
    """Inodes that differ between the trees and all directories above them in either; for each
    directory the names in it that lead to a difference."""
    touched: dict[int, set[str]] = {}
    pending = list(old.inodes.differing(new.inodes))
    while pending:
        ino = pending.pop()
        if ino in touched:
            continue
        touched[ino] = _renamed(old.directory(ino), new.directory(ino))
        for tree in (old, new):
            pending += [parent for parent, _ in tree.names.find(ino) or ()]
    for ino in touched:
        for tree in (old, new):
            for parent, name in tree.names.find(ino) or ():
                touched[parent].add(name)
    return touched


def _renamed(old: Dir | None, new: Dir | None) -> set[str]:
    """The names of a directory that lead to another inode than before."""
    if old is None or new is None:
        return set()
    return new.entries.differing(old.entries)


def _differ(old: Node, new: Node) -> bool:
    """go-archive's statDifferent: mode, owner, device and capability; size and mtime too, but not
    of directories (and, by a slip of its bit mask, of block devices)."""
    if kind_of(old) != kind_of(new) or _identity(old) != _identity(new):
        return True
    if kind_of(old) in (Kind.DIR, Kind.BLOCK):
        return False
    return _size(old) != _size(new) or not _same_time(old.meta.mtime_ns, new.meta.mtime_ns)


def _identity(node: Node) -> tuple[object, ...]:
    meta = node.meta
    device = (node.major, node.minor) if isinstance(node, Device) else None
    return meta.mode, meta.uid, meta.gid, device, meta.xattr("security.capability")


def _size(node: Node) -> int:
    if isinstance(node, File):
        return node.content.size
    return len(node.target.encode("utf-8", "surrogateescape")) if isinstance(node, Symlink) else 0


def _same_time(one: int, other: int) -> bool:
    """Equal, or of the same second where one of them has no fraction (sameFsTime)."""
    if one == other:
        return True
    whole = one % SECOND_NS == 0 or other % SECOND_NS == 0
    return whole and one // SECOND_NS == other // SECOND_NS


def _by_component(path: str) -> list[str]:
    return path.split("/")
