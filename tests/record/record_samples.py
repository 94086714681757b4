"""Small recordings, made by hand, for the tests of this room."""

from __future__ import annotations

from docgen.record.recording import Recording, Step
from docgen.record.snapshot import (
    Change,
    Container,
    ContainerStatus,
    DiskEntry,
    Entry,
    HostPath,
    Image,
    Kind,
    Layer,
    Mark,
    Mount,
    MountKind,
    Seen,
    Snapshot,
    Volume,
    Writable,
)

BASE = "sha256:" + "b" * 64
LAYER = Layer(
    BASE,
    "sha256:" + "d" * 64,
    "",
    "FROM busybox",
    4,
    "/var/lib/docker/overlay2/base",
    (
        Entry("/bin", Kind.DIR, mode=0o755),
        Entry("/bin/sh", Kind.FILE, 4, 0o755, inode=1, digest="a" * 64),
    ),
)
IMAGE = Image("sha256:" + "1" * 64, ("busybox:latest",), (BASE,), 4)


def container(identity: str, written: bool = True) -> Container:
    entries = (
        Entry("/note", Kind.FILE, 5, 0o644),
        Entry("/etc", Kind.DIR, mode=0o755, opaque=True),
    )
    return Container(
        id=identity,
        name="db",
        image=IMAGE.id,
        image_name="busybox",
        status=ContainerStatus.RUNNING,
        exit_code=0,
        layers=(BASE,),
        writable=Writable(
            entries if written else (),
            (Change(Mark.ADDED, "/note"),) if written else (),
            5 if written else 0,
            "/upper",
        ),
        mounts=(
            Mount(MountKind.TMPFS, "", "/scratch", entries=(Entry("/scratch/x", Kind.FIFO),)),
            Mount(MountKind.VOLUME, "pgdata", "/data", read_only=True, hides=("/data/seed",)),
        ),
        seen=(Seen("/bin", Kind.DIR, BASE), Seen("/note", Kind.FILE, "writable")),
    )


def snapshot(
    identity: str = "", written: bool = True, disk: tuple[DiskEntry, ...] = ()
) -> Snapshot:
    return Snapshot(
        driver="overlay2",
        time=1_767_225_600,
        layers=(LAYER,),
        images=(IMAGE,),
        containers=(container(identity, written),) if identity else (),
        volumes=(
            Volume(
                "pgdata", False, "local", (("type", "none"),), (), "/v/pgdata", (), 0, (identity,)
            ),
            Volume("c" * 64, True, "local", (), (), "/v/c", (Entry("/x", Kind.FILE, 1),), 1, ()),
        ),
        host_paths=(HostPath("/srv/www", None, (), (identity,)),),
        disk=disk,
    )


D1 = DiskEntry("/var/lib/docker", Kind.DIR, 0, "")
D2 = DiskEntry("/var/lib/docker/a", Kind.FILE, 1, f"layer:{BASE}")
D3 = DiskEntry("/var/lib/docker/b", Kind.FILE, 2, "")
D2_GROWN = DiskEntry("/var/lib/docker/a", Kind.FILE, 9, f"layer:{BASE}")


def recording(
    identity: str = "e" * 64, when: str = "2 seconds", engine: str = "simulated"
) -> Recording:
    return Recording(
        "scenarios/db.md",
        "A database",
        engine,
        "overlay2",
        snapshot(disk=(D1, D2)),
        (
            Step(
                8,
                "docker run -d --name db busybox",
                f"{identity}\n",
                "",
                0,
                snapshot(identity, False, (D1, D2_GROWN, D3)),
            ),
            Step(
                10,
                "docker ps",
                f"{identity[:12]}   busybox   Up {when}   db\n",
                "",
                0,
                snapshot(identity, True, (D1, D3)),
            ),
            Step(
                12,
                "docker diff db",
                "A /note\nC /etc\n",
                "warning\n",
                0,
                snapshot(identity, True, (D1, D3)),
            ),
        ),
    )
