"""The canonical tar: order, forms, digests; and back to the same tree."""

import io
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.diagnostics import LimitExceeded
from docgen.fs.content import Content
from docgen.fs.nodes import Device, Dir, Fifo, File, Meta, Node, Symlink, Whiteout
from docgen.fs.tree import EMPTY_TREE, Tree
from docgen.oci.ids import EMPTY_TAR
from docgen.oci.layer import layer_tar
from docgen.oci.tarread import read_members
from docgen.oci.unpack import tree_of, unpack

AT = 1_700_000_000 * 10**9


def meta(mode: int, uid: int = 0, gid: int = 0) -> Meta:
    return Meta(mode, uid, gid, AT, AT, AT)


def text(content: str, mode: int = 0o644) -> File:
    return File(meta(mode), Content.of(content))


def listing(tree: Tree) -> list[str]:
    """The archive as `tar -tv` would show it, by Python's own reader."""
    data = layer_tar(tree).content().to_bytes()
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
        return [
            f"{one.type.decode()} {one.mode:o} {one.uid}/{one.gid} {one.size} {one.name}"
            + (f" -> {one.linkname}" if one.linkname else "")
            for one in tar.getmembers()
        ]


def test_nothing_is_the_empty_tar() -> None:
    assert layer_tar(EMPTY_TREE).diff_id == EMPTY_TAR
    assert layer_tar(EMPTY_TREE).size == 1024


def test_order_is_depth_first_by_name_as_go_walks() -> None:
    tree = Tree.build({path: text("x") for path in ("/a/b", "/a-b", "/a.b", "/B", "/a/a")})
    assert [row.split()[-1] for row in listing(tree)] == ["B", "a", "a/a", "a/b", "a-b", "a.b"]


def test_every_kind_of_inode_has_its_form() -> None:
    nodes: dict[str, Node] = {
        "/d": Dir(meta(0o1777, 1, 2)),
        "/d/f": text("hello", 0o4755),
        "/d/gone": Whiteout(meta(0)),
        "/d/l": Symlink(meta(0o777), "../x"),
        "/dev/null": Device(meta(0o666), True, 1, 3),
        "/dev/sda": Device(meta(0o660, 0, 6), False, 8, 0),
        "/dev/p": Fifo(meta(0o600)),
        "/o": Dir(meta(0o750), opaque=True),
        "/o/new": text(""),
    }
    tree = Tree.build(nodes, {"/d/again": "/d/f"})
    assert listing(tree) == [
        "5 1777 1/2 0 d",
        "0 4755 0/0 5 d/again",
        "1 4755 0/0 0 d/f -> d/again",
        "0 600 0/0 0 d/.wh.gone",
        "2 777 0/0 0 d/l -> ../x",
        "5 755 0/0 0 dev",
        "3 666 0/0 0 dev/null",
        "6 600 0/0 0 dev/p",
        "4 660 0/6 0 dev/sda",
        "5 750 0/0 0 o",
        "0 750 0/0 0 o/.wh..wh..opq",
        "0 644 0/0 0 o/new",
    ]


def test_times_are_cut_to_seconds_and_overlay_s_own_attributes_left_out() -> None:
    odd = Meta(0o644, 0, 0, AT + 999, AT, AT, (("trusted.overlay.origin", b"x"), ("user.a", b"1")))
    plain = Meta(0o644, 0, 0, AT, AT + 5, AT, (("user.a", b"1"),))
    one, two = (Tree.build({"/f": File(m, Content.of("x"))}) for m in (odd, plain))
    assert layer_tar(one).diff_id == layer_tar(two).diff_id
    assert layer_tar(one).diff_id != layer_tar(Tree.build({"/f": text("x")})).diff_id


def test_a_hole_is_zeros_in_a_tar() -> None:
    hole, zeros = (
        Tree.build({"/f": File(meta(0o644), content)})
        for content in (Content.hole(5 << 20), Content.fill(0, 5 << 20))
    )
    assert layer_tar(hole).diff_id == layer_tar(zeros).diff_id


def test_long_runs_are_hashed_without_being_held() -> None:
    tree = Tree.build({"/big": File(meta(0o644), Content.fill(0, 64 << 20))})
    assert layer_tar(tree).size == (64 << 20) + 512 + 1024
    assert len(layer_tar(tree).content().extents) <= 3


def test_more_than_a_page_may_hash_is_refused() -> None:
    tree = Tree.build({"/big": File(meta(0o644), Content.hole(5 << 30))})
    with pytest.raises(LimitExceeded, match="hashing"):
        _ = layer_tar(tree).diff_id


def test_sealed_bytes_give_a_stable_id_of_their_own() -> None:
    def sealed(sha: str) -> str:
        node = File(meta(0o755), Content.sealed(100, sha * 64))
        return layer_tar(Tree.build({"/bin/x": node})).diff_id

    assert sealed("a") == sealed("a") != sealed("b")


def same(one: Tree, two: Tree) -> bool:
    """Equal but for inode numbers: names, nodes, and which names share an inode."""

    def shape(tree: Tree) -> list[tuple[object, ...]]:
        first: dict[int, str] = {}
        return [
            (path, first.setdefault(ino, path), node.meta, getattr(node, "opaque", None))
            + ((node.content,) if isinstance(node, File) else ())
            + ((node.target,) if isinstance(node, Symlink) else ())
            for path, ino, node in tree.walk()
            if path != "/"
        ]

    return shape(one) == shape(two)


NAMES = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="/"),
    min_size=1,
    max_size=12,
).filter(lambda name: name not in (".", "..") and not name.startswith(".wh."))
METAS = st.builds(
    Meta,
    mode=st.integers(0, 0o7777),
    uid=st.integers(0, 2**31),
    gid=st.integers(0, 2**31),
    mtime_ns=st.just(AT),
    atime_ns=st.just(AT),
    ctime_ns=st.just(AT),
)
LEAVES = st.one_of(
    st.builds(File, METAS, st.binary(max_size=600).map(Content.of)),
    st.builds(Symlink, METAS, NAMES),
    st.builds(Fifo, METAS),
    st.builds(Device, METAS, st.booleans(), st.integers(1, 99), st.integers(0, 99)),
    st.builds(Dir, METAS, opaque=st.booleans()),
)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.lists(NAMES, min_size=1, max_size=3).map("/".join), LEAVES, max_size=8))
def test_a_tree_survives_its_tar(nodes: dict[str, Node]) -> None:
    tops = {path for path in nodes if not any(path.startswith(f"{other}/") for other in nodes)}
    tree = Tree.build({f"/{path}": nodes[path] for path in tops})
    again = unpack(layer_tar(tree).content())
    parents = {path for path, _, node in tree.walk() if isinstance(node, Dir)}
    assert {path for path, _, _ in again.walk()} == {path for path, _, _ in tree.walk()}
    assert layer_tar(again).diff_id == layer_tar(tree).diff_id, parents


def test_hard_links_and_whiteouts_survive_too() -> None:
    tree = Tree.build(
        {"/a": text("one"), "/gone": Whiteout(meta(0)), "/o": Dir(meta(0o755), opaque=True)},
        {"/b": "/a"},
    )
    again = tree_of(read_members(layer_tar(tree).content()))
    assert same(tree, again)
    assert again.lookup("/a") == again.lookup("/b")
