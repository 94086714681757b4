"""Volumes, binds, tmpfs, image mounts: who makes what, when, and what it hides."""

from __future__ import annotations

import pytest
from daemon_world import Lab, bind, mount, tmpfs, volume
from test_daemon_life import refused

from docgen.daemon.model import MountSpec, MountType


def filled_image(lab: Lab) -> None:
    """An image `app` with /conf/app.conf (640, 10:20) in a directory of 750 10:20."""
    lab.host_file("/root/ctx/conf/app.conf", "x=1\n")
    lab.build("FROM busybox\nCOPY --chown=10:20 --chmod=750 conf /conf\n")


def test_a_volume_is_made_and_filled_at_create() -> None:
    lab = Lab()
    filled_image(lab)
    lab.create("web", image="app", mounts=(volume("data", "/conf"),))
    root = "/var/lib/docker/volumes/data/_data"
    assert lab.host_text(f"{root}/app.conf") == "x=1\n"
    stat = lab.view.stat(root)
    assert (stat.mode, stat.uid, stat.gid) == (0o750, 10, 20)


def test_only_an_empty_volume_is_filled() -> None:
    lab = Lab()
    filled_image(lab)
    lab.daemon.create_volume("data")
    lab.host_file("/var/lib/docker/volumes/data/_data/.keep")
    lab.create("web", image="app", mounts=(volume("data", "/conf"),))
    assert lab.view.listdir("/var/lib/docker/volumes/data/_data") == [".keep"]


def test_an_emptied_volume_is_filled_by_the_next_create_not_by_start() -> None:
    """engine-observations 1.12."""
    lab = Lab()
    filled_image(lab)
    lab.create("one", image="app", mounts=(volume("data", "/conf"),))
    file = "/var/lib/docker/volumes/data/_data/app.conf"
    lab.view.unlink(file)
    lab.drive(lab.daemon.start("one"))
    assert not lab.view.exists(file)
    lab.create("two", image="app", mounts=(volume("data", "/conf"),))
    assert lab.view.exists(file)


@pytest.mark.parametrize(
    "spec",
    [
        volume("data", "/conf", mode="nocopy"),
        mount(MountType.VOLUME, "/conf", "data", no_copy=True),
    ],
)
def test_nocopy_leaves_the_volume_empty(spec: MountSpec) -> None:
    lab = Lab()
    filled_image(lab)
    lab.create("web", image="app", mounts=(spec,))
    assert lab.view.listdir("/var/lib/docker/volumes/data/_data") == []


def test_a_bind_hides_the_images_files_and_is_never_filled() -> None:
    lab = Lab()
    filled_image(lab)
    lab.view.makedirs("/srv/empty")
    lab.run("web", image="app", mounts=(bind("/srv/empty", "/conf"),))
    assert lab.exec("web", "ls /conf") == ""
    lab.exec("web", "write /conf/new n")
    assert lab.host_text("/srv/empty/new") == "n\n"


def test_a_missing_bind_source_is_made_at_every_start_with_v() -> None:
    lab = Lab()
    lab.create("web", mounts=(bind("/srv/made/deep", "/d"),))
    assert not lab.view.exists("/srv/made")
    lab.drive(lab.daemon.start("web"))
    assert lab.view.stat("/srv/made/deep").mode == 0o755
    lab.stop("web", 0)
    lab.view.rmdir("/srv/made/deep")
    lab.drive(lab.daemon.start("web"))
    assert lab.view.exists("/srv/made/deep")


def test_a_missing_bind_source_is_an_error_with_mount() -> None:
    lab = Lab()
    lab.view.makedirs("/srv/there")
    text = 'invalid mount config for type "bind": bind source path does not exist: '
    spec = mount(MountType.BIND, "/d", "/nope")
    assert refused(lambda: lab.create("web", mounts=(spec,))) == f"{text}/nope"
    lab.create("web", mounts=(mount(MountType.BIND, "/d", "/srv/there"),))
    lab.view.rmdir("/srv/there")
    assert refused(lambda: lab.drive(lab.daemon.start("web"))) == f"{text}/srv/there"


def test_a_file_does_not_go_over_a_directory() -> None:
    """Seen on 28.5.2 with runc 1.1.5; the typo leaves a directory on the host."""
    lab = Lab()
    lab.create("web", mounts=(bind("/root/ap.conf", "/etc/passwd"),))
    assert refused(lambda: lab.drive(lab.daemon.start("web"))) == (
        "failed to create task for container: failed to create shim task: OCI runtime create "
        "failed: runc create failed: unable to start container process: error during container "
        'init: error mounting "/root/ap.conf" to rootfs at "/etc/passwd": mount '
        "/root/ap.conf:/etc/passwd (via /proc/self/fd/6), flags: 0x5000: not a directory: Are you "
        "trying to mount a directory onto a file (or vice-versa)? Check if the specified host path "
        "exists and is the expected type"
    )
    assert lab.daemon.container("web").state.exit_code == 127
    assert lab.view.is_dir("/root/ap.conf")


@pytest.mark.parametrize("driver", ["overlayfs", "overlay2"])
def test_a_volume_does_not_go_over_a_file_but_stays(driver: str) -> None:
    """engine-observations 1.1."""
    lab = Lab(driver)
    text = refused(lambda: lab.create("c3", mounts=(volume("vol", "/etc/passwd"),)))
    merged = {
        "overlayfs": "/var/lib/docker/rootfs/overlayfs/",
        "overlay2": "/var/lib/docker/overlay2/",
    }[driver]
    assert text.startswith(f"source {merged}")
    assert text.endswith("/etc/passwd is not directory")
    assert lab.volumes() == ["vol"]
    assert lab.daemon.containers() == ()


def test_a_missing_mount_point_is_made_in_the_writable_layer() -> None:
    lab = Lab()
    lab.host_file("/root/app.conf", "c\n")
    lab.create("web", mounts=(volume("data", "/data"), bind("/root/app.conf", "/etc/app.conf")))
    assert lab.diff("web") == ""
    lab.drive(lab.daemon.start("web"))
    assert lab.diff("web") == "A /data\nC /etc\nA /etc/app.conf"


def test_a_volume_inside_a_bind_makes_its_mount_point_on_the_host() -> None:
    """engine-observations 1.23."""
    lab = Lab()
    lab.host_file("/srv/src/main.py", "m\n")
    mounts = (volume("mods", "/app/node_modules"), bind("/srv/src", "/app"))
    lab.run("web", mounts=mounts)
    assert lab.exec("web", "ls /app") == "main.py\nnode_modules\n"
    lab.exec("web", "write /app/node_modules/x y")
    assert lab.view.listdir("/srv/src/node_modules") == []
    lab.remove("web", force=True)
    assert lab.view.stat("/srv/src/node_modules").mode == 0o755


def test_a_tmpfs_is_empty_again_after_each_start() -> None:
    lab = Lab()
    lab.run("web", mounts=(tmpfs("/ram", "size=1m,mode=700"),))
    lab.exec("web", "write /ram/x y")
    assert "tmpfs /ram tmpfs rw,nosuid,nodev,noexec,relatime,size=1024k,mode=700 0 0" in lab.exec(
        "web", "read /proc/mounts"
    )
    lab.daemon.pause("web")
    lab.daemon.unpause("web")
    assert lab.exec("web", "ls /ram") == "x\n"
    lab.stop("web", 0)
    lab.drive(lab.daemon.start("web"))
    assert lab.exec("web", "ls /ram") == ""


def test_a_bad_tmpfs_option_is_found_at_start() -> None:
    lab = Lab()
    lab.create("web", mounts=(tmpfs("/t", "foo=bar"),))
    assert refused(lambda: lab.drive(lab.daemon.start("web"))) == 'invalid tmpfs option "foo"'


def test_a_full_tmpfs_takes_no_more() -> None:
    lab = Lab()
    spec = mount(MountType.TMPFS, "/t", tmpfs_size=4096)
    lab.run("web", mounts=(spec,))
    assert lab.exec("web", "write /t/a x") == ""
    assert "No space left on device" in lab.exec("web", "write /t/b x")


def test_volumes_from_inherits_with_less_rights() -> None:
    lab = Lab()
    lab.create("src", mounts=(volume("data", "/data"), volume("", "/anon"), tmpfs("/ram")))
    lab.run("user", volumes_from=("src:ro",))
    container = lab.daemon.container("user")
    assert [(one.destination, one.rw) for one in container.mounts] == [
        ("/anon", False),
        ("/data", False),
    ]
    assert lab.exec("user", "write /data/x y") == "write: Read-only file system\n[1]"
    assert refused(lambda: lab.create("", volumes_from=("nosuch",))) == "No such container: nosuch"
    assert refused(lambda: lab.create("", volumes_from=("src:nocopy",))) == "invalid mode: nocopy"


def test_an_inherited_anonymous_volume_goes_with_its_last_user() -> None:
    """engine-observations 1.21."""
    lab = Lab()
    lab.create("src", mounts=(volume("", "/anon"),))
    lab.create("user", volumes_from=("src",))
    lab.remove("src", volumes=True)
    assert len(lab.volumes()) == 1
    lab.remove("user", volumes=True)
    assert lab.volumes() == []


def test_mount_wins_over_v_and_both_over_volumes_from() -> None:
    lab = Lab()
    lab.create("src", mounts=(volume("old", "/data"),))
    lab.create("web", volumes_from=("src",), mounts=(volume("new", "/data"),))
    assert [one.name for one in lab.daemon.container("web").mounts] == ["new"]
    assert lab.daemon.volume_users("old") == (lab.daemon.container("src"),)


def test_an_images_volume_is_anonymous_unless_something_else_is_mounted_there() -> None:
    lab = Lab()
    lab.build("FROM busybox\nVOLUME /data\n")
    lab.create("one", image="app")
    lab.create("two", image="app", mounts=(volume("mine", "/data"),))
    assert len(lab.volumes()) == 2
    assert lab.daemon.container("one").mounts[0].anonymous
    assert lab.daemon.container("two").mounts[0].name == "mine"


def test_an_image_mount_shows_another_image_read_only() -> None:
    lab = Lab()
    lab.host_file("/root/ctx/model", "weights\n")
    lab.build("FROM scratch\nCOPY model /m/model\n", "data")
    lab.run("web", mounts=(mount(MountType.IMAGE, "/model", "data", subpath="m"),))
    assert lab.exec("web", "read /model/model") == "weights\n"
    assert lab.exec("web", "write /model/x y") == "write: Read-only file system\n[1]"
    assert lab.diff("web") == "A /model"
    spec = mount(MountType.IMAGE, "/m", "absent:1")
    assert refused(lambda: lab.create("", mounts=(spec,))) == "No such image: absent:1"


def test_a_subpath_must_exist_and_stay_inside() -> None:
    lab = Lab()
    lab.daemon.create_volume("data")
    lab.host_file("/var/lib/docker/volumes/data/_data/sub/f", "deep\n")
    lab.run("web", mounts=(mount(MountType.VOLUME, "/d", "data", subpath="sub"),))
    assert lab.exec("web", "ls /d") == "f\n"
    missing = mount(MountType.VOLUME, "/etc", "data", subpath="nosuch")
    path = "/var/lib/docker/volumes/data/_data/nosuch"
    text = f"cannot access path {path}: lstat {path}: no such file or directory"
    assert refused(lambda: lab.create("bad", mounts=(missing,))) == text
    later = mount(MountType.VOLUME, "/new", "data", subpath="nosuch")
    lab.create("late", mounts=(later,))
    assert refused(lambda: lab.drive(lab.daemon.start("late"))) == text


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        (
            volume("data", "/"),
            "invalid volume specification: 'data:/': invalid mount config for type \"volume\": "
            "invalid specification: destination can't be '/'",
        ),
        (
            volume("data", "rel"),
            "invalid volume specification: 'data:rel': invalid mount config for type \"volume\": "
            "invalid mount path: 'rel' mount path must be absolute",
        ),
        (volume("data", "/d", mode="foo"), "invalid mode: foo"),
        (volume("data", "/d", mode="ro,rw"), "invalid mode: ro,rw"),
        (tmpfs("/"), "invalid specification: destination can't be '/'"),
        (tmpfs("rel"), "invalid mount path: 'rel' mount path must be absolute"),
        (
            mount(MountType.VOLUME, "/d", read_only=True),
            'invalid mount config for type "volume": '
            "must not set ReadOnly mode when using anonymous volumes",
        ),
        (
            mount(MountType.VOLUME, "/d", "v1", subpath="../x"),
            'invalid mount config for type "volume": '
            "subpath must be a relative path within the volume",
        ),
        (
            mount(MountType.VOLUME, "/d", subpath="x"),
            'invalid mount config for type "volume": '
            "must not set Subpath when using anonymous volumes",
        ),
        (
            mount(MountType.BIND, "/d", "rel"),
            'invalid mount config for type "bind": '
            "invalid mount path: 'rel' mount path must be absolute",
        ),
        (
            mount(MountType.TMPFS, "/d", "rel"),
            'invalid mount config for type "tmpfs": field Source must not be specified',
        ),
        (
            mount(MountType.BIND, "/d", "/root", propagation="foo"),
            'invalid mount config for type "bind": invalid propagation mode: foo',
        ),
        (
            volume("bad name", "/d"),
            'create bad name: "bad name" includes invalid characters for a local volume name, only '
            '"[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, '
            "use absolute path",
        ),
    ],
)
def test_mounts_that_are_refused(spec: MountSpec, text: str) -> None:
    lab = Lab()
    assert refused(lambda: lab.create("web", mounts=(spec,))) == text
    assert lab.volumes() == []


def test_the_same_target_twice_is_refused() -> None:
    lab = Lab()
    pairs = [
        (volume("one", "/d/"), volume("two", "/d")),
        (mount(MountType.VOLUME, "/d", "a1"), mount(MountType.VOLUME, "/d", "a2")),
        (volume("five", "/d"), tmpfs("/d")),
    ]
    for pair in pairs:
        assert refused(lambda pair=pair: lab.create("", mounts=pair)) == "Duplicate mount point: /d"


# --- volumes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "more", "text"),
    [
        (
            "a",
            {},
            "create a: volume name is too short, "
            "names should be at least two alphanumeric characters",
        ),
        ("v1", {"options": {"foo": "bar"}}, 'create v1: invalid option: "foo"'),
        ("v1", {"options": {"type": "tmpfs"}}, 'create v1: missing required option: "device"'),
        ("v1", {"options": {"device": "tmpfs"}}, 'create v1: missing required option: "type"'),
        ("v1", {"options": {"o": "bind"}}, 'create v1: missing required option: "device"'),
        (
            "v1",
            {"options": {"size": "10m"}},
            "create v1: quota size requested but no quota support",
        ),
        (
            "v1",
            {"driver": "nosuch"},
            'create v1: error looking up volume plugin nosuch: plugin "nosuch" not found',
        ),
    ],
)
def test_volumes_that_cannot_be_made(name: str, more: dict[str, object], text: str) -> None:
    lab = Lab()
    assert refused(lambda: lab.daemon.create_volume(name, **more)) == text  # type: ignore[arg-type]


def test_a_volume_that_exists_is_returned_as_it_is() -> None:
    lab = Lab()
    lab.daemon.create_volume("data")
    again = lab.daemon.create_volume("data", labels={"new": "1"})
    assert again.labels is None


def test_volume_in_use_and_prune_rules() -> None:
    lab = Lab()
    identity = lab.create("web", mounts=(volume("data", "/data"), volume("", "/anon")))
    assert refused(lambda: lab.daemon.remove_volume("data")) == (
        f"remove data: volume is in use - [{identity}]"
    )
    assert refused(lambda: lab.daemon.remove_volume("nosuch")) == "get nosuch: no such volume"
    lab.daemon.remove_volume("nosuch", force=True)
    anonymous = lab.daemon.create_volume().name
    lab.daemon.create_volume("free")
    lab.daemon.create_volume("opt", options={"type": "tmpfs", "device": "tmpfs"})
    assert lab.daemon.prune_volumes().deleted == (anonymous,)
    assert lab.daemon.prune_volumes({"all": ("true",)}).deleted == ("free",)
    assert {"data", "opt"} < set(lab.volumes())
    lab.remove("web")
    assert len(lab.daemon.prune_volumes().deleted) == 1


def test_prune_says_how_many_bytes_of_files_went() -> None:
    lab = Lab()
    name = lab.daemon.create_volume().name
    lab.host_file(f"/var/lib/docker/volumes/{name}/_data/d/f", "12345")
    lab.view.link(
        f"/var/lib/docker/volumes/{name}/_data/d/f", f"/var/lib/docker/volumes/{name}/_data/g"
    )
    assert lab.daemon.prune_volumes().space == 5


def test_a_tmpfs_volume_is_shared_and_empty_after_its_last_user() -> None:
    lab = Lab()
    options = {"type": "tmpfs", "device": "tmpfs", "o": "size=100k"}
    lab.daemon.create_volume("ram", options=options)
    lab.run("one", mounts=(volume("ram", "/ram"),))
    lab.run("two", mounts=(volume("ram", "/ram"),))
    lab.exec("one", "write /ram/x y")
    assert lab.exec("two", "ls /ram") == "x\n"
    lab.stop("one", 0)
    assert lab.exec("two", "ls /ram") == "x\n"
    lab.stop("two", 0)
    lab.drive(lab.daemon.start("one"))
    assert lab.exec("one", "ls /ram") == ""


def test_a_bind_volume_is_a_directory_of_the_host_under_a_name() -> None:
    lab = Lab()
    options = {"type": "none", "device": "/srv/code", "o": "bind"}
    lab.daemon.create_volume("code", options=options)
    text = (
        "error while mounting volume '/var/lib/docker/volumes/code/_data': failed to mount local "
        "volume: mount /srv/code:/var/lib/docker/volumes/code/_data, flags: 0x1000: "
        "no such file or directory"
    )
    lab.create("web", mounts=(volume("code", "/code"),))
    assert refused(lambda: lab.drive(lab.daemon.start("web"))) == text
    lab.host_file("/srv/code/main", "m\n")
    lab.drive(lab.daemon.start("web"))
    assert lab.exec("web", "ls /code") == "main\n"
    assert lab.view.listdir("/var/lib/docker/volumes/code/_data") == ["main"]
    lab.stop("web", 0)
    assert lab.view.listdir("/var/lib/docker/volumes/code/_data") == []
    lab.remove("web")
    lab.daemon.remove_volume("code")
    assert lab.host_text("/srv/code/main") == "m\n"


def test_docker_directories_on_the_host_can_be_read_but_not_written() -> None:
    from docgen.diagnostics import NotSimulated
    from docgen.fs.content import Content

    lab = Lab("overlay2")
    identity = lab.run("web")
    lab.exec("web", "write /note n")
    data = lab.daemon.inspect_container(identity)["GraphDriver"]["Data"]  # type: ignore[index, call-overload]
    upper = data["UpperDir"]  # type: ignore[index, call-overload]
    assert lab.host_text(f"{upper}/note") == "n\n"
    with pytest.raises(NotSimulated):
        lab.view.write_file(f"{upper}/x", Content.of("x"))
    lab.stop("web", 0)
    assert not lab.view.exists(f"{data['MergedDir']}")  # type: ignore[index, call-overload]
