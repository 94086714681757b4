"""`docker cp`: the client's half and the daemon's (docker/cli container/cp.go, moby
daemon/archive_unix.go)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from docgen.daemon.container import Container
from docgen.daemon.cppaths import (
    CopyInfo,
    absolute,
    prepare,
    preserve_ending,
    rename,
    split,
)
from docgen.daemon.errors import ClientError, DaemonError, Kind, invalid, not_found, system
from docgen.daemon.model import MountType, PathStat
from docgen.daemon.mountspec import path_error
from docgen.daemon.rootfs import (
    make_mount_point,
    release_volumes,
    setup_binds,
)
from docgen.daemon.transfer import Entries, Extract, ExtractError, extract, node_at, pack
from docgen.daemon.users import look_up
from docgen.daemon.world import World
from docgen.fs.content import EMPTY, Content
from docgen.fs.errors import Errno, FsError
from docgen.fs.flags import Open
from docgen.fs.namespace import Namespace
from docgen.fs.nodes import Dir, Symlink
from docgen.fs.view import View
from docgen.oci.tarform import Member
from docgen.oci.tarread import ArchiveError, read_members
from docgen.oci.tarstream import tar_parts

_TYPE_BITS: Final = {
    "file": 0o100000,
    "dir": 0o040000,
    "symlink": 0o120000,
    "char": 0o020000,
    "block": 0o060000,
    "fifo": 0o010000,
}
_MAX_LINKS: Final = 10


@contextmanager
def container_view(world: World, container: Container) -> Iterator[View]:
    """moby openContainerFS: the layers with volumes and binds, without tmpfs, /proc, /sys and /dev.

    Also of a container that does not run. Missing mount points are made in the layer.
    """
    namespace = Namespace()
    namespace.mount(world.store.mount(container.rw), "/")
    try:
        view = View(namespace, umask=0)
        for bind in setup_binds(world, container):
            host = world.view
            if bind.fs is not None:
                make_mount_point(view, bind.destination, is_directory=True)
                namespace.mount(bind.fs, bind.destination, root=bind.source, read_only=True)
                continue
            _touch_mount_point(view, bind.destination, is_directory=host.is_dir(bind.source))
            namespace.bind(host, bind.source, bind.destination, read_only=not bind.writable)
        yield view
    finally:
        namespace.unmount_all()
        release_volumes(world, container)
        world.store.unmount(container.rw)


def _touch_mount_point(view: View, path: str, *, is_directory: bool) -> None:
    """Make it, or open a file that is there with O_CREAT: which copies it up, without a
    change. So the
    first `docker cp` of a container that has run leaves /etc/hosts and its like in the layer
    (seen on
    28.5.2: 4.1kB become 12.3kB)."""
    try:
        make_mount_point(view, path, is_directory=is_directory)
    except FsError as error:
        call = "mkdirat" if is_directory else "openat"
        raise system(path_error(call, (error.path or path).lstrip("/"), error)) from error
    if not is_directory:
        view.open(path, Open.WRONLY | Open.CREAT).close()


# --- the daemon's half ------------------------------------------------------------------------


def _missing(path: str, ref: str) -> DaemonError:
    return not_found(f"Could not find the file {path} in container {ref}")


def stat_path(world: World, container: Container, ref: str, path: str) -> PathStat:
    """lstat in the container."""
    with container_view(world, container) as view:
        return _stat(view, _inner(path), path, ref)


def _inner(path: str) -> str:
    """Absolute in the container, ending kept."""
    return preserve_ending(posixpath.normpath(posixpath.join("/", path)), path)


def _stat(view: View, inner: str, path: str, ref: str) -> PathStat:
    try:
        stat = view.stat(inner, follow=False)
    except FsError as error:
        if error.errno is Errno.ENOENT:
            raise _missing(path, ref) from error
        raise system(path_error("lstat", inner, error)) from error
    target = view.readlink(inner) if stat.kind == "symlink" else ""
    return PathStat(
        name=posixpath.basename(inner.rstrip("/")) or "/",
        size=stat.size,
        is_dir=stat.kind == "dir",
        mode=stat.mode | _TYPE_BITS[stat.kind],
        mtime_ns=stat.mtime_ns,
        link_target=target,
    )


def archive_of(
    world: World, container: Container, ref: str, path: str
) -> tuple[list[tuple[Member, Content]], PathStat]:
    """The members of a path, named by its last element (containerArchivePath)."""
    with container_view(world, container) as view:
        inner = _inner(path)
        stat = _stat(view, inner, path, ref)
        base = inner.rstrip("/").rpartition("/")[2]
        return list(pack(view, inner, base)), stat


def put_archive(
    world: World, container: Container, ref: str, path: str, entries: Entries, *, keep_owner: bool
) -> int:
    """Unpack into an existing directory (containerExtractToDir); bytes of the files.

    `keep_owner` is `-a`: files get the container's user, when it has one.
    """
    with container_view(world, container) as view:
        try:
            inner = view.realpath(posixpath.join("/", path))
        except FsError as error:
            if error.errno is Errno.ENOENT:
                raise _missing(path, ref) from error
            raise system(path_error("lstat", path, error)) from error
        if not view.is_dir(inner):
            raise invalid("extraction point is not a directory")
        _check_writable(container, inner)
        owner = None
        if keep_owner and container.config.user:
            user = look_up(view, container.config.user)
            owner = (user.uid, user.gid)
        try:
            return extract(view, inner, entries, Extract(owner=owner))
        except ExtractError as error:
            raise DaemonError(str(error), Kind.SYSTEM) from error
        except FsError as error:
            raise system(path_error("open", error.path or inner, error)) from error


def _check_writable(container: Container, path: str) -> None:
    for point in container.mounts:
        if point.type is MountType.TMPFS and not point.in_mounts:
            continue
        if path == point.destination or path.startswith(f"{point.destination}/"):
            if point.rw:
                return
            raise invalid("mounted volume is marked read-only")
    if container.spec.read_only:
        raise invalid("container rootfs is marked read-only")


# --- the client's half ------------------------------------------------------------------------


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
