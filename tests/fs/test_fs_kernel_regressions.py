"""What the kernel did otherwise than the model, one test for each, named by what it protects.

All were found by test_kernel_overlay.py on Linux 6.18; they run without root.
"""

from __future__ import annotations

from fs_worlds import ALICE, BOB, Union, file, folder, plain, refused, user

from docgen.fs.content import Content
from docgen.fs.credentials import Credentials
from docgen.fs.errors import Errno
from docgen.fs.nodes import Symlink
from docgen.fs.tree import Tree
from docgen.fs.view import Open, View


def test_mknod_looks_for_the_name_before_the_right_to_make_devices() -> None:
    view = user(plain({"/d": folder(0o777)}), ALICE)
    refused(Errno.EEXIST, view.mknod, "/d", 0o600, True, 1, 3)


def test_everybody_makes_the_whiteout_device_on_a_plain_file_system() -> None:
    world = plain({"/d": folder(0o777)})
    user(world, ALICE).mknod("/d/w", 0o600, True, 0, 0)
    assert world.stat("/d/w").rdev == (0, 0)


def test_a_chown_of_nothing_needs_ownership_where_it_would_clear_set_id_bits() -> None:
    world = plain({"/suid": file(mode=0o4755), "/plain": file()})
    alice = user(world, ALICE)
    alice.chown("/plain")
    refused(Errno.EPERM, alice.chown, "/suid")


def test_creat_with_a_trailing_slash_fails_before_symlinks_are_followed() -> None:
    view = plain({"/loop": Symlink(target="loop")})
    refused(Errno.EISDIR, view.open, "/loop/", Open.WRONLY | Open.CREAT)


def test_in_a_sticky_directory_only_the_owner_sets_user_attributes_on_it() -> None:
    world = plain({"/tmp": folder(0o1777)})
    refused(Errno.EPERM, user(world, ALICE).setxattr, "/tmp", "user.a", b"x")


def test_chmod_by_an_owner_outside_the_group_loses_setgid_on_directories_too() -> None:
    world = plain({"/d": folder(0o755, uid=1000, gid=50)})
    user(world, ALICE).chmod("/d", 0o2755)
    assert world.stat("/d").mode == 0o755
    user(world, Credentials(1000, 1000, (50,))).chmod("/d", 0o2755)
    assert world.stat("/d").mode == 0o2755


def test_creat_does_not_open_anothers_symlink_in_a_sticky_directory() -> None:
    world = plain({"/tmp": folder(0o1777)})
    user(world, ALICE).symlink("x", "/tmp/l")
    flags = Open.WRONLY | Open.CREAT | Open.NOFOLLOW
    refused(Errno.EACCES, user(world, BOB).open, "/tmp/l", flags)
    refused(Errno.ELOOP, user(world, ALICE).open, "/tmp/l", flags)


def test_tmpfs_leaves_the_time_of_an_empty_file_that_is_truncated_to_nothing() -> None:
    for fstype, moves in (("tmpfs", False), ("ext4", True)):
        view = plain({"/f": file()}, fstype=fstype)
        before = view.stat("/f").mtime_ns
        view.truncate("/f", 0)
        assert (view.stat("/f").mtime_ns > before) is moves
        view.open("/f", Open.WRONLY | Open.TRUNC).close()
        assert view.stat("/f").mtime_ns > before


def test_a_file_of_several_names_below_gets_a_new_number_when_it_is_copied_up() -> None:
    union = Union.over(Tree.build({"/a": file("x")}, {"/b": "/a"}))
    before = union.view.stat("/a").ino
    union.view.write_file("/a", Content.of("y"))
    assert union.view.stat("/a").ino != before == union.view.stat("/b").ino


def read_only_bind(view: View, path: str, at: str) -> None:
    view.namespace.bind(view, path, at, read_only=True)


def test_a_truncating_open_of_a_read_only_mount_asks_for_the_mount_first() -> None:
    world = plain({"/d/f": file(), "/m": folder()})
    read_only_bind(world, "/d", "/m")
    alice = user(world, ALICE)
    refused(Errno.EROFS, alice.open, "/m/f", Open.WRONLY | Open.TRUNC)
    refused(Errno.EACCES, alice.open, "/m/f", Open.WRONLY)
    refused(Errno.EACCES, alice.truncate, "/m/f", 1)


def test_rename_of_dot_dot_across_mounts_is_about_the_mounts() -> None:
    view = plain({"/d": folder(), "/m": folder()})
    view.namespace.bind(view, "/d", "/m")
    refused(Errno.EXDEV, view.rename, "/m/.", "/x")
    refused(Errno.EBUSY, view.rename, "/d/.", "/x")


def test_a_mount_point_is_busy_under_every_name_of_its_directory() -> None:
    view = plain({"/a/f": file("below"), "/b": folder(), "/g": file("above")})
    view.namespace.bind(view, "/a", "/b")
    view.namespace.bind(view, "/g", "/b/f")
    assert view.read_file("/a/f").text() == "below"
    refused(Errno.EBUSY, view.unlink, "/a/f")


def test_a_removed_lower_file_can_no_longer_be_copied_up() -> None:
    union = Union.over(Tree.build({"/f": file(), "/g": file()}))
    union.view.namespace.bind(union.view, "/f", "/g")
    union.view.unlink("/f")
    refused(Errno.EEXIST, union.view.chmod, "/g", 0o600)


def test_a_directory_that_fails_to_move_onto_a_full_one_is_opaque_all_the_same() -> None:
    union = Union.over(Tree.build({"/etc": folder()}))
    union.view.makedirs("/full/inner")
    union.view.mkdir("/moved")
    refused(Errno.ENOTEMPTY, union.view.rename, "/moved", "/full")
    assert union.upper == ["/full/", "/full/inner/", "/moved/!"]


def test_in_a_removed_directory_nothing_is_found_before_it_is_read_only() -> None:
    view = plain({"/d": folder(), "/m": folder()})
    read_only_bind(view, "/d", "/m")
    view.rmdir("/d")
    refused(Errno.ENOENT, view.open, "/m/f", Open.WRONLY | Open.CREAT)
    refused(Errno.ENOENT, view.mkdir, "/m/f")


def test_creat_through_a_symlink_that_ends_in_a_slash_looks_no_further() -> None:
    view = plain({"/l": Symlink(target="loop/"), "/loop": Symlink(target="loop")})
    refused(Errno.EISDIR, view.open, "/l", Open.WRONLY | Open.CREAT)
    refused(Errno.ELOOP, view.open, "/l", Open.WRONLY)
