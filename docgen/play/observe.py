"""The simulated host as a snapshot: everything it stores at this moment.

Frozen trees are turned into entries once, so a step costs what it changed. Observing changes
nothing: in particular it takes no number from the store and no tick from the clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from docgen.daemon.container import Container
from docgen.daemon.image import ImageRecord
from docgen.daemon.model import MountPoint, MountType, VolumeRecord
from docgen.daemon.world import World
from docgen.fs.nodes import Dir, File, is_whiteout
from docgen.fs.plain import PlainFs
from docgen.fs.tree import Tree
from docgen.play.disk import Disk
from docgen.play.entries import Entries, entries_below
from docgen.play.hostpaths import HostPaths
from docgen.play.places import Place, hidden_under, seen
from docgen.record import snapshot as shown
from docgen.record.snapshot import ContainerStatus, Mark, MountKind, Snapshot
from docgen.store.layers import Layer

SECOND_NS: Final = 1_000_000_000


class Observer:
    """Takes the snapshots of one host."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._entries = Entries()
        self._host_paths = HostPaths(world.filesystem.snapshot())
        self._disk = Disk(world)
        self._layers: dict[str, shown.Layer] = {}
        self._containers: dict[str, tuple[Tree, shown.Writable]] = {}

    def observe(self) -> Snapshot:
        world = self._world
        tree = world.filesystem.snapshot()
        containers = tuple(world.containers)
        return Snapshot(
            driver=world.driver,
            time=world.clock.now_ns // SECOND_NS,
            layers=tuple(self._layer(layer) for layer in world.store.layers()),
            images=tuple(self._image(image) for image in world.images.all()),
            containers=tuple(self._container(tree, one) for one in containers),
            volumes=self._volumes(tree),
            host_paths=self._host_paths.of(tree, _binds(containers)),
            disk=self._disk.lines(tree),
        )

    # Images

    def _layer(self, layer: Layer) -> shown.Layer:
        known = self._layers.get(layer.chain_id)
        if known is None:
            store = self._world.store
            known = self._layers[layer.chain_id] = shown.Layer(
                key=layer.chain_id,
                diff_id=layer.diff_id,
                parent=layer.parent.chain_id if layer.parent else "",
                created_by=layer.created_by,
                size=store.layer_size(layer),
                directory=store.directory(layer),
                entries=self._entries.of(layer.diff),
            )
        return known

    def _image(self, image: ImageRecord) -> shown.Image:
        return shown.Image(
            id=image.id,
            names=self._world.images.names_of(image.id),
            layers=tuple(layer.chain_id for layer in image.layers),
            size=self._world.store.image_size(image.layers, image.content_size),
        )

    # Containers

    def _container(self, tree: Tree, container: Container) -> shown.Container:
        upper = self._world.store.upper_tree(container.rw)
        lower = self._lower(container)
        places = [Place("writable", upper), *lower]
        mounts = tuple(self._mount(container, point, places) for point in container.mounts)
        state = container.state
        return shown.Container(
            id=container.id,
            name=container.name,
            image=container.image.id,
            image_name=container.spec.image,
            status=ContainerStatus(state.status.value),
            exit_code=state.exit_code,
            layers=tuple(layer.chain_id for layer in container.image.layers),
            writable=self._writable(container, upper, lower),
            mounts=mounts,
            seen=seen(places, mounts),
            log_size=_file_size(tree, container.log_path),
            auto_remove=container.spec.auto_remove,
            read_only=container.spec.read_only,
        )

    def _lower(self, container: Container) -> list[Place]:
        rw = container.rw
        init = [Place("init", rw.below.diff)] if rw.has_init and rw.below else []
        layers = reversed(container.image.layers)
        return [*init, *(Place(layer.chain_id, layer.diff) for layer in layers)]

    def _writable(
        self, container: Container, upper: Tree, lower: Sequence[Place]
    ) -> shown.Writable:
        known = self._containers.get(container.id)
        if known is not None and known[0] is upper:
            return known[1]
        store = self._world.store

        def is_below(path: str) -> bool:
            return any(_is_file(place.tree, path) for place in lower)

        changes = store.differences(container.rw)
        writable = shown.Writable(
            entries=entries_below(upper, upper.root, is_below),
            changes=tuple(shown.Change(Mark(one.kind), one.path) for one in changes),
            size=store.rw_size(container.rw),
            directory=store.directory(container.rw),
        )
        self._containers[container.id] = (upper, writable)
        return writable

    def _mount(
        self, container: Container, point: MountPoint, places: Sequence[Place]
    ) -> shown.Mount:
        memory = container.tmpfs.get(point.destination)
        tree = memory.snapshot() if memory is not None else None
        return shown.Mount(
            kind=MountKind(point.type.value),
            source=point.name or point.source,
            target=point.destination,
            read_only=not point.rw,
            anonymous=point.anonymous,
            subpath=point.spec.subpath,
            entries=self._entries.of(tree) if tree is not None else (),
            hides=hidden_under(places, point.destination),
        )

    # Volumes

    def _volumes(self, tree: Tree) -> tuple[shown.Volume, ...]:
        volumes = [self._volume(tree, record) for record in self._world.volumes]
        return tuple(sorted(volumes, key=lambda one: (one.anonymous, one.name)))

    def _volume(self, tree: Tree, record: VolumeRecord) -> shown.Volume:
        entries = self._volume_entries(tree, record)
        return shown.Volume(
            name=record.name,
            anonymous=record.anonymous,
            driver=record.driver,
            options=tuple(sorted((record.options or {}).items())),
            labels=tuple(sorted((record.labels or {}).items())),
            directory=record.directory,
            entries=entries,
            size=_total(entries),
            used_by=self._users(record.name),
        )

    def _volume_entries(self, tree: Tree, record: VolumeRecord) -> tuple[shown.Entry, ...]:
        """Of the directory; while a volume with options is used, of what is mounted there."""
        mounts = self._world.namespace.mounts() if record.options else ()
        for mount in reversed(mounts):
            if mount.target == record.directory and isinstance(mount.fs, PlainFs):
                return entries_below(mount.fs.snapshot(), mount.root)
        ino = tree.lookup(record.directory)
        return () if ino is None else entries_below(tree, ino)

    def _users(self, volume: str) -> tuple[str, ...]:
        return tuple(
            container.id
            for container in self._world.containers
            if any(p.name == volume and p.type is MountType.VOLUME for p in container.mounts)
        )


def _binds(containers: Sequence[Container]) -> dict[str, tuple[str, ...]]:
    """Host path → the containers that bind it."""
    found: dict[str, tuple[str, ...]] = {}
    for container in containers:
        for point in container.mounts:
            if point.type is MountType.BIND and container.id not in found.get(point.source, ()):
                found[point.source] = (*found.get(point.source, ()), container.id)
    return found


def _is_file(tree: Tree, path: str) -> bool:
    node = tree.at(path)
    return node is not None and not isinstance(node, Dir) and not is_whiteout(node)


def _total(entries: Sequence[shown.Entry]) -> int:
    """Bytes of the files, a hard-linked one once."""
    return sum({entry.inode or entry.path: entry.size for entry in entries}.values())


def _file_size(tree: Tree, path: str) -> int:
    node = tree.at(path)
    return node.content.size if isinstance(node, File) else 0
