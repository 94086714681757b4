"""Random recordings: hosts with odd names, many layers, many mounts, and steps that come and go.

One number makes a recording: drawing each of its hundreds of parts by hypothesis would cost more
time than all pictures of it.
"""

from __future__ import annotations

from random import Random

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
    *("a", "etc", "motd", "data", "数据库", "e\u0301tat", "x" * 60),
    *("tab\there", "😀", "\x1b[31m", "\u202egpj", "<&\"'>"),
]
NAMES = ["db", "web", "a-rather-long-container-name-that-goes-on-and-on", "w2", "cache"]
SIZES = [0, 1, 999, 1000, 65_536, 1_980_000, 10**12]
COMMANDS = ["docker run -d app", "docker rm -f db", "echo \\\n  数据 > x\x07", "x" * 300]
INSTRUCTIONS = ["COPY . /app", "RUN /bin/sh -c " + "x" * 90, "数据", ""]
KINDS = [Kind.FILE, Kind.FILE, Kind.DIR, Kind.SYMLINK, Kind.FIFO, Kind.WHITEOUT]


def recordings() -> st.SearchStrategy[Recording]:
    return st.integers(0, 2**32).map(lambda seed: Maker(Random(seed)).recording())


class Maker:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.pick = random.choice

    def maybe(self) -> bool:
        return self.random.random() < 0.5

    def path(self) -> str:
        return "/" + "/".join(self.pick(PIECES) for _ in range(self.random.randint(1, 4)))

    def paths(self, most: int) -> list[str]:
        return sorted({self.path() for _ in range(self.random.randint(0, most))})

    def entries(self, most: int, *, whiteouts: bool = True) -> tuple[Entry, ...]:
        kinds = KINDS if whiteouts else KINDS[:-1]
        return tuple(self.entry(path, self.pick(kinds)) for path in self.paths(most))

    def entry(self, path: str, kind: Kind) -> Entry:
        size = self.pick(SIZES) if kind is Kind.FILE else 0
        opaque = kind is Kind.DIR and self.maybe()
        copied_up = kind is Kind.FILE and self.maybe()
        return Entry(path, kind, size, target="/x\n", opaque=opaque, copied_up=copied_up)

    def layers(self) -> tuple[Layer, ...]:
        layers: list[Layer] = []
        for number in range(self.pick([1, 2, 3, 5, 8, 40])):
            parent = layers[-1].key if layers else ""
            held = self.entries(30 if number == 0 else 4)
            size = sum(entry.size for entry in held)
            key, where = f"sha256:{number:064x}", f"/var/lib/docker/{number}"
            layers.append(Layer(key, key, parent, self.pick(INSTRUCTIONS), size, where, held))
        return tuple(layers)

    def mounts(self, *, running: bool) -> tuple[Mount, ...]:
        return tuple(self.mount(target, running=running) for target in self.paths(9))

    def mount(self, target: str, *, running: bool) -> Mount:
        kind = self.pick(list(MountKind))
        sources = {
            MountKind.VOLUME: self.pick(["pgdata", "f" * 64, "v" * 40]),
            MountKind.BIND: self.path(),
            MountKind.TMPFS: "",
            MountKind.IMAGE: "tools:1",
        }
        source = sources[kind]
        held = self.entries(3, whiteouts=False) if kind is MountKind.TMPFS and running else ()
        return Mount(kind, source, target, self.maybe(), len(source) == 64, "", held)

    def container(self, name: str, layers: tuple[Layer, ...]) -> Container:
        status = self.pick(list(ContainerStatus))
        held = self.entries(15)
        changes = tuple(
            Change(self.mark(entry), entry.path) for entry in held if self.random.random() < 0.9
        )
        mounts = self.mounts(running=status is ContainerStatus.RUNNING)
        places = [layers[0].key, "writable", "init"]
        seen = [Seen(f"/{piece}", Kind.DIR, self.pick(places)) for piece in PIECES]
        seen += [Seen(mount.target, Kind.DIR, f"mount:{mount.target}") for mount in mounts]
        return Container(
            id=f"{NAMES.index(name):064x}",
            name=name,
            image="sha256:a",
            image_name="app",
            status=status,
            exit_code=self.pick([0, 137]),
            layers=tuple(layer.key for layer in layers),
            writable=Writable(held, changes, sum(e.size for e in held), f"/var/lib/docker/{name}"),
            mounts=mounts,
            seen=tuple(seen),
            read_only=self.maybe(),
        )

    def mark(self, entry: Entry) -> Mark:
        gone = entry.kind is Kind.WHITEOUT
        return Mark.DELETED if gone else self.pick([Mark.ADDED, Mark.CHANGED])

    def snapshot(self, layers: tuple[Layer, ...], driver: str) -> Snapshot:
        names = self.random.sample(NAMES, self.random.randint(0, 4))
        containers = tuple(self.container(name, layers) for name in names)
        volumes: dict[str, Volume] = {}
        hosts: dict[str, HostPath] = {}
        for container in containers:
            for mount in container.mounts:
                if mount.kind is MountKind.VOLUME:
                    volumes.setdefault(mount.source, self.volume(mount, container))
                if mount.kind is MountKind.BIND:
                    users = (container.id,)
                    hosts[mount.source] = HostPath(mount.source, Kind.DIR, (), users)
        images = (Image("sha256:a", ("app:latest",), tuple(one.key for one in layers), 5),)
        return Snapshot(
            driver,
            0,
            layers,
            images,
            containers,
            tuple(volumes.values()),
            tuple(hosts.values()),
            disk(layers, containers),
        )

    def volume(self, mount: Mount, user: Container) -> Volume:
        held = self.entries(5, whiteouts=False)
        size = sum(entry.size for entry in held)
        where = f"/var/lib/docker/volumes/{mount.source}/_data"
        return Volume(mount.source, mount.anonymous, "local", (), (), where, held, size, (user.id,))

    def recording(self) -> Recording:
        layers = self.layers()
        driver = self.pick(["overlay2", "vfs"])
        steps = tuple(
            Step(number, self.pick(COMMANDS), "", "", 0, self.snapshot(layers, driver))
            for number in range(1, self.random.randint(1, 4) + 1)
        )
        return Recording("p.md", "P", "simulated", driver, self.snapshot(layers, driver), steps)


def disk(layers: tuple[Layer, ...], containers: tuple[Container, ...]) -> tuple[DiskEntry, ...]:
    found = [
        DiskEntry(layer.directory + entry.path, entry.kind, entry.size, f"layer:{layer.key}")
        for layer in layers
        for entry in layer.entries
    ]
    for one in containers:
        found += [
            DiskEntry(
                one.writable.directory + entry.path, entry.kind, entry.size, f"container:{one.id}"
            )
            for entry in one.writable.entries
        ]
    return tuple(found)
