"""`docker inspect`, `info`, `ps` and its filters: keys, order and values as a real 28.5.2
gives them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from daemon_world import Lab, bind, mount, tmpfs, volume
from test_daemon_life import refused

from docgen.daemon.launch import exit_status_of
from docgen.daemon.model import MountType, RestartPolicy

STORES = pytest.mark.parametrize("driver", ["overlayfs", "overlay2", "vfs"])


def part(value: object, *path: str | int) -> object:
    """A value deep inside plain data."""
    for step in path:
        value = value[step]  # type: ignore[index]
    return value


@STORES
def test_the_keys_of_a_container(driver: str) -> None:
    lab = Lab(driver)
    lab.run("web")
    keys = list(lab.daemon.inspect_container("web"))
    expected = [
        "Id",
        "Created",
        "Path",
        "Args",
        "State",
        "Image",
        "ResolvConfPath",
        "HostnamePath",
        "HostsPath",
        "LogPath",
        "Name",
        "RestartCount",
        "Driver",
        "Platform",
        "MountLabel",
        "ProcessLabel",
        "AppArmorProfile",
        "ExecIDs",
        "HostConfig",
        "GraphDriver",
        "Mounts",
        "Config",
        "NetworkSettings",
    ]
    if driver == "overlayfs":
        expected.append("ImageManifestDescriptor")
    assert keys == expected
    sized = list(lab.daemon.inspect_container("web", size=True))
    assert sized[sized.index("GraphDriver") + 1 :][:2] == ["SizeRw", "SizeRootFs"]


@STORES
def test_graph_driver_data(driver: str) -> None:
    """engine-observations 3.9."""
    lab = Lab(driver)
    lab.create("web")
    data = part(lab.daemon.inspect_container("web"), "GraphDriver", "Data")
    keys = list(data) if isinstance(data, Mapping) else None
    assert (
        keys
        == {
            "overlayfs": None,
            "overlay2": ["ID", "LowerDir", "MergedDir", "UpperDir", "WorkDir"],
            "vfs": ["ID"],
        }[driver]
    )


def test_the_configuration_of_a_container() -> None:
    lab = Lab()
    identity = lab.create(
        "web",
        "sleep",
        "9",
        env=("A=1",),
        labels={"a": "b"},
        working_dir="/srv",
        mounts=(volume("", "/anon"),),
    )
    config = part(lab.daemon.inspect_container("web"), "Config")
    assert isinstance(config, Mapping)
    assert dict(config) == {
        "Hostname": identity[:12],
        "Domainname": "",
        "User": "",
        "AttachStdin": False,
        "AttachStdout": True,
        "AttachStderr": True,
        "Tty": False,
        "OpenStdin": False,
        "StdinOnce": False,
        "Env": ["A=1", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
        "Cmd": ["sleep", "9"],
        "Image": "busybox",
        "Volumes": {"/anon": {}},
        "WorkingDir": "/srv",
        "Entrypoint": None,
        "OnBuild": None,
        "Labels": {"a": "b"},
    }


def test_mounts_as_inspect_shows_them() -> None:
    lab = Lab()
    lab.create(
        "web",
        mounts=(
            volume("data", "/data", mode="ro"),
            volume("", "/anon"),
            bind("/root/src", "/src"),
            bind("/", "/host"),
            tmpfs("/ram", "size=1m"),
            mount(MountType.TMPFS, "/tm", tmpfs_size=1 << 20, tmpfs_mode=0o1770),
            mount(MountType.VOLUME, "/other"),
        ),
    )
    found = lab.daemon.inspect_container("web")
    mounts = found["Mounts"]
    assert isinstance(mounts, list)
    shown = {
        one["Destination"]: (one["Type"], one["Mode"], one["RW"], one["Propagation"])
        for one in mounts
    }
    assert shown == {
        "/anon": ("volume", "", True, ""),
        "/data": ("volume", "ro", False, ""),
        "/host": ("bind", "", True, "rslave"),
        "/other": ("volume", "z", True, ""),
        "/src": ("bind", "", True, "rprivate"),
        "/tm": ("tmpfs", "", True, ""),
    }
    host = part(found, "HostConfig")
    assert part(host, "Binds") == ["/:/host", "/root/src:/src", "data:/data:ro"]
    assert part(host, "Tmpfs") == {"/ram": "size=1m"}
    assert part(host, "Mounts", 0) == {
        "Type": "tmpfs",
        "Target": "/tm",
        "TmpfsOptions": {"SizeBytes": 1048576, "Mode": 0o1770},
    }


@STORES
def test_the_keys_of_an_image(driver: str) -> None:
    lab = Lab(driver)
    found = lab.daemon.inspect_image("busybox")
    expected = [
        "Id",
        "RepoTags",
        "RepoDigests",
        "Parent",
        "Comment",
        "Created",
        "DockerVersion",
        "Author",
        "Architecture",
        "Os",
        "Size",
        "GraphDriver",
        "RootFS",
        "Metadata",
    ]
    if driver == "overlayfs":
        expected.append("Descriptor")
    assert list(found) == [*expected, "Config"]
    assert (
        found["Size"] == {"overlayfs": 2_135_821, "overlay2": 1_983_165, "vfs": 1_983_152}[driver]
    )
    assert list(part(found, "Config")) == [  # type: ignore[call-overload]
        *("Cmd", "Entrypoint", "Env", "Labels", "OnBuild", "User", "Volumes", "WorkingDir"),
    ]


def test_a_volume() -> None:
    lab = Lab()
    lab.daemon.create_volume("data", labels={"k": "v"})
    found = dict(lab.daemon.inspect_volume("data"))
    assert found == {
        "CreatedAt": "2026-01-01T00:00:00Z",
        "Driver": "local",
        "Labels": {"k": "v"},
        "Mountpoint": "/var/lib/docker/volumes/data/_data",
        "Name": "data",
        "Options": None,
        "Scope": "local",
    }


@STORES
def test_info_counts_containers_and_images(driver: str) -> None:
    """engine-observations 3.8: containerd counts names."""
    lab = Lab(driver)
    lab.create("one")
    lab.run("two")
    lab.run("three")
    lab.daemon.pause("three")
    lab.daemon.tag("busybox", "second")
    info = lab.daemon.info()
    counts = [info[f"Containers{state}"] for state in ("", "Running", "Paused", "Stopped")]
    assert counts == [3, 1, 1, 1]
    assert info["Images"] == (2 if driver == "overlayfs" else 1)
    assert info["Driver"] == driver


def test_filters_of_ps() -> None:
    lab = Lab()
    lab.create("one", mounts=(volume("data", "/data"),), labels={"a": "b"})
    lab.run("two", "sh", "-c", "exit 3")
    lab.run("three")
    lab.settle()

    def names(**filters: str) -> list[str]:
        wanted = {key: (value,) for key, value in filters.items()}
        return [one.name for one in lab.daemon.containers(wanted)]

    assert names() == ["three", "two", "one"]
    assert [one.name for one in lab.daemon.containers(all=False)] == ["three"]
    assert names(status="exited") == ["two"]
    assert names(exited="3") == ["two"]
    assert names(volume="data") == names(volume="/data") == ["one"]
    assert names(label="a=b") == names(label="a") == ["one"]
    assert names(name="^t") == ["three", "two"]
    assert names(ancestor="busybox") == ["three", "two", "one"]
    assert names(ancestor="nosuch") == []
    assert names(before="three") == ["two", "one"]
    assert names(since="one") == ["three", "two"]
    assert refused(lambda: names(foo="x")) == "invalid filter 'foo'"
    assert refused(lambda: names(status="foo")) == (
        "invalid filter 'status=foo': invalid value for state (foo): must be one of "
        "created, running, paused, restarting, removing, exited, dead"
    )


def test_filters_of_volumes_and_prunes() -> None:
    lab = Lab()
    lab.create("one", mounts=(volume("used", "/data"),))
    lab.daemon.create_volume("free", labels={"keep": ""})
    lab.daemon.create_volume("other")

    def names(**filters: str) -> list[str]:
        wanted = {key: (value,) for key, value in filters.items()}
        return [one.name for one in lab.daemon.volumes(wanted)]

    assert names(dangling="true") == ["free", "other"]
    assert names(dangling="false") == ["used"]
    assert names(name="fre") == ["free"]
    assert refused(lambda: names(foo="x")) == "invalid filter 'foo'"
    report = lab.daemon.prune_volumes({"all": ("1",), "label!": ("keep",)})
    assert report.deleted == ("other",)
    assert lab.daemon.prune_containers({"until": ("1h",)}).deleted == ()


def test_restart_policies_are_checked() -> None:
    lab = Lab()
    assert refused(lambda: lab.create("", restart=RestartPolicy("foo"))) == (
        "invalid restart policy: unknown policy 'foo'; "
        "use one of 'no', 'always', 'on-failure', or 'unless-stopped'"
    )
    assert refused(lambda: lab.create("", restart=RestartPolicy("always", 3))) == (
        "invalid restart policy: maximum retry count can only be used with 'on-failure'"
    )


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ('exec: "x": executable file not found in $PATH', 127),
        ("cannot access path /x: no such file or directory", 127),
        ('exec: "/etc": permission denied', 126),
        ("No such image: x:latest", 125),
    ],
)
def test_the_exit_status_of_run_follows_the_text(message: str, status: int) -> None:
    assert exit_status_of(message) == status


def test_the_same_seed_gives_the_same_host() -> None:
    def play() -> tuple[str, ...]:
        lab = Lab()
        lab.run("web", mounts=(volume("", "/data"),))
        lab.exec("web", "write /x y")
        return (*lab.volumes(), *(one.id for one in lab.daemon.containers()), lab.diff("web"))

    assert play() == play()
