"""A host whose programs are a handful of words, so that the daemon is tested without the
shell room."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from docgen.daemon.daemon import Daemon
from docgen.daemon.host import Host
from docgen.daemon.model import (
    AttachStreams,
    ContainerSpec,
    ExecSpec,
    MountSpec,
    MountType,
)
from docgen.daemon.runner import ProcessSpec
from docgen.daemon.waits import Sleep, Steps, Turn, Until, Wait
from docgen.fs.content import EMPTY, Content
from docgen.fs.errors import FsError
from docgen.fs.view import View

T = TypeVar("T")
FOREVER = ("sleep", "infinity")


class Buffer:
    """A client's end of a stream that only takes."""

    def __init__(self) -> None:
        self.data = b""

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def read(self, limit: int) -> Content:  # noqa: ARG002
        return EMPTY

    def write(self, data: Content) -> None:
        self.data += data.to_bytes()

    def close(self) -> None:
        return


@dataclass(eq=False)
class Running:
    """A started program: `steps` is None where it only waits for a signal."""

    spec: ProcessSpec
    pid: int
    runner: Runner
    steps: Steps[int] | None = None
    exit_code: int | None = None
    handlers: dict[int, int] = field(default_factory=dict)
    """Signal to the code it exits with."""

    def signal(self, number: int) -> None:
        if self.exit_code is not None:
            return
        if number in self.handlers:
            self.runner.finish(self, self.handlers[number])
        elif number == 9 or not self.spec.is_init:
            self.runner.finish(self, 128 + number)


class Runner:
    """Runs `do WORD…; …` scripts at once; `sleep infinity` and `trap` stay."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.live: list[Running] = []
        self.chores: list[tuple[Steps[None], Wait]] = []
        self.frozen: set[str] = set()
        self.pids = 100

    def spawn(self, spec: ProcessSpec) -> Running:
        self.pids += 1
        process = Running(spec, self.pids, self)
        self.live.append(process)
        words = list(spec.argv)
        if words[-1].startswith("trap"):
            process.handlers[15] = int(words[-1].split()[1])
        elif tuple(words) != FOREVER:
            self.chores.append((self._later(process, words), Turn()))
        return process

    def _later(self, process: Running, words: Sequence[str]) -> Steps[None]:
        yield Turn()
        code = run_words(process.spec, words)
        if process.exit_code is None:
            self.finish(process, code)

    def finish(self, process: Running, code: int) -> None:
        process.exit_code = code
        self.live.remove(process)
        if process.spec.is_init:
            self.kill_group(process.spec.group)
        process.spec.on_exit(code)

    def kill_group(self, group: str) -> None:
        for process in [one for one in self.live if one.spec.group == group]:
            self.finish(process, 137)

    def freeze(self, group: str, frozen: bool) -> None:
        (self.frozen.add if frozen else self.frozen.discard)(group)

    def processes(self, group: str) -> list[Running]:
        return [one for one in self.live if one.spec.group == group]

    def background(self, steps: Steps[None]) -> None:
        self.chores.append((steps, Turn()))

    def turn(self) -> None:
        """Everything that can run, runs; where all wait, time passes to the first deadline."""
        waiting, self.chores = self.chores, []
        ran = False
        for steps, wait in waiting:
            if not self._ready(wait):
                self.chores.append((steps, wait))
                continue
            ran = True
            try:
                self.chores.append((steps, next(steps)))
            except StopIteration:
                continue
        if not ran:
            deadlines = [one for _, wait in self.chores if (one := deadline_of(wait)) is not None]
            if deadlines:
                self.host.clock.advance_to(min(deadlines))

    def _ready(self, wait: Wait) -> bool:
        match wait:
            case Turn():
                return True
            case Sleep(until_ns):
                return self.host.clock.now_ns >= until_ns
            case Until(ready, deadline_ns):
                late = deadline_ns is not None and self.host.clock.now_ns >= deadline_ns
                return ready() or late


def deadline_of(wait: Wait) -> int | None:
    match wait:
        case Sleep(until_ns):
            return until_ns
        case Until(_, deadline_ns):
            return deadline_ns
        case Turn():
            return None


def run_words(spec: ProcessSpec, words: Sequence[str]) -> int:
    """`sh -c 'write /f text; out hello; exit 3'`."""
    script = words[2] if words[:2] == ["sh", "-c"] or words[:2] == ["/bin/sh", "-c"] else ""
    if not script:
        script = " ".join(words)
    for line in script.split(";"):
        name, *rest = line.split()
        if name == "exit":
            return int(rest[0])
        try:
            _COMMANDS[name](spec, rest)
        except FsError as error:
            spec.stderr.write(Content.of(f"{name}: {error.errno.value}\n"))
            return 1
    return 0


def _write(spec: ProcessSpec, words: list[str]) -> None:
    spec.view.write_file(words[0], Content.of(" ".join(words[1:]) + "\n"))


def _read(spec: ProcessSpec, words: list[str]) -> None:
    spec.stdout.write(spec.view.read_file(words[0]))


_COMMANDS: dict[str, Callable[[ProcessSpec, list[str]], object]] = {
    "chmod": lambda spec, words: spec.view.chmod(words[1], int(words[0], 8)),
    "chown": lambda spec, words: spec.view.chown(words[1], int(words[0]), int(words[0])),
    "env": lambda spec, _: spec.stdout.write(
        Content.of("".join(f"{key}={value}\n" for key, value in spec.env.items()))
    ),
    "err": lambda spec, words: spec.stderr.write(Content.of(" ".join(words) + "\n")),
    "id": lambda spec, _: spec.stdout.write(
        Content.of(f"{spec.view.credentials.uid}:{spec.view.credentials.gid}\n")
    ),
    "ls": lambda spec, words: spec.stdout.write(
        Content.of("".join(f"{name}\n" for name in spec.view.listdir(words[0])))
    ),
    "mkdir": lambda spec, words: spec.view.mkdir(words[0], 0o755),
    "mv": lambda spec, words: spec.view.rename(words[0], words[1]),
    "out": lambda spec, words: spec.stdout.write(Content.of(" ".join(words) + "\n")),
    "pwd": lambda spec, _: spec.stdout.write(Content.of(spec.view.getcwd() + "\n")),
    "read": _read,
    "rm": lambda spec, words: spec.view.unlink(words[0]),
    "true": lambda _spec, _words: None,
    "write": _write,
}


class Lab:
    """A host with shortcuts for tests: every call drives the daemon to the end."""

    def __init__(self, driver: str = "overlayfs") -> None:
        self.host = Host(driver, seed="tests")
        self.runner = Runner(self.host)
        self.host.set_runner(self.runner)
        self.daemon: Daemon = self.host.daemon
        self.view: View = self.host.view()

    def drive(self, steps: Generator[Wait, None, T]) -> T:
        """Run a long request to its end."""
        wait: Wait = Turn()
        for _ in range(10_000):
            if self.runner._ready(wait):
                try:
                    wait = next(steps)
                except StopIteration as stop:
                    self.settle()
                    return stop.value  # type: ignore[no-any-return]
                continue
            before = self.host.clock.now_ns
            self.runner.turn()
            deadline = deadline_of(wait)
            idle = self.host.clock.now_ns == before and not self.runner.chores
            if idle and deadline is not None:
                self.host.clock.advance_to(deadline)
            elif idle and not self.runner._ready(wait):
                raise AssertionError("the request waits for ever")
        raise AssertionError("the request does not end")

    def settle(self) -> None:
        """Let everything run that needs no time to pass."""
        for _ in range(100):
            if not any(self.runner._ready(wait) for _, wait in self.runner.chores):
                return
            self.runner.turn()

    def pass_seconds(self, seconds: float) -> None:
        """Virtual time goes on, with everything that falls into it."""
        end = self.host.clock.now_ns + int(seconds * 10**9)
        while True:
            self.settle()
            deadlines = [
                d for _, wait in self.runner.chores if (d := deadline_of(wait)) is not None
            ]
            if not deadlines or min(deadlines) > end:
                break
            self.host.clock.advance_to(min(deadlines))
        self.host.clock.advance_to(end)

    # --- requests -----------------------------------------------------------------------------

    def create(self, name: str = "", *words: str, **more: object) -> str:
        """An id. Without words it would run for ever."""
        spec = ContainerSpec(
            image=str(more.pop("image", "busybox")),
            command=words or FOREVER,
            name=name,
            **more,  # type: ignore[arg-type]
        )
        return self.daemon.create(spec).id

    def run(self, name: str = "", *words: str, **more: object) -> str:
        """`docker run -d`; returns the id."""
        container = self.create(name, *words, **more)
        self.drive(self.daemon.start(container))
        return container

    def output(self, *words: str, **more: object) -> str:
        """Standard output of `docker run --rm`, in the foreground."""
        container = self.create("", *words, auto_remove=True, **more)
        out = Buffer()
        self.daemon.attach(container, AttachStreams(stdout=out, stderr=out))
        wait = self.daemon.wait(container, "next-exit")
        self.drive(self.daemon.start(container))
        self.drive(wait)
        return out.data.decode()

    def exec(self, ref: str, script: str, **more: object) -> str:
        """What a script prints in a running container."""
        out = Buffer()
        spec = ExecSpec(argv=("sh", "-c", script), **more)  # type: ignore[arg-type]
        code = self.drive(self.daemon.exec(ref, spec, AttachStreams(stdout=out, stderr=out)))
        return out.data.decode() + (f"[{code}]" if code else "")

    def stop(self, ref: str, timeout: int | None = None) -> None:
        self.drive(self.daemon.stop(ref, timeout))

    def remove(self, ref: str, *, force: bool = False, volumes: bool = False) -> None:
        self.drive(self.daemon.remove(ref, force=force, volumes=volumes))

    def diff(self, ref: str) -> str:
        """`docker diff`."""
        return "\n".join(f"{one.kind} {one.path}" for one in self.daemon.changes(ref))

    def volumes(self) -> list[str]:
        return [one.name for one in self.daemon.volumes()]

    def host_file(self, path: str, text: str = "") -> None:
        """Write a file on the host, with its directories."""
        self.view.makedirs(path.rpartition("/")[0] or "/")
        self.view.write_file(path, Content.of(text))

    def host_text(self, path: str) -> str:
        return self.view.read_file(path).to_bytes().decode()

    def build(self, text: str, tag: str = "app", **more: object) -> str:
        """`docker build` of a context in /root/ctx; the image's id."""
        from docgen.daemon.buildmodel import BuildRequest

        self.host_file("/root/ctx/Dockerfile", text)
        request = BuildRequest(
            view=self.view,
            context="/root/ctx",
            tags=(tag,) if tag else (),
            **more,  # type: ignore[arg-type]
        )
        return self.drive(self.daemon.build(request)).image_id


def volume(source: str, target: str, **more: object) -> MountSpec:
    """`-v source:target`, or `-v target` with an empty source."""
    return MountSpec(MountType.VOLUME, target, source, **more)  # type: ignore[arg-type]


def bind(source: str, target: str, **more: object) -> MountSpec:
    """`-v /source:target`."""
    return MountSpec(MountType.BIND, target, source, **more)  # type: ignore[arg-type]


def tmpfs(target: str, options: str = "") -> MountSpec:
    """`--tmpfs target:options`."""
    return MountSpec(MountType.TMPFS, target, tmpfs_options=options, in_mounts=False)


def mount(kind: MountType, target: str, source: str = "", **more: object) -> MountSpec:
    """`--mount type=…`."""
    return MountSpec(kind, target, source, from_mount_flag=True, **more)  # type: ignore[arg-type]
