"""Commands on images: commit, tag, rm, save, load, import, pull."""

from __future__ import annotations

from docgen.daemon.errors import DaemonError, Kind
from docgen.daemon.model import CommitOptions
from docgen.daemon.refs import InvalidReference, parse_named
from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.shell.docker.call import Call
from docgen.shell.docker.errors import CommandError, from_daemon
from docgen.shell.docker.files import read_input, write_output


def commit(call: Call) -> Steps[int]:
    flags = call.flags
    repository = call.arguments[1] if len(call.arguments) > 1 else ""
    if repository:
        try:
            parse_named(repository)
        except InvalidReference as error:
            raise CommandError(str(error)) from None
    options = CommitOptions(
        repository=repository,
        author=flags.get("author"),
        message=flags.get("message"),
        changes=flags.all("change"),
        pause=flags.on("pause", default=True),
    )
    yield from call.out(f"{call.daemon.commit(call.arguments[0], options)}\n")
    return 0


def tag(call: Call) -> Steps[int]:
    source, target = call.arguments
    try:
        parse_named(target)
    except InvalidReference as error:
        text = f'Error parsing reference: "{target}" is not a valid repository/tag: {error}'
        raise CommandError(text) from None
    call.daemon.tag(source, target)
    yield from ()
    return 0


def remove(call: Call) -> Steps[int]:
    force, prune = call.flags.on("force"), not call.flags.on("no-prune")
    errors: list[str] = []
    fatal = False
    for name in call.arguments:
        try:
            deletions = call.daemon.remove_image(name, force=force, prune=prune)
        except DaemonError as error:
            fatal = fatal or error.kind is not Kind.NOT_FOUND
            errors.append(from_daemon(error.message))
            continue
        yield from call.out("".join(f"{one.kind.value}: {one.value}\n" for one in deletions))
    if errors and force and not fatal:
        yield from call.err("\n".join(errors) + "\n")
        return 0
    if errors:
        raise CommandError("\n".join(errors))
    return 0


def save(call: Call) -> Steps[int]:
    data = call.daemon.save(call.arguments)
    yield from write_output(call, call.flags.get("output"), data, "failed to save image")
    return 0


def load(call: Call) -> Steps[int]:
    data = yield from read_input(call, call.flags.get("input"))
    try:
        images = call.daemon.load(data)
    except DaemonError as error:
        raise CommandError(error.message) from None  # it comes within the answer, without prefix
    for image in images:
        text = f"Loaded image: {image.name}" if image.name else f"Loaded image ID: {image.id}"
        yield from call.out(text + "\n")
    return 0


def import_image(call: Call) -> Steps[int]:
    source = call.arguments[0]
    if source.startswith(("http://", "https://")):
        raise NotSimulated("docker import from the network is not simulated", "import a local file")
    data = yield from read_input(call, source)
    reference = call.arguments[1] if len(call.arguments) > 1 else ""
    image = call.daemon.import_image(
        data, reference, changes=call.flags.all("change"), message=call.flags.get("message")
    )
    yield from call.out(f"{image}\n")
    return 0


def pull(call: Call) -> Steps[int]:
    """There is no registry here; and what a pull prints depends on what the registry has today."""
    yield from ()
    raise NotSimulated(
        f"docker pull {call.arguments[0]} needs a registry",
        "leave it out: busybox is there, and `docker run` on the reader's host pulls by itself",
    )
