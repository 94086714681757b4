"""Hand-made recordings that the drawing tests share: a database container with everything a
page can show.
"""

from __future__ import annotations

from dataclasses import replace

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

ROOT = "/var/lib/docker"


def file(path: str, size: int, **more: object) -> Entry:
    return replace(Entry(path, Kind.FILE, size, 0o644), **more)


def folder(path: str, **more: object) -> Entry:
    return replace(Entry(path, Kind.DIR, 0, 0o755), **more)


def whiteout(path: str) -> Entry:
    return Entry(path, Kind.WHITEOUT)


def change(line: str) -> Change:
    return Change(Mark(line[0]), line[2:])


def layer(number: int, parent: str, created_by: str, size: int, *entries: Entry) -> Layer:
    key = f"sha256:{number:064x}"
    where = f"{ROOT}/overlay2/{number:064x}/diff"
    return Layer(key, f"sha256:{number + 99:064x}", parent, created_by, size, where, entries)


BASE = layer(
    1,
    "",
    "BusyBox 1.37.0 (glibc), Debian 13",
    1_980_000,
    folder("/bin"),
    *(file(f"/bin/applet{number:03}", 900 if number else 1_644_000) for number in range(398)),
    folder("/etc"),
    file("/etc/passwd", 340),
    folder("/root"),
    folder("/tmp"),
)
MOTD = layer(2, BASE.key, "RUN /bin/sh -c echo hi > /etc/motd # buildkit", 3, file("/etc/motd", 3))
CONF = layer(
    3,
    MOTD.key,
    "COPY conf /etc/db # buildkit",
    312,
    folder("/etc/db"),
    file("/etc/db/db.conf", 300),
    file("/etc/db/log.conf", 12),
)
SEED = layer(4, CONF.key, "COPY seed /data # buildkit", 2, folder("/data"), file("/data/seed", 2))
LAYERS = (BASE, MOTD, CONF, SEED)
BUSYBOX = Image("sha256:" + "b" * 64, ("busybox:latest",), (BASE.key,), 1_980_000)
APP = Image("sha256:" + "a" * 64, ("app:1",), tuple(one.key for one in LAYERS), 1_980_317)

SERVED = {
    "/bin": BASE.key,
    "/dev": "init",
    "/etc": MOTD.key,
    "/home": BASE.key,
    "/lib": BASE.key,
    "/proc": "init",
    "/root": BASE.key,
    "/tmp": BASE.key,
    "/usr": BASE.key,
    "/var": BASE.key,
}


def seen(mounts: tuple[Mount, ...], *written: str) -> tuple[Seen, ...]:
    places = SERVED | dict.fromkeys(written, "writable")
    places |= {mount.target: f"mount:{mount.target}" for mount in mounts}
    return tuple(Seen(path, Kind.DIR, place) for path, place in sorted(places.items()))


def writable(size: int, entries: tuple[Entry, ...], *lines: str) -> Writable:
    where = f"{ROOT}/overlay2/{'d' * 64}/diff"
    return Writable(entries, tuple(change(line) for line in lines), size, where)


NOTHING = writable(0, ())


def mounts(*scratch: Entry) -> tuple[Mount, ...]:
    return (
        Mount(MountKind.VOLUME, "pgdata", "/data", hides=("/data/seed",)),
        Mount(MountKind.BIND, "/root/conf.d", "/etc/db/conf.d", read_only=True),
        Mount(MountKind.TMPFS, "", "/scratch", entries=scratch),
    )


def database(own: Writable, *scratch: Entry, status: str = "running", code: int = 0) -> Container:
    written = [entry.path for entry in own.entries if entry.path.count("/") == 1]
    files = [path for path in written if path not in SERVED]
    return Container(
        id="d" * 64,
        name="db",
        image=APP.id,
        image_name="app:1",
        status=ContainerStatus(status),
        exit_code=code,
        layers=APP.layers,
        writable=own,
        mounts=mounts(*scratch),
        seen=seen(mounts(), *files),
        log_size=120,
    )


def pgdata(*entries: Entry, users: tuple[str, ...] = ("d" * 64,)) -> Volume:
    where = f"{ROOT}/volumes/pgdata/_data"
    return Volume(
        "pgdata", False, "local", (), (), where, entries, sum(e.size for e in entries), users
    )


CONF_D = HostPath("/root/conf.d", Kind.DIR, (file("/tune.conf", 41),), ("d" * 64,))


def disk(containers: tuple[Container, ...], volumes: tuple[Volume, ...]) -> tuple[DiskEntry, ...]:
    found = [DiskEntry(f"{ROOT}/overlay2", Kind.DIR, 0, "")]
    for one in LAYERS:
        found += _tree(one.directory, one.entries, f"layer:{one.key}")
    for one in containers:
        found += _tree(one.writable.directory, one.writable.entries, f"container:{one.id}")
    found.append(DiskEntry(f"{ROOT}/volumes", Kind.DIR, 0, ""))
    for one in volumes:
        found += _tree(one.directory, one.entries, f"volume:{one.name}")
    return tuple(found)


def _tree(where: str, entries: tuple[Entry, ...], owner: str) -> list[DiskEntry]:
    above = where.rpartition("/")[0]
    found = [DiskEntry(above, Kind.DIR, 0, owner), DiskEntry(where, Kind.DIR, 0, owner)]
    return found + [
        DiskEntry(where + entry.path, entry.kind, entry.size, owner) for entry in entries
    ]


def snapshot(
    time: int, containers: tuple[Container, ...] = (), volumes: tuple[Volume, ...] = ()
) -> Snapshot:
    return Snapshot(
        "overlay2",
        1_767_225_600 + time,
        LAYERS,
        (BUSYBOX, APP),
        containers,
        volumes,
        (replace(CONF_D, used_by=tuple(one.id for one in containers)),),
        disk(containers, volumes),
    )


TABLE, MORE, LOADED = file("/table", 6), file("/table", 14), file("/seed", 2)
JOB = file("/job.tmp", 65_536)
NOTED = writable(5, (file("/note", 5),), "A /note")
EDITED = writable(
    45,
    (folder("/etc"), file("/etc/motd", 40, copied_up=True), file("/note", 5)),
    "C /etc",
    "C /etc/motd",
    "A /note",
)
DELETED = writable(
    5, (folder("/etc"), whiteout("/etc/motd"), file("/note", 5)), "C /etc", "D /etc/motd", "A /note"
)

_PLAYED: tuple[tuple[str, str, int, Snapshot], ...] = (
    (
        "docker run -d --name db -v pgdata:/data -v /root/conf.d:/etc/db/conf.d:ro "
        "--tmpfs /scratch app:1",
        "d" * 64 + "\n",
        0,
        snapshot(1, (database(NOTHING),), (pgdata(LOADED),)),
    ),
    (
        "docker exec db sh -c 'echo row1 > /data/table; echo note > /note'",
        "",
        0,
        snapshot(2, (database(NOTED),), (pgdata(LOADED, TABLE),)),
    ),
    (
        "docker exec db sh -c 'echo Welcome >> /etc/motd; truncate -s 65536 /scratch/job.tmp'",
        "",
        0,
        snapshot(3, (database(EDITED, JOB),), (pgdata(LOADED, TABLE),)),
    ),
    (
        "docker exec db rm /etc/motd",
        "",
        0,
        snapshot(4, (database(DELETED, JOB),), (pgdata(LOADED, TABLE),)),
    ),
    (
        "docker stop db",
        "db\n",
        0,
        snapshot(15, (database(DELETED, status="exited", code=137),), (pgdata(LOADED, TABLE),)),
    ),
    ("docker rm db", "db\n", 0, snapshot(16, (), (pgdata(LOADED, TABLE, users=()),))),
    ("docker volume rm pgdata", "pgdata\n", 0, snapshot(17)),
)


def recording(title: str = "A volume outlives its container") -> Recording:
    steps = tuple(
        Step(10 + 2 * at, command, out, "", code, after)
        for at, (command, out, code, after) in enumerate(_PLAYED)
    )
    return Recording(
        "scenarios/volumes/outlives.md", title, "simulated", "overlay2", snapshot(0), steps
    )


def _worker(name: str, own: Writable, image: Image = APP, status: str = "running") -> Container:
    code = f"{sum(name.encode()):064x}"
    return Container(
        id=code,
        name=name,
        image=image.id,
        image_name=image.names[0],
        status=ContainerStatus(status),
        exit_code=0,
        layers=image.layers,
        writable=own,
        mounts=(Mount(MountKind.VOLUME, "pgdata", "/data"),) if image is APP else (),
        seen=seen(()),
    )


def crowd() -> Recording:
    """Several containers of two images with a shared base, one after the other."""
    first, second, third = (
        _worker("web", NOTED),
        _worker("backup", NOTHING),
        _worker("shell", EDITED, BUSYBOX),
    )
    users = (first.id, second.id)
    states = (
        ("docker run -d --name web -v pgdata:/data app:1", (first,)),
        ("docker run -d --name backup --volumes-from web app:1", (first, second)),
        ("docker run -d --name shell busybox sleep infinity", (first, second, third)),
        ("docker rm -f web", (second, third)),
    )
    steps = tuple(
        Step(9 + at, command, "", "", 0, snapshot(at, alive, (pgdata(LOADED, TABLE, users=users),)))
        for at, (command, alive) in enumerate(states)
    )
    return Recording("scenarios/crowd.md", "A crowd", "simulated", "overlay2", snapshot(0), steps)


def marathon(steps: int = 20) -> Recording:
    """The database's page with so many commands that change nothing in between."""
    page = recording("A long page")
    head, tail = page.steps[:2], page.steps[2:]
    between = [
        replace(head[1], command=f"docker exec db echo {at}") for at in range(steps - len(_PLAYED))
    ]
    return replace(page, steps=(*head, *between, *tail)[:steps])
