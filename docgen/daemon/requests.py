"""Requests that wrap a step of a container's life: their error texts, waiting, names, logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from docgen.daemon import stopping
from docgen.daemon.container import Container
from docgen.daemon.containerfiles import checkpoint
from docgen.daemon.create import check_restart
from docgen.daemon.errors import DaemonError, Kind, conflict, invalid
from docgen.daemon.model import LogLine, RestartPolicy
from docgen.daemon.waits import Steps, Until
from docgen.daemon.world import World
from docgen.oci.gojson import Json


def stop(
    world: World, container: Container, ref: str, timeout: int | None, signal: str
) -> Steps[None]:
    """Raises `cannot stop container: REF: …`."""
    try:
        yield from stopping.stop(world, container, timeout, signal)
    except DaemonError as error:
        raise DaemonError(f"cannot stop container: {ref}: {error.message}", error.kind) from error


def kill(world: World, ref: str, signal: str) -> Steps[None]:
    """Raises `cannot kill container: REF: …`, also for a container that is not there."""
    try:
        yield from stopping.kill(world, world.containers.get(ref), signal)
    except DaemonError as error:
        raise DaemonError(f"cannot kill container: {ref}: {error.message}", error.kind) from error


def restart(
    world: World, container: Container, ref: str, timeout: int | None, signal: str
) -> Steps[None]:
    """Raises `Cannot restart container REF: …`."""
    try:
        yield from stopping.restart(world, container, timeout, signal)
    except DaemonError as error:
        raise DaemonError(f"Cannot restart container {ref}: {error.message}", error.kind) from error


def wait(container: Container, condition: str) -> Steps[int]:
    """Exit code; what is counted is fixed now."""
    if condition not in ("not-running", "next-exit", "removed"):
        raise invalid(f"invalid condition: {condition!r}")
    return _wait(container, condition, container.exits)


def _wait(container: Container, condition: str, exits: int) -> Steps[int]:
    def done() -> bool:
        if container.removed:
            return True
        match condition:
            case "removed":
                return False
            case "next-exit":
                return container.exits > exits and not container.state.running
            case _:
                return not container.state.running

    yield Until(done)
    return container.state.exit_code


def update(
    world: World, container: Container, resources: Mapping[str, Json], restart: RestartPolicy | None
) -> None:
    """`docker update`. Raises INVALID, CONFLICT."""
    spec = replace(container.spec, resources={**container.spec.resources, **resources})
    if restart is not None:
        if spec.auto_remove and restart.name not in ("", "no"):
            raise conflict(
                "Restart policy cannot be updated because AutoRemove is enabled for the container"
            )
        spec = replace(spec, restart=restart)
        check_restart(spec)
    container.spec = spec
    checkpoint(world, container)


def rename(world: World, container: Container, name: str) -> None:
    """Raises INVALID, CONFLICT `Error when allocating new name: …`."""
    if not name:
        raise invalid("Neither old nor new names may be empty")
    slashed = name if name.startswith("/") else f"/{name}"
    if slashed == f"/{container.name}":
        raise invalid("Renaming a container with the same name as its current name")
    try:
        reserved = world.containers.reserve(slashed, container.id)
    except DaemonError as error:
        text = f"Error when allocating new name: {error.message}"
        raise DaemonError(text, error.kind) from error
    world.containers.release_name(container.name)
    container.name = reserved
    checkpoint(world, container)


def logs(
    container: Container, tail: int | None, since_ns: int | None, until_ns: int | None
) -> tuple[LogLine, ...]:
    """The lines that json-file has kept."""
    if container.spec.log_driver == "none":
        raise DaemonError("configured logging driver does not support reading", Kind.INVALID)
    lines = [
        line
        for line in container.log
        if (since_ns is None or line.time_ns >= since_ns)
        and (until_ns is None or line.time_ns <= until_ns)
    ]
    if tail is not None and tail >= 0:
        lines = lines[len(lines) - tail :] if tail < len(lines) else lines
    return tuple(lines)
