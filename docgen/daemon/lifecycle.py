"""Start, exit, restart by policy, and the end: moby daemon/start.go, monitor.go, delete.go."""

from __future__ import annotations

from typing import Final

from docgen.daemon import mountspec
from docgen.daemon.attach import connect_run
from docgen.daemon.config import process_env
from docgen.daemon.container import Container
from docgen.daemon.containerfiles import checkpoint, hostname_of, remove_files, write_network_files
from docgen.daemon.create import discard_mounts
from docgen.daemon.errors import DaemonError, conflict
from docgen.daemon.launch import BASE_PATH, exit_code_of_failure, find_executable, work_in
from docgen.daemon.model import MountType, State
from docgen.daemon.rootfs import (
    RUNC,
    assemble,
    check_tmpfs,
    release_volumes,
    root_view,
    setup_binds,
)
from docgen.daemon.runner import ProcessSpec, Stream
from docgen.daemon.streams import NullInput
from docgen.daemon.users import look_up
from docgen.daemon.waits import Sleep, Steps
from docgen.daemon.world import World
from docgen.fs.content import Content
from docgen.fs.credentials import Credentials
from docgen.fs.errors import FsError
from docgen.fs.filesystem import FileSystem
from docgen.fs.view import View

SECOND_NS: Final = 1_000_000_000

_BACKOFF_NS: Final = 100_000_000
_LONGEST_BACKOFF_NS: Final = 60 * SECOND_NS
_GOOD_RUN_NS: Final = 10 * SECOND_NS


def start(world: World, container: Container) -> None:
    """Raises DaemonError; the container then stays as it was, with the error and an exit code."""
    _check_can_start(container)
    if container.state.running:
        return
    for point in container.mounts:
        if point.spec.from_mount_flag and point.type is MountType.BIND:
            mountspec.validate(point.spec, world.view)
    container.stopped_by_hand = False
    container.restart_count = 0
    container.backoff_ns = 0
    _start(world, container)


def _check_can_start(container: Container) -> None:
    if container.state.status is State.PAUSED:
        raise conflict("cannot start a paused container, try unpause instead")
    if container.state.dead or container.removed:
        raise conflict("container is marked for removal and cannot be started")


def _start(world: World, container: Container) -> None:
    try:
        _launch(world, container)
    except DaemonError as error:
        container.state.error = error.message
        container.state.exit_code = exit_code_of_failure(error.message)
        if container.state.status is not State.EXITED:
            container.state.status = State.CREATED
        _release(world, container)
        checkpoint(world, container)
        if container.spec.auto_remove:
            delete(world, container, volumes=True)
        raise


def _launch(world: World, container: Container) -> None:
    root_fs = container.rootfs = world.store.mount(container.rw)
    _announce(world, container, root_fs)
    write_network_files(world, container)
    binds = setup_binds(world, container)
    user = look_up(root_view(root_fs), container.config.user)
    check_tmpfs(container)
    namespace = assemble(world, container, root_fs, binds)
    container.namespace = namespace
    root = View(namespace)
    env = container_env(container)
    env.setdefault("HOME", look_up(root, str(user.uid)).home)
    cwd = work_in(root, container.config.working_dir or "/")
    argv = (container.path, *container.args)
    path = find_executable(root, argv[0], env.get("PATH", ""), cwd, RUNC)
    connect_run(world, container)
    view = View(namespace, cwd=cwd)  # runc enters it as root, also where the user may not
    view.credentials = Credentials(user.uid, user.gid, user.groups)
    _run(world, container, argv, path, env, view)


def _announce(world: World, container: Container, root_fs: FileSystem) -> None:
    """The host sees the union mounted, too."""
    if world.store.driver.is_union:
        line = world.store.mount_line(container.rw)
        container.announced = world.namespace.announce(
            root_fs,
            world.store.merged_path(container.rw),
            source=line.source,
            fstype=line.fstype,
            options=line.options,
        )


def container_env(container: Container) -> dict[str, str]:
    """moby CreateDaemonEnvironment: PATH and HOSTNAME first, then the configuration's."""
    env = {"PATH": BASE_PATH, "HOSTNAME": hostname_of(container)}
    if container.spec.tty:
        env["TERM"] = "xterm"
    return process_env(env, container.config.env)


def _run(
    world: World,
    container: Container,
    argv: tuple[str, ...],
    path: str,
    env: dict[str, str],
    view: View,
) -> None:
    assert container.stdout is not None
    assert container.stderr is not None
    stdin: Stream = container.stdin or NullInput()
    state = container.state
    state.status = State.RUNNING
    state.started_ns = world.clock.tick()
    state.exit_code = 0
    state.error = ""
    spec = ProcessSpec(
        argv=argv,
        env=env,
        view=view,
        stdin=stdin,
        stdout=container.stdout,
        stderr=container.stderr,
        group=container.id,
        is_init=True,
        on_exit=lambda code: _exited(world, container, code),
        path=path,
    )
    try:
        container.process = world.running().spawn(spec)
    except FsError as error:
        text = f"exec {path}: {error.errno.value.lower()}\n"
        container.stderr.write(Content.of(text.encode()))
        _exited(world, container, 1)
        return
    state.pid = container.process.pid
    checkpoint(world, container)


def _exited(world: World, container: Container, code: int) -> None:
    """moby handleContainerExit."""
    state = container.state
    for sink in container.sinks:
        sink.flush()
    ran_ns = world.clock.now_ns - (state.started_ns or 0)
    container.exits += 1
    state.exit_code = code
    state.pid = 0
    state.finished_ns = world.clock.tick()
    container.process = None
    restart = _wants_restart(container, code)
    _release(world, container)
    if restart:
        state.status = State.RESTARTING
        _schedule_restart(world, container, ran_ns)
    else:
        state.status = State.EXITED
    checkpoint(world, container)
    by_hand = container.restarting_by_hand or container.removing_by_hand
    if not restart and container.spec.auto_remove and not by_hand:
        delete(world, container, volumes=True)


def _wants_restart(container: Container, code: int) -> bool:
    policy = container.spec.restart
    if container.stopped_by_hand:
        return False
    match policy.name:
        case "always" | "unless-stopped":
            return True
        case "on-failure":
            limit = policy.maximum_retry_count
            return code != 0 and (not limit or container.restart_count < limit)
        case _:
            return False


def _schedule_restart(world: World, container: Container, ran_ns: int) -> None:
    """moby restartmanager: 100 ms, doubled each time up to a minute; a run of ten seconds starts
    anew."""
    if ran_ns >= _GOOD_RUN_NS or not container.backoff_ns:
        container.backoff_ns = _BACKOFF_NS
    else:
        container.backoff_ns = min(2 * container.backoff_ns, _LONGEST_BACKOFF_NS)
    container.restart_count += 1
    world.running().background(_restart_later(world, container, container.exits))


def _restart_later(world: World, container: Container, exits: int) -> Steps[None]:
    yield Sleep(world.clock.now_ns + container.backoff_ns)
    due = container.state.status is State.RESTARTING and container.exits == exits
    if not due or container.removed:
        return
    try:
        container.state.status = State.EXITED
        _start(world, container)
    except DaemonError:
        container.state.status = State.EXITED


def _release(world: World, container: Container) -> None:
    """Unmount what the run had mounted; a tmpfs loses its content."""
    if container.namespace is not None:
        container.namespace.unmount_all()
        container.namespace = None
    release_volumes(world, container)
    container.tmpfs.clear()
    if container.announced is not None:
        world.namespace.withdraw(container.announced)
        container.announced = None
    if container.rootfs is not None:
        world.store.unmount(container.rw)
        container.rootfs = None
    for output in (container.stdout, container.stderr):
        if output is not None:
            output.detach_all()
    container.stdout = container.stderr = container.stdin = None


def delete(world: World, container: Container, *, volumes: bool) -> None:
    """The layer, the files on the host, the references; then, with `volumes`, anonymous volumes."""
    container.removed = True
    container.state.dead = True
    world.store.remove_rw(container.rw)
    remove_files(world, container)
    world.containers.discard(container)
    discard_mounts(world, container, volumes=volumes)
