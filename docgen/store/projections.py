"""What each form of driver has on the disk, from the store's model (see `layout.Layout`)."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from docgen.fs.content import Content
from docgen.fs.nodes import Dir
from docgen.oci.ids import hex_of
from docgen.store.driver import Driver, Form
from docgen.store.inspect import files_of, merged_path, short_link
from docgen.store.layers import Cell, Layer, Writable
from docgen.store.layout import Layout
from docgen.store.shelf import Shelf


@dataclass(frozen=True, slots=True)
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
    """The layout of a store, by the driver's form."""
    return _FORMS[shown.driver.form](shown)


def _overlay2(shown: Shown) -> Layout:
    """moby, overlay2/overlay.go: create, Get, Put."""
    home = shown.driver.home
    layout = Layout((home, _image_root(shown.driver)))
    layout.add_dir(home, 0o710)
    layout.add_dir(f"{home}/l", 0o700)
    for cell in shown.shelf.cells():
        _overlay2_directory(layout, shown, cell.number, cell.name, cell.below)
        layout.grafts[files_of(shown.driver, cell.name)] = cell.diff
        if shown.shelf.was_built_on(cell):
            layout.files[f"{home}/{cell.name}/committed"] = (0o600, Content.of(""))
        if cell.below is not None and shown.shelf.owner(cell) is None:
            layout.add_dir(f"{home}/{cell.name}/work/work", 0o000)
    for rw in shown.writables:
        _overlay2_directory(layout, shown, rw.number, rw.directory, rw.below)
        layout.grafts[files_of(shown.driver, rw.directory)] = rw.own
        if rw.below is not None:
            layout.add_dir(f"{home}/{rw.directory}/work/work", 0o000)
        if rw.mounted is not None:
            layout.grafts[merged_path(shown.driver, rw)] = rw.mounted
    _layer_database(layout, shown)
    return layout


def _overlay2_directory(
    layout: Layout, shown: Shown, number: int, name: str, below: Cell | None
) -> None:
    home, link = shown.driver.home, short_link(shown.seed, number)
    layout.add_dir(f"{home}/{name}", 0o710)
    layout.add_file(f"{home}/{name}/link", link)
    layout.links[f"{home}/l/{link}"] = f"../{name}/diff"
    if below is not None:
        layout.add_dir(f"{home}/{name}/work", 0o700)
        lowers = (f"l/{short_link(shown.seed, cell.number)}" for cell in below.stack())
        layout.add_file(f"{home}/{name}/lower", ":".join(lowers))


def _trees(shown: Shown) -> Layout:
    """moby, vfs/driver.go: one whole copy for each layer, init layer and container."""
    home = shown.driver.home
    layout = Layout((posixpath.dirname(home), _image_root(shown.driver)))
    layout.add_dir(posixpath.dirname(home), 0o710)
    layout.add_dir(home, 0o710)
    for cell in shown.shelf.cells():
        layout.grafts[files_of(shown.driver, cell.name)] = shown.shelf.flat(cell)
    for rw in shown.writables:
        layout.grafts[files_of(shown.driver, rw.directory)] = rw.own
    _layer_database(layout, shown)
    return layout


_SPLIT_BYTES: Final = 29
"""About what one header costs in tar-split.json.gz (busybox on a real engine: 8,513 for 295)."""


def _image_root(driver: Driver) -> str:
    return f"/var/lib/docker/image/{driver.shown}/layerdb"


def _layer_database(layout: Layout, shown: Shown) -> None:
    """moby, layer/filestore.go."""
    root = _image_root(shown.driver)
    for path, mode in (("", 0o700), ("/mounts", 0o755), ("/sha256", 0o755), ("/tmp", 0o755)):
        layout.add_dir(root + path, mode)
    for layer in shown.shelf.layers():
        _layer_record(layout, f"{root}/sha256/{hex_of(layer.chain_id)}", layer, shown)
    for rw in shown.writables:
        folder = f"{root}/mounts/{rw.name}"
        layout.add_dir(folder, 0o755)
        layout.add_file(f"{folder}/mount-id", rw.directory)
        if rw.has_init:
            layout.add_file(f"{folder}/init-id", f"{rw.directory}-init")
        if rw.layer is not None:
            layout.add_file(f"{folder}/parent", rw.layer.chain_id)


def _layer_record(layout: Layout, folder: str, layer: Layer, shown: Shown) -> None:
    layout.add_dir(folder, 0o700)
    layout.add_file(f"{folder}/cache-id", layer.cell.name)
    layout.add_file(f"{folder}/diff", layer.diff_id)
    layout.add_file(f"{folder}/size", str(shown.size(layer.cell)))
    names = sum(len(node.entries) for node in layer.diff.inodes.values() if isinstance(node, Dir))
    headers = Content.sealed(_SPLIT_BYTES * names, hex_of(layer.chain_id))
    layout.files[f"{folder}/tar-split.json.gz"] = (0o644, headers)
    if layer.parent is not None:
        layout.add_file(f"{folder}/parent", layer.parent.chain_id)


def _snapshots(shown: Shown) -> Layout:
    """containerd, overlay snapshotter: numbers, `fs` and `work`; blobs; the mounted roots."""
    home = shown.driver.home
    content = "/var/lib/containerd/io.containerd.content.v1.content"
    rootfs = posixpath.dirname(shown.driver.merged)
    layout = Layout((posixpath.dirname(home), content, rootfs))
    layout.add_dir(posixpath.dirname(home), 0o700)
    layout.add_dir(home, 0o700)
    for path in ("", "/blobs", "/blobs/sha256", "/ingest"):
        layout.add_dir(content + path, 0o755)
    layout.add_dir(rootfs, 0o710)
    for digest, blob in shown.blobs.items():
        layout.files[f"{content}/blobs/sha256/{hex_of(digest)}"] = (0o444, blob)
    for cell in shown.shelf.cells():
        _snapshot(layout, home, cell.name, mounted=shown.shelf.owner(cell) is None)
        layout.grafts[files_of(shown.driver, cell.name)] = cell.diff
    for rw in shown.writables:
        _snapshot(layout, home, rw.directory, mounted=True)
        layout.grafts[files_of(shown.driver, rw.directory)] = rw.own
        if rw.mounted is not None:
            layout.grafts[merged_path(shown.driver, rw)] = rw.mounted
    return layout


def _snapshot(layout: Layout, home: str, name: str, *, mounted: bool) -> None:
    """`work` stays after the commit; the kernel puts a directory into it at the first mount."""
    layout.add_dir(f"{home}/{name}", 0o700)
    layout.add_dir(f"{home}/{name}/work", 0o711)
    if mounted:
        layout.add_dir(f"{home}/{name}/work/work", 0o000)


_FORMS: Final[Mapping[Form, Callable[[Shown], Layout]]] = MappingProxyType(
    {Form.OVERLAY2: _overlay2, Form.SNAPSHOTS: _snapshots, Form.TREES: _trees}
)
