"""`docker diff`, rule by rule as real engines showed it; and differences as layers."""

from __future__ import annotations

from fs_worlds import Union, file, folder
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.fs.changes import apply, as_layer, compare, diff, flatten
from docgen.fs.content import Content
from docgen.fs.nodes import Device, Dir, File, Meta, Node, Symlink, Whiteout, is_whiteout
from docgen.fs.tree import EMPTY_TREE, Draft, Tree
from docgen.fs.view import Open, View

IMAGE = Tree.build(
    {
        "/srv/file": file("text"),
        "/srv/dir/k": file("k"),
        "/srv/dir/sub/l": file("l"),
        "/bin/busybox": file("elf", 0o755),
        "/bin/ls": Symlink(target="busybox"),
    }
)


def box() -> tuple[Union, View]:
    union = Union.over(IMAGE)
    return union, union.view


class TestDockerDiff:
    def test_made_and_removed_again_is_nothing_though_parents_were_copied_up(self) -> None:
        union, view = box()
        view.write_file("/srv/dir/new", Content.of("x"))
        view.unlink("/srv/dir/new")
        assert union.upper == ["/srv/", "/srv/dir/"]
        assert union.diff == []

    def test_another_text_of_the_same_length_and_time_is_not_seen(self) -> None:
        union, view = box()
        before = view.stat("/srv/file")
        view.write_file("/srv/file", Content.of("TEXT"))
        assert union.diff == ["C /srv", "C /srv/file"]
        view.utimens("/srv/file", before.atime_ns, before.mtime_ns)
        assert union.diff == []
        assert view.read_file("/srv/file").text() == "TEXT"

    def test_a_mode_changed_back_is_nothing(self) -> None:
        union, view = box()
        view.chmod("/srv/file", 0o600)
        assert union.diff == ["C /srv", "C /srv/file"]
        view.chmod("/srv/file", 0o644)
        assert union.diff == []

    def test_touching_a_directory_is_nothing_touching_a_file_is_a_change(self) -> None:
        union, view = box()
        view.utimens("/srv/dir")
        assert union.diff == []
        view.utimens("/srv/file")
        assert union.diff == ["C /srv", "C /srv/file"]

    def test_opening_for_append_alone_is_nothing(self) -> None:
        union, view = box()
        view.open("/srv/file", Open.WRONLY | Open.APPEND).close()
        assert union.diff == []

    def test_removed_and_written_again_is_one_change(self) -> None:
        union, view = box()
        view.unlink("/srv/file")
        view.write_file("/srv/file", Content.of("text"))
        assert union.diff == ["C /srv", "C /srv/file"]

    def test_a_file_that_became_a_directory(self) -> None:
        union, view = box()
        view.unlink("/srv/file")
        view.makedirs("/srv/file")
        view.write_file("/srv/file/new", Content.of(""))
        assert union.diff == ["C /srv", "C /srv/file", "A /srv/file/new"]

    def test_a_directory_that_became_a_file_says_nothing_of_its_children(self) -> None:
        union, view = box()
        remove(view, "/srv/dir")
        view.write_file("/srv/dir", Content.of(""))
        assert union.diff == ["C /srv", "C /srv/dir"]

    def test_a_directory_removed_and_made_again(self) -> None:
        union, view = box()
        remove(view, "/srv/dir")
        assert union.diff == ["C /srv", "D /srv/dir"]
        view.mkdir("/srv/dir", 0o755)
        view.write_file("/srv/dir/m", Content.of(""))
        assert union.diff == [
            "C /srv",
            "C /srv/dir",
            "D /srv/dir/k",
            "A /srv/dir/m",
            "D /srv/dir/sub",
        ]

    def test_through_a_symlink_only_the_target_is_named(self) -> None:
        union, view = box()
        view.chmod("/bin/ls", 0o4755)
        assert union.diff == ["C /bin", "C /bin/busybox"]

    def test_a_symlink_that_points_elsewhere(self) -> None:
        union, view = box()
        view.unlink("/bin/ls")
        view.symlink("other", "/bin/ls")
        assert union.diff == ["C /bin", "C /bin/ls"]

    def test_a_new_tree_is_listed_whole(self) -> None:
        union, view = box()
        view.makedirs("/new/deep")
        view.write_file("/new/deep/f", Content.of("x"))
        assert union.diff == ["A /new", "A /new/deep", "A /new/deep/f"]

    def test_times_are_equal_within_a_second_where_one_has_no_fraction(self) -> None:
        def at(ns: int) -> Tree:
            return Tree.build({"/f": File(Meta(mtime_ns=ns))})

        assert compare(at(5_000_000_000), at(5_700_000_000)) == ()
        assert len(compare(at(5_100_000_000), at(5_700_000_000))) == 1
        assert len(compare(at(5_000_000_000), at(6_000_000_000))) == 1

    def test_a_file_capability_is_seen_and_another_attribute_is_not(self) -> None:
        def with_xattr(name: str) -> Tree:
            return Tree.build({"/f": File(Meta(xattrs=((name, b"x"),)))})

        plain = Tree.build({"/f": File()})
        assert len(compare(plain, with_xattr("security.capability"))) == 1
        assert compare(plain, with_xattr("user.note")) == ()


def remove(view: View, path: str) -> None:
    """rm -r"""
    for name in view.listdir(path):
        if view.is_dir(f"{path}/{name}"):
            remove(view, f"{path}/{name}")
        else:
            view.unlink(f"{path}/{name}")
    view.rmdir(path)


class TestLayers:
    def test_a_layer_takes_away_merges_and_replaces(self) -> None:
        layer = Tree.build(
            {
                "/srv/file": Whiteout(),
                "/srv/dir": Dir(Meta(0o700), opaque=True),
                "/srv/dir/new": file(),
                "/bin": file("now a file"),
                "/etc": Device(Meta(0), True, 0, 0),
            }
        )
        assert paths(apply(IMAGE, layer)) == ["/", "/bin", "/srv", "/srv/dir", "/srv/dir/new"]
        assert paths(flatten([IMAGE, layer])) == paths(apply(IMAGE, layer))

    def test_hard_links_within_a_layer_stay_links(self) -> None:
        layer = Tree.build({"/a": file("x"), "/bin/busybox": file("y")}, {"/b": "/a"})
        flat = apply(IMAGE, layer)
        assert flat.lookup("/a") == flat.lookup("/b")
        assert flat.links(flat.lookup("/a") or 0) == 2

    def test_an_upper_directory_becomes_a_layer_without_overlayfs_own_notes(self) -> None:
        union, view = box()
        view.chmod("/srv/dir/k", 0o600)
        layer = as_layer(union.fs.upper_tree())
        assert all(not node.meta.xattrs for _, _, node in layer.walk())
        assert paths(layer) == ["/", "/srv", "/srv/dir", "/srv/dir/k"]

    def test_nothing_changed_makes_an_empty_layer(self) -> None:
        assert len(diff(IMAGE, IMAGE)) == 1

    def test_the_difference_names_what_changed_and_whiteouts(self) -> None:
        draft = Draft(IMAGE)
        draft.remove("/srv/dir")
        draft.put("/bin/busybox", file("newer", 0o755))
        layer = diff(IMAGE, draft.freeze())
        assert paths(layer) == ["/", "/bin", "/bin/busybox", "/srv", "/srv/dir"]
        assert isinstance(layer.at("/srv/dir"), Whiteout)


def paths(tree: Tree) -> list[str]:
    return [path for path, _, _ in tree.walk()]


NAMES = st.sampled_from(["/a", "/b", "/a/x", "/a/y", "/b/x", "/b/x/z", "/c"])
NODES: st.SearchStrategy[Node] = st.one_of(
    st.builds(file, st.sampled_from(["", "1", "two"]), st.sampled_from([0o644, 0o600])),
    st.builds(folder, st.sampled_from([0o755, 0o700])),
    st.builds(Symlink, target=st.sampled_from(["x", "yy"])),
)
TREES = st.lists(st.tuples(NAMES, NODES), max_size=7)


def grown(base: Tree, entries: list[tuple[str, Node]]) -> Tree:
    """A tree with some paths put, where they fit."""
    draft = Draft(base)
    for path, node in entries:
        above = draft.lookup(path.rpartition("/")[0])
        if above is not None and draft.directory(above) is not None:
            draft.remove(path)
            draft.put(path, node)
    return draft.freeze()


@settings(max_examples=50, deadline=None)
@given(TREES, TREES)
def test_the_difference_turns_the_old_tree_into_the_new_one(
    old: list[tuple[str, Node]], more: list[tuple[str, Node]]
) -> None:
    before = grown(EMPTY_TREE, old)
    after = grown(before, more)
    made = apply(before, diff(before, after))
    assert compare(made, after) == ()
    assert paths(made) == paths(after)
    assert not any(is_whiteout(node) for node in made.inodes.values())


@settings(max_examples=50, deadline=None)
@given(TREES, TREES)
def test_sharing_structure_does_not_change_the_answer(
    old: list[tuple[str, Node]], more: list[tuple[str, Node]]
) -> None:
    before = grown(EMPTY_TREE, old)
    after = grown(before, more)
    stranger = Draft(EMPTY_TREE)
    stranger.add(file("makes all numbers differ"))
    for path, _, node in after.walk():
        stranger.put(path, Dir(node.meta) if isinstance(node, Dir) else node)
    assert compare(before, stranger.freeze()) == compare(before, after)
