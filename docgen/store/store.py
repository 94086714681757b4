"""The store: image layers, init layers and containers' own layers, under one storage driver.

`docker diff`, commits, sizes and the layout on disk follow the driver's row; nothing here knows a
driver by name.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import assert_never

from docgen.fs.changes import Change, apply, compare
from docgen.fs.clock import Clock
from docgen.fs.content import Content
from docgen.fs.filesystem import FileSystem
from docgen.fs.nodes import Dir, Meta
from docgen.fs.plain import PlainFs
from docgen.fs.tree import EMPTY_TREE, Draft, Tree
from docgen.fs.union import UnionFs
from docgen.oci.bytestream import content_digest
from docgen.store import diffs, inspect
from docgen.store.driver import DRIVERS, DiffRule, Driver, RootMount
from docgen.store.layers import Cell, Layer, Writable
from docgen.store.layout import Layout
from docgen.store.measure import Measure
from docgen.store.projections import Shown, project
from docgen.store.shelf import Shelf


def open_store(driver: str, clock: Clock, seed: str) -> Store:
    """A new, empty store. KeyError for a driver that is not in the table."""
    return Store(DRIVERS[driver], clock, seed)


class Store:
    """All layers of one host. Ids follow from `seed` and the order of creation."""

    def __init__(self, driver: Driver, clock: Clock, seed: str) -> None:
        self.driver = driver
        self.seed = seed
        self._clock = clock
        self._shelf = Shelf(driver, seed)
        self._measure = Measure(driver, self._shelf)
        self._writables: dict[str, Writable] = {}
        self._blobs: dict[str, Content] = {}

    # Image layers

    def add_layer(
        self,
        parent: Layer | None,
        diff: Tree,
        created_by: str = "",
        *,
        diff_id: str = "",
        blob: Content | None = None,
        built: bool = False,
        committed_from: Writable | None = None,
    ) -> Layer:
        """The layer that `diff` makes on `parent`; a stack that is there already is one object.

        `diff_id` and `blob` where the layer came as a tar of its own (load, import, base image);
        `built`: made by BuildKit, which names directories in its own way; `committed_from`: the
        container whose init layer the new snapshot stands on (containerd store only).
        Raises StoreError("max depth exceeded"), LimitExceeded.
        """
        below = parent.cell if parent else None
        if committed_from is not None and self.driver.is_containerd:
            below = committed_from.below
        return self._shelf.add_layer(
            parent, diff, created_by, diff_id=diff_id, blob=blob, built=built, below=below
        )

    def layer(self, chain_id: str) -> Layer | None:
        """The layer of that chain id, where it is in the store."""
        return self._shelf.find(chain_id)

    def layers(self) -> Sequence[Layer]:
        """All image layers, in order of creation."""
        return self._shelf.layers()

    def retain(self, layer: Layer) -> None:
        """One more user of this layer: an image. Its parents are held by it."""
        self._shelf.retain(layer)

    def release(self, layer: Layer) -> tuple[Layer, ...]:
        """One user less. Returns the layers that are gone now, topmost first."""
        return self._shelf.release(layer)

    # Containers' own layers

    def create_rw(self, name: str, parent: Layer | None, init: Tree) -> Writable:
        """A container's layer on an image; an init layer between them unless `init` is empty."""
        below = parent.cell if parent else None
        has_init = len(init) > 1
        first = self._shelf.number()
        number = self._shelf.number() if has_init else first
        directory = self._shelf.active_name(number)
        if has_init:
            init_name = self._shelf.init_name(first, directory)
            needed = _without_what_is_there(init, self._shelf.flat(below))
            below = self._shelf.put(Cell(first, init_name, below, needed))
        own = PlainFs(self._first_tree(below), self._clock, fstype=self.driver.backing)
        rw = Writable(name, number, directory, parent, below, has_init, own)
        self._shelf.stand_on(below)
        if parent is not None:
            self._shelf.retain(parent)
        self._writables[name] = rw
        return rw

    def _first_tree(self, below: Cell | None) -> Tree:
        """What it begins with: an empty directory, or (tree family) a copy of what is below."""
        if not self.driver.is_union and below is not None:
            return self._shelf.flat(below)
        now = self._clock.now_ns
        draft = Draft(EMPTY_TREE)
        draft.put("/", Dir(Meta(0o755, 0, 0, now, now, now)))
        return draft.freeze()

    def remove_rw(self, rw: Writable) -> None:
        """Remove a container's layer and its init layer, and let go of the image."""
        del self._writables[rw.name]
        self._shelf.leave(rw.below)
        if rw.layer is not None:
            self._shelf.release(rw.layer)

    def writables(self) -> Sequence[Writable]:
        """Every container's own layer, in order of creation."""
        return tuple(self._writables.values())

    def mount(self, rw: Writable) -> FileSystem:
        """The container's root as a file system: the same object until the last `unmount`."""
        if rw.mounted is None:
            rw.mounted = self._file_system(rw)
        rw.users += 1
        return rw.mounted

    def unmount(self, rw: Writable) -> None:
        """Undo one `mount`; nothing happens when it is not mounted."""
        rw.users = max(rw.users - 1, 0)
        if not rw.users:
            rw.mounted = None

    def _file_system(self, rw: Writable) -> FileSystem:
        if not self.driver.is_union or rw.below is None:
            return rw.own
        return UnionFs([cell.diff for cell in rw.below.stack()], rw.own, self._clock)

    # What they hold

    def full_tree(self, of: Layer | Writable) -> Tree:
        """Everything that is seen at this height of the stack."""
        if isinstance(of, Layer):
            return self._shelf.flat(of.cell)
        own = of.own.snapshot()
        if not self.driver.is_union or of.below is None:
            return own
        return apply(self._shelf.flat(of.below), own)

    def upper_tree(self, rw: Writable) -> Tree:
        """The raw upper directory (union), or the difference to what is below (tree family)."""
        own = rw.own.snapshot()
        if self.driver.is_union:
            return own
        return diffs.by_comparison(self._shelf.flat(rw.below), own, self._clock.now_ns)

    def changes(self, rw: Writable) -> tuple[Change, ...]:
        """`docker diff`, sorted by path; for every driver the comparison of two full views."""
        self._look_at_parent()
        return self.differences(rw)

    def differences(self, rw: Writable) -> tuple[Change, ...]:
        """As `changes`, for an observer: the store stays exactly as it is."""
        return compare(self._shelf.flat(rw.below), self.full_tree(rw))

    def commit_diff(self, rw: Writable) -> Tree:
        """What a commit keeps, as it comes out of its tar; empty where nothing changed."""
        self._look_at_parent()
        found = self._difference(rw)
        return EMPTY_TREE if diffs.is_empty(found) else diffs.as_committed(found)

    def _difference(self, rw: Writable) -> Tree:
        if self.driver.diffs is DiffRule.UPPER:
            return diffs.by_upper(rw.own.snapshot())
        old, new = self._shelf.flat(rw.below), self.full_tree(rw)
        match self.driver.diffs:
            case DiffRule.COMPARE:
                return diffs.by_comparison(old, new, self._clock.now_ns)
            case DiffRule.WALK:
                return diffs.by_walk(old, new, self._clock.now_ns)
            case _:
                assert_never(self.driver.diffs)

    def _look_at_parent(self) -> None:
        """containerd makes a view of the parent snapshot, which uses up a number."""
        if self.driver.is_containerd:
            self._shelf.number()

    # Sizes, in bytes

    def layer_size(self, layer: Layer) -> int:
        """SIZE of its line in `docker history`."""
        return self._measure.cell(layer.cell)

    def rw_size(self, rw: Writable) -> int:
        """SIZE of `docker ps -s`."""
        own = rw.own.snapshot()
        return self._measure.writable(own, self._shelf.flat(rw.below), self.full_tree(rw))

    def root_size(self, rw: Writable) -> int:
        """`virtual` of `docker ps -s`: with all below it; containerd counts the init layer too."""
        if self.driver.is_containerd:
            return self.rw_size(rw) + self._measure.stack(rw.below)
        return self.rw_size(rw) + (self._measure.stack(rw.layer.cell) if rw.layer else 0)

    def image_size(self, layers: Sequence[Layer], content_size: int) -> int:
        """SIZE of `docker images`: a classic store sums the layers, containerd adds the
        compressed content (`content_size`) to the snapshots of the stack."""
        if self.driver.is_containerd:
            return content_size + (self._measure.stack(layers[-1].cell) if layers else 0)
        return sum(self.layer_size(layer) for layer in layers)

    def layers_size(self, images: Collection[str]) -> int:
        """Images SIZE of `docker system df` without content: on the containerd store every
        snapshot, also those of containers; on a classic store every layer that an image holds.
        `images`: their chain ids."""
        if not self.driver.is_containerd:
            layers = (layer for layer in self.layers() if layer.chain_id in images)
            return sum(map(self.layer_size, layers))
        own = sum(self.rw_size(rw) for rw in self._writables.values())
        return own + sum(self._measure.cell(cell) for cell in self._shelf.cells())

    # Content (containerd store)

    def add_blob(self, content: Content, digest: str = "") -> str:
        """Keep a blob; returns its digest (`digest` where the bytes are sealed or not at hand)."""
        name = digest or content_digest(content)
        self._blobs[name] = content
        return name

    def remove_blob(self, digest: str) -> None:
        """Forget a blob that no image refers to; nothing happens where there is none."""
        self._blobs.pop(digest, None)

    # What Docker and the disk say

    def info(self) -> tuple[tuple[str, str], ...]:
        """Lines below `Storage Driver:` in `docker info`."""
        return self.driver.status

    def graph_driver(self, of: Layer | Writable) -> dict[str, str] | None:
        """`.GraphDriver.Data` of inspect, for an image by its topmost layer; None for null."""
        return inspect.graph_driver(self.driver, of)

    def directory(self, of: Layer | Writable) -> str:
        """Where its files lie on the host."""
        name = of.cell.name if isinstance(of, Layer) else of.directory
        return inspect.files_of(self.driver, name)

    def merged_path(self, rw: Writable) -> str:
        """Where the container's root is seen on the host while it is mounted."""
        return inspect.merged_path(self.driver, rw)

    def mount_line(self, rw: Writable) -> RootMount:
        """What /proc/mounts inside the container says of its root."""
        return inspect.mount_line(self.driver, self.seed, rw)

    def layout(self) -> Layout:
        """The driver's part of the host's disk, now."""
        size = self._measure.cell
        return project(
            Shown(self.driver, self.seed, self._shelf, self.writables(), self._blobs, size)
        )


def _without_what_is_there(init: Tree, below: Tree) -> Tree:
    """moby's init layer makes a directory only where it is missing; one that is there and gets
    nothing new is not copied up (daemon/initlayer, MkdirAllAndChown)."""
    draft = Draft(init)
    for path, ino, _ in reversed(tuple(init.walk())):
        directory = draft.directory(ino)
        is_bare = directory is not None and not directory.entries
        if is_bare and path != "/" and isinstance(below.at(path), Dir):
            draft.remove(path)
    return draft.freeze()
