"""Corners that pages reach seldom, and the kernel answers all the same."""

from __future__ import annotations

import pytest
from fs_worlds import ALICE, NULL, Union, file, folder, plain, refused, user

from docgen.fs.clock import Clock
from docgen.fs.content import EMPTY, Content
from docgen.fs.credentials import Credentials
from docgen.fs.errors import Errno, FsError
from docgen.fs.nodes import Fifo, Meta, Symlink
from docgen.fs.persistent import CHUNK, SortedMap
from docgen.fs.plain import PlainFs
from docgen.fs.synthetic import Link, PerViewer, SyntheticFs
from docgen.fs.tree import EMPTY_TREE, Draft, Tree
from docgen.fs.union import UnionFs
from docgen.fs.view import EXECUTE, READ, WRITE, Open


class TestPaths:
    def test_an_empty_path_and_a_file_in_the_middle(self) -> None:
        view = plain({"/f": file()})
        refused(Errno.ENOENT, view.stat, "")
        refused(Errno.ENOTDIR, view.stat, "/f/..")
        refused(Errno.ENOTDIR, view.listdir, "/f")
        refused(Errno.ENOTDIR, view.chdir, "/f")
        refused(Errno.EISDIR, view.read_file, "/")
        refused(Errno.EINVAL, view.readlink, "/f")

    def test_a_symlink_to_the_root_and_one_that_ends_in_a_slash(self) -> None:
        view = plain({"/r": Symlink(target="/"), "/s": Symlink(target="f/"), "/f": file()})
        assert view.listdir("/r") == ["f", "r", "s"]
        assert view.realpath("/r") == "/"
        refused(Errno.ENOTDIR, view.stat, "/s")
        refused(Errno.EISDIR, view.open, "/s", Open.CREAT | Open.WRONLY)

    def test_an_error_names_the_path_as_it_was_written(self) -> None:
        view = plain()
        with pytest.raises(FsError, match="no/such: No such file or directory") as caught:
            view.stat("no/such")
        assert caught.value.path == "no/such"

    def test_a_removed_directory_still_knows_the_way_up(self) -> None:
        view = plain({"/a/b": folder()})
        view.chdir("/a/b")
        view.copy().rmdir("/a/b")
        assert view.listdir("..") == []
        view.chdir("..")
        assert view.getcwd() == "/a"
        refused(Errno.ENOENT, view.symlink, "", "/x")

    def test_asking_for_access(self) -> None:
        view = plain({"/f": file(mode=0o644), "/null": NULL})
        assert view.access("/f", READ | WRITE)
        assert not view.access("/f", EXECUTE)
        assert not view.access("/nothing", 0)
        assert not view.exists("/nothing")
        assert not view.is_dir("/f")
        assert view.access("/null", WRITE)


class TestPermissionBits:
    def test_a_supplementary_group_counts_as_group(self) -> None:
        world = plain({"/f": file("x", 0o640, gid=50)})
        refused(Errno.EACCES, user(world, ALICE).read_file, "/f")
        assert user(world, Credentials(1000, 1000, (50,))).read_file("/f").text() == "x"

    def test_a_program_made_in_a_setgid_directory_of_others_loses_setgid(self) -> None:
        world = plain({"/d": folder(0o2777, gid=50)})
        alice = user(world, ALICE)
        alice.umask = 0
        alice.open("/d/f", Open.WRONLY | Open.CREAT, 0o2775).close()
        assert world.stat("/d/f").mode == 0o775
        assert world.stat("/d/f").gid == 50

    def test_setgid_without_group_execution_stays(self) -> None:
        view = plain({"/f": file(mode=0o2644)})
        view.chown("/f", 1, 1)
        assert view.stat("/f").mode == 0o2644

    def test_times_may_be_set_one_by_one(self) -> None:
        view = plain({"/f": file()})
        before = view.stat("/f")
        view.utimens("/f", None, 7)
        assert (view.stat("/f").mtime_ns, view.stat("/f").atime_ns) == (7, before.atime_ns)
        after = view.stat("/f")
        view.utimens("/f", None, None)
        assert view.stat("/f") == after

    def test_extended_attributes_of_others(self) -> None:
        world = plain({"/f": file(), "/l": Symlink(target="f"), "/n": NULL})
        world.setxattr("/f", "trusted.t", b"1")
        alice = user(world, ALICE)
        assert alice.listxattr("/f") == []
        refused(Errno.EPERM, alice.setxattr, "/f", "trusted.t", b"2")
        refused(Errno.EACCES, alice.setxattr, "/f", "user.u", b"2")
        refused(Errno.EPERM, world.setxattr, "/n", "user.u", b"2")
        refused(Errno.EPERM, world.setxattr, "/l", "user.u", b"2", follow=False)


class TestPlain:
    def test_a_file_system_that_is_read_only_by_itself(self) -> None:
        view = plain({"/f": file()}, read_only=True)
        refused(Errno.EROFS, view.open, "/f", Open.WRONLY)
        refused(Errno.EROFS, view.truncate, "/f", 0)
        refused(Errno.EROFS, view.mkdir, "/d")

    def test_the_sizes_of_directories_and_symlinks(self) -> None:
        ext4 = plain({"/d/f": file(), "/l": Symlink(target="x" * 60)})
        tmpfs = plain({"/d/f": file()}, fstype="tmpfs")
        assert (ext4.stat("/d").size, ext4.stat("/d").blocks512) == (4096, 8)
        assert (tmpfs.stat("/d").size, tmpfs.stat("/d").blocks512) == (60, 0)
        assert ext4.stat("/l", follow=False).blocks512 == 8

    def test_space_of_a_file_system_that_a_page_cannot_fill(self) -> None:
        view = plain({"/f": file("x")})
        assert view.statfs("/").used == 4096
        assert view.statfs("/").inodes - view.statfs("/").inodes_free == 2

    def test_an_open_file_that_lost_its_name_can_be_written(self) -> None:
        view = plain()
        opened = view.open("/f", Open.RDWR | Open.CREAT)
        view.unlink("/f")
        opened.write(b"still here")
        opened.seek(0)
        assert opened.read(99).text() == "still here"
        assert opened.content().size == 10

    def test_making_what_is_there_fails_below_the_views_too(self) -> None:
        fs = PlainFs(Tree.build({"/f": file()}), Clock())
        refused(Errno.EEXIST, fs.adopt, fs.root, "f", file())
        refused(Errno.EEXIST, fs.link, fs.lookup(fs.root, "f"), fs.root, "f")
        refused(Errno.ENOENT, fs.unlink, fs.root, "g")
        refused(Errno.EISDIR, fs.set_content, fs.root, EMPTY)
        refused(Errno.ENOENT, fs.node, 99)


class TestUnion:
    def test_without_an_upper_directory_nothing_can_be_changed(self) -> None:
        box = Union.over(Tree.build({"/f": file()}))
        box.view.namespace.mount(UnionFs([Tree.build({"/g": file()})], None), "/")
        view = type(box.view)(box.view.namespace)
        assert view.listdir("/") == ["g"]
        refused(Errno.EROFS, view.unlink, "/g")
        assert view.statfs("/").free == 0
        assert view.stat("/").size == 4096
        assert UnionFs([], None).upper_tree() is EMPTY_TREE

    def test_a_full_upper_directory_stops_copy_up(self) -> None:
        upper = PlainFs(EMPTY_TREE, Clock(), capacity=4096)
        union = UnionFs([Tree.build({"/f": file("x" * 5000)})], upper)
        refused(Errno.ENOSPC, union.prepare_write, union.lookup(union.root, "f"))
        assert union.statfs().free == 4096

    def test_names_have_a_length_here_too(self) -> None:
        box = Union.over(Tree.build({"/p": Fifo()}))
        refused(Errno.ENAMETOOLONG, box.view.stat, "/" + "n" * 256)
        box.view.chmod("/p", 0o600)
        assert box.upper == ["/p"]


class TestSynthetic:
    def test_it_answers_like_any_file_system(self) -> None:
        fs = SyntheticFs({"/a/f": b"text", "/l": Link("a"), "/v": PerViewer(lambda _: b"x")})
        directory = fs.lookup(fs.root, "a")
        assert directory is not None
        assert fs.where(directory) == (fs.root, "a")
        assert fs.links(fs.root) == 3
        assert not fs.is_empty(directory)
        assert fs.statfs().total == 0
        assert fs.content(fs.lookup(directory, "f") or 0).text() == "text"
        assert fs.content(fs.lookup(fs.root, "v") or 0) == EMPTY
        assert fs.readlink(fs.lookup(fs.root, "l") or 0) == "a"
        assert fs.readlink(directory) == ""
        refused(Errno.ENAMETOOLONG, fs.lookup, fs.root, "n" * 256)

    def test_every_change_is_refused(self) -> None:
        fs = SyntheticFs({"/f": b""})
        for call, args in (
            (fs.make, (1, "x", file())),
            (fs.link, (2, 1, "x")),
            (fs.unlink, (1, "f")),
            (fs.rmdir, (1, "f")),
            (fs.rename, ((1, "f"), (1, "g"))),
            (fs.set_meta, (2, Meta())),
            (fs.truncate, (2, 5)),
            (fs.write, (2, 0, Content.of("x"))),
            (fs.prepare_write, (2,)),
        ):
            refused(Errno.EROFS, call, *args)


class TestNamespace:
    def test_a_container_that_ends_lets_go_of_everything(self) -> None:
        view = plain({"/m": folder()})
        volume = PlainFs(Tree.build({"/d": folder()}), Clock(), "tmpfs")
        view.namespace.mount(volume, "/m", root="/d")
        view.namespace.unmount_all()
        assert view.namespace.mounts() == ()
        refused(Errno.ENOENT, type(view), view.namespace)

    def test_a_missing_source_of_a_bind(self) -> None:
        view = plain({"/m": folder()})
        refused(Errno.ENOENT, view.namespace.mount, PlainFs(), "/m", root="/no/such")
        refused(Errno.ENOENT, view.namespace.bind, view, "/no/such", "/m")


class TestDrafts:
    def test_a_directory_put_over_a_directory_keeps_its_entries(self) -> None:
        draft = Draft(Tree.build({"/d/f": file()}))
        draft.put("/d", folder(0o700))
        draft.put("/new/deep/g", file("g"))
        draft.hard_link("/h", "/new/deep/g")
        tree = draft.freeze()
        assert [path for path, _, _ in tree.walk()] == [
            "/",
            "/d",
            "/d/f",
            "/h",
            "/new",
            "/new/deep",
            "/new/deep/g",
        ]
        assert tree.paths(tree.root) == ("/",)
        with pytest.raises(ValueError, match="no such path"):
            draft.hard_link("/i", "/nothing")
        with pytest.raises(ValueError, match="not a directory"):
            draft.put("/h/below", file())

    def test_a_map_that_is_emptied_chunk_by_chunk(self) -> None:
        made = SortedMap({key: str(key) for key in range(CHUNK * 2)})
        for key in range(CHUNK * 2):
            made = made.drop(key)
        assert dict(made) == {}
        assert repr(made) == "SortedMap({})"
        assert made.update({}) is made
        assert made == SortedMap() != SortedMap({1: "x"})


def test_content_says_what_it_is() -> None:
    assert len(Content.of("ab")) == 2
    assert not EMPTY
    assert Content.of("ab") != "ab"
    assert hash(Content.of("ab")) == hash(Content.fill(97, 2))
    assert repr(Content.of("a")) == "Content(1, ((0, Bytes(data=b'a')),))"
    assert Content.of(bytes(3 << 20)).literal == 3 << 20
    assert list(Content.fill(1, (1 << 20) + 1).blocks())[1] == b"\x01"


def test_time_never_goes_back() -> None:
    clock = Clock(5)
    clock.advance_to(3)
    assert clock.now_ns == 5
