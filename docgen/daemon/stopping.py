"""Stop, kill, restart, pause, remove (moby daemon/stop.go, kill.go, pause.go, delete.go)."""

from __future__ import annotations

from typing import Final

from docgen.daemon.container import Container
from docgen.daemon.containerfiles import checkpoint
from docgen.daemon.errors import DaemonError, conflict
from docgen.daemon.lifecycle import SECOND_NS, delete, start
from docgen.daemon.model import State
from docgen.daemon.signals import KILL, TERM, check_platform, parse_signal
from docgen.daemon.waits import Steps, Until
from docgen.daemon.world import World

DEFAULT_STOP_SECONDS: Final = 10


def stop(
    world: World, container: Container, timeout: int | None = None, signal: str = ""
) -> Steps[None]:
    """Nothing where it does not run. A paused container is thawed by its stop signal."""
    if not container.state.running:
        return
    number = parse_signal(signal) if signal else stop_signal(container)
    seconds = timeout if timeout is not None else container.spec.stop_timeout
    if seconds is None:
        seconds = DEFAULT_STOP_SECONDS
    exits = container.exits
    _signal(world, container, number, is_stop=True)
    deadline = None if seconds < 0 else world.clock.now_ns + seconds * SECOND_NS
    if seconds != 0:
        yield Until(lambda: _ended(container, exits), deadline)
    if not _ended(container, exits):
        yield from kill_now(world, container)


def stop_signal(container: Container) -> int:
    text = container.config.stop_signal
    return parse_signal(text) if text else TERM


def _ended(container: Container, exits: int) -> bool:
    return container.exits != exits or not container.state.running


def kill(world: World, container: Container, signal: str = "") -> Steps[None]:
    """Raises CONFLICT `container ID is not running`, INVALID for a signal that is none."""
    number = parse_signal(signal) if signal else KILL
    if signal:
        check_platform(number)
    if not container.state.running:
        raise not_running(container)
    if number == KILL:
        yield from kill_now(world, container)
    else:
        own = container.config.stop_signal
        _signal(world, container, number, is_stop=not own or parse_signal(own) == number)


def not_running(container: Container) -> DaemonError:
    return conflict(f"container {container.id} is not running")


def kill_now(world: World, container: Container) -> Steps[None]:
    """SIGKILL, and wait for the end."""
    if not container.state.running:
        return
    exits = container.exits
    _signal(world, container, KILL, is_stop=True)
    yield Until(lambda: _ended(container, exits))


def _signal(world: World, container: Container, number: int, *, is_stop: bool) -> None:
    container.stopped_by_hand = True
    if container.state.status is State.RESTARTING:
        container.state.status = State.EXITED
        checkpoint(world, container)
        if container.spec.auto_remove:
            delete(world, container, volumes=True)
        return
    process = container.process
    if process is None:
        return
    paused = container.state.status is State.PAUSED
    process.signal(number)
    if paused and is_stop:
        if container.state.status is State.PAUSED:
            container.state.status = State.RUNNING
        world.running().freeze(container.id, False)


def restart(
    world: World, container: Container, timeout: int | None = None, signal: str = ""
) -> Steps[None]:
    """Stop, then start; the volumes of a container with `--rm` survive it."""
    if container.state.running:
        container.restarting_by_hand = True
        try:
            yield from stop(world, container, timeout, signal)
        finally:
            container.restarting_by_hand = False
    start(world, container)


def pause(world: World, container: Container) -> None:
    if not container.state.running:
        raise not_running(container)
    if container.state.status is State.PAUSED:
        raise conflict(f"Container {container.id} is already paused")
    if container.state.status is State.RESTARTING:
        raise restarting(container)
    world.running().freeze(container.id, True)
    container.state.status = State.PAUSED
    checkpoint(world, container)


def unpause(world: World, container: Container) -> None:
    if container.state.status is not State.PAUSED:
        raise conflict(f"Container {container.id} is not paused")
    container.state.status = State.RUNNING
    world.running().freeze(container.id, False)
    checkpoint(world, container)


def restarting(container: Container) -> DaemonError:
    return conflict(f"Container {container.id} is restarting, wait until the container is running")


def remove(
    world: World, container: Container, ref: str, *, force: bool, volumes: bool
) -> Steps[None]:
    """`docker rm`. Of a container with `--rm` it keeps the volumes, too (seen on 28.5.2)."""
    state = container.state
    if state.running and not force:
        if state.status is State.PAUSED:
            reason = "container is paused and must be unpaused first"
        else:
            reason = "container is running: stop the container before removing or force remove"
        raise conflict(f'cannot remove container "{ref}": {reason}')
    if state.running:
        container.removing_by_hand = True
        yield from kill_now(world, container)
    if not container.removed:
        delete(world, container, volumes=volumes)
