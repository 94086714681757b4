"""Trees as tar members, out of a view and into one (moby go-archive: TarWithOptions, Untar;
continuity fs.CopyDir)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, assert_never

from docgen.frozen import frozen
from docgen.fs.content import EMPTY, Content
from docgen.fs.errors import Errno, FsError
from docgen.fs.nodes import Device, Dir, Fifo, File, Meta, Node, Symlink, Whiteout
from docgen.fs.view import View
from docgen.oci.members import member_of
from docgen.oci.tarform import Member, Type

SECOND_NS: Final = 1_000_000_000
Entries = Iterable[tuple[Member, Content]]


class ExtractError(Exception):
    """An archive that cannot be unpacked here; the text is go-archive's."""


def node_at(view: View, path: str) -> Node:
    """The inode itself; symlinks are not followed."""
    return view.node(view.resolve(path, follow=False))


def pack(view: View, path: str, name: str) -> Iterator[tuple[Member, Content]]:
    """`path` and all below it, named `name`, `name/…`; later names of one inode are hard links."""
    first: dict[tuple[int, int], str] = {}
    todo = [(path, name)]
    while todo:
        here, shown = todo.pop()
        stat = view.stat(here, follow=False)
        member, data = _entry(view, here, shown)
        if stat.nlink > 1 and member.type is not Type.DIR:
            key = (stat.dev, stat.ino)
            if key in first:
                member = replace(member, type=Type.HARD_LINK, size=0, link=first[key])
                data = EMPTY
            else:
                first[key] = shown
        yield member, data
        if member.type is Type.DIR:
            names = reversed(view.listdir(here))
            todo += [(posixpath.join(here, one), f"{shown}/{one}") for one in names]


def _entry(view: View, path: str, name: str) -> tuple[Member, Content]:
    node = node_at(view, path)
    if isinstance(node, File):
        node = File(node.meta, view.read_file(path))
    return member_of(name, node)


@frozen
class Extract:
    """How an archive is unpacked."""

    owner: tuple[int, int] | None = None
    """All files get it (`docker cp -a` into a container with a user)."""
    keep_owner: bool = True
    """Else the files belong to who unpacks (`docker cp` to the host)."""
    no_overwrite: bool = True
    """A directory is never replaced by something else, nor the reverse."""


def extract(view: View, directory: str, entries: Entries, how: Extract) -> int:
    """Unpack into an existing directory; bytes of the files. Raises ExtractError, FsError.

    Existing things of another kind are replaced, directories merge; times of directories come last.
    """
    directories: list[tuple[str, Member]] = []
    size = 0
    for member, data in entries:
        path = inside(directory, member.name)
        _make_parents(view, path)
        if not _clear(view, path, member, how):
            continue
        _create(view, directory, path, member, data)
        _apply(view, path, member, how)
        size += data.size
        if member.type is Type.DIR:
            directories.append((path, member))
    for path, member in directories:
        view.utimens(path, member.mtime * SECOND_NS, member.mtime * SECOND_NS)
    return size


def inside(directory: str, name: str) -> str:
    """Where a member goes: never outside of the directory."""
    clean = posixpath.normpath("/" + name).lstrip("/")
    return posixpath.join(directory, clean) if clean else directory


def _make_parents(view: View, path: str) -> None:
    parent = posixpath.dirname(path)
    if not view.exists(parent, follow=False):
        view.makedirs(parent, 0o755)


def _clear(view: View, path: str, member: Member, how: Extract) -> bool:
    """Make room; False where there is nothing to do."""
    if not view.exists(path, follow=False):
        return True
    is_directory = isinstance(node_at(view, path), Dir)
    wants_directory = member.type is Type.DIR
    if how.no_overwrite and is_directory and not wants_directory:
        raise ExtractError(
            f'cannot overwrite directory "{path}" with non-directory "{member.name}"'
        )
    if how.no_overwrite and not is_directory and wants_directory:
        raise ExtractError(
            f'cannot overwrite non-directory "{path}" with directory "{member.name}"'
        )
    if is_directory and posixpath.normpath(member.name) == ".":
        return False
    if not (is_directory and wants_directory):
        remove_all(view, path)
    return True


def remove_all(view: View, path: str) -> None:
    """`rm -rf`; symlinks are removed, not followed."""
    if not isinstance(node_at(view, path), Dir):
        try:
            view.unlink(path)
        except FsError as error:
            if error.errno is not Errno.EBUSY:
                raise
            name = posixpath.basename(path)
            raise ExtractError(f"RemoveAll {name}: device or resource busy") from error
        return
    directories, todo = [], [path]
    while todo:
        current = todo.pop()
        directories.append(current)
        for name in view.listdir(current):
            child = posixpath.join(current, name)
            if isinstance(node_at(view, child), Dir):
                todo.append(child)
            else:
                view.unlink(child)
    for current in reversed(directories):
        view.rmdir(current)


def _create(view: View, directory: str, path: str, member: Member, data: Content) -> None:
    match member.type:
        case Type.DIR:
            if not view.exists(path):
                view.mkdir(path, member.mode & 0o777)
        case Type.FILE | Type.PAX:
            view.write_file(path, data, member.mode & 0o777)
        case Type.SYMLINK:
            view.symlink(member.link, path)
        case Type.HARD_LINK:
            view.link(inside(directory, member.link), path)
        case Type.CHAR | Type.BLOCK:
            view.mknod(path, member.mode, member.type is Type.CHAR, member.major, member.minor)
        case Type.FIFO:
            view.mkfifo(path, member.mode)
        case _:
            assert_never(member.type)


def _apply(view: View, path: str, member: Member, how: Extract) -> None:
    if member.type is Type.HARD_LINK:
        return
    if how.owner is not None:
        view.chown(path, *how.owner, follow=False)
    elif how.keep_owner:
        view.chown(path, member.uid, member.gid, follow=False)
    if member.type is Type.SYMLINK:
        view.utimens(path, member.mtime * SECOND_NS, member.mtime * SECOND_NS, follow=False)
        return
    view.chmod(path, member.mode)
    _set_xattrs(view, path, member.xattrs)
    view.utimens(path, member.mtime * SECOND_NS, member.mtime * SECOND_NS)


def _set_xattrs(view: View, path: str, xattrs: Mapping[str, bytes]) -> None:
    for name in sorted(xattrs):
        try:
            view.setxattr(path, name, xattrs[name])
        except FsError as error:
            if error.errno is not Errno.EOPNOTSUPP:
                raise


@dataclass(slots=True)
class _Copied:
    """Inodes that have been copied already, by where they came from."""

    names: dict[tuple[int, int], str] = field(default_factory=dict)


def copy_directory(source: View, origin: str, target: View, path: str) -> None:
    """continuity fs.CopyDir: contents, owner, mode, times, attributes; hard links stay hard links.

    `path` exists and takes over the attributes of `origin` too.
    """
    copied = _Copied()
    _copy_below(source, origin, target, path, copied)


def _copy_below(source: View, origin: str, target: View, path: str, copied: _Copied) -> None:
    todo = [(origin, path)]
    finished: list[tuple[str, Meta]] = []
    while todo:
        here, there = todo.pop()
        node = node_at(source, here)
        if not isinstance(node, Dir):
            _copy_leaf(source, here, target, there, node, copied)
            continue
        if not target.exists(there, follow=False):
            target.mkdir(there, node.meta.mode & 0o777)
        finished.append((there, node.meta))
        names = reversed(source.listdir(here))
        todo += [(posixpath.join(here, one), posixpath.join(there, one)) for one in names]
    for there, meta in reversed(finished):
        set_meta(target, there, meta)


def _copy_leaf(
    source: View, here: str, target: View, there: str, node: Node, copied: _Copied
) -> None:
    stat = source.stat(here, follow=False)
    key = (stat.dev, stat.ino)
    if stat.nlink > 1 and key in copied.names:
        target.link(copied.names[key], there)
        return
    copied.names[key] = there
    place_node(target, there, node, source.read_file(here) if isinstance(node, File) else EMPTY)


def place_node(target: View, path: str, node: Node, content: Content) -> None:
    """Make one inode that is no directory, with all its attributes."""
    meta = node.meta
    match node:
        case File():
            target.write_file(path, content, meta.mode & 0o777)
        case Symlink(target=link):
            target.symlink(link, path)
        case Device(char=char, major=major, minor=minor):
            target.mknod(path, meta.mode & 0o777, char, major, minor)
        case Fifo():
            target.mkfifo(path, meta.mode & 0o777)
        case Dir() | Whiteout():
            raise ValueError(f"no leaf: {path}")
        case _:
            assert_never(node)
    set_meta(target, path, meta, is_link=isinstance(node, Symlink))


def set_meta(view: View, path: str, meta: Meta, *, is_link: bool = False) -> None:
    """Owner, mode, attributes, times."""
    view.chown(path, meta.uid, meta.gid, follow=not is_link)
    if not is_link:
        view.chmod(path, meta.mode)
        _set_xattrs(view, path, dict(meta.xattrs))
    view.utimens(path, meta.atime_ns, meta.mtime_ns, follow=not is_link)
