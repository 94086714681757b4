"""Random recordings: hosts with odd names, many layers, many mounts, and steps that come and go."""

from __future__ import annotations

from hypothesis import strategies as st

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

PIECES = [
    "a",
    "etc",
    "motd",
    "data",
    "数据库",
    "e\u0301tat",
    "\u202egpj",
    "x" * 60,
    "tab\there",
    "😀",
    "\x1b[31m",
]
NAMES = ["db", "web", "a-rather-long-container-name-that-goes-on-and-on", "w2", "cache"]
SIZES = [0, 1, 999, 1000, 65_536, 1_980_000, 10**12]


@st.composite
def paths(draw: st.DrawFn) -> str:
    return "/" + "/".join(draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4)))


@st.composite
def entries(draw: st.DrawFn, most: int = 12, whiteouts: bool = True) -> tuple[Entry, ...]:
    kinds = [Kind.FILE, Kind.FILE, Kind.DIR, Kind.SYMLINK] + ([Kind.WHITEOUT] if whiteouts else [])
    found = {}
    for path in draw(st.lists(paths(), max_size=most, unique=True)):
        kind = draw(st.sampled_from(kinds))
        size = draw(st.sampled_from(SIZES)) if kind is Kind.FILE else 0
        opaque = kind is Kind.DIR and draw(st.booleans())
        copied = kind is Kind.FILE and draw(st.booleans())
        found[path] = Entry(path, kind, size, opaque=opaque, copied_up=copied, target="/x")
    return tuple(found[path] for path in sorted(found))


@st.composite
def layer_chains(draw: st.DrawFn) -> tuple[Layer, ...]:
    layers: list[Layer] = []
    for number in range(draw(st.sampled_from([1, 2, 3, 5, 8, 40]))):
        parent = layers[-1].key if layers else ""
        words = draw(st.sampled_from(["COPY . /app", "RUN /bin/sh -c " + "x" * 90, "数据", ""]))
        held = draw(entries(4)) if number < 5 else ()
        size = sum(entry.size for entry in held)
        key = f"sha256:{number:064x}"
        layers.append(Layer(key, key, parent, words, size, f"/var/lib/docker/{number}", held))
    return tuple(layers)


@st.composite
def mounts(draw: st.DrawFn, *, running: bool) -> tuple[Mount, ...]:
    found = {}
    for target in draw(st.lists(paths(), max_size=9, unique=True)):
        kind = draw(st.sampled_from(list(MountKind)))
        source = {
            MountKind.VOLUME: draw(st.sampled_from(["pgdata", "f" * 64, "v" * 40])),
            MountKind.BIND: draw(paths()),
            MountKind.TMPFS: "",
            MountKind.IMAGE: "tools:1",
        }[kind]
        held = draw(entries(3, whiteouts=False)) if kind is MountKind.TMPFS and running else ()
        found[target] = Mount(
            kind, source, target, draw(st.booleans()), len(source) == 64, "", held
        )
    return tuple(found[target] for target in sorted(found))


@st.composite
def containers(draw: st.DrawFn, name: str, layers: tuple[Layer, ...]) -> Container:
    status = draw(st.sampled_from(list(ContainerStatus)))
    held = draw(entries())
    marks = st.sampled_from([Mark.ADDED, Mark.CHANGED])
    changes = tuple(
        Change(Mark.DELETED if entry.kind is Kind.WHITEOUT else draw(marks), entry.path)
        for entry in held
    )
    has = draw(mounts(running=status is ContainerStatus.RUNNING))
    seen = [
        Seen(f"/{piece}", Kind.DIR, draw(st.sampled_from([layers[0].key, "writable", "init"])))
        for piece in PIECES
    ]
    seen += [Seen(mount.target, Kind.DIR, f"mount:{mount.target}") for mount in has]
    size = sum(entry.size for entry in held)
    own = Writable(held, changes, size, f"/var/lib/docker/{name}")
    keys = tuple(layer.key for layer in layers)
    code = f"{NAMES.index(name):064x}"
    return Container(
        code,
        name,
        "sha256:a",
        "app",
        status,
        draw(st.sampled_from([0, 137])),
        keys,
        own,
        has,
        tuple(seen),
    )


@st.composite
def snapshots(draw: st.DrawFn, layers: tuple[Layer, ...], driver: str) -> Snapshot:
    names = draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True))
    alive = tuple(draw(containers(name, layers)) for name in names)
    volumes, hosts = [], {}
    for container in alive:
        for mount in container.mounts:
            if mount.kind is MountKind.VOLUME and all(v.name != mount.source for v in volumes):
                held = draw(entries(5, whiteouts=False))
                size = sum(entry.size for entry in held)
                where = f"/var/lib/docker/volumes/{mount.source}/_data"
                volumes.append(
                    Volume(
                        mount.source,
                        mount.anonymous,
                        "local",
                        (),
                        (),
                        where,
                        held,
                        size,
                        (container.id,),
                    )
                )
            if mount.kind is MountKind.BIND:
                hosts[mount.source] = HostPath(mount.source, Kind.DIR, (), (container.id,))
    images = (Image("sha256:a", ("app:latest",), tuple(layer.key for layer in layers), 5),)
    disk = tuple(
        DiskEntry(layer.directory + entry.path, entry.kind, entry.size, f"layer:{layer.key}")
        for layer in layers
        for entry in layer.entries
    )
    return Snapshot(driver, 0, layers, images, alive, tuple(volumes), tuple(hosts.values()), disk)


@st.composite
def recordings(draw: st.DrawFn) -> Recording:
    layers = draw(layer_chains())
    driver = draw(st.sampled_from(["overlay2", "vfs"]))
    commands = st.sampled_from(["docker run -d app", "docker rm -f db", "echo \\\n  数据 > x\x07"])
    steps = tuple(
        Step(number, draw(commands), "", "", 0, draw(snapshots(layers, driver)))
        for number in range(1, draw(st.integers(1, 4)) + 1)
    )
    return Recording("p.md", "P", "simulated", driver, draw(snapshots(layers, driver)), steps)
