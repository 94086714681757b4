"""`docker run`, `create`, `start`, `attach`."""

from __future__ import annotations

from collections.abc import Callable

from docgen.daemon.errors import DaemonError, Kind
from docgen.daemon.model import AttachStreams, ContainerSpec
from docgen.daemon.refs import InvalidReference, Reference, is_identifier, parse_named
from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.fs.content import Content
from docgen.fs.errors import FsError
from docgen.shell.docker.call import Call
from docgen.shell.docker.commands.parameters import container_spec
from docgen.shell.docker.errors import CommandError, from_daemon, with_help
from docgen.shell.docker.files import go_path_error

NO_TTY = "the input device is not a TTY"
"""moby/term: the page's session has no terminal, on real engines too."""


def exit_status_of(message: str) -> int:
    """What `docker run` returns for an error that it prints (cli/command/container/run.go)."""
    not_found = ("executable file not found", "no such file or directory")
    if any(text in message for text in not_found):
        return 127
    return 126 if "permission denied" in message or "is a directory" in message else 125


def run_error(message: str) -> CommandError:
    return CommandError(with_help(message, "run"), exit_status_of(message))


def check_terminal(interactive: bool, tty: bool) -> None:
    """`-it` without a terminal is refused by docker itself."""
    if tty and interactive:
        raise CommandError(NO_TTY)


def create(call: Call) -> Steps[int]:
    spec = container_spec(call, detach=False)
    try:
        container_id = yield from _create(call, spec.image, lambda: call.daemon.create(spec).id)
    except DaemonError as error:
        raise CommandError(from_daemon(error.message)) from None
    yield from call.out(f"{container_id}\n")
    return 0


def _create(call: Call, image: str, make: Callable[[], str]) -> Steps[str]:
    path = _check_id_file(call)
    reference = _reference(image)
    try:
        container_id = make()
    except DaemonError as error:
        missing = error.kind is Kind.NOT_FOUND and reference is not None
        if missing and call.flags.get("pull", "missing") in ("missing", ""):
            raise NotSimulated(
                f"docker would pull {reference}: Unable to find image '{reference}' locally",
                "build the image in the page, or use busybox",
            ) from None
        raise
    if path:
        _write_id_file(call, path, container_id)
    for warning in call.daemon.container(container_id).warnings:
        yield from call.err(f"WARNING: {warning}\n")
    return container_id


def _reference(image: str) -> Reference | None:
    """None for an id. Raises CommandError."""
    if is_identifier(image) or image.startswith("sha256:"):
        return None
    try:
        return parse_named(image).tagged()
    except InvalidReference as error:
        raise CommandError(str(error)) from None


def _check_id_file(call: Call) -> str:
    path = call.flags.get("cidfile")
    if path and call.process.view.exists(path):
        raise CommandError(
            "container ID file found, make sure the other container isn't running or delete " + path
        )
    return path


def _write_id_file(call: Call, path: str, container_id: str) -> None:
    try:
        call.process.view.write_file(path, Content.of(container_id.encode()))
    except FsError as error:
        raise CommandError(
            "failed to create the container ID file: " + go_path_error("open", path, error)
        ) from None


def run(call: Call) -> Steps[int]:
    detach = call.flags.on("detach")
    try:
        spec = container_spec(call, detach=detach)
    except DaemonError as error:
        raise run_error(from_daemon(error.message)) from None
    if detach and spec.attach:
        raise CommandError("conflicting options: cannot specify both --attach and --detach")
    if spec.attach == ("stdin",):
        raise NotSimulated("docker run -a stdin alone is not simulated", "use -d -i, or -i")
    if not detach:
        check_terminal(spec.interactive, spec.tty)
    try:
        container_id = yield from _create(call, spec.image, lambda: call.daemon.create(spec).id)
    except DaemonError as error:
        raise run_error(from_daemon(error.message)) from None
    except CommandError as error:
        raise run_error(error.text) from None
    if detach:
        return (yield from _run_detached(call, container_id))
    return (yield from _run_attached(call, container_id, spec))


def _run_detached(call: Call, container_id: str) -> Steps[int]:
    yield from call.out(f"{container_id}\n")
    try:
        yield from call.daemon.start(container_id)
    except DaemonError as error:
        raise run_error(from_daemon(error.message)) from None
    return 0


def _run_attached(call: Call, container_id: str, spec: ContainerSpec) -> Steps[int]:
    streams = streams_of(call, spec.interactive, spec.tty)
    call.daemon.attach(container_id, _chosen(streams, spec.attach))
    waiting = call.daemon.wait(container_id, "removed" if spec.auto_remove else "next-exit")
    try:
        yield from call.daemon.start(container_id)
    except DaemonError as error:
        if spec.auto_remove:
            yield from waiting
        raise run_error(from_daemon(error.message)) from None
    return (yield from waiting)


def streams_of(call: Call, interactive: bool, tty: bool) -> AttachStreams:
    """This process's own streams; a terminal has one output for both."""
    fds = call.process.fds
    return AttachStreams(fds[0] if interactive else None, fds[1], None if tty else fds[2])


def _chosen(streams: AttachStreams, names: tuple[str, ...]) -> AttachStreams:
    """What `-a` leaves of them; all where it was not given."""
    if not names:
        return streams
    return AttachStreams(
        streams.stdin if "stdin" in names else None,
        streams.stdout if "stdout" in names else None,
        streams.stderr if "stderr" in names else None,
    )


def start(call: Call) -> Steps[int]:
    if call.flags.on("attach") or call.flags.on("interactive"):
        return (yield from _start_attached(call))
    failed: list[str] = []
    for name in call.arguments:
        try:
            yield from call.daemon.start(name)
        except DaemonError as error:
            yield from call.err(from_daemon(error.message) + "\n")
            failed.append(name)
            continue
        yield from call.out(f"{name}\n")
    if failed:
        raise CommandError(f"Error: failed to start containers: {', '.join(failed)}")
    return 0


def _start_attached(call: Call) -> Steps[int]:
    if len(call.arguments) > 1:
        raise CommandError("you cannot start and attach multiple containers at once")
    container = call.daemon.container(call.arguments[0])
    interactive = call.flags.on("interactive") and container.spec.interactive
    call.daemon.attach(container.id, streams_of(call, interactive, container.spec.tty))
    condition = "removed" if container.spec.auto_remove else "next-exit"
    waiting = call.daemon.wait(container.id, condition)
    try:
        yield from call.daemon.start(container.id)
    except DaemonError:
        if container.spec.auto_remove:
            yield from waiting
        raise
    return (yield from waiting)


def attach(call: Call) -> Steps[int]:
    """Until the container ends."""
    container = call.daemon.container(call.arguments[0])
    if not container.state.running:
        raise CommandError("You cannot attach to a stopped container, start it first")
    if container.state.status == "paused":
        raise CommandError("You cannot attach to a paused container, unpause it first")
    if container.state.status == "restarting":
        raise CommandError("You cannot attach to a restarting container, wait until it is running")
    interactive = container.spec.interactive and not call.flags.on("no-stdin")
    if container.spec.tty and interactive:
        raise CommandError(NO_TTY)
    call.daemon.attach(container.id, streams_of(call, interactive, container.spec.tty))
    return (yield from call.daemon.wait(container.id, "next-exit"))
