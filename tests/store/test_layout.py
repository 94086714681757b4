"""What lies on the disk, as readable listings in `layouts/`: one file for each driver.

The names and modes are those of a real host (28.5.2). Ids are replaced by what they stand for.
Rewrite with `UPDATE_GOLDENS=1`, then read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from store_hosts import Host, write

from docgen.fs.content import Content
from docgen.fs.filesystem import FileSystem
from docgen.fs.nodes import Dir, File, Meta, Symlink
from docgen.fs.tree import Tree
from docgen.oci.ids import hex_of
from docgen.store.driver import DRIVERS
from docgen.store.inspect import short_link

GOLDENS = Path(__file__).parent / "layouts"


def scene(driver: str) -> tuple[Host, dict[str, str]]:
    """An image of two layers, one running container, one that is created only; names of ids."""
    host = Host(driver)
    note = Tree.build({"/note": File(Meta(), Content.of("hello\n"))})
    copied = host.store.add_layer(host.base, note, "COPY note /")
    running, created = host.create(copied), host.create(copied)
    write(host.view(running), "/data", "x")
    names = {
        hex_of(host.base.chain_id): "<chain of busybox>",
        hex_of(copied.chain_id): "<chain of COPY>",
        hex_of(copied.diff_id): "<diff of COPY>",
        running.name: "<running>",
        created.name: "<created>",
    }
    cells = {
        1: "busybox",
        2: "COPY",
        3: "running-init",
        4: "running",
        5: "created-init",
        6: "created",
    }
    names |= {
        short_link(host.store.seed, number): f"<LINK {name}>" for number, name in cells.items()
    }
    if not host.store.driver.is_containerd:
        names |= {host.base.cell.name: "<cache busybox>", copied.cell.name: "<cache COPY>"}
        names |= {running.directory: "<mount running>", created.directory: "<mount created>"}
    return host, names


def readable(text: str, names: dict[str, str]) -> str:
    for one, name in names.items():
        text = text.replace(one, name)
    return "".join(sorted(text.splitlines(keepends=True)))


@pytest.mark.parametrize("driver", DRIVERS)
def test_the_layout_is_the_recorded_one(driver: str) -> None:
    host, names = scene(driver)
    found = readable(host.store.layout().text(), names)
    golden = GOLDENS / f"{driver}.txt"
    if os.environ.get("UPDATE_GOLDENS"):
        golden.write_text(found, "utf-8")
    assert found == golden.read_text("utf-8")


@pytest.mark.parametrize("driver", DRIVERS)
def test_what_is_mounted_is_seen_live(driver: str) -> None:
    host, _ = scene(driver)
    running, created = host.store.writables()
    layout = host.store.layout()
    mounted = layout.grafts.get(host.store.merged_path(running))
    assert mounted is host.store.mount(running)
    if host.store.driver.is_union:
        assert host.store.merged_path(created) not in layout.grafts
    assert isinstance(layout.grafts[host.store.directory(created)], FileSystem)


@pytest.mark.parametrize("driver", DRIVERS)
def test_each_root_is_a_tree_with_places_for_its_grafts(driver: str) -> None:
    host, _ = scene(driver)
    layout = host.store.layout()
    grafted = set()
    for root in layout.roots:
        tree = layout.tree(root, host.clock.now_ns)
        for path in layout.grafts_in(root):
            grafted.add(path)
            assert isinstance(tree.at(path[len(root) :]), Dir)
    assert grafted == set(layout.grafts)


def test_links_of_overlay2_point_to_their_layers() -> None:
    host, _ = scene("overlay2")
    root = "/var/lib/docker/overlay2"
    tree = host.store.layout().tree(root, 0)
    folder = tree.at("/l")
    assert isinstance(folder, Dir)
    for name in folder.entries:
        link = tree.at(f"/l/{name}")
        assert isinstance(link, Symlink)
        assert f"{root}/{link.target.removeprefix('../')}" in host.store.layout().grafts


def test_every_layer_of_vfs_is_a_whole_tree() -> None:
    """A container costs twice the image: its init layer and its own layer are copies too."""
    host, _ = scene("vfs")
    trees = [graft for path, graft in host.store.layout().grafts.items() if isinstance(graft, Tree)]
    assert len(trees) == 4
    assert all(tree.at("/bin/busybox") is not None for tree in trees)


def test_blobs_lie_in_the_content_store() -> None:
    host = Host("overlayfs")
    digest = host.store.add_blob(Content.of("{}"))
    path = "/var/lib/containerd/io.containerd.content.v1.content/blobs/sha256/" + hex_of(digest)
    assert host.store.layout().files[path] == (0o444, Content.of("{}"))
    host.store.remove_blob(digest)
    host.store.remove_blob(digest)
    assert path not in host.store.layout().files


def test_directories_of_overlay2_keep_their_mark_when_the_container_is_gone() -> None:
    host = Host("overlay2")
    rw = host.create()
    mark = f"/var/lib/docker/overlay2/{host.base.cell.name}/committed"
    host.store.remove_rw(rw)
    assert mark in host.store.layout().files
