"""Mounts: crossing, binding, nesting, busy mount points, read-only, jails."""

from __future__ import annotations

import pytest
from fs_worlds import NULL, Union, file, folder, plain, refused

from docgen.diagnostics import NotSimulated
from docgen.fs.clock import Clock
from docgen.fs.content import Content
from docgen.fs.errors import Errno
from docgen.fs.namespace import Namespace
from docgen.fs.nodes import Symlink
from docgen.fs.plain import PlainFs
from docgen.fs.synthetic import Link, PerViewer, SyntheticFs
from docgen.fs.tree import Tree
from docgen.fs.view import EXECUTE, WRITE, Open, View


def tmpfs(**nodes: str) -> PlainFs:
    return PlainFs(
        Tree.build({f"/{name}": file(text) for name, text in nodes.items()}), Clock(), "tmpfs"
    )


class TestMounting:
    def test_a_mount_hides_what_lies_below_and_unmounting_shows_it_again(self) -> None:
        view = plain({"/data/seed": file("old")})
        view.namespace.mount(tmpfs(new="x"), "/data")
        assert view.listdir("/data") == ["new"]
        view.namespace.umount("/data")
        assert view.listdir("/data") == ["seed"]

    def test_dot_dot_leads_out_of_a_mount(self) -> None:
        view = plain({"/a/b": folder()})
        view.namespace.mount(tmpfs(f=""), "/a/b")
        view.chdir("/a/b")
        assert view.getcwd() == "/a/b"
        assert view.listdir("..") == ["b"]
        assert view.realpath("../b/f") == "/a/b/f"

    def test_a_second_mount_on_one_directory_covers_the_first(self) -> None:
        view = plain({"/m": folder()})
        view.namespace.mount(tmpfs(one=""), "/m")
        view.namespace.mount(tmpfs(two=""), "/m")
        assert view.listdir("/m") == ["two"]
        view.chdir("/m")
        assert view.listdir("..") == ["m"]
        view.namespace.umount("/m")
        assert view.listdir("/m") == ["one"]

    def test_mounts_nest_and_the_outer_one_is_busy(self) -> None:
        view = plain({"/m": folder()})
        outer = PlainFs(Tree.build({"/inner": folder()}), Clock())
        view.namespace.mount(outer, "/m")
        view.namespace.mount(tmpfs(f=""), "/m/inner")
        assert view.listdir("/m/inner") == ["f"]
        refused(Errno.EBUSY, view.namespace.umount, "/m")

    def test_a_mount_point_must_exist_and_be_of_the_same_kind(self) -> None:
        view = plain({"/f": file(), "/d": folder()})
        refused(Errno.ENOENT, view.namespace.mount, tmpfs(), "/nothing")
        refused(Errno.ENOTDIR, view.namespace.mount, tmpfs(), "/f")
        refused(Errno.ENOTDIR, view.namespace.mount, tmpfs(x=""), "/d", root="/x")
        refused(Errno.EINVAL, view.namespace.umount, "/d")

    def test_a_mount_point_is_found_through_symlinks(self) -> None:
        view = plain({"/d": folder(), "/l": Symlink(target="d")})
        entry = view.namespace.mount(tmpfs(f=""), "/l")
        assert entry.target == "/d"
        assert view.listdir("/d") == ["f"]

    def test_a_mount_point_cannot_be_moved_or_removed(self) -> None:
        view = plain({"/m": folder(), "/f": file(), "/g": file()})
        view.namespace.mount(tmpfs(), "/m")
        view.namespace.mount(tmpfs(x="bound"), "/f", root="/x")
        refused(Errno.EBUSY, view.rmdir, "/m")
        refused(Errno.EBUSY, view.rename, "/m", "/n")
        refused(Errno.EBUSY, view.unlink, "/f")
        refused(Errno.EBUSY, view.rename, "/g", "/f")

    def test_links_and_renames_do_not_cross_mounts(self) -> None:
        view = plain({"/m": folder(), "/f": file()})
        view.namespace.mount(tmpfs(), "/m")
        refused(Errno.EXDEV, view.rename, "/f", "/m/f")
        refused(Errno.EXDEV, view.link, "/f", "/m/f")
        assert view.stat("/").dev != view.stat("/m").dev

    def test_one_volume_at_two_targets_is_two_mounts(self) -> None:
        view = plain({"/x": folder(), "/y": folder()})
        volume = tmpfs(f="one")
        for target in ("/x", "/y"):
            view.namespace.mount(volume, target)
        view.write_file("/x/f", Content.of("two"))
        assert view.read_file("/y/f").text() == "two"
        assert view.stat("/x/f").ino == view.stat("/y/f").ino
        refused(Errno.EXDEV, view.link, "/x/f", "/y/g")


class TestReadOnly:
    def test_nothing_can_be_changed_on_a_read_only_mount(self) -> None:
        view = plain({"/m": folder()})
        fs = tmpfs(f="x")
        view.namespace.mount(fs, "/m", read_only=True)
        for call, args in (
            (view.mkdir, ("/m/d",)),
            (view.unlink, ("/m/f",)),
            (view.unlink, ("/m/nothing",)),
            (view.chmod, ("/m/f", 0o600)),
            (view.truncate, ("/m/f", 0)),
            (view.open, ("/m/f", Open.WRONLY)),
            (view.open, ("/m/new", Open.WRONLY | Open.CREAT)),
            (view.rename, ("/m/f", "/m/g")),
            (view.setxattr, ("/m/f", "user.a", b"")),
        ):
            refused(Errno.EROFS, call, *args)
        refused(Errno.EEXIST, view.mkdir, "/m/f")
        assert view.read_file("/m/f").text() == "x"
        assert not view.access("/m/f", WRITE)

    def test_a_device_on_it_can_still_be_written(self) -> None:
        view = plain({"/dev": folder()})
        fs = PlainFs(Tree.build({"/null": NULL}), Clock(), "tmpfs")
        view.namespace.mount(fs, "/dev", read_only=True)
        view.write_file("/dev/null", Content.of("gone"))

    def test_noexec_and_nodev(self) -> None:
        view = plain({"/m": folder()})
        fs = PlainFs(Tree.build({"/sh": file("x", 0o755), "/null": NULL}), Clock(), "tmpfs")
        view.namespace.mount(fs, "/m", options="nosuid,nodev,noexec,relatime")
        refused(Errno.EACCES, view.execute, "/m/sh")
        assert not view.access("/m/sh", EXECUTE)
        refused(Errno.EACCES, view.open, "/m/null")

    def test_a_projection_says_why_it_cannot_be_written(self) -> None:
        view = plain({"/var/lib/docker": folder()})
        view.namespace.mount(tmpfs(f=""), "/var/lib/docker", hidden=True, refuse="use docker")
        with pytest.raises(NotSimulated, match="writing below /var/lib/docker; use docker"):
            view.write_file("/var/lib/docker/f", Content.of("x"))
        assert view.listdir("/var/lib/docker") == ["f"]
        assert "docker" not in view.namespace.mounts_text()


class TestBinding:
    def test_a_directory_is_one_and_the_same_in_both_places(self) -> None:
        host = plain({"/srv/code/f": file("one"), "/srv/other": file()})
        box = Union.over(Tree.build({"/app": folder()}))
        box.view.namespace.bind(host, "/srv/code", "/app")
        box.view.write_file("/app/f", Content.of("two"))
        assert host.read_file("/srv/code/f").text() == "two"
        assert box.view.listdir("/app/..") == ["app"]
        assert box.upper == []

    def test_a_single_file_stays_the_old_one_when_the_host_replaces_it(self) -> None:
        host = plain({"/srv/app.conf": file("old"), "/srv/new": file("new")})
        box = plain({"/etc/app.conf": file()})
        box.namespace.bind(host, "/srv/app.conf", "/etc/app.conf")
        host.rename("/srv/new", "/srv/app.conf")
        assert box.read_file("/etc/app.conf").text() == "old"
        refused(Errno.EBUSY, box.unlink, "/etc/app.conf")

    def test_a_removed_source_leaves_an_empty_directory_to_the_container(self) -> None:
        host = plain({"/srv/code": folder()})
        box = plain({"/app": folder()})
        box.namespace.bind(host, "/srv/code", "/app")
        host.rmdir("/srv/code")
        assert box.listdir("/app") == []
        refused(Errno.ENOENT, box.mkdir, "/app/x")

    def test_mounts_below_come_along_and_follow_read_only(self) -> None:
        host = plain({"/srv/inner": folder()})
        host.namespace.mount(tmpfs(f="x"), "/srv/inner")
        box = plain({"/m": folder(), "/n": folder(), "/o": folder()})
        box.namespace.bind(host, "/srv", "/m", read_only=True)
        box.namespace.bind(host, "/srv", "/n", read_only=True, recursive_read_only=False)
        box.namespace.bind(host, "/srv", "/o", recursive=False)
        refused(Errno.EROFS, box.unlink, "/m/inner/f")
        box.write_file("/n/inner/f", Content.of("y"))
        assert box.listdir("/o/inner") == []
        assert [entry.target for entry in box.namespace.mounts()] == [
            "/",
            "/m",
            "/m/inner",
            "/n",
            "/n/inner",
            "/o",
        ]

    def test_where_a_path_really_lies(self) -> None:
        view = plain({"/vol": folder()})
        volume = PlainFs(Tree.build({"/a/f": file()}), Clock())
        view.namespace.mount(volume, "/vol")
        assert view.locate("/vol/a/f") == (volume, "/a/f")
        assert view.locate("/vol") == (volume, "/")


def test_a_container_cannot_leave_its_root() -> None:
    view = plain({"/jail/f": file(), "/jail/up": Symlink(target="../../.."), "/secret": file()})
    view.chroot("/jail")
    assert view.listdir("/") == view.listdir("/..") == view.listdir("/up") == ["f", "up"]
    assert view.getcwd() == "/"


def test_a_clone_goes_its_own_way() -> None:
    view = plain({"/m": folder()})
    view.namespace.mount(tmpfs(f=""), "/m")
    other = View(view.namespace.clone())
    view.namespace.umount("/m")
    assert other.listdir("/m") == ["f"]
    assert view.listdir("/m") == []


def test_the_mount_table_in_the_form_of_proc() -> None:
    view = plain({"/a b": folder(), "/t": folder()}, device="/dev/vda1")
    options = "nosuid,nodev,noexec,relatime,size=1024k"
    view.namespace.mount(tmpfs(), "/t", source="tmpfs", options=options)
    view.namespace.mount(tmpfs(), "/a b", read_only=True)
    assert view.namespace.mounts_text() == (
        "/dev/vda1 / ext4 rw,relatime 0 0\n"
        "tmpfs /t tmpfs rw,nosuid,nodev,noexec,relatime,size=1024k 0 0\n"
        "tmpfs /a\\040b tmpfs ro,relatime 0 0\n"
    )


class TestSynthetic:
    def test_files_are_made_when_they_are_read(self) -> None:
        view = plain({"/proc": folder()})
        fs = SyntheticFs({"/mounts": lambda: view.namespace.mounts_text().encode(), "/self/": b""})
        view.namespace.mount(fs, "/proc")
        assert "proc /proc proc rw,relatime 0 0" in view.read_file("/proc/mounts").text()
        assert view.stat("/proc/mounts").size == 0
        assert view.listdir("/proc") == ["mounts", "self"]
        refused(Errno.EROFS, view.write_file, "/proc/mounts", Content.of("x"))

    def test_they_may_depend_on_who_looks(self) -> None:
        view = plain({"/proc": folder(), "/home/f": file("mine")})
        sources = {
            "/cwd": Link(lambda who: who.path_of(who.here)),
            "/who": PerViewer(lambda who: str(who.credentials.uid).encode()),
            "/fixed": Link("who"),
        }
        view.namespace.mount(SyntheticFs(sources), "/proc")
        view.chdir("/home")
        assert view.readlink("/proc/cwd") == "/home"
        assert view.read_file("/proc/cwd/f").text() == "mine"
        assert view.read_file("/proc/fixed").text() == "0"


def test_a_working_directory_that_was_removed() -> None:
    view = plain({"/d": folder()})
    view.chdir("/d")
    view.copy().rmdir("/d")
    refused(Errno.ENOENT, view.getcwd)
    refused(Errno.ENOENT, view.mkdir, "x")
    assert view.listdir(".") == []
    assert Namespace().mounts() == ()
