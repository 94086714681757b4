"""Persistent maps and trees."""

from __future__ import annotations

import pytest
from fs_worlds import file, folder
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.fs.nodes import Dir, Symlink
from docgen.fs.persistent import CHUNK, SortedMap
from docgen.fs.tree import EMPTY_TREE, Draft, Tree

KEYS = st.integers(0, 400)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(KEYS, st.integers(0, 9), st.booleans()), max_size=600))
def test_a_sorted_map_is_a_dict_that_keeps_its_past(steps: list[tuple[int, int, bool]]) -> None:
    made: SortedMap[int, int] = SortedMap()
    model: dict[int, int] = {}
    for key, value, put in steps:
        before, past = made, dict(model)
        if put:
            made, model[key] = made.put(key, value), value
        else:
            made = made.drop(key)
            model.pop(key, None)
        assert len(before) == len(past)
    assert list(made.items()) == sorted(model.items())
    assert made == SortedMap(model)
    assert all(key in made for key in model)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 3 * CHUNK), st.sets(KEYS, max_size=5), st.sets(KEYS))
def test_the_difference_of_two_maps(size: int, put: set[int], drop: set[int]) -> None:
    old = SortedMap(dict.fromkeys(range(size), "v"))
    new = old.update(dict.fromkeys(put, "w"), drop)
    expected = {k for k in {*old, *put} if old.find(k) is not new.find(k)}
    assert old.differing(new) == new.differing(old) == expected


def test_the_difference_of_strangers_is_all_that_is_not_the_same_object() -> None:
    one = SortedMap(dict.fromkeys(range(3 * CHUNK), "v"))
    two = SortedMap(dict.fromkeys(range(0, 3 * CHUNK, 2), "v"))
    assert one.differing(two) == set(range(1, 3 * CHUNK, 2))


def test_a_step_on_a_large_map_shares_all_but_one_chunk() -> None:
    old = SortedMap({number: object() for number in range(20_000)})
    new = old.put(10_000, object())
    shared = {id(chunk) for chunk in old._chunks} & {id(chunk) for chunk in new._chunks}
    assert len(shared) == len(old._chunks) - 1


def test_hard_links_are_names_of_one_inode() -> None:
    tree = Tree.build({"/bin/busybox": file("x")}, {"/bin/ls": "/bin/busybox"})
    assert tree.lookup("/bin/ls") == tree.lookup("/bin/busybox")
    assert tree.links(tree.lookup("/bin/ls") or 0) == 2
    assert tree.paths(tree.lookup("/bin/ls") or 0) == ("/bin/busybox", "/bin/ls")


def test_a_directory_counts_itself_its_name_and_its_sub_directories() -> None:
    tree = Tree.build({"/a/b/f": file(), "/a/c": folder(), "/a/g": file()})
    assert tree.links(tree.lookup("/a") or 0) == 4
    assert tree.links(tree.root) == 3


def test_walking_gives_parents_first_and_siblings_by_name() -> None:
    tree = Tree.build({"/a/z": file(), "/a-b": file(), "/a/b/c": file(), "/b": Symlink()})
    paths = [path for path, _, _ in tree.walk()]
    assert paths == ["/", "/a", "/a/b", "/a/b/c", "/a/z", "/a-b", "/b"]


def test_a_lookup_does_not_follow_symlinks() -> None:
    tree = Tree.build({"/d/f": file(), "/l": Symlink(target="d")})
    assert tree.lookup("/l/f") is None
    assert tree.lookup("/d/f/g") is None
    assert isinstance(tree.at("/d/"), Dir)


def test_a_tree_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Tree.build({"/a": file(), "/a/b": file()})
    with pytest.raises(ValueError, match="no such path"):
        Tree.build({}, {"/a": "/b"})


def test_a_draft_leaves_its_base_alone_and_removes_whole_directories() -> None:
    base = Tree.build({"/a/b/c": file("1"), "/a/d": file("2"), "/e": file("3")})
    draft = Draft(base)
    draft.remove("/a")
    draft.remove("/not/there")
    draft.put("/e", file("4"))
    after = draft.freeze()
    assert [path for path, _, _ in after.walk()] == ["/", "/e"]
    assert len(after) == draft.count == 2
    assert base.at("/a/b/c") == file("1")


def test_an_unchanged_draft_freezes_to_the_very_same_tree() -> None:
    assert Draft(EMPTY_TREE).freeze() is EMPTY_TREE
