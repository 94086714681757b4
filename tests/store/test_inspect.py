"""What `docker inspect`, `docker info` and /proc/mounts say, key for key as 28.5.2 does."""

from __future__ import annotations

import pytest
from store_hosts import Host

from docgen.fs.tree import EMPTY_TREE
from docgen.store.driver import DRIVERS, Driver, table
from docgen.store.inspect import short_link
from docgen.store.store import open_store


def test_overlay2_names_its_directories() -> None:
    host = Host("overlay2")
    rw = host.create()
    base, own = (f"/var/lib/docker/overlay2/{name}" for name in (host.base.cell.name, rw.directory))
    assert host.store.graph_driver(host.base) == {
        "MergedDir": f"{base}/merged",
        "UpperDir": f"{base}/diff",
        "WorkDir": f"{base}/work",
    }
    assert host.store.graph_driver(rw) == {
        "ID": rw.name,
        "LowerDir": f"{own}-init/diff:{base}/diff",
        "MergedDir": f"{own}/merged",
        "UpperDir": f"{own}/diff",
        "WorkDir": f"{own}/work",
    }
    top = host.store.add_layer(host.base, EMPTY_TREE, built=True)
    assert len(top.cell.name) == 25
    data = host.store.graph_driver(top)
    assert data is not None
    assert data["LowerDir"] == f"{base}/diff"


def test_vfs_and_containerd_tell_little() -> None:
    host = Host("vfs")
    rw = host.create()
    assert host.store.graph_driver(host.base) is None
    assert host.store.graph_driver(rw) == {"ID": rw.name}
    assert host.store.merged_path(rw) == host.store.directory(rw)
    host = Host("overlayfs")
    assert host.store.graph_driver(host.create()) is None


def test_proc_mounts_shows_the_layers_of_a_union() -> None:
    host = Host("overlayfs")
    line = host.store.mount_line(host.create())
    home = "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots"
    assert (line.source, line.fstype) == ("overlay", "overlay")
    assert line.options == (
        f"relatime,lowerdir={home}/2/fs:{home}/1/fs,upperdir={home}/3/fs,workdir={home}/3/work"
    )
    host = Host("overlay2")
    rw = host.create()
    links = ":".join(
        f"/var/lib/docker/overlay2/l/{short_link(host.store.seed, number)}" for number in (2, 1)
    )
    assert host.store.mount_line(rw).options.startswith(f"relatime,lowerdir={links},upperdir=")


def test_proc_mounts_shows_a_disk_where_nothing_is_joined() -> None:
    assert Host("vfs").store.mount_line(Host("vfs").create()).fstype == "ext4"


@pytest.mark.parametrize(
    ("driver", "lines"),
    [
        ("overlayfs", ["driver-type: io.containerd.snapshotter.v1"]),
        (
            "overlay2",
            [
                "Backing Filesystem: extfs",
                "Supports d_type: true",
                "Using metacopy: false",
                "Native Overlay Diff: true",
                "userxattr: false",
            ],
        ),
        ("vfs", []),
        ("fuse-overlayfs", []),
        ("btrfs", ["Btrfs: "]),
        ("native", ["driver-type: io.containerd.snapshotter.v1"]),
    ],
)
def test_docker_info_has_the_driver_s_lines(driver: str, lines: list[str]) -> None:
    assert [f"{key}: {value}" for key, value in Host(driver).store.info()] == lines


def test_containerd_numbers_every_snapshot_and_every_view() -> None:
    """Seen on a real host: `docker diff` and `docker commit` use up a number each."""
    host = Host("overlayfs")
    first = host.create()
    assert (host.base.cell.number, first.number) == (1, 3)
    host.diff(first)
    host.store.mount(first)
    host.view(first).mkdir("/made")
    layer = host.commit(first)
    assert layer is not None
    assert layer.cell.number == 6
    assert host.create(layer).number == 8


def test_a_committed_snapshot_stands_on_the_container_s_init_layer() -> None:
    """moby 28.5, daemon/containerd/image_commit.go, applyDiffLayer: prepared on the container's
    parent. So the init layer outlives its container, and the next one copies up less."""
    host = Host("overlayfs")
    rw = host.create()
    host.view(rw).mkdir("/made")
    layer = host.commit(rw)
    assert layer is not None
    host.store.retain(layer)
    host.store.remove_rw(rw)
    assert [cell.number for cell in layer.cell.stack()] == [5, 2, 1]
    again = host.create(layer)
    assert host.store.root_size(again) - host.store.image_size(layer.chain(), 0) == 4096 + 12288
    host.store.remove_rw(again)
    host.store.release(layer)
    assert host.store.layout().grafts.keys() == {host.store.directory(host.base)}


def test_a_driver_s_name_stands_once_in_the_table() -> None:
    rows: list[Driver] = [*DRIVERS.values()]
    with pytest.raises(ValueError, match="two storage drivers are called overlayfs"):
        table([*rows, rows[0]])
    with pytest.raises(KeyError):
        open_store("nosuch", Host("vfs").clock, "")
