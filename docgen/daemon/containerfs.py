"""A container's files, as the daemon opens them for `docker cp` (moby daemon/archive_unix.go)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from docgen.daemon.answers import PathStat
from docgen.daemon.container import Container
from docgen.daemon.cppaths import preserve_ending
from docgen.daemon.errors import DaemonError, Kind, invalid, not_found, system
from docgen.daemon.model import MountType
from docgen.daemon.mountspec import path_error
from docgen.daemon.rootfs import make_mount_point, release_volumes, setup_binds
from docgen.daemon.transfer import Entries, Extract, ExtractError, extract, pack
from docgen.daemon.users import look_up
from docgen.daemon.world import World
from docgen.fs.content import Content
from docgen.fs.errors import Errno, FsError
from docgen.fs.flags import Open
from docgen.fs.namespace import Namespace
from docgen.fs.view import View
from docgen.oci.tarform import Member

_TYPE_BITS: Final = {
    "file": 0o100000,
    "dir": 0o040000,
    "symlink": 0o120000,
    "char": 0o020000,
    "block": 0o060000,
    "fifo": 0o010000,
}


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
