"""One suite for every storage driver: what all of them promise, whatever lies on the disk.

The words are those of containerd's snapshot suite and moby's graphtest: base, next layer, run.
"""

from __future__ import annotations

import pytest
from store_hosts import Act, Host, append, init_tree, perform, remove, write

from docgen.diagnostics import LimitExceeded
from docgen.fs.changes import apply
from docgen.fs.content import Content
from docgen.fs.nodes import Dir, File, Meta
from docgen.fs.tree import EMPTY_TREE, Tree
from docgen.oci.ids import EMPTY_TAR, chain_id
from docgen.oci.layer import layer_tar
from docgen.store.driver import DRIVERS
from docgen.store.errors import StoreError
from docgen.store.store import open_store


@pytest.fixture(params=list(DRIVERS))
def host(request: pytest.FixtureRequest) -> Host:
    return Host(request.param)


def one_file(name: str, text: str = "x") -> Tree:
    return Tree.build({f"/{name}": File(Meta(), Content.of(text))})


def test_a_stack_has_the_chain_id_of_its_layers(host: Host) -> None:
    top = host.store.add_layer(host.base, one_file("a"), "RUN a")
    assert top.chain_id == chain_id([host.base.diff_id, top.diff_id])
    assert top.diff_id == layer_tar(one_file("a")).diff_id
    assert [layer.created_by for layer in top.chain()] == ["busybox", "RUN a"]
    assert (host.base.depth, top.depth) == (1, 2)


def test_the_same_stack_is_the_same_layer(host: Host) -> None:
    first = host.store.add_layer(host.base, one_file("a"), "RUN a")
    again = host.store.add_layer(host.base, one_file("a"), "COPY a")
    alone = host.store.add_layer(None, one_file("a"), "COPY a")
    assert first is again
    assert alone is not first
    assert alone.diff_id == first.diff_id
    assert host.store.layers() == (host.base, first, alone)


def test_an_empty_layer_has_the_known_diff_id(host: Host) -> None:
    assert host.store.add_layer(host.base, EMPTY_TREE, "RUN true").diff_id == EMPTY_TAR


def test_upper_layers_hide_lower_ones(host: Host) -> None:
    changes = Tree.build({"/etc/passwd": File(Meta(), Content.of("mine\n"))})
    top = host.store.add_layer(host.base, changes, "")
    view = host.view(host.create(top))
    assert view.read_file("/etc/passwd").text() == "mine\n"
    assert view.exists("/etc/group")


def test_a_layer_goes_with_its_last_user_and_takes_its_parents_along(host: Host) -> None:
    store = host.store
    middle = store.add_layer(host.base, one_file("a"))
    top = store.add_layer(middle, one_file("b"))
    store.retain(top)
    store.retain(middle)
    assert store.release(top) == (top,)
    assert store.release(middle) == (middle,)
    assert store.layers() == (host.base,)


def test_a_container_keeps_its_image_s_layers(host: Host) -> None:
    top = host.store.add_layer(host.base, one_file("a"))
    host.store.retain(top)
    rw = host.create(top)
    assert host.store.release(top) == ()
    host.store.remove_rw(rw)
    assert host.store.layers() == (host.base,)
    assert host.store.writables() == ()


def test_a_removed_container_leaves_no_trace_on_the_disk(host: Host) -> None:
    before = host.store.layout().text()
    rw = host.create()
    write(host.view(rw), "/f", "x")
    host.store.unmount(rw)
    assert host.store.layout().text() != before
    host.store.remove_rw(rw)
    after = host.store.layout().text()
    assert [line for line in after.splitlines() if "committed" not in line] == [
        line for line in before.splitlines() if "committed" not in line
    ]


def test_a_mounted_container_is_one_file_system(host: Host) -> None:
    rw = host.create()
    first, second = host.store.mount(rw), host.store.mount(rw)
    assert first is second
    host.store.unmount(rw)
    assert host.store.mount(rw) is first


def test_what_is_written_survives_unmounting(host: Host) -> None:
    rw = host.create()
    write(host.view(rw), "/srv-note", "kept\n")
    remove(host.view(rw), "/var/www")
    host.store.unmount(rw)
    host.store.unmount(rw)
    view = host.view(rw)
    assert view.read_file("/srv-note").text() == "kept\n"
    assert not view.exists("/var/www")


def test_containers_of_one_image_do_not_see_each_other(host: Host) -> None:
    one, two = host.create(), host.create()
    append(host.view(one), "/etc/passwd", "one\n" * 2_000)
    assert "one" not in host.view(two).read_file("/etc/passwd").text()
    assert host.store.rw_size(one) > host.store.rw_size(two)


def test_the_init_layer_is_seen_and_is_no_change(host: Host) -> None:
    rw = host.create()
    view = host.view(rw)
    assert view.stat("/etc/hosts").mode == 0o755
    assert view.readlink("/etc/mtab") == "/proc/mounts"
    assert host.diff(rw) == []
    assert host.commit(rw) is None


def test_the_init_layer_hides_the_image_s_own_files(host: Host) -> None:
    own = Tree.build({"/etc/hosts": File(Meta(), Content.of("127.0.0.1 image\n"))})
    rw = host.create(host.store.add_layer(host.base, own))
    assert host.view(rw).read_file("/etc/hosts").size == 0
    assert host.diff(rw) == []


def test_a_layer_without_init_shows_just_the_image(host: Host) -> None:
    rw = host.store.create_rw("image-mount", host.base, EMPTY_TREE)
    assert host.view(rw).listdir("/") == ["bin", "dev", "etc", "home", "root", "tmp", "usr", "var"]
    host.store.remove_rw(rw)
    assert host.store.layers() == (host.base,)


def test_a_container_needs_no_image(host: Host) -> None:
    rw = host.store.create_rw("scratch", None, init_tree())
    view = host.view(rw)
    assert view.listdir("/etc") == ["hostname", "hosts", "mtab", "resolv.conf"]
    write(view, "/a", "x")
    assert host.diff(rw) == ["A /a"]
    layer = host.commit(rw)
    assert layer is not None
    assert layer.parent is None


CHANGES: dict[str, tuple[list[Act], list[str] | None]] = {
    "added": ([("write", "/new")], ["A /new"]),
    "changed": ([("append", "/etc/group")], ["C /etc", "C /etc/group"]),
    "deleted": ([("rm", "/etc/group")], ["C /etc", "D /etc/group"]),
    "directory deleted": ([("rm", "/etc/network")], ["C /etc", "D /etc/network"]),
    "rewritten": (
        [("rm", "/etc/group"), ("write", "/etc/group")],
        ["C /etc", "C /etc/group"],
    ),
    "file becomes directory": (
        [("rm", "/etc/group"), ("mkdir", "/etc/group"), ("write", "/etc/group/n")],
        ["C /etc", "C /etc/group", "A /etc/group/n"],
    ),
    "directory becomes file": (
        [("rm", "/etc/network"), ("write", "/etc/network")],
        ["C /etc", "C /etc/network"],
    ),
    "directory made again": (
        [("rm", "/etc/network"), ("mkdir", "/etc/network"), ("write", "/etc/network/m")],
        [
            "C /etc",
            "C /etc/network",
            "D /etc/network/if-down.d",
            "D /etc/network/if-post-down.d",
            "D /etc/network/if-pre-up.d",
            "D /etc/network/if-up.d",
            "A /etc/network/m",
        ],
    ),
    "mode of an applet": ([("chmod", "/bin/ls")], None),
    "came and went": ([("write", "/tmp/x"), ("rm", "/tmp/x")], []),
}
"""As recorded on every variant of 28.5.2 (the lines of `docker diff`, sorted by path)."""


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_the_same_under_every_driver(host: Host, name: str) -> None:
    acts, expected = CHANGES[name]
    rw = host.create()
    perform(host.view(rw), acts)
    if expected is not None:
        assert host.diff(rw) == expected
    else:  # a broken hard link on a union, one inode of all names on a tree
        assert len(host.diff(rw)) == (2 if host.store.driver.is_union else 270)


@pytest.mark.parametrize("name", CHANGES)
def test_a_committed_layer_gives_the_container_s_view_again(host: Host, name: str) -> None:
    acts, _ = CHANGES[name]
    rw = host.create()
    perform(host.view(rw), acts)
    layer = host.commit(rw)
    if layer is None:
        return
    seen, again = host.store.full_tree(rw), host.store.full_tree(host.create(layer))
    assert _names(seen) == _names(again)
    assert _names(apply(host.store.full_tree(host.base), layer.diff)) <= _names(seen)


def _names(tree: Tree) -> set[tuple[str, str, int, str]]:
    return {
        (path, type(node).__name__, node.meta.mode, _data(node)) for path, _, node in tree.walk()
    }


def _data(node: object) -> str:
    return node.content.sha256() if isinstance(node, File) else ""


def test_a_file_called_like_a_whiteout_becomes_one_by_a_commit(host: Host) -> None:
    """Seen on all variants: `echo trick > /etc/.wh.group`, commit: /etc/group is gone."""
    rw = host.create()
    write(host.view(rw), "/etc/.wh.group", "trick\n")
    assert host.diff(rw) == ["C /etc", "A /etc/.wh.group"]
    layer = host.commit(rw)
    assert layer is not None
    view = host.view(host.create(layer))
    assert not view.exists("/etc/group")
    assert not view.exists("/etc/.wh.group")


def test_a_commit_keeps_whole_seconds_and_no_user_attributes(host: Host) -> None:
    rw = host.create()
    view = host.view(rw)
    write(view, "/f", "x")
    view.setxattr("/f", "user.note", b"mine")
    view.setxattr("/f", "security.capability", b"\1\0\0\2" + bytes(16))
    layer = host.commit(rw)
    assert layer is not None
    node = layer.diff.at("/f")
    assert node is not None
    assert node.meta.mtime_ns % 10**9 == 0
    assert [name for name, _ in node.meta.xattrs] == ["security.capability"]


def test_sizes_of_an_image_add_up(host: Host) -> None:
    store = host.store
    top = store.add_layer(host.base, one_file("a", "x" * 10_000))
    layers = top.chain()
    content = 5_000
    expected = sum(store.layer_size(layer) for layer in layers)
    expected += content if store.driver.is_containerd else 0
    assert store.image_size(layers, content) == expected
    assert store.image_size((), 0) == 0


def test_layers_are_counted_once_on_the_whole_host(host: Host) -> None:
    store = host.store
    store.add_layer(host.base, one_file("a", "x" * 10_000))
    both = sum(store.layer_size(layer) for layer in store.layers())
    chains = [layer.chain_id for layer in store.layers()]
    assert store.layers_size(chains) == both
    host.create()
    assert (store.layers_size(chains) > both) == store.driver.is_containerd


def test_ids_follow_from_the_seed(host: Host) -> None:
    again = Host(host.store.driver.name)
    assert host.store.directory(host.base) == again.store.directory(again.base)
    other = open_store(host.store.driver.name, host.clock, "another.md")
    layer = other.add_layer(None, one_file("a"))
    same_name = other.directory(layer) == host.store.directory(host.base)
    assert same_name == host.store.driver.is_containerd


def test_an_image_is_not_deeper_than_the_driver_allows(host: Host) -> None:
    layer, deepest = host.base, host.store.driver.deepest
    for number in range(124):
        layer = host.store.add_layer(layer, one_file(f"f{number}", str(number)))
    assert layer.depth == 125
    assert host.view(host.create(layer)).exists("/f0")
    if deepest is None:
        assert host.store.add_layer(layer, one_file("one-more")).depth == 126
        return
    with pytest.raises(StoreError, match="max depth exceeded"):
        host.store.add_layer(layer, one_file("one-more"))


def test_a_page_has_a_limit_of_files(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docgen.store.shelf.INODES", 400)
    many = Tree.build({f"/d/{number}": File() for number in range(400)})
    with pytest.raises(LimitExceeded, match="more than 400 files in all layers"):
        host.store.add_layer(host.base, many)


def test_hashing_is_limited_over_all_layers(host: Host) -> None:
    def big(name: str) -> Tree:
        return Tree.build({f"/{name}": File(Meta(), Content.fill(0, (2 << 30) + 1))})

    host.store.add_layer(host.base, big("a"), diff_id=EMPTY_TAR)  # a known digest costs nothing
    with pytest.raises(LimitExceeded, match="hashing"):
        host.store.add_layer(host.base, Tree.build({"/h": File(Meta(), Content.hole(5 << 30))}))


def test_the_raw_upper_directory_shows_the_driver_s_marks(host: Host) -> None:
    rw = host.create()
    view = host.view(rw)
    remove(view, "/etc/network")
    view.mkdir("/etc/network")
    upper = host.store.upper_tree(rw)
    node = upper.at("/etc/network")
    assert isinstance(node, Dir)
    assert node.opaque == host.store.driver.is_union
    gone = upper.at("/etc/network/if-up.d")
    assert (gone is None) == host.store.driver.is_union


def test_a_view_shares_what_it_does_not_change(host: Host) -> None:
    """A container costs what it changes: the trees share the image's inodes."""
    rw = host.create()
    write(host.view(rw), "/note", "x")
    full, below = host.store.full_tree(rw), host.store.full_tree(host.base)
    assert len(full.inodes.differing(below.inodes)) < 20
