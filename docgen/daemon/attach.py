"""A container's streams: its log, and the clients that are attached to it."""

from __future__ import annotations

from docgen.daemon.container import Container
from docgen.daemon.containerfiles import append_log
from docgen.daemon.model import AttachStreams, LogLine
from docgen.daemon.streams import ClientInput, LogWriter, Output, connect
from docgen.daemon.world import World
from docgen.fs.content import Content


def connect_run(world: World, container: Container) -> None:
    """Fresh streams for this run; clients that were attached before the start are taken over."""
    spec = container.spec
    container.stdin = ClientInput(once=not spec.detach) if spec.interactive or spec.tty else None
    writers = {}
    for name in ("stdout", "stderr"):
        sink = LogSink(world, container, name)
        writers[name] = sink
    container.sinks = tuple(writers.values())
    container.stdout = Output(writers["stdout"].take, tty=spec.tty)
    container.stderr = container.stdout if spec.tty else Output(writers["stderr"].take)
    for streams in container.waiting_clients:
        attach_streams(container, streams)
    container.waiting_clients.clear()


class LogSink:
    """Keeps the container's log in memory and on the host's disk."""

    def __init__(self, world: World, container: Container, stream: str) -> None:
        self._world = world
        self._container = container
        self._lines: list[LogLine] = []
        self._writer = LogWriter(self._lines, world.clock, stream)

    def take(self, data: Content) -> None:
        self._writer.take(data)
        self._store()

    def flush(self) -> None:
        self._writer.flush()
        self._store()

    def _store(self) -> None:
        for line in self._lines:
            self._container.log.append(line)
            append_log(self._world, self._container, line)
        self._lines.clear()


def attach_streams(container: Container, streams: AttachStreams) -> None:
    """Connect a client to a running container, or to its next run."""
    if container.stdout is None or container.stderr is None:
        container.waiting_clients.append(streams)
        return
    connect(streams, container.stdout, container.stderr)
    if streams.stdin is not None and container.stdin is not None:
        container.stdin.attach(streams.stdin)
