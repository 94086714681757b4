"""`docker exec`: one more process in a running container (moby daemon/exec.go)."""

from __future__ import annotations

from docgen.daemon.config import process_env
from docgen.daemon.container import Container
from docgen.daemon.errors import conflict, invalid
from docgen.daemon.launch import find_executable
from docgen.daemon.lifecycle import container_env
from docgen.daemon.model import AttachStreams, ExecSpec, State
from docgen.daemon.mountspec import path_error
from docgen.daemon.rootfs import root_view
from docgen.daemon.runner import ProcessSpec, Running
from docgen.daemon.stopping import not_running, restarting
from docgen.daemon.streams import ClientInput, NullInput, Output, connect, ignore
from docgen.daemon.users import look_up
from docgen.daemon.waits import Steps, Until
from docgen.daemon.world import World
from docgen.fs.content import Content
from docgen.fs.credentials import Credentials
from docgen.fs.errors import FsError
from docgen.fs.view import View

OCI: str = "OCI runtime exec failed: exec failed: "
RUNC: str = f"{OCI}unable to start container process: "


def execute(
    world: World, container: Container, ref: str, spec: ExecSpec, streams: AttachStreams
) -> Steps[int]:
    """See `Daemon.exec`."""
    _check(container, ref)
    process = _start(world, container, spec, streams)
    if process is None:
        return 1
    if spec.detach:
        return 0
    yield Until(lambda: process.exit_code is not None)
    return process.exit_code if process.exit_code is not None else 0


def _check(container: Container, ref: str) -> None:
    match container.state.status:
        case State.PAUSED:
            raise conflict(f"Container {ref} is paused, unpause the container before exec")
        case State.RESTARTING:
            raise restarting(container)
        case State.RUNNING:
            return
        case _:
            raise not_running(container)


def _start(
    world: World, container: Container, spec: ExecSpec, streams: AttachStreams
) -> Running | None:
    assert container.namespace is not None
    root = View(container.namespace)
    text = spec.user or container.config.user
    assert container.rootfs is not None
    user = look_up(root_view(container.rootfs), text)
    env = process_env(container_env(container), spec.env)
    env.setdefault("HOME", look_up(root, str(user.uid)).home)
    cwd = _working_directory(root, container, spec)
    path = find_executable(root, spec.argv[0], env.get("PATH", ""), cwd, RUNC)
    stdout = Output(ignore, tty=spec.tty)
    stderr = stdout if spec.tty else Output(ignore)
    stdin: ClientInput | None = None
    if spec.interactive or spec.tty:
        stdin = ClientInput(once=True)
    if not spec.detach:
        connect(streams, stdout, stderr)
        if stdin is not None and streams.stdin is not None and spec.interactive:
            stdin.attach(streams.stdin)
    view = View(container.namespace, cwd=cwd)
    view.credentials = Credentials(user.uid, user.gid, user.groups)
    try:
        return world.running().spawn(
            ProcessSpec(
                argv=spec.argv,
                env=env,
                view=view,
                stdin=stdin or NullInput(),
                stdout=stdout,
                stderr=stderr,
                group=container.id,
                path=path,
            )
        )
    except FsError as error:
        problem = f"exec {path}: {error.errno.value.lower()}\n"
        stderr.write(Content.of(problem.encode()))
        return None


def _working_directory(view: View, container: Container, spec: ExecSpec) -> str:
    path = spec.working_dir or container.config.working_dir or "/"
    if not path.startswith("/"):
        raise invalid(f"{OCI}Cwd must be an absolute path")
    try:
        view.copy().chdir(path)
    except FsError as error:
        reason = path_error("", "", error).partition(": ")[2]
        raise invalid(
            f'{RUNC}chdir to cwd ("{path}") set in config.json failed: {reason}'
        ) from error
    return path
