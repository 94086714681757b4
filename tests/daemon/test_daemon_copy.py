"""`docker cp`, `docker export`: into and out of containers, running or not."""

from __future__ import annotations

import pytest
from daemon_world import Lab, tmpfs, volume
from test_daemon_life import refused

from docgen.daemon.errors import ClientError
from docgen.fs.content import Content
from docgen.oci.tarform import Type
from docgen.oci.tarread import read_members


def client_refuses(call: object) -> str:
    assert callable(call)
    with pytest.raises(ClientError) as caught:
        call()
    return caught.value.message


def lab_with_files() -> Lab:
    """/root/f.txt (640, 1234:1235) and /root/d/sub/{x, l -> x}; a running container `up`."""
    lab = Lab()
    lab.host_file("/root/f.txt", "file\n")
    lab.view.chmod("/root/f.txt", 0o640)
    lab.view.chown("/root/f.txt", 1234, 1235)
    lab.host_file("/root/d/sub/x", "x\n")
    lab.view.symlink("x", "/root/d/sub/l")
    lab.run("up", mounts=(volume("data", "/data"), tmpfs("/ram")))
    return lab


def put(lab: Lab, source: str, target: str, ref: str = "up", **more: bool) -> int:
    return lab.daemon.copy_to(lab.view, source, ref, target, **more)


def get(lab: Lab, path: str, target: str, ref: str = "up", **more: bool) -> int:
    return lab.daemon.copy_from(ref, path, lab.view, target, **more)


def test_a_file_goes_to_a_new_name_or_into_a_directory() -> None:
    lab = lab_with_files()
    put(lab, "f.txt", "/new")
    put(lab, "f.txt", "/etc")
    put(lab, "f.txt", "/etc/passwd")
    assert lab.exec("up", "read /new; read /etc/f.txt; read /etc/passwd") == "file\n" * 3


def test_owner_and_mode_are_kept_without_a() -> None:
    """engine-observations 2.6."""
    lab = lab_with_files()
    put(lab, "f.txt", "/new")
    stat = lab.daemon.stat_path("up", "/new")
    assert stat.mode & 0o777 == 0o640
    member, _ = next(read_members(lab.daemon.read_archive("up", "/new")))
    assert (member.uid, member.gid) == (1234, 1235)


def test_with_a_files_get_the_containers_user() -> None:
    lab = lab_with_files()
    lab.run("us", user="1000:1001")
    put(lab, "f.txt", "/tmp/a", "us", archive=True)
    put(lab, "f.txt", "/tmp/f", "us")
    owners = [
        (member.uid, member.gid)
        for path in ("/tmp/a", "/tmp/f")
        for member, _ in read_members(lab.daemon.read_archive("us", path))
    ]
    assert owners == [(1000, 1001), (1234, 1235)]


def test_a_directory_goes_beside_its_name_or_gives_its_contents() -> None:
    lab = lab_with_files()
    put(lab, "d", "/newd")
    put(lab, "d", "/newd")
    put(lab, "d/.", "/newd")
    assert lab.diff("up").splitlines() == [
        "A /data",
        "A /newd",
        "A /newd/d",
        "A /newd/d/sub",
        "A /newd/d/sub/l",
        "A /newd/d/sub/x",
        "A /newd/sub",
        "A /newd/sub/l",
        "A /newd/sub/x",
        "A /ram",
    ]


def test_what_cannot_be_copied_in() -> None:
    lab = lab_with_files()
    assert client_refuses(lambda: put(lab, "f.txt", "/nodir/")) == "no such directory"
    assert client_refuses(lambda: put(lab, "d", "/etc/passwd")) == "cannot copy directory"
    assert client_refuses(lambda: put(lab, "nofile", "/")) == (
        "lstat /root/nofile: no such file or directory"
    )
    assert refused(lambda: put(lab, "f.txt", "/nodir/x")) == (
        "Could not find the file /nodir in container up"
    )
    assert refused(lambda: put(lab, "f.txt", "/x", "nosuch")) == "No such container: nosuch"
    assert client_refuses(lambda: put(lab, "nofile", "/x", "nosuch")) == (
        "lstat /root/nofile: no such file or directory"
    )


def test_files_come_out_as_roots_with_their_mode() -> None:
    lab = lab_with_files()
    put(lab, "f.txt", "/new")
    put(lab, "d", "/newd")
    get(lab, "/new", ".")
    stat = lab.view.stat("/root/new")
    assert (stat.mode, stat.uid, stat.gid) == (0o640, 0, 0)
    get(lab, "/newd/sub/l", ".")
    assert lab.view.readlink("/root/l") == "x"
    get(lab, "/newd/sub/l", "L", follow=True)
    assert lab.host_text("/root/L") == "x\n"
    get(lab, "/newd", "out")
    assert lab.view.listdir("/root/out") == ["sub"]
    get(lab, "/newd", "out")
    assert lab.view.listdir("/root/out") == ["newd", "sub"]
    get(lab, "/newd/.", "out2")
    assert lab.view.listdir("/root/out2") == ["sub"]


def test_what_cannot_be_copied_out() -> None:
    lab = lab_with_files()
    put(lab, "d", "/newd")
    assert refused(lambda: get(lab, "/nosuch", ".")) == (
        "Could not find the file /nosuch in container up"
    )
    assert client_refuses(lambda: get(lab, "/newd", "nodir/x")) == (
        'invalid output path: directory "/root/nodir" does not exist'
    )
    assert client_refuses(lambda: get(lab, "/etc/passwd", "nofile/")) == "no such directory"
    assert client_refuses(lambda: get(lab, "/newd", "f.txt")) == "cannot copy directory"
    assert refused(lambda: get(lab, "/x", ".", "nosuch")) == "No such container: nosuch"
    for path in ("/dev/null", "/proc/version"):
        assert refused(lambda path=path: get(lab, path, ".")) == (
            f"Could not find the file {path} in container up"
        )


def test_a_copy_into_a_tmpfs_writes_the_layer_below() -> None:
    """engine-observations 1.3."""
    lab = lab_with_files()
    put(lab, "f.txt", "/ram/copied")
    assert lab.exec("up", "ls /ram") == ""
    assert lab.diff("up").splitlines()[-2:] == ["A /ram", "A /ram/copied"]
    names = [member.name for member, _ in read_members(lab.daemon.read_archive("up", "/ram"))]
    assert names == ["ram/", "ram/copied"] or names == ["ram", "ram/copied"]


def test_volumes_are_reached_also_when_the_container_is_stopped() -> None:
    lab = lab_with_files()
    lab.stop("up", 0)
    put(lab, "f.txt", "/data/w")
    assert lab.host_text("/var/lib/docker/volumes/data/_data/w") == "file\n"
    assert "A /data/w" not in lab.diff("up")


def test_a_copy_makes_the_mount_points_of_a_container_that_never_ran() -> None:
    """engine-observations 3.28."""
    lab = lab_with_files()
    lab.create("nv", mounts=(volume("data", "/newpath"),))
    assert lab.diff("nv") == ""
    put(lab, "f.txt", "/newpath/q", "nv")
    assert lab.diff("nv") == "A /newpath"


def test_read_only_places_are_refused() -> None:
    lab = lab_with_files()
    lab.run("ro", read_only=True, mounts=(volume("data", "/data"),))
    assert refused(lambda: put(lab, "f.txt", "/x", "ro")) == "container rootfs is marked read-only"
    put(lab, "f.txt", "/data/x", "ro")
    lab.run("rov", mounts=(volume("data", "/data", mode="ro"),))
    assert refused(lambda: put(lab, "f.txt", "/data/x", "rov")) == (
        "mounted volume is marked read-only"
    )


def test_a_tar_stream_is_unpacked_into_an_existing_directory_only() -> None:
    lab = lab_with_files()
    put(lab, "d", "/newd")
    archive = lab.daemon.read_archive("up", "/newd")
    lab.daemon.write_archive("up", "/tmp", archive)
    assert lab.exec("up", "ls /tmp/newd/sub") == "l\nx\n"
    for path in ("/etc/passwd", "/nosuch"):
        assert client_refuses(lambda path=path: lab.daemon.write_archive("up", path, archive)) == (
            f'destination "up:{path}" must be a directory'
        )
    assert refused(lambda: lab.daemon.write_archive("up", "/tmp", Content.of(b"x" * 600)))


def test_a_directory_is_never_overwritten_by_a_file_of_an_archive() -> None:
    lab = lab_with_files()
    put(lab, "d", "/tmp/d")
    lab.exec("up", "write /d plain")
    archive = lab.daemon.read_archive("up", "/d")
    assert refused(lambda: lab.daemon.write_archive("up", "/tmp", archive)) == (
        'cannot overwrite directory "/tmp/d" with non-directory "d"'
    )


def test_export_is_the_layers_without_the_volumes() -> None:
    lab = lab_with_files()
    lab.exec("up", "write /data/v v; write /note n")
    names = {member.name: member.type for member, _ in read_members(lab.daemon.export("up"))}
    assert "note" in names
    assert "data/v" not in names
    assert {names[".dockerenv"], names["etc/hosts"]} == {Type.FILE}
    assert names["etc/mtab"] is Type.SYMLINK
    assert names["bin/ls"] is not Type.DIR
