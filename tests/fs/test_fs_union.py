"""overlayfs: each observation made on the kernel, as a test of the model."""

from __future__ import annotations

from fs_worlds import ALICE, Union, file, folder, refused, user
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.fs.changes import apply
from docgen.fs.content import Content
from docgen.fs.errors import Errno, FsError
from docgen.fs.nodes import Device, Dir, File, Kind, Meta, Symlink, Whiteout
from docgen.fs.tree import Tree
from docgen.fs.union import UnionFs
from docgen.fs.view import Open

BASE = Tree.build(
    {
        "/srv/a/x": file("x"),
        "/srv/a/y": file("y"),
        "/srv/link": Symlink(target="a/x"),
        "/etc/passwd": file("root\n", mode=0o644),
        "/first": file("linked"),
    },
    {"/second": "/first"},
)


def world(*above: Tree) -> Union:
    return Union.over(BASE, *above)


class TestLookup:
    def test_the_topmost_layer_that_has_a_file_serves_it(self) -> None:
        union = world(Tree.build({"/etc/passwd": file("new\n")}))
        assert union.view.read_file("/etc/passwd").text() == "new\n"

    def test_directories_merge_and_the_topmost_gives_the_attributes(self) -> None:
        union = world(Tree.build({"/srv/a/z": file(), "/srv/a": folder(0o700)}))
        assert union.view.listdir("/srv/a") == ["x", "y", "z"]
        assert union.view.stat("/srv/a").mode == 0o700
        assert union.view.stat("/srv/a").nlink == 1

    def test_whiteouts_and_opaque_directories_hide(self) -> None:
        opaque = Tree.build({"/srv": Dir(opaque=True), "/srv/new": file(), "/first": Whiteout()})
        union = world(opaque)
        assert union.view.listdir("/srv") == ["new"]
        assert union.view.listdir("/") == ["etc", "second", "srv"]
        refused(Errno.ENOENT, union.view.stat, "/first")

    def test_a_device_0_0_is_a_whiteout_too(self) -> None:
        union = world(Tree.build({"/first": Device(Meta(0), True, 0, 0)}))
        assert "first" not in union.view.listdir("/")

    def test_a_file_stops_directories_from_merging(self) -> None:
        union = world(Tree.build({"/srv": file("f")}), Tree.build({"/srv/top": file()}))
        assert union.view.listdir("/srv") == ["top"]

    def test_without_an_upper_directory_it_is_read_only(self) -> None:
        fs = UnionFs([BASE], None)
        assert fs.read_only
        assert fs.readdir(fs.root) == ["etc", "first", "second", "srv"]


class TestCopyUp:
    def test_the_whole_file_and_its_directories_are_copied(self) -> None:
        union = world()
        before = union.view.stat("/srv/a/x")
        union.view.open("/srv/a/x", Open.RDWR).close()
        assert union.upper == ["/srv/", "/srv/a/", "/srv/a/x"]
        assert union.view.stat("/srv/a/x").mtime_ns == before.mtime_ns
        assert union.diff == []

    def test_opening_for_append_copies_without_a_write(self) -> None:
        union = world()
        union.view.open("/first", Open.WRONLY | Open.APPEND).close()
        assert union.upper == ["/first"]

    def test_attributes_copy_up_even_when_they_stay_as_they_are(self) -> None:
        for change in (
            lambda view: view.chmod("/first", 0o644),
            lambda view: view.chown("/first", 0, 0),
            lambda view: view.utimens("/first", 5, 5),
            lambda view: view.setxattr("/first", "user.note", b"x"),
            lambda view: view.truncate("/first", 6),
        ):
            union = world()
            change(union.view)
            assert union.upper == ["/first"]

    def test_a_directory_is_copied_empty(self) -> None:
        union = world()
        union.view.chmod("/srv/a", 0o700)
        assert union.upper == ["/srv/", "/srv/a/"]
        assert union.view.listdir("/srv/a") == ["x", "y"]

    def test_reading_and_linking_symbolically_copy_nothing(self) -> None:
        union = world()
        union.view.read_file("/etc/passwd")
        union.view.symlink("/etc/passwd", "/p")
        assert union.upper == ["/p"]

    def test_a_hard_link_copies_its_file_up(self) -> None:
        union = world()
        union.view.link("/etc/passwd", "/p")
        assert union.upper == ["/etc/", "/etc/passwd", "/p"]
        assert union.diff == ["A /p"]

    def test_a_descriptor_opened_before_reads_the_new_data(self) -> None:
        union = world()
        reader = union.view.open("/etc/passwd")
        union.view.write_file("/etc/passwd", Content.of("new\n"))
        assert reader.read(10).text() == "new\n"

    def test_a_descriptor_of_a_removed_file_reads_the_old_data(self) -> None:
        union = world()
        reader = union.view.open("/etc/passwd")
        union.view.unlink("/etc/passwd")
        union.view.write_file("/etc/passwd", Content.of("new\n"))
        assert reader.read(10).text() == "root\n"

    def test_the_inode_number_stays_also_after_a_restart(self) -> None:
        union = world()
        before = union.view.stat("/etc/passwd").ino, union.view.stat("/etc").ino
        union.view.write_file("/etc/passwd", Content.of("new\n"))
        assert (union.view.stat("/etc/passwd").ino, union.view.stat("/etc").ino) == before
        again = union.remounted().view
        assert (again.stat("/etc/passwd").ino, again.stat("/etc").ino) == before

    def test_a_sealed_file_is_copied_unread(self) -> None:
        base = Tree.build({"/bin/busybox": file(), "/bin": folder()})
        sealed = Tree.build({"/bin/busybox": File(Meta(0o755), Content.sealed(9, "a" * 64))})
        union = Union.over(base, sealed)
        union.view.chmod("/bin/busybox", 0o700)
        assert union.view.read_file("/bin/busybox").sha256() == "a" * 64

    def test_overlayfs_keeps_notes_that_only_the_raw_directory_shows(self) -> None:
        union = world()
        union.view.chmod("/srv/a", 0o700)
        raw = union.fs.upper_tree()
        names = {path: [n for n, _ in node.meta.xattrs] for path, _, node in raw.walk()}
        assert names["/"] == ["trusted.overlay.impure"]
        assert names["/srv"] == ["trusted.overlay.impure", "trusted.overlay.origin"]
        assert names["/srv/a"] == ["trusted.overlay.origin"]
        assert union.view.listxattr("/srv/a") == []


class TestHardLinks:
    def test_copy_up_breaks_a_hard_link(self) -> None:
        union = world()
        union.view.chmod("/first", 0o600)
        assert union.view.stat("/second").mode == 0o644
        assert union.view.stat("/first").nlink == 1
        assert union.view.stat("/second").nlink == 2

    def test_a_third_name_parts_the_first_from_the_second(self) -> None:
        union = world()
        union.view.link("/first", "/third")
        stats = {name: union.view.stat(name) for name in ("/first", "/second", "/third")}
        assert [one.nlink for one in stats.values()] == [2, 2, 2]
        assert stats["/first"].ino == stats["/third"].ino != stats["/second"].ino
        assert union.diff == ["A /third"]

    def test_links_made_above_stay_linked(self) -> None:
        union = world()
        union.view.write_file("/new", Content.of("1"))
        union.view.link("/new", "/srv/other")
        again = union.remounted().view
        again.write_file("/srv/other", Content.of("2"))
        assert again.read_file("/new").text() == "2"


class TestRemoval:
    def test_a_lower_file_leaves_a_whiteout(self) -> None:
        union = world()
        union.view.unlink("/etc/passwd")
        assert union.upper == ["/etc/", "/etc/passwd-"]
        assert union.diff == ["C /etc", "D /etc/passwd"]

    def test_a_copied_up_file_leaves_a_whiteout_too(self) -> None:
        union = world()
        union.view.chmod("/first", 0o600)
        union.view.unlink("/first")
        assert union.upper == ["/first-"]

    def test_an_upper_file_leaves_nothing(self) -> None:
        union = world()
        union.view.write_file("/new", Content.of("x"))
        union.view.unlink("/new")
        assert union.upper == []

    def test_a_directory_emptied_through_whiteouts_leaves_one(self) -> None:
        union = world()
        refused(Errno.ENOTEMPTY, union.view.rmdir, "/srv/a")
        for name in ("x", "y"):
            union.view.unlink(f"/srv/a/{name}")
        assert union.upper == ["/srv/", "/srv/a/", "/srv/a/x-", "/srv/a/y-"]
        union.view.rmdir("/srv/a")
        assert union.upper == ["/srv/", "/srv/a-"]
        assert union.diff == ["C /srv", "D /srv/a"]

    def test_a_name_hidden_by_a_layer_needs_no_second_whiteout(self) -> None:
        union = world(Tree.build({"/first": Whiteout()}))
        union.view.write_file("/first", Content.of("x"))
        union.view.unlink("/first")
        assert union.upper == []

    def test_what_is_written_over_a_whiteout_is_a_plain_file(self) -> None:
        union = world()
        union.view.unlink("/first")
        union.view.write_file("/first", Content.of("again"))
        assert union.upper == ["/first"]
        assert union.diff == ["C /first"]

    def test_a_directory_made_over_a_whiteout_is_opaque(self) -> None:
        union = world()
        for name in ("x", "y"):
            union.view.unlink(f"/srv/a/{name}")
        union.view.rmdir("/srv/a")
        union.view.mkdir("/srv/a")
        assert union.upper == ["/srv/", "/srv/a/!"]
        assert union.view.listdir("/srv/a") == []
        assert union.remounted().view.listdir("/srv/a") == []

    def test_a_new_directory_is_not_opaque(self) -> None:
        union = world()
        union.view.mkdir("/srv/new")
        assert union.upper == ["/srv/", "/srv/new/"]

    def test_nobody_makes_a_whiteout_by_hand(self) -> None:
        refused(Errno.EPERM, world().view.mknod, "/w", 0o600, True, 0, 0)


class TestRename:
    def test_a_lower_file_moves_as_a_copy_and_leaves_a_whiteout(self) -> None:
        union = world()
        union.view.rename("/etc/passwd", "/etc/old")
        assert union.upper == ["/etc/", "/etc/old", "/etc/passwd-"]
        assert union.view.read_file("/etc/old").text() == "root\n"

    def test_a_lower_or_merged_directory_does_not_move(self) -> None:
        union = world()
        refused(Errno.EXDEV, union.view.rename, "/srv/a", "/srv/b")
        union.view.write_file("/srv/a/new", Content.of("x"))
        refused(Errno.EXDEV, union.view.rename, "/srv/a", "/srv/b")

    def test_an_upper_directory_moves_and_turns_opaque_where_it_could_merge(self) -> None:
        union = world()
        union.view.mkdir("/made")
        union.view.rename("/made", "/srv/moved")
        assert union.upper == ["/srv/", "/srv/moved/!"]

    def test_a_directory_remade_over_a_whiteout_moves(self) -> None:
        union = world()
        for name in ("x", "y"):
            union.view.unlink(f"/srv/a/{name}")
        union.view.rmdir("/srv/a")
        union.view.mkdir("/srv/a")
        union.view.rename("/srv/a", "/srv/b")
        assert union.upper == ["/srv/", "/srv/a-", "/srv/b/!"]

    def test_there_and_back_shows_no_change_but_keeps_the_copy(self) -> None:
        union = world()
        union.view.rename("/first", "/tmp")
        union.view.rename("/tmp", "/first")
        assert union.upper == ["/first"]
        assert union.diff == []

    def test_two_linked_names_of_a_layer_are_two_files(self) -> None:
        union = world()
        union.view.rename("/first", "/second")
        assert union.view.listdir("/") == ["etc", "second", "srv"]


class TestBusyPrograms:
    def test_a_running_program_cannot_be_written(self) -> None:
        union = world(Tree.build({"/bin/sh": file("x", 0o755)}))
        running = union.view.execute("/bin/sh")
        refused(Errno.ETXTBSY, union.view.open, "/bin/sh", Open.WRONLY)
        refused(Errno.ETXTBSY, union.view.truncate, "/bin/sh", 0)
        assert union.upper == []
        union.view.unlink("/bin/sh")
        running.close()

    def test_what_is_open_for_writing_cannot_run(self) -> None:
        union = world(Tree.build({"/bin/sh": file("x", 0o755)}))
        writer = union.view.open("/bin/sh", Open.WRONLY)
        refused(Errno.ETXTBSY, union.view.execute, "/bin/sh")
        writer.close()
        union.view.execute("/bin/sh").close()


def test_a_working_directory_that_was_removed_is_empty_and_takes_nothing() -> None:
    union = world()
    inside = union.view.copy()
    inside.chdir("/srv/a")
    for name in ("x", "y"):
        union.view.unlink(f"/srv/a/{name}")
    union.view.rmdir("/srv/a")
    assert inside.listdir(".") == []
    refused(Errno.ENOENT, inside.stat, "x")
    refused(Errno.ENOENT, inside.mkdir, "new")
    refused(Errno.ENOENT, inside.getcwd)


def test_permission_is_asked_before_anything_is_copied() -> None:
    union = world()
    alice = user(union.view, ALICE)
    refused(Errno.EACCES, alice.open, "/first", Open.WRONLY)
    refused(Errno.EPERM, alice.chmod, "/first", 0o600)
    assert union.upper == []


def test_kinds_are_kept_by_copy_up() -> None:
    union = Union.over(Tree.build({"/null": Device(Meta(0o600), True, 1, 3)}))
    union.view.open("/null", Open.WRONLY).close()
    assert union.upper == []
    union.view.chmod("/null", 0o666)
    assert union.view.stat("/null").kind is Kind.CHAR
    assert union.view.stat("/null").rdev == (1, 3)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["write", "unlink", "rmdir", "mkdir", "rename", "link", "chmod"]),
        st.sampled_from(["/srv", "/srv/a", "/srv/a/x", "/srv/b", "/first", "/second", "/etc"]),
        st.sampled_from(["/srv/a/x", "/srv/b", "/n", "/second", "/etc/passwd", "/srv/a"]),
    ),
    max_size=12,
)


@settings(max_examples=50, deadline=None)
@given(STEPS)
def test_what_is_seen_is_the_layers_with_the_upper_directory_on_top(
    steps: list[tuple[str, str, str]],
) -> None:
    union = world()
    for name, path, other in steps:
        attempt(union, name, path, other)
    flat = apply(BASE, union.fs.upper_tree())
    view = union.view
    for path, _, node in flat.walk():
        seen = view.stat(path, follow=False)
        assert seen.mode == node.meta.mode
        assert seen.mtime_ns == node.meta.mtime_ns
        match node:
            case Dir():
                assert view.listdir(path) == list(node.entries)
            case File():
                assert view.read_file(path) == node.content
            case Symlink():
                assert view.readlink(path) == node.target


def attempt(union: Union, name: str, path: str, other: str) -> None:
    """One call, whether it succeeds or not."""
    view = union.view
    calls = {
        "write": lambda: view.write_file(path, Content.of(other)),
        "mkdir": lambda: view.mkdir(path),
        "rename": lambda: view.rename(path, other),
        "link": lambda: view.link(path, other),
        "chmod": lambda: view.chmod(path, 0o700),
        "unlink": lambda: view.unlink(path),
        "rmdir": lambda: view.rmdir(path),
    }
    try:
        calls[name]()
    except FsError:
        return
