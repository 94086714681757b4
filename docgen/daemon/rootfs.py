"""The file tree of a container: its mounts, in the order in which moby and runc make them."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import Final

from docgen.daemon.container import Container
from docgen.daemon.devices import DEV_BYTES, PTS_OPTIONS, device_fs, small_fs, sys_tree
from docgen.daemon.errors import DaemonError, Kind, system
from docgen.daemon.model import MountPoint, MountSpec, MountType
from docgen.daemon.mountspec import check_tmpfs_options, path_error
from docgen.daemon.tmpfs import from_words, tmpfs, tmpfs_options
from docgen.daemon.world import World
from docgen.frozen import frozen
from docgen.fs.content import EMPTY
from docgen.fs.errors import Errno, FsError
from docgen.fs.filesystem import FileSystem
from docgen.fs.namespace import Namespace
from docgen.fs.plain import PlainFs
from docgen.fs.synthetic import SyntheticFs
from docgen.fs.view import View

NETWORK_FILES: Final = ("resolv.conf", "hostname", "hosts")
"""Bind-mounted from the container's directory, unless the person mounts something there; they exist
from the first start on."""
_NO_DEVICES: Final = "nosuid,nodev,noexec,relatime"
_WRONG_TYPE: Final = (
    ": Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified "
    "host path exists and is the expected type"
)
RUNC: Final = (
    "failed to create task for container: failed to create shim task: OCI runtime create failed: "
    "runc create failed: unable to start container process: "
)


@frozen
class Bind:
    """A mount of something on the host: what `setupMounts` hands over."""

    source: str
    """Host path; for an image mount a path inside `fs`."""
    destination: str
    writable: bool = True
    recursive: bool = True
    recursive_read_only: bool = True
    fs: FileSystem | None = None
    """An image mount's own file system."""


def root_view(root: FileSystem) -> View:
    """The layers alone, without mounts: where the daemon prepares a container."""
    namespace = Namespace()
    namespace.mount(root, "/")
    return View(namespace, umask=0)


def setup_binds(world: World, container: Container) -> list[Bind]:
    """moby setupMounts: mount option volumes, make missing `-v` sources, check sub-paths.

    Sorted as they will be mounted, `/etc/hosts` and its like last. Raises DaemonError; what was
    mounted
    until then has to be undone with `release_volumes`.
    """
    binds = [
        _setup(world, container, point)
        for point in container.mounts
        if point.type is not MountType.TMPFS
    ]
    binds.sort(key=lambda bind: bind.destination.count("/"))
    taken = {bind.destination for bind in binds}
    network = [
        Bind(f"{container.directory}/{name}", f"/etc/{name}", not container.spec.read_only)
        for name in NETWORK_FILES
        if f"/etc/{name}" not in taken
    ]
    return binds + [bind for bind in network if world.view.exists(bind.source)]


def _setup(world: World, container: Container, point: MountPoint) -> Bind:
    match point.type:
        case MountType.VOLUME:
            record = world.volumes.get(point.name)
            world.volume_mounts.mount(record)
            source = sub_path(world.view, point.source, point.spec.subpath)
            return Bind(source, point.destination, point.rw)
        case MountType.IMAGE:
            fs = container.image_mounts[point.destination].mounted
            assert fs is not None, "an image mount is mounted from create to rm"
            return Bind(_image_path(fs, point), point.destination, writable=False, fs=fs)
        case _:
            _make_source(world.view, point)
            kind = point.spec.recursive
            return Bind(
                point.source,
                point.destination,
                point.rw,
                recursive=kind != "disabled",
                recursive_read_only=kind != "writable",
            )


def _image_path(fs: FileSystem, point: MountPoint) -> str:
    namespace = Namespace()
    namespace.mount(fs, "/")
    sub_path(View(namespace), "/", point.spec.subpath, shown=point.source)
    return f"/{point.spec.subpath}"


def sub_path(view: View, base: str, path: str, shown: str = "") -> str:
    """`volume-subpath` must exist. Raises SYSTEM `cannot access path …` (moby
    internal/safepath)."""
    if not path:
        return base
    target = posixpath.join(base, path)
    named = posixpath.join(shown, path) if shown else target
    try:
        view.stat(target)
    except FsError as error:
        raise system(f"cannot access path {named}: {path_error('lstat', named, error)}") from error
    return target


def _make_source(view: View, point: MountPoint) -> None:
    """A missing source of a `-v` becomes a directory, at every start; of a `--mount` it is an
    error."""
    if point.spec.from_mount_flag:
        return
    try:
        view.makedirs(point.source, 0o755)
    except FsError as error:
        if error.errno not in (Errno.ENOTDIR, Errno.EEXIST):
            text = path_error("mkdir", point.source, error)
            raise system(
                f"error while creating mount source path '{point.source}': {text}"
            ) from error


def release_volumes(world: World, container: Container, count: int | None = None) -> None:
    """Unmount option volumes of the first `count` volume mounts (None = all)."""
    volumes = [point for point in container.mounts if point.type is MountType.VOLUME]
    for point in volumes[:count]:
        record = world.volumes.find(point.name)
        if record is not None:
            world.volume_mounts.unmount(record)


# --- a running container ----------------------------------------------------------------------


def check_tmpfs(container: Container) -> None:
    """Raises SYSTEM for a bad `--tmpfs` option, at start."""
    for point in container.mounts:
        if point.type is MountType.TMPFS:
            check_tmpfs_options(point.spec.tmpfs_options)


def assemble(
    world: World, container: Container, root: FileSystem, binds: Sequence[Bind]
) -> Namespace:
    """Everything a process of the container will see. Mount points are made where they are
    missing."""
    namespace = _mounted(world, container, binds, root, root_read_only=False)
    if container.spec.read_only:
        namespace.unmount_all()
        namespace = _mounted(world, container, binds, root, root_read_only=True)
    return namespace


def _mounted(
    world: World,
    container: Container,
    binds: Sequence[Bind],
    root: FileSystem,
    *,
    root_read_only: bool,
) -> Namespace:
    namespace = Namespace()
    line = world.store.mount_line(container.rw)
    namespace.mount(
        root,
        "/",
        source=line.source,
        fstype=line.fstype,
        options=line.options,
        read_only=root_read_only,
    )
    view = View(namespace, umask=0)
    own = {point.destination for point in container.mounts}
    _mount_system(world, container, namespace, own)
    for destination, mount in _in_order(container, binds):
        if isinstance(mount, Bind):
            _mount_bind(world, container, namespace, view, mount)
        else:
            _mount_tmpfs(world, container, namespace, view, destination, mount)
    return namespace


def _in_order(container: Container, binds: Sequence[Bind]) -> list[tuple[str, Bind | MountSpec]]:
    """By depth; tmpfs before binds of the same depth (moby's sort, made stable)."""
    found: list[tuple[str, Bind | MountSpec]] = [
        (point.destination, point.spec)
        for point in sorted(container.mounts, key=lambda one: one.destination)
        if point.type is MountType.TMPFS
    ]
    found += [(bind.destination, bind) for bind in binds]
    return sorted(found, key=lambda one: one[0].count("/"))


def _mount_system(world: World, container: Container, namespace: Namespace, own: set[str]) -> None:
    """/proc, /dev, /sys, /dev/shm, unless the person mounts there (a mount on /dev drops all
    below)."""
    files = dict(world.proc_files(namespace, container.id))
    systems: list[tuple[str, FileSystem, str, str, bool]] = [
        ("/proc", SyntheticFs(files, fstype="proc"), "proc", _NO_DEVICES, False),
        ("/dev", _dev(world), "tmpfs", f"nosuid,size={DEV_BYTES // 1024}k,mode=755", False),
        ("/dev/pts", small_fs(world.clock, "devpts", 0o755), "devpts", PTS_OPTIONS, False),
        ("/sys", PlainFs(sys_tree(), world.clock, fstype="sysfs"), "sysfs", _NO_DEVICES, True),
        ("/dev/mqueue", small_fs(world.clock, "mqueue", 0o1777), "mqueue", _NO_DEVICES, False),
        ("/dev/shm", _shm(world, container), "shm", _shm_options(container), False),
    ]
    view = View(namespace, umask=0)
    for at, fs, source, options, read_only in systems:
        if at in own or ("/dev" in own and at.startswith("/dev/")):
            continue
        make_mount_point(view, at, is_directory=True)
        namespace.mount(fs, at, source=source, options=options, read_only=read_only)


def _dev(world: World) -> PlainFs:
    return device_fs(world.clock)


def _shm(world: World, container: Container) -> PlainFs:
    size = f"size={container.spec.shm_size}"
    return tmpfs(world.clock, from_words([size, "mode=1777"]))


def _shm_options(container: Container) -> str:
    return f"{_NO_DEVICES},size={container.spec.shm_size // 1024}k"


def _mount_tmpfs(
    world: World,
    container: Container,
    namespace: Namespace,
    view: View,
    destination: str,
    spec: MountSpec,
) -> None:
    """A new, empty one at every start.

    runc gives it the mode of a directory that is there already (1777 where there is none), unless
    `mode=` says
    otherwise.
    """
    try:
        options = tmpfs_options(spec)
    except ValueError as error:
        raise _bad_tmpfs(destination, spec) from error
    mode = _mode_there(view, destination)
    make_mount_point(view, destination, is_directory=True)
    fs = tmpfs(world.clock, options, mode)
    namespace.mount(
        fs, destination, source="tmpfs", options=options.text, read_only=options.read_only
    )
    container.tmpfs[destination] = fs


def _bad_tmpfs(destination: str, spec: MountSpec) -> DaemonError:
    """A value that the kernel does not take, in runc's words."""
    words = spec.tmpfs_options.split(",")
    data = ",".join(word for word in words if "=" in word)
    flags = (2 * ("suid" not in words)) | (4 * ("dev" not in words)) | (8 * ("exec" not in words))
    text = (
        f'{RUNC}error during container init: error mounting "tmpfs" to rootfs at "{destination}": '
        f"mount tmpfs:{destination} (via /proc/self/fd/6), flags: {flags:#x}, data: {data}: "
        "invalid argument"
    )
    return DaemonError(text, Kind.INVALID)


def _mode_there(view: View, path: str) -> int:
    try:
        return view.stat(path).mode
    except FsError:
        return 0o1777


def _mount_bind(
    world: World, container: Container, namespace: Namespace, view: View, bind: Bind
) -> None:
    """Raises INVALID in runc's words."""
    is_directory = _is_directory(world, bind)
    try:
        make_mount_point(view, bind.destination, is_directory=is_directory)
    except FsError as error:
        if error.errno is not Errno.EROFS:
            raise _mount_error(bind, error) from error
        path = world.store.merged_path(container.rw) + (error.path or bind.destination)
        what = path_error("mkdir" if is_directory else "open", path, error)
        raise _not_mounted(bind, what) from error
    try:
        if bind.fs is not None:
            namespace.mount(bind.fs, bind.destination, root=bind.source, read_only=True)
        else:
            namespace.bind(
                world.view,
                bind.source,
                bind.destination,
                read_only=not bind.writable,
                recursive=bind.recursive,
                recursive_read_only=bind.recursive_read_only,
            )
    except FsError as error:
        raise _mount_error(bind, error) from error


def _is_directory(world: World, bind: Bind) -> bool:
    if bind.fs is not None:
        namespace = Namespace()
        namespace.mount(bind.fs, "/")
        return View(namespace).stat(bind.source).kind == "dir"
    return world.view.stat(bind.source).kind == "dir"


def _mount_error(bind: Bind, error: FsError) -> DaemonError:
    text = (
        f"mount {bind.source}:{bind.destination} (via /proc/self/fd/6), "
        f"flags: {0x5000 if bind.recursive else 0x1000:#x}: {error.errno.value.lower()}"
    )
    return _not_mounted(bind, text + (_WRONG_TYPE if error.errno is Errno.ENOTDIR else ""))


def _not_mounted(bind: Bind, reason: str) -> DaemonError:
    text = f'error mounting "{bind.source}" to rootfs at "{bind.destination}": {reason}'
    return DaemonError(f"{RUNC}error during container init: {text}", Kind.INVALID)


def make_mount_point(view: View, path: str, *, is_directory: bool) -> None:
    """runc createIfNotExists: directories 755, an empty file 755; what is there stays."""
    if view.exists(path):
        return
    if is_directory:
        view.makedirs(path, 0o755)
        return
    view.makedirs(posixpath.dirname(path), 0o755)
    view.write_file(path, EMPTY, 0o755)
