"""`docker create`: moby daemon/create.go, in its order, so that what a failure leaves behind is
right."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import Final

from docgen import limits
from docgen.daemon import config as configs
from docgen.daemon import mountspec
from docgen.daemon.container import Container
from docgen.daemon.containerfiles import write_files
from docgen.daemon.errors import DaemonError, Kind, invalid, system
from docgen.daemon.image import ImageRecord
from docgen.daemon.initlayer import init_tree
from docgen.daemon.model import ContainerSpec, MountPoint, MountType
from docgen.daemon.populate import populate
from docgen.daemon.rootfs import root_view
from docgen.daemon.signals import parse_signal
from docgen.daemon.world import World
from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.fs.errors import Errno, FsError
from docgen.fs.tree import EMPTY_TREE, Tree
from docgen.fs.view import View
from docgen.oci.config import RunConfig

_RESTART: Final = ("no", "always", "on-failure", "unless-stopped")


def create(world: World, spec: ContainerSpec) -> Container:
    """A new container. See `Daemon.create` for the errors."""
    if len(world.containers) >= limits.CONTAINERS:
        raise LimitExceeded(f"more than {limits.CONTAINERS} containers", "remove some first")
    _check_spec(world, spec)
    image = world.images.resolve(spec.image)
    config = configs.for_container(spec, image.run_config)
    container_id = world.ids.next()
    name = world.containers.reserve(spec.name, container_id)
    try:
        return _build(world, spec, image, container_id, name, config)
    except BaseException:
        world.containers.release_name(name)
        raise


def _build(
    world: World,
    spec: ContainerSpec,
    image: ImageRecord,
    container_id: str,
    name: str,
    config: RunConfig,
) -> Container:
    below = world.store.full_tree(image.top) if image.top is not None else EMPTY_TREE
    init = init_tree(below, world.clock.tick())
    path, args = configs.program(config)
    container = Container(
        id=container_id,
        name=name,
        spec=spec,
        config=config,
        image=image,
        created_ns=world.clock.tick(),
        rw=world.store.create_rw(container_id, image.top, init),
        path=path,
        args=args,
        warnings=tuple(
            "Image mount is an experimental feature"
            for one in spec.mounts
            if one.type is MountType.IMAGE
        ),
    )
    try:
        container.mounts = register_mounts(world, container)
        _prepare(world, container)
    except BaseException:
        discard_mounts(world, container, volumes=True)
        world.store.remove_rw(container.rw)
        raise
    world.containers.add(container)
    write_files(world, container)
    return container


def _check_spec(world: World, spec: ContainerSpec) -> None:
    """moby verifyContainerSettings: before the image is looked at."""
    if spec.working_dir and not spec.working_dir.startswith("/"):
        raise invalid(
            f"the working directory '{spec.working_dir}' is invalid, "
            "it needs to be an absolute path"
        )
    if spec.stop_signal:
        parse_signal(spec.stop_signal)
    _check_env(spec)
    for mount in spec.mounts:
        if mount.from_mount_flag:
            mountspec.validate(mount, world.view)
    check_restart(spec)
    for mount in spec.mounts:
        if mount.type is MountType.TMPFS and not mount.from_mount_flag:
            problem = mountspec.destination_problem(mount.target)
            if problem:
                raise invalid(problem)
    if spec.storage_options:
        raise NotSimulated("--storage-opt", "leave it out: the host's disk has no quotas")


def _check_env(spec: ContainerSpec) -> None:
    for one in spec.env:
        if not one or one.startswith("="):
            raise invalid(f"invalid environment variable: {one}")


def check_restart(spec: ContainerSpec) -> None:
    """Raises INVALID."""
    policy = spec.restart
    if policy.name not in ("", *_RESTART):
        raise invalid(
            f"invalid restart policy: unknown policy '{policy.name}'; use one of "
            "'no', 'always', 'on-failure', or 'unless-stopped'"
        )
    if policy.maximum_retry_count and policy.name != "on-failure":
        raise invalid(
            "invalid restart policy: maximum retry count can only be used with 'on-failure'"
        )
    if spec.auto_remove and policy.name not in ("", "no"):
        raise invalid("can't create 'AutoRemove' container with restart policy")


# --- mounts -----------------------------------------------------------------------------------


def register_mounts(world: World, container: Container) -> tuple[MountPoint, ...]:
    """moby registerMountPoints: volumes-from, then `-v`, then `--mount`, later ones over earlier
    ones.

    Volumes are made on the way; they stay when a later mount is refused.
    """
    found: dict[str, MountPoint] = {}
    try:
        _volumes_from(world, container, found)
        _binds(world, container, found)
    except BaseException:
        for point in found.values():
            if point.type is MountType.VOLUME:
                world.volumes.release(point.name, container.id)
        raise
    return tuple(found[key] for key in sorted(found))


def _volumes_from(world: World, container: Container, found: dict[str, MountPoint]) -> None:
    for text in container.spec.volumes_from:
        ref, mode = mountspec.parse_volumes_from(text)
        try:
            source = world.containers.get(ref)
        except DaemonError as error:
            raise DaemonError(error.message, Kind.INVALID) from error
        for point in source.mounts:
            if not point.in_mounts:
                continue
            writable = point.rw and "ro" not in mode.split(",")
            copy = replace(point, rw=writable, mode="", copy_data=False)
            if point.type is MountType.VOLUME:
                world.volumes.refer(point.name, container.id)
            _put(world, container, found, copy)


def _binds(world: World, container: Container, found: dict[str, MountPoint]) -> None:
    """`-v` with a source first, then `--mount`; two on one target are an error."""
    mounts = container.spec.mounts
    tmpfs = {
        posixpath.normpath(one.target)
        for one in mounts
        if one.type is MountType.TMPFS and not one.from_mount_flag
    }
    taken: set[str] = set()
    short = [one for one in mounts if not one.from_mount_flag and one.source]
    long = [one for one in mounts if one.from_mount_flag]
    for spec in (*short, *long):
        point = mountspec.mount_point(spec)
        clash = point.destination in taken or (spec in short and point.destination in tmpfs)
        if clash:
            shown = point.destination if spec in short else spec.target
            raise mountspec.duplicate(shown)
        taken.add(point.destination)
        _put(world, container, found, _with_source(world, container, point))
    for spec in mounts:
        if spec.type is MountType.TMPFS and not spec.from_mount_flag:
            found.setdefault(posixpath.normpath(spec.target), mountspec.mount_point(spec))


def _put(
    world: World, container: Container, found: dict[str, MountPoint], point: MountPoint
) -> None:
    before = found.get(point.destination)
    found[point.destination] = point
    if before is not None and before.type is MountType.VOLUME and before.name != point.name:
        world.volumes.release(before.name, container.id)


def _with_source(world: World, container: Container, point: MountPoint) -> MountPoint:
    match point.type:
        case MountType.VOLUME:
            return _with_volume(world, container, point)
        case MountType.IMAGE:
            return _with_image(world, container, point)
        case MountType.BIND | MountType.TMPFS:
            return point


def _with_volume(world: World, container: Container, point: MountPoint) -> MountPoint:
    spec = point.spec
    record = world.volumes.create(
        point.name, spec.volume_driver or "local", spec.volume_options, spec.volume_labels
    )
    world.volumes.refer(record.name, container.id)
    return replace(
        point,
        name=record.name,
        source=record.directory,
        driver=record.driver,
        mode=point.mode or "z",
    )


def _with_image(world: World, container: Container, point: MountPoint) -> MountPoint:
    image = world.images.resolve(point.spec.source)
    name = f"{container.id}-{point.spec.source}"
    layer = world.store.create_rw(name, image.top, EMPTY_TREE)
    world.store.mount(layer)
    container.image_mounts[point.destination] = layer
    return replace(
        point,
        name=point.spec.source,
        source=world.store.merged_path(layer),
        rw=False,
        spec=replace(point.spec, source=image.id),
    )


def discard_mounts(world: World, container: Container, *, volumes: bool) -> None:
    """moby removeMountPoints: let go of volumes (anonymous ones go, with `volumes`) and image
    mounts.

    "Named" means that the mount had a source; who else uses an anonymous volume keeps it.
    """
    for point in container.mounts:
        if point.type is not MountType.VOLUME:
            continue
        world.volumes.release(point.name, container.id)
        gone = volumes and point.anonymous and not world.volumes.users(point.name)
        if gone and world.volumes.find(point.name) is not None:
            world.volumes.remove(point.name)
    for layer in container.image_mounts.values():
        world.store.unmount(layer)
        world.store.remove_rw(layer)
    container.image_mounts.clear()


# --- the root file system ---------------------------------------------------------------------


def _prepare(world: World, container: Container) -> None:
    """moby createContainerOSSpecificSettings: working directory, image and `-v /path` volumes,
    filling."""
    view = root_view(world.store.mount(container.rw))
    try:
        _make_working_directory(world, container, view)
        for target in container.config.volumes:
            _anonymous_volume(world, container, view, posixpath.normpath(target))
        populate(world, container, view)
    finally:
        world.store.unmount(container.rw)


def _make_working_directory(world: World, container: Container, view: View) -> None:
    wanted = container.config.working_dir
    if not wanted:
        return
    path = posixpath.normpath(wanted)
    resource_path(world, container, view, path)
    try:
        view.makedirs(path, 0o755)
    except FsError as error:
        if view.exists(path) and view.stat(path).kind != "dir":
            raise system(f"Cannot mkdir: {wanted} is not a directory") from error
        full = f"{world.store.merged_path(container.rw)}{path}"
        raise system(mountspec.path_error("mkdir", full, error)) from error


def resource_path(world: World, container: Container, view: View, path: str) -> str:
    """Path on the host of a path in the container; raises SYSTEM where a file stands in the way."""
    full = world.store.merged_path(container.rw) + path
    try:
        view.stat(path)
    except FsError as error:
        if error.errno is Errno.ENOTDIR:
            raise system(mountspec.path_error("lstat", full, error)) from error
    return full


def _anonymous_volume(world: World, container: Container, view: View, target: str) -> None:
    if any(point.destination == target and point.in_mounts for point in container.mounts):
        return
    full = resource_path(world, container, view, target)
    if view.exists(target) and view.stat(target).kind != "dir":
        raise system(f"cannot mount volume over existing file, file exists {full}")
    record = world.volumes.create("")
    world.volumes.refer(record.name, container.id)
    point = MountPoint(
        type=MountType.VOLUME,
        destination=target,
        source=record.directory,
        name=record.name,
        driver=record.driver,
        named=False,
        copy_data=True,
    )
    points = {one.destination: one for one in container.mounts}
    points.setdefault(target, point)
    container.mounts = tuple(points[key] for key in sorted(points))


def flattened(world: World, image: ImageRecord) -> Tree:
    """An image's whole tree."""
    return world.store.full_tree(image.top) if image.top is not None else EMPTY_TREE
