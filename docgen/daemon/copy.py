"""`docker cp`: the client's half (docker/cli container/cp.go)."""

from __future__ import annotations

import posixpath
from typing import Final

from docgen.daemon.container import Container
from docgen.daemon.containerfs import archive_of, put_archive, stat_path
from docgen.daemon.cppaths import CopyInfo, absolute, prepare, preserve_ending, rename, split
from docgen.daemon.errors import ClientError, DaemonError, Kind
from docgen.daemon.mountspec import path_error
from docgen.daemon.transfer import Entries, Extract, ExtractError, extract, node_at, pack
from docgen.daemon.world import World
from docgen.fs.content import EMPTY, Content
from docgen.fs.errors import FsError
from docgen.fs.nodes import Dir, Symlink
from docgen.fs.view import View
from docgen.oci.tarread import ArchiveError, read_members
from docgen.oci.tarstream import tar_parts

_MAX_LINKS: Final = 10


def copy_from(
    world: World,
    container: Container,
    ref: str,
    path: str,
    view: View,
    target: str,
    *,
    follow: bool,
) -> int:
    """`docker cp REF:PATH TARGET`; the target was checked."""
    rebase = ""
    if follow:
        path, rebase = _followed(world, container, ref, path)
    entries, stat = archive_of(world, container, ref, path)
    source = CopyInfo(path, exists=True, is_dir=stat.is_dir, rebase=rebase)
    shown: Entries = entries
    if rebase:
        shown = rename(entries, split(path)[1], rebase)
    directory, prepared = prepare(shown, source, _destination(view, target))
    try:
        return extract(view, directory, prepared, Extract(keep_owner=False))
    except ExtractError as error:
        raise ClientError(str(error)) from error
    except FsError as error:
        raise ClientError(path_error("open", error.path or directory, error)) from error


def checked_output(view: View, path: str) -> str:
    """The absolute path of a target. Raises ClientError before the daemon is asked."""
    path = absolute(path, view.getcwd())
    directory = posixpath.dirname(posixpath.normpath(path))
    if not view.exists(directory):
        raise ClientError(f'invalid output path: directory "{directory}" does not exist')
    if view.exists(path) and view.stat(path).kind not in ("file", "dir"):
        raise ClientError(f'invalid output path: "{path}" must be a directory or a regular file')
    return path


def _followed(world: World, container: Container, ref: str, path: str) -> tuple[str, str]:
    """`-L`: the path behind a symlink, and the name it keeps."""
    try:
        stat = stat_path(world, container, ref, path)
    except DaemonError:
        return path, ""
    if not stat.link_target:
        return path, ""
    target = posixpath.normpath(posixpath.join(split(path)[0], stat.link_target))
    rebase = ""
    if posixpath.basename(path.rstrip("/")) != posixpath.basename(target):
        rebase = posixpath.basename(path.rstrip("/"))
    return target, rebase


def _destination(view: View, path: str) -> CopyInfo:
    """CopyInfoDestinationPath: follow symlinks; the parent of a missing path must be a
    directory."""
    for _ in range(_MAX_LINKS):
        if not view.exists(path, follow=False):
            parent = split(path)[0]
            if not view.exists(parent):
                raise ClientError(f"stat {parent}: no such file or directory")
            if not view.is_dir(parent):
                raise ClientError("not a directory")
            return CopyInfo(path)
        node = node_at(view, path)
        if not isinstance(node, Symlink):
            return CopyInfo(path, exists=True, is_dir=isinstance(node, Dir))
        path = posixpath.normpath(posixpath.join(split(path)[0], node.target))
    raise ClientError("too many symbolic links in " + path)


def copy_to(
    world: World,
    view: View,
    info: CopyInfo,
    container: Container,
    ref: str,
    path: str,
    *,
    archive: bool,
) -> int:
    """`docker cp SOURCE REF:PATH`; the source was looked at (`source_info`)."""
    target = container_target(world, container, ref, path)
    base = split(info.path)[1]
    entries: Entries = pack(view, info.path, base)
    if info.rebase:
        entries = rename(entries, base, info.rebase)
    directory, prepared = prepare(entries, info, target)
    return put_archive(world, container, ref, directory, prepared, keep_owner=archive)


def container_target(world: World, container: Container, ref: str, path: str) -> CopyInfo:
    """What is known of the destination in a container; a symlink there is followed once."""
    try:
        stat = stat_path(world, container, ref, path)
        if stat.link_target:
            path = posixpath.normpath(posixpath.join(split(path)[0], stat.link_target))
            stat = stat_path(world, container, ref, path)
    except DaemonError as error:
        if error.kind is Kind.NOT_FOUND:
            return CopyInfo(path)
        raise
    if stat.mode & 0o170000 in (0o020000, 0o060000):
        raise ClientError(
            f'destination "{ref}:{path}" must be a directory or a regular file: got a device'
        )
    return CopyInfo(path, exists=True, is_dir=stat.is_dir)


def source_info(view: View, path: str, *, follow: bool) -> CopyInfo:
    """CopyInfoSourcePath: symlinks in the directory part are resolved, the last one with `-L`
    only."""
    path = absolute(path, view.getcwd())
    try:
        if follow:
            real = view.realpath(path)
            rebase = "" if posixpath.basename(real) == split(path)[1] else split(path)[1]
            real = preserve_ending(real, path)
        else:
            directory, base = split(path)
            real = posixpath.join(view.realpath(directory), base)
            rebase = ""
            if path.endswith("/"):
                real = real.rstrip("/") + "/"
        node = view.node(view.resolve(real, follow=path.endswith("/")))
    except FsError as error:
        raise ClientError(path_error("lstat", path, error)) from error
    return CopyInfo(real, exists=True, is_dir=isinstance(node, Dir), rebase=rebase)


def read_archive(
    world: World, container: Container, ref: str, path: str, *, follow: bool
) -> Content:
    """`docker cp REF:PATH -`."""
    rebase = ""
    if follow:
        path, rebase = _followed(world, container, ref, path)
    entries: Entries = archive_of(world, container, ref, path)[0]
    if rebase:
        entries = rename(entries, split(path)[1], rebase)
    return joined(entries)


def joined(entries: Entries) -> Content:
    """Members as one tar."""
    whole = EMPTY
    for part in tar_parts(entries):
        whole = whole.append(part)
    return whole


def write_archive(
    world: World, container: Container, ref: str, path: str, archive: Content, *, keep_owner: bool
) -> None:
    """`docker cp - REF:PATH`."""
    target = container_target(world, container, ref, path)
    if not target.is_dir:
        raise ClientError(f'destination "{ref}:{path}" must be a directory')
    try:
        entries = list(read_members(archive))
    except ArchiveError as error:
        raise DaemonError(str(error), Kind.SYSTEM) from error
    put_archive(world, container, ref, target.path, entries, keep_owner=keep_owner)
