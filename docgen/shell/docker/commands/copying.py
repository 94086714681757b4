"""`docker cp` and `docker export`."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.shell.docker.call import Call
from docgen.shell.docker.errors import CommandError
from docgen.shell.docker.files import write_output


def export(call: Call) -> Steps[int]:
    data = call.daemon.export(call.arguments[0])
    yield from write_output(call, call.flags.get("output"), data, "failed to export container")
    return 0


def split_argument(text: str) -> tuple[str, str]:
    """`web:/path` → container and path; `./a:b` and `/a:b` are local."""
    container, colon, path = text.partition(":")
    if text.startswith("/") or not colon or container.startswith("."):
        return "", text
    return container, path


def copy(call: Call) -> Steps[int]:
    """Silent: docker shows progress only on a terminal."""
    flags = call.flags
    if not flags.on("quiet", default=True):
        raise NotSimulated("docker cp --quiet=false is not simulated", "leave the flag out")
    source, target = call.arguments
    if not source:
        raise CommandError("source can not be empty")
    if not target:
        raise CommandError("destination can not be empty")
    (from_container, from_path), (to_container, to_path) = map(split_argument, (source, target))
    if from_container and to_container:
        raise CommandError("copying between containers is not supported")
    if not from_container and not to_container:
        raise CommandError("must specify at least one container source")
    if from_container:
        yield from _copy_from(call, from_container, from_path, to_path)
    else:
        yield from _copy_to(call, from_path, to_container, to_path)
    return 0


def _copy_from(call: Call, container: str, path: str, target: str) -> Steps[None]:
    archive, follow = call.flags.on("archive"), call.flags.on("follow-link")
    if target == "-":
        yield from call.out(call.daemon.read_archive(container, path, follow=follow))
        return
    view = call.process.view
    call.daemon.copy_from(container, path, view, target, archive=archive, follow=follow)


def _copy_to(call: Call, source: str, container: str, path: str) -> Steps[None]:
    archive, follow = call.flags.on("archive"), call.flags.on("follow-link")
    if source == "-":
        data = yield from call.process.read_all(0)
        call.daemon.write_archive(container, path, data, keep_owner=archive)
        return
    view = call.process.view
    call.daemon.copy_to(view, source, container, path, archive=archive, follow=follow)
