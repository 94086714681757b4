"""The simulator as an engine: what a snapshot says of a host that did something."""

from __future__ import annotations

import pytest

from docgen.diagnostics import PageError
from docgen.page.reader import read
from docgen.play.player import play
from docgen.play.simulated import open_simulated
from docgen.record.codec import dumps, loads
from docgen.record.recording import Recording
from docgen.record.snapshot import ContainerStatus, Kind, Mark, MountKind, Snapshot

PAGE = """\
---
drivers: [overlayfs, overlay2, vfs]
---
```file file="site/index.html" mode=640
hello
```
```console
$ docker run -d --name db -v pgdata:/data -v /root/site:/etc/site -v /anon --tmpfs /tmp \\
> busybox sleep 999
$ docker exec db sh -c 'echo row > /data/table; echo note > /note; rm /etc/group
> echo x >> /etc/passwd'
$ docker exec db sh -c 'echo job > /tmp/job; ln /note /etc/note'
$ docker stop -t 0 db
$ docker rm db
```
"""
DRIVERS = ("overlayfs", "overlay2", "vfs")


def played(driver: str) -> Recording:
    page = read("scenarios/db.md", PAGE)
    return play(page, open_simulated(page, driver))


@pytest.fixture(scope="module", params=DRIVERS)
def recording(request: pytest.FixtureRequest) -> Recording:
    return played(request.param)


def after(recording: Recording, step: int) -> Snapshot:
    return recording.steps[step - 1].snapshot


def test_the_start_has_the_base_image_and_nothing_else(recording: Recording) -> None:
    start = recording.start
    (image,) = start.images
    (layer,) = start.layers
    assert image.names == ("busybox:latest",)
    assert image.layers == (layer.key,)
    assert (start.containers, start.volumes, start.host_paths) == ((), (), ())
    assert {"/bin", "/bin/busybox", "/etc/passwd"} <= {entry.path for entry in layer.entries}
    links = {e.inode for e in layer.entries if e.path in ("/bin/busybox", "/bin/ls") and e.inode}
    assert len(links) <= 1


def test_a_writable_layer_is_shown_with_its_changes(recording: Recording) -> None:
    container = after(recording, 3).container("db")
    assert container is not None
    changes = {change.path: change.mark for change in container.writable.changes}
    assert changes["/note"] is Mark.ADDED
    assert changes["/etc/passwd"] is Mark.CHANGED
    assert changes["/etc/group"] is Mark.DELETED
    entries = {entry.path: entry for entry in container.writable.entries}
    assert entries["/etc/group"].kind is Kind.WHITEOUT
    assert entries["/etc/passwd"].copied_up
    assert not entries["/note"].copied_up
    assert entries["/note"].inode == entries["/etc/note"].inode != 0
    assert entries["/note"].digest


def test_mounts_are_shown_with_what_they_hide(recording: Recording) -> None:
    container = after(recording, 3).container("db")
    assert container is not None
    mounts = {mount.target: mount for mount in container.mounts}
    assert {target: mount.kind for target, mount in mounts.items()} == {
        "/anon": MountKind.VOLUME,
        "/data": MountKind.VOLUME,
        "/etc/site": MountKind.BIND,
        "/tmp": MountKind.TMPFS,
    }
    assert mounts["/data"].source == "pgdata"
    assert (mounts["/anon"].anonymous, mounts["/data"].anonymous) == (True, False)
    assert [entry.path for entry in mounts["/tmp"].entries] == ["/job"]
    seen = {one.path: one.served_by for one in container.seen}
    assert seen["/note"] == "writable"
    assert seen["/bin"] == container.layers[0]
    assert seen["/data"] == "mount:/data"
    assert seen["/.dockerenv"] == "init"


def test_a_stopped_container_has_no_memory_left(recording: Recording) -> None:
    container = after(recording, 4).container("db")
    assert container is not None
    assert (container.status, container.exit_code) == (ContainerStatus.EXITED, 137)
    assert all(not mount.entries for mount in container.mounts)


def test_volumes_and_host_paths_outlive_the_container(recording: Recording) -> None:
    running, last = after(recording, 3), after(recording, 5)
    (identity,) = [one.id for one in running.containers]
    assert last.containers == ()
    named, anonymous = last.volumes
    assert (named.name, named.anonymous, anonymous.anonymous) == ("pgdata", False, True)
    assert [(entry.path, entry.size) for entry in named.entries] == [("/table", 4)]
    assert named.size == 4
    assert [volume.used_by for volume in running.volumes] == [(identity,), (identity,)]
    assert [volume.used_by for volume in last.volumes] == [(), ()]
    (site,) = last.host_paths
    assert (site.path, [(e.path, e.mode) for e in site.entries]) == (
        "/root/site",
        [("/index.html", 0o640)],
    )


def test_the_disk_is_listed_with_owners_directories_above_files(recording: Recording) -> None:
    snapshot = after(recording, 3)
    paths = [line.path for line in snapshot.disk]
    assert paths == sorted(paths, key=lambda path: path.split("/"))
    assert len(paths) == len(set(paths))
    container = snapshot.containers[0]
    owners = {line.path: line.owner for line in snapshot.disk}
    log = f"/var/lib/docker/containers/{container.id}/{container.id}-json.log"
    assert owners[log] == f"container:{container.id}"
    assert owners["/var/lib/docker/volumes/pgdata/_data/table"] == "volume:pgdata"
    assert owners[f"{container.writable.directory}/note"] == f"container:{container.id}"
    base = snapshot.layers[0]
    assert owners[f"{base.directory}/bin/busybox"] == f"layer:{base.key}"


def test_the_same_page_gives_the_same_recording(recording: Recording) -> None:
    again = played(recording.driver)
    assert dumps(again) == dumps(recording)
    assert loads(dumps(again)) == again


@pytest.mark.parametrize("driver", DRIVERS)
def test_looking_changes_nothing(driver: str) -> None:
    page = read("p.md", PAGE)
    looked_at, left_alone = open_simulated(page, driver), open_simulated(page, driver)
    looked_at.snapshot()
    commands = [command.text for _, command in page.commands(driver)]
    for command in commands[:3]:
        looked_at.run(command)
        assert looked_at.snapshot() == looked_at.snapshot()
        left_alone.run(command)
    assert looked_at.snapshot() == left_alone.snapshot()


def test_a_host_can_begin_without_images() -> None:
    page = read("p.md", "---\nimages: []\n---\n```console\n$ docker images -q\n```\n")
    recording = play(page, open_simulated(page, "overlayfs"))
    assert (recording.start.images, recording.steps[0].stdout) == ((), "")


def test_functions_of_earlier_steps_are_known_to_the_check() -> None:
    page = read("p.md", "```console\n$ greet() { echo hi; }\n$ greet\n```\n")
    assert play(page, open_simulated(page, "overlayfs")).steps[1].stdout == "hi\n"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("if true", "p.md:2:10: a shell cannot read this"),
        ("docker swarm init", "p.md:2:10: docker swarm is not simulated"),
        ("echo a\n> docker swarm init", "p.md:3:10: docker swarm is not simulated"),
    ],
)
def test_what_is_refused_has_its_place(command: str, told: str) -> None:
    page = read("p.md", f"```console\n$ {command}\n```\n")
    with pytest.raises(PageError) as error:
        play(page, open_simulated(page, "overlayfs"))
    assert str(error.value).startswith(told)


def test_a_file_in_the_way_of_a_directory_is_told() -> None:
    page = read("p.md", '```sh file="a"\nx\n```\n```sh file="a/b"\nx\n```\n')
    with pytest.raises(PageError, match="the file 'a/b' cannot be written: File exists"):
        play(page, open_simulated(page, "overlayfs"))
