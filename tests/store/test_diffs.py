"""The rules of a commit, on trees made by hand."""

from __future__ import annotations

import pytest

from docgen.fs.content import Content
from docgen.fs.nodes import Device, Dir, File, Meta, Node, Symlink, Whiteout
from docgen.fs.tree import Tree
from docgen.store.diffs import as_committed, by_comparison, by_walk, is_empty

WHOLE = 1_700_000_000 * 10**9
NOW = 1_800_000_000 * 10**9


def at(mtime: int, mode: int = 0o644) -> Meta:
    return Meta(mode, mtime_ns=mtime)


def text(data: str, mtime: int = WHOLE) -> File:
    return File(at(mtime), Content.of(data))


def walked(old: Node, new: Node) -> bool:
    """Whether a commit on the containerd store takes the second for a change of the first."""
    before, after = (Tree.build({"/d/x": node}) for node in (old, new))
    return not is_empty(by_walk(before, after, NOW))


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        (text("one"), text("one"), False),
        (text("one"), text("two"), True),
        (text("one", WHOLE + 5), text("two", WHOLE + 5), False),
        (text("one", WHOLE + 5), text("three", WHOLE + 5), True),
        (text("one", WHOLE), text("one", WHOLE + 5), True),
        (Symlink(at(WHOLE), "a"), Symlink(at(WHOLE), "b"), True),
        (Symlink(at(WHOLE), "a"), Symlink(at(WHOLE), "a"), False),
        (Symlink(at(WHOLE + 5), "a"), Symlink(at(WHOLE + 5), "bc"), True),
        (Device(at(WHOLE), True, 1, 3), Device(at(WHOLE), True, 1, 5), True),
        (Device(at(WHOLE), True, 1, 3), Device(at(WHOLE), True, 1, 3), False),
        (Device(at(WHOLE + 5), True, 1, 3), Device(at(WHOLE + 5), True, 1, 3), False),
        (Dir(at(WHOLE, 0o755)), Dir(at(NOW, 0o755)), False),
        (Dir(at(WHOLE, 0o755)), Dir(at(WHOLE, 0o700)), True),
        (text("one"), Dir(at(WHOLE, 0o755)), True),
        (text("one"), File(Meta(0o600, mtime_ns=WHOLE), Content.of("one")), True),
    ],
)
def test_content_counts_where_times_are_whole_seconds(old: Node, new: Node, changed: bool) -> None:
    """continuity, sameFile: equal times with a fraction are believed, whole seconds are not."""
    assert walked(old, new) == changed


def test_a_comparison_by_attributes_never_looks_inside() -> None:
    """`docker diff` and a commit on vfs: same size and time, other text: nothing."""
    old, new = (Tree.build({"/x": text(data)}) for data in ("one", "two"))
    assert is_empty(by_comparison(old, new, NOW))
    assert not is_empty(by_walk(old, new, NOW))


def test_a_walk_takes_directories_along_and_marks_what_is_gone() -> None:
    old = Tree.build({"/d/e/keep": text("k"), "/d/e/gone": text("g"), "/d/sub/deep": text("x")})
    new = Tree.build({"/d/e/keep": text("k"), "/d/e/new": text("n")})
    found = by_walk(old, new, NOW)
    assert [path for path, _, _ in found.walk()] == [
        "/",
        "/d",
        "/d/e",
        "/d/e/gone",
        "/d/e/new",
        "/d/sub",
    ]
    gone = found.at("/d/e/gone")
    assert isinstance(gone, Whiteout)
    assert gone.meta.mtime_ns == NOW
    assert isinstance(found.at("/d/sub"), Whiteout)


def test_a_directory_that_became_a_file_needs_no_whiteouts() -> None:
    old = Tree.build({"/d/x": text("x")})
    new = Tree.build({"/d": text("now a file")})
    assert [path for path, _, _ in by_walk(old, new, NOW).walk()] == ["/", "/d"]


def test_all_names_of_a_changed_file_stay_one_file() -> None:
    """Seen on the containerd store: `ln /bin/ls /srv/ls` puts /bin/ls into the layer as well."""
    old = Tree.build({"/bin/ls": text("x")})
    new = Tree.build({"/bin/ls": text("x"), "/srv/other": text("y")}, {"/srv/ls": "/bin/ls"})
    found = by_walk(old, new, NOW)
    assert found.lookup("/bin/ls") == found.lookup("/srv/ls")


def test_a_tar_leaves_whole_seconds_no_holes_and_one_attribute() -> None:
    meta = Meta(0o644, 1, 2, WHOLE + 7, 5, 6, (("security.capability", b"c"), ("user.a", b"1")))
    tree = Tree.build({"/f": File(meta, Content.hole(9)), "/l": Symlink(at(WHOLE + 9), "t")})
    kept = as_committed(tree)
    node = kept.at("/f")
    assert isinstance(node, File)
    assert node.content == Content.fill(0, 9)
    assert (node.meta.mtime_ns, node.meta.xattrs) == (WHOLE, (("security.capability", b"c"),))
    assert as_committed(kept) is kept
