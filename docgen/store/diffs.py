"""What a commit makes of a container's changes: three rules, and what a tar leaves of them."""

from __future__ import annotations

from docgen.fs.changes import SECOND_NS, as_layer, diff
from docgen.fs.content import Content
from docgen.fs.nodes import Device, Dir, File, Meta, Node, Symlink, Whiteout, kind_of, with_meta
from docgen.fs.tree import EMPTY_TREE, Draft, Tree
from docgen.oci.layer import WHITEOUT, members
from docgen.oci.unpack import tree_of

_CAPABILITY = "security.capability"


def by_upper(upper: Tree) -> Tree:
    """overlay2's native diff: the upper directory as it is, also what was left equal."""
    return as_layer(upper)


def by_comparison(old: Tree, new: Tree, now_ns: int) -> Tree:
    """go-archive: what `docker diff` lists; whiteouts have the time of the export."""
    draft = Draft(diff(old, new))
    for ino, node in draft.base.inodes.items():
        if isinstance(node, Whiteout):
            draft.replace(ino, _whiteout(now_ns))
    return draft.freeze()


def by_walk(old: Tree, new: Tree, now_ns: int) -> Tree:
    """containerd (continuity, fs.Changes): attributes, and content where times are whole seconds.

    All names of a changed file with several are taken along, so that they stay one file.
    """
    touched = _touched(old, new)
    draft = Draft(EMPTY_TREE)
    draft.put("/", Dir(new.node(new.root).meta))
    changed: set[int] = set()
    todo: list[tuple[str, int, int | None]] = [("", new.root, old.root)]
    while todo:
        path, ino, former = todo.pop()
        directory = new.directory(ino)
        if directory is None or (former == ino and ino not in touched):
            continue
        there = None if former is None else old.directory(former)
        for name, child in directory.entries.items():
            before = None if there is None else there.entries.find(name)
            if before is None or not _same(old, before, new, child):
                _take(draft, new, f"{path}/{name}")
                changed.add(child)
            todo.append((f"{path}/{name}", child, before))
        for name in () if there is None else there.entries:
            if name not in directory.entries:
                _parents(draft, new, path)
                draft.put(f"{path}/{name}", _whiteout(now_ns))
    _link_all_names(draft, new, changed)
    return draft.freeze()


def as_committed(tree: Tree) -> Tree:
    """A difference as it is after its way through a tar: whole seconds, no holes, of the extended
    attributes only the capability; a file called `.wh.NAME` has become a whiteout."""
    draft = Draft(tree)
    marked = False
    for ino, node in tree.inodes.items():
        new = with_meta(node, _through_tar(node.meta))
        if isinstance(new, File) and _has_holes(new.content):
            new = File(new.meta, Content.join((new.content,)))
        if new != node:
            draft.replace(ino, new)
        marked |= isinstance(node, Dir) and any(name.startswith(WHITEOUT) for name in node.entries)
    frozen = draft.freeze()
    return tree_of(members(frozen)) if marked else frozen


def is_empty(tree: Tree) -> bool:
    """Nothing but the root: a commit of it adds no layer."""
    return len(tree) == 1


def _through_tar(meta: Meta) -> Meta:
    whole = meta.mtime_ns // SECOND_NS * SECOND_NS
    kept = tuple(pair for pair in meta.xattrs if pair[0] == _CAPABILITY)
    return Meta(meta.mode, meta.uid, meta.gid, whole, whole, meta.ctime_ns, kept)


def _has_holes(content: Content) -> bool:
    return sum(extent.length for _, extent in content.extents) < content.size


def _whiteout(now_ns: int) -> Whiteout:
    return Whiteout(Meta(0, mtime_ns=now_ns, atime_ns=now_ns, ctime_ns=now_ns))


def _touched(old: Tree, new: Tree) -> set[int]:
    """Inodes that differ, and all directories above them in either tree."""
    touched: set[int] = set()
    pending = list(old.inodes.differing(new.inodes))
    while pending:
        ino = pending.pop()
        if ino not in touched:
            touched.add(ino)
            for tree in (old, new):
                pending += [parent for parent, _ in tree.names.find(ino) or ()]
    return touched


def _same(old: Tree, before: int, new: Tree, after: int) -> bool:
    """continuity, sameFile."""
    one, two = old.node(before), new.node(after)
    if one is two:
        return True
    if kind_of(one) != kind_of(two) or _attributes(one) != _attributes(two):
        return False
    if isinstance(one, Dir):
        return True
    if one.meta.mtime_ns != two.meta.mtime_ns:
        return False
    if one.meta.mtime_ns % SECOND_NS == 0:
        return _same_content(one, two)
    return _length(one) == _length(two)


def _attributes(node: Node) -> tuple[object, ...]:
    meta = node.meta
    device = (node.major, node.minor) if isinstance(node, Device) else None
    return meta.mode, meta.uid, meta.gid, device, meta.xattr(_CAPABILITY)


def _same_content(one: Node, two: Node) -> bool:
    if isinstance(one, File) and isinstance(two, File):
        return one.content.same_data(two.content)
    if isinstance(one, Symlink) and isinstance(two, Symlink):
        return one.target == two.target
    return True


def _length(node: Node) -> int:
    if isinstance(node, File):
        return node.content.size
    return len(node.target) if isinstance(node, Symlink) else 0


def _take(draft: Draft, new: Tree, path: str) -> None:
    """Put what is at a path into the difference, with the attributes of its directories."""
    _parents(draft, new, path.rpartition("/")[0])
    node = new.at(path)
    if node is not None:
        draft.put(path, Dir(node.meta) if isinstance(node, Dir) else node)


def _parents(draft: Draft, new: Tree, folder: str) -> None:
    path = ""
    for part in folder.split("/")[1:]:
        path += f"/{part}"
        node = new.at(path)
        if node is not None and draft.lookup(path) is None:
            draft.put(path, Dir(node.meta))


def _link_all_names(draft: Draft, new: Tree, changed: set[int]) -> None:
    for ino in sorted(changed):
        node = new.node(ino)
        if isinstance(node, Dir) or new.links(ino) < 2:
            continue
        first, *others = sorted(new.paths(ino))
        _take(draft, new, first)
        for path in others:
            _parents(draft, new, path.rpartition("/")[0])
            draft.remove(path)
            draft.hard_link(path, first)
