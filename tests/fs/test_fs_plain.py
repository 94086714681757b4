"""A plain file system as a process sees it: names, links, owners, modes, space."""

from __future__ import annotations

from fs_worlds import ALICE, BOB, file, folder, plain, refused, user

from docgen.fs.content import Content
from docgen.fs.credentials import Credentials
from docgen.fs.errors import Errno
from docgen.fs.nodes import Kind, Symlink
from docgen.fs.view import EXECUTE, READ, WRITE, Open


class TestNames:
    def test_a_hard_link_shares_content_and_inode(self) -> None:
        view = plain({"/a": file("one")})
        view.link("/a", "/b")
        view.write_file("/b", Content.of("two"))
        assert view.read_file("/a").text() == "two"
        assert view.stat("/a").ino == view.stat("/b").ino
        assert view.stat("/a").nlink == 2
        view.unlink("/a")
        assert view.stat("/b").nlink == 1

    def test_a_directory_cannot_be_linked_or_unlinked(self) -> None:
        view = plain({"/d": folder()})
        refused(Errno.EPERM, view.link, "/d", "/e")
        refused(Errno.EISDIR, view.unlink, "/d")

    def test_removing_a_directory_needs_it_empty(self) -> None:
        view = plain({"/d/f": file()})
        refused(Errno.ENOTEMPTY, view.rmdir, "/d")
        refused(Errno.ENOTDIR, view.rmdir, "/d/f")
        refused(Errno.EINVAL, view.rmdir, "/d/.")
        refused(Errno.ENOTEMPTY, view.rmdir, "/d/..")
        refused(Errno.EBUSY, view.rmdir, "/")

    def test_rename_replaces_a_file(self) -> None:
        view = plain({"/a": file("new"), "/b": file("old")})
        view.rename("/a", "/b")
        assert view.listdir("/") == ["b"]
        assert view.read_file("/b").text() == "new"

    def test_rename_of_two_names_of_one_inode_does_nothing(self) -> None:
        view = plain({"/a": file()})
        view.link("/a", "/b")
        view.rename("/a", "/b")
        assert view.listdir("/") == ["a", "b"]

    def test_rename_keeps_files_and_directories_apart(self) -> None:
        view = plain({"/d/x": file(), "/e": folder(), "/f": file()})
        refused(Errno.EISDIR, view.rename, "/f", "/e")
        refused(Errno.ENOTDIR, view.rename, "/e", "/f")
        refused(Errno.ENOTEMPTY, view.rename, "/e", "/d")
        view.rename("/d", "/e")
        assert view.listdir("/e") == ["x"]

    def test_a_directory_cannot_go_below_itself(self) -> None:
        view = plain({"/d/e/f": file()})
        refused(Errno.EINVAL, view.rename, "/d", "/d/e/g")
        refused(Errno.ENOTEMPTY, view.rename, "/d/e/f", "/d/e")

    def test_rename_without_replacing(self) -> None:
        view = plain({"/a": file(), "/b": file()})
        refused(Errno.EEXIST, view.rename, "/a", "/b", replace=False)

    def test_trailing_slashes_ask_for_a_directory(self) -> None:
        view = plain({"/f": file(), "/d": folder(), "/l": Symlink(target="d")})
        refused(Errno.ENOTDIR, view.stat, "/f/")
        refused(Errno.ENOTDIR, view.unlink, "/f/")
        refused(Errno.EISDIR, view.open, "/g/", Open.WRONLY | Open.CREAT)
        refused(Errno.ENOENT, view.symlink, "x", "/g/")
        assert view.stat("/l/", follow=False).kind is Kind.DIR
        view.mkdir("/n/")
        assert view.listdir("/") == ["d", "f", "l", "n"]

    def test_names_and_paths_have_a_length(self) -> None:
        view = plain()
        refused(Errno.ENAMETOOLONG, view.mkdir, "/" + "n" * 256)
        refused(Errno.ENAMETOOLONG, view.mkdir, "/" + "ü" * 128)
        refused(Errno.ENAMETOOLONG, view.stat, "/" + "./" * 2048)
        view.mkdir("/" + "n" * 255)


class TestSymlinks:
    def test_they_are_followed_but_for_their_own_names(self) -> None:
        view = plain({"/d/f": file("x"), "/l": Symlink(target="d")})
        assert view.read_file("/l/f").text() == "x"
        assert view.readlink("/l") == "d"
        assert view.realpath("/l/f") == "/d/f"
        view.unlink("/l")
        assert view.exists("/d/f")

    def test_a_loop_ends(self) -> None:
        view = plain({"/a": Symlink(target="b"), "/b": Symlink(target="a")})
        refused(Errno.ELOOP, view.stat, "/a")
        assert view.stat("/a", follow=False).kind is Kind.SYMLINK

    def test_forty_links_are_followed_and_not_one_more(self) -> None:
        chain = {f"/l{n}": Symlink(target=f"l{n + 1}") for n in range(41)}
        view = plain({**chain, "/l41": file("end")})
        assert view.read_file("/l1").text() == "end"
        refused(Errno.ELOOP, view.read_file, "/l0")

    def test_writing_through_a_dangling_one_makes_its_target(self) -> None:
        view = plain({"/l": Symlink(target="made")})
        view.write_file("/l", Content.of("x"))
        assert view.listdir("/") == ["l", "made"]
        refused(Errno.EEXIST, view.mkdir, "/l")

    def test_nofollow_and_excl_stop_at_one(self) -> None:
        view = plain({"/l": Symlink(target="nowhere")})
        refused(Errno.ELOOP, view.open, "/l", Open.RDONLY | Open.NOFOLLOW)
        refused(Errno.EEXIST, view.open, "/l", Open.WRONLY | Open.CREAT | Open.EXCL)

    def test_it_has_no_mode_and_an_owner_of_its_own(self) -> None:
        view = plain({"/f": file(), "/l": Symlink(target="f")})
        view.chown("/l", 7, 8, follow=False)
        assert view.stat("/l", follow=False).uid == 7
        assert view.stat("/f").uid == 0


class TestPermissions:
    def test_the_class_that_applies_decides_alone(self) -> None:
        view = user(plain({"/f": file("x", 0o077, uid=1000)}), ALICE)
        refused(Errno.EACCES, view.open, "/f")
        assert not view.access("/f", READ)

    def test_root_reads_everything_but_runs_only_what_is_executable(self) -> None:
        view = plain({"/f": file("x", 0o000)})
        assert view.access("/f", READ | WRITE)
        assert not view.access("/f", EXECUTE)
        refused(Errno.EACCES, view.execute, "/f")

    def test_a_path_needs_search_permission_all_the_way(self) -> None:
        view = user(plain({"/d/e/f": file("x"), "/d": folder(0o700)}), ALICE)
        refused(Errno.EACCES, view.stat, "/d/e/f")
        refused(Errno.EACCES, view.chdir, "/d")

    def test_listing_needs_read_permission(self) -> None:
        view = user(plain({"/d/f": file(), "/d": folder(0o711)}), ALICE)
        refused(Errno.EACCES, view.listdir, "/d")
        assert view.exists("/d/f")

    def test_names_need_write_permission_on_the_directory_not_the_file(self) -> None:
        world = plain({"/d/f": file(mode=0o000), "/d": folder(0o777), "/e": folder()})
        alice = user(world, ALICE)
        alice.unlink("/d/f")
        refused(Errno.EACCES, alice.mkdir, "/e/x")

    def test_in_a_sticky_directory_only_owners_remove(self) -> None:
        world = plain({"/tmp": folder(0o1777)})
        user(world, ALICE).write_file("/tmp/hers", Content.of("x"))
        refused(Errno.EPERM, user(world, BOB).unlink, "/tmp/hers")
        refused(Errno.EPERM, user(world, BOB).rename, "/tmp/hers", "/tmp/his")
        user(world, ALICE).unlink("/tmp/hers")

    def test_only_the_owner_changes_mode_and_times(self) -> None:
        world = plain({"/f": file(mode=0o666, uid=1000)})
        bob = user(world, BOB)
        refused(Errno.EPERM, bob.chmod, "/f", 0o777)
        refused(Errno.EPERM, bob.utimens, "/f", 5, 5)
        bob.utimens("/f")
        world.chmod("/f", 0o600)
        refused(Errno.EACCES, bob.utimens, "/f")

    def test_an_owner_may_pass_a_file_to_their_group_only(self) -> None:
        world = plain({"/f": file(uid=1000, gid=1000)})
        alice = user(world, Credentials(1000, 1000, (2000,)))
        alice.chown("/f", None, 2000)
        assert world.stat("/f").gid == 2000
        refused(Errno.EPERM, alice.chown, "/f", None, 3000)
        refused(Errno.EPERM, alice.chown, "/f", 1001, None)

    def test_set_id_bits_go_when_the_owner_changes_even_by_root(self) -> None:
        view = plain({"/f": file(mode=0o6755)})
        view.chown("/f", 5, None)
        assert view.stat("/f").mode == 0o755

    def test_set_id_bits_go_when_an_ordinary_user_writes(self) -> None:
        world = plain({"/f": file(mode=0o4777)})
        world.write_file("/f", Content.of("root keeps them"))
        assert world.stat("/f").mode == 0o4777
        user(world, ALICE).write_file("/f", Content.of("x"))
        assert world.stat("/f").mode == 0o777

    def test_a_setgid_directory_hands_on_its_group(self) -> None:
        view = plain({"/d": folder(0o2775, gid=50)})
        view.mkdir("/d/e")
        view.write_file("/d/f", Content.of("x"))
        assert (view.stat("/d/e").mode, view.stat("/d/e").gid) == (0o2755, 50)
        assert view.stat("/d/f").gid == 50

    def test_the_umask_takes_bits_away(self) -> None:
        view = plain()
        view.umask = 0o077
        view.mkdir("/d", 0o777)
        view.write_file("/f", Content.of(""), 0o666)
        assert (view.stat("/d").mode, view.stat("/f").mode) == (0o700, 0o600)

    def test_others_cannot_hard_link_what_they_may_not_write(self) -> None:
        world = plain({"/tmp": folder(0o1777), "/tmp/secret": file(uid=1000)})
        refused(Errno.EPERM, user(world, BOB).link, "/tmp/secret", "/tmp/mine")

    def test_devices_are_for_root(self) -> None:
        world = plain({"/tmp": folder(0o777)})
        refused(Errno.EPERM, user(world, ALICE).mknod, "/tmp/null", 0o666, True, 1, 3)
        user(world, ALICE).mkfifo("/tmp/pipe")
        assert world.stat("/tmp/pipe").kind is Kind.FIFO


class TestSpace:
    def test_a_file_occupies_whole_pages(self) -> None:
        view = plain({"/small": file("ab")}, capacity=65_536, fstype="tmpfs")
        made = view.open("/big", Open.WRONLY | Open.CREAT)
        refused(Errno.ENOSPC, made.write, Content.fill(0, 100_000))
        assert view.stat("/big").size == 61_440
        assert view.statfs("/").free == 0

    def test_small_records_end_at_the_last_page(self) -> None:
        view = plain(capacity=65_536, fstype="tmpfs")
        made = view.open("/f", Open.WRONLY | Open.CREAT)
        written = 0
        record = Content.fill(0, 1024)
        while written < 64:
            made.write(record)
            written += 1
        refused(Errno.ENOSPC, made.write, record)

    def test_a_hole_needs_no_space_and_removal_gives_it_back(self) -> None:
        view = plain(capacity=8192, fstype="tmpfs")
        view.write_file("/sparse", Content.hole(1 << 30))
        view.write_file("/a", Content.fill(1, 8192))
        refused(Errno.ENOSPC, view.write_file, "/b", Content.of("x"))
        view.unlink("/a")
        view.write_file("/b", Content.of("x"))

    def test_an_unlinked_open_file_keeps_its_pages_until_it_is_closed(self) -> None:
        view = plain(capacity=4096, fstype="tmpfs")
        view.write_file("/a", Content.of("x"))
        held = view.open("/a", Open.RDWR)
        view.unlink("/a")
        assert held.stat().nlink == 0
        refused(Errno.ENOSPC, view.write_file, "/b", Content.of("y"))
        held.close()
        view.write_file("/b", Content.of("y"))


def test_every_change_has_its_own_time() -> None:
    view = plain({"/d/f": file()})
    before = view.stat("/d")
    view.chmod("/d/f", 0o600)
    assert view.stat("/d") == before
    view.unlink("/d/f")
    assert view.stat("/d").mtime_ns > before.mtime_ns


def test_a_snapshot_stands_still() -> None:
    view = plain({"/f": file("old")})
    fs = view.resolve("/").mount.fs
    before = fs.snapshot()  # type: ignore[attr-defined]
    view.write_file("/f", Content.of("new"))
    assert before.at("/f") == file("old")
    assert fs.snapshot() is fs.snapshot()  # type: ignore[attr-defined]
