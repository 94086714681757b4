"""Filling an empty volume from the image, at create only (moby daemon/create_unix.go
populateVolumes)."""

from __future__ import annotations

from docgen.daemon.container import Container
from docgen.daemon.errors import DaemonError, Kind, system
from docgen.daemon.model import MountPoint, MountType
from docgen.daemon.rootfs import sub_path
from docgen.daemon.transfer import copy_directory
from docgen.daemon.world import World
from docgen.fs.errors import Errno, FsError
from docgen.fs.view import View


def populate(world: World, container: Container, view: View) -> None:
    """`view` shows the container's layers without mounts."""
    for point in container.mounts:
        if point.type is MountType.VOLUME and point.copy_data:
            _populate_one(world, container, view, point)


def _populate_one(world: World, container: Container, view: View, point: MountPoint) -> None:
    try:
        there = view.stat(point.destination)
    except FsError as error:
        if error.errno is Errno.ENOENT:
            return
        raise
    record = world.volumes.get(point.name)
    try:
        world.volume_mounts.mount(record)
    except DaemonError as error:
        raise DaemonError(f"failed to populate volume: {error.message}", Kind.SYSTEM) from error
    try:
        target = sub_path(world.view, point.source, point.spec.subpath)
        if world.view.listdir(target):
            return
        if there.kind != "dir":
            source = world.store.merged_path(container.rw) + point.destination
            raise system(f"source {source} is not directory")
        copy_directory(view, point.destination, world.view, target)
    finally:
        world.volume_mounts.unmount(record)
