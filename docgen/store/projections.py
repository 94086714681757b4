"""What lies on the disk, from the store's model: the driver's own directories, and what the keeper
of images has beside them (see `layout.Layout`)."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from docgen.frozen import frozen
from docgen.fs.content import Content
from docgen.fs.nodes import Dir
from docgen.oci.ids import hex_of
from docgen.store.driver import Driver, Form, Keeper
from docgen.store.inspect import files_of, merged_path, short_link
from docgen.store.layers import Cell, Layer, Writable
from docgen.store.layout import Layout
from docgen.store.shelf import Shelf


@frozen
class Shown:
    """What a projection reads."""

    driver: Driver
    seed: str
    shelf: Shelf
    writables: Sequence[Writable]
    blobs: Mapping[str, Content]
    size: Callable[[Cell], int]
    """Bytes of a layer by the driver's rule."""


def project(shown: Shown) -> Layout:
    """The layout of a store, by the driver's form and keeper."""
    driver = shown.driver
    layout = Layout((driver.root,))
    layout.dirs.update(driver.folders)
    _FORMS[driver.form](layout, shown)
    _KEEPERS[driver.keeper](layout, shown)
    for rw in shown.writables:
        layout.grafts[files_of(driver, rw.directory)] = rw.own
        if rw.mounted is not None:
            layout.grafts[merged_path(driver, rw)] = rw.mounted
    return layout


# The driver's own directories


def _overlay2(layout: Layout, shown: Shown) -> None:
    """moby, overlay2/overlay.go: create, Get, Put."""
    home = shown.driver.home
    for cell in shown.shelf.cells():
        is_init = shown.shelf.owner(cell) is None
        _overlay2_directory(layout, shown, cell.number, cell.name, cell.below, mounted=is_init)
        layout.grafts[files_of(shown.driver, cell.name)] = cell.diff
        if shown.shelf.was_built_on(cell):
            layout.add_file(f"{home}/{cell.name}/committed", "", 0o600)
    for rw in shown.writables:
        _overlay2_directory(layout, shown, rw.number, rw.directory, rw.below, mounted=True)


def _overlay2_directory(
    layout: Layout, shown: Shown, number: int, name: str, below: Cell | None, *, mounted: bool
) -> None:
    """The kernel puts a directory into `work` at the first mount."""
    home, link = shown.driver.home, short_link(shown.seed, number)
    layout.dirs[f"{home}/{name}"] = 0o710
    layout.add_file(f"{home}/{name}/link", link)
    layout.links[f"{home}/l/{link}"] = f"../{name}/diff"
    if below is not None:
        layout.dirs[f"{home}/{name}/work"] = 0o700
        lowers = (f"l/{short_link(shown.seed, cell.number)}" for cell in below.stack())
        layout.add_file(f"{home}/{name}/lower", ":".join(lowers))
        if mounted:
            layout.dirs[f"{home}/{name}/work/work"] = 0o000


def _snapshots(layout: Layout, shown: Shown) -> None:
    """containerd, overlay snapshotter: numbers, each with `fs` and `work`, which stays after the
    commit."""
    home = shown.driver.home
    for cell in shown.shelf.cells():
        _snapshot(layout, home, cell.name, mounted=shown.shelf.owner(cell) is None)
        layout.grafts[files_of(shown.driver, cell.name)] = cell.diff
    for rw in shown.writables:
        _snapshot(layout, home, rw.directory, mounted=True)


def _snapshot(layout: Layout, home: str, name: str, *, mounted: bool) -> None:
    layout.dirs[f"{home}/{name}"] = 0o700
    layout.dirs[f"{home}/{name}/work"] = 0o711
    if mounted:
        layout.dirs[f"{home}/{name}/work/work"] = 0o000


def _trees(layout: Layout, shown: Shown) -> None:
    """moby, vfs and btrfs; containerd, native and btrfs: a whole tree in each directory."""
    for cell in shown.shelf.cells():
        layout.grafts[files_of(shown.driver, cell.name)] = shown.shelf.flat(cell)


_FORMS: Final[Mapping[Form, Callable[[Layout, Shown], None]]] = MappingProxyType(
    {Form.OVERLAY2: _overlay2, Form.SNAPSHOTS: _snapshots, Form.TREES: _trees}
)


# What the keeper has beside them


def _classic(layout: Layout, shown: Shown) -> None:
    """moby, layer/filestore.go."""
    root = f"/var/lib/docker/image/{shown.driver.shown}/layerdb"
    layout.roots = (*layout.roots, root)
    for path, mode in (("", 0o700), ("/mounts", 0o755), ("/sha256", 0o755), ("/tmp", 0o755)):
        layout.dirs[root + path] = mode
    for layer in shown.shelf.layers():
        _layer_record(layout, f"{root}/sha256/{hex_of(layer.chain_id)}", layer, shown)
    for rw in shown.writables:
        folder = f"{root}/mounts/{rw.name}"
        layout.dirs[folder] = 0o755
        layout.add_file(f"{folder}/mount-id", rw.directory)
        if rw.has_init:
            layout.add_file(f"{folder}/init-id", f"{rw.directory}-init")
        if rw.layer is not None:
            layout.add_file(f"{folder}/parent", rw.layer.chain_id)


_SPLIT_BYTES: Final = 29
"""About what one header costs in tar-split.json.gz (busybox on a real engine: 8,513 for 295)."""


def _layer_record(layout: Layout, folder: str, layer: Layer, shown: Shown) -> None:
    layout.dirs[folder] = 0o700
    layout.add_file(f"{folder}/cache-id", layer.cell.name)
    layout.add_file(f"{folder}/diff", layer.diff_id)
    layout.add_file(f"{folder}/size", str(shown.size(layer.cell)))
    names = sum(len(node.entries) for node in layer.diff.inodes.values() if isinstance(node, Dir))
    headers = Content.sealed(_SPLIT_BYTES * names, hex_of(layer.chain_id))
    layout.files[f"{folder}/tar-split.json.gz"] = (0o644, headers)
    if layer.parent is not None:
        layout.add_file(f"{folder}/parent", layer.parent.chain_id)


def _containerd(layout: Layout, shown: Shown) -> None:
    """The content store, and where dockerd mounts the containers' roots."""
    content = "/var/lib/containerd/io.containerd.content.v1.content"
    rootfs = posixpath.dirname(shown.driver.merged)
    layout.roots = (*layout.roots, content, rootfs)
    for path in ("", "/blobs", "/blobs/sha256", "/ingest"):
        layout.dirs[content + path] = 0o755
    layout.dirs[rootfs] = 0o710
    for digest, blob in shown.blobs.items():
        layout.files[f"{content}/blobs/sha256/{hex_of(digest)}"] = (0o444, blob)


_KEEPERS: Final[Mapping[Keeper, Callable[[Layout, Shown], None]]] = MappingProxyType(
    {Keeper.CLASSIC: _classic, Keeper.CONTAINERD: _containerd}
)
