"""COPY and ADD: what is copied where, with which owner and mode.

BuildKit solver/llbsolver/file and tonistiigi/fsutil/copy, as vendored by moby 28.5.2.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final

from docgen.daemon.build.ignore import has_wildcards
from docgen.daemon.glob import path_match
from docgen.daemon.transfer import (
    Extract,
    extract,
    node_at,
    place_node,
    remove_all,
    set_meta,
)
from docgen.frozen import frozen
from docgen.fs.content import EMPTY
from docgen.fs.nodes import Dir, File, Meta, Node, Symlink, with_meta
from docgen.fs.view import View
from docgen.oci.bytestream import content_digest
from docgen.oci.tarread import ArchiveError, read_members
from docgen.oci.unpack import decompressed

_DEFAULT_DIRECTORY: Final = 0o755


class CopyError(Exception):
    """The text is BuildKit's."""


@frozen
class CopyOptions:
    target: str
    """Absolute; a trailing slash means a directory."""
    owner: tuple[int, int] | None = None
    """`--chown`; None keeps the owner of the source."""
    mode: int | None = None
    """`--chmod`; directories get it too."""
    unpack: bool = False
    """ADD of a local archive."""


def sources(view: View, patterns: Sequence[str]) -> list[str]:
    """Paths that the words of a COPY name, sorted within a pattern; a pattern may match nothing.

    Raises CopyError `"/x": not found`.
    """
    found: list[str] = []
    for pattern in patterns:
        path = clean(pattern)
        if has_wildcards(pattern):
            found += _matching(view, path)
        else:
            if not view.exists(path):
                raise CopyError(f'"{posixpath.normpath(path)}": not found')
            found.append(path)
    return found


def clean(path: str) -> str:
    """Absolute, never outside."""
    return posixpath.normpath(posixpath.join("/", path)).replace("//", "/")


def _matching(view: View, pattern: str) -> list[str]:
    level = ["/"]
    for part in (part for part in pattern.split("/") if part):
        below: list[str] = []
        for directory in level:
            if view.is_dir(directory):
                names = [name for name in view.listdir(directory) if path_match(part, name)]
                below += [posixpath.join(directory, name) for name in names]
        level = below
    return level


def copy(source: View, path: str, target: View, options: CopyOptions) -> None:
    """One source. Directories give their contents; a symlink that is named is followed."""
    if options.unpack and _unpack(source, path, target, options):
        return
    destination = options.target
    _make_directories(target, posixpath.dirname(destination), options)
    destination = posixpath.normpath(destination)
    origin = source.realpath(path)
    if not source.is_dir(origin):
        if target.is_dir(destination):
            destination = posixpath.join(destination, posixpath.basename(path))
        _make_directories(target, posixpath.dirname(destination), options)
        _copy_leaf(source, origin, target, destination, options)
        return
    if target.exists(destination) and not target.is_dir(destination):
        raise CopyError(f"cannot copy to non-directory: {destination}")
    _make_directories(target, destination, options)
    _copy_contents(source, origin, target, destination, options)
    meta = node_at(source, origin).meta
    target.utimens(destination, meta.atime_ns, meta.mtime_ns)


def _make_directories(target: View, path: str, options: CopyOptions) -> None:
    """Missing ones get 755 (or `--chmod`) and root (or `--chown`)."""
    mode = _DEFAULT_DIRECTORY if options.mode is None else options.mode
    built = ""
    for part in posixpath.normpath(path).split("/"):
        built += f"/{part}" if part else ""
        if part and not target.exists(built):
            target.mkdir(built, 0o777)
            target.chmod(built, mode)
            if options.owner is not None:
                target.chown(built, *options.owner)


def _copy_contents(
    source: View, origin: str, target: View, path: str, options: CopyOptions
) -> None:
    todo = [(origin, path)]
    finished: list[tuple[str, Meta]] = []
    copied: dict[tuple[int, int], str] = {}
    while todo:
        here, there = todo.pop()
        for name in source.listdir(here):
            child, made = posixpath.join(here, name), posixpath.join(there, name)
            node = node_at(source, child)
            if not isinstance(node, Dir):
                _copy_or_link(source, child, target, made, options, copied)
                continue
            if target.exists(made, follow=False) and not target.is_dir(made):
                raise CopyError(f"cannot copy to non-directory: {made}")
            if not target.exists(made):
                target.mkdir(made, 0o777)
            finished.append((made, _changed(node, options).meta))
            todo.append((child, made))
    for made, meta in reversed(finished):
        set_meta(target, made, meta)


def _copy_or_link(
    source: View,
    origin: str,
    target: View,
    path: str,
    options: CopyOptions,
    copied: dict[tuple[int, int], str],
) -> None:
    """Hard links within one directory tree stay hard links (`COPY --from`)."""
    stat = source.stat(origin, follow=False)
    key = (stat.dev, stat.ino)
    if stat.nlink > 1 and key in copied:
        if target.exists(path, follow=False):
            remove_all(target, path)
        target.link(copied[key], path)
        return
    copied[key] = path
    _copy_leaf(source, origin, target, path, options)


def _copy_leaf(source: View, origin: str, target: View, path: str, options: CopyOptions) -> None:
    node = node_at(source, origin)
    content = source.read_file(origin) if isinstance(node, File) else EMPTY
    if target.exists(path, follow=False):
        if isinstance(node_at(target, path), Dir):
            raise CopyError(f"cannot replace to directory {path} with file")
        remove_all(target, path)
    place_node(target, path, _changed(node, options), content)


def _changed(node: Node, options: CopyOptions) -> Node:
    meta = node.meta
    uid, gid = options.owner if options.owner is not None else (meta.uid, meta.gid)
    mode = meta.mode
    if options.mode is not None and not isinstance(node, Symlink):
        mode = options.mode
    changed = Meta(mode, uid, gid, meta.mtime_ns, meta.atime_ns, meta.ctime_ns, meta.xattrs)
    return with_meta(node, changed)


def _unpack(source: View, path: str, target: View, options: CopyOptions) -> bool:
    """ADD of a tar, compressed or not: its members, with their own owners unless `--chown`."""
    node = node_at(source, source.realpath(path))
    if not isinstance(node, File) or not node.content.size:
        return False
    try:
        entries = list(read_members(decompressed(source.read_file(path))))
    except ArchiveError:
        return False
    if not entries:
        return False
    directory = posixpath.normpath(options.target)
    _make_directories(target, directory, options)
    extract(target, directory, entries, Extract(owner=options.owner, no_overwrite=False))
    return True


def fingerprint(view: View, paths: Sequence[str]) -> str:
    """What the build cache compares: names, kinds, modes, owners and bytes; never times."""
    running = sha256()
    for path in paths:
        running.update(path.encode("utf-8", "surrogateescape") + b"\0")
        for line in _lines(view, view.realpath(path)):
            running.update(line.encode("utf-8", "surrogateescape") + b"\n")
    return running.hexdigest()


def _lines(view: View, root: str) -> Iterator[str]:
    todo = [root]
    while todo:
        path = todo.pop()
        node = node_at(view, path)
        meta = node.meta
        detail = ""
        if isinstance(node, File):
            detail = content_digest(view.read_file(path))
        elif isinstance(node, Symlink):
            detail = node.target
        kind = type(node).__name__
        yield f"{path[len(root) :]}\0{kind}\0{meta.mode:o}\0{meta.uid}:{meta.gid}\0{detail}"
        if isinstance(node, Dir):
            todo += [posixpath.join(path, name) for name in reversed(view.listdir(path))]
