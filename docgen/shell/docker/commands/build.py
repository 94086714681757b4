"""`docker build`, which is buildx: plain progress and errors on standard error, `-q` prints the id.

Real progress carries times and hashes that differ from run to run, so pages cannot promise it;
its form is BuildKit's.
"""

from __future__ import annotations

from collections.abc import Iterator

from docgen.daemon.buildmodel import BuildError, BuildRequest, Vertex, VertexStatus
from docgen.daemon.errors import ClientError, DaemonError
from docgen.daemon.refs import InvalidReference
from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.shell.docker.call import Call, message_of
from docgen.shell.docker.errors import CommandError
from docgen.shell.docker.files import read_input
from docgen.shell.docker.references import parse_spelled
from docgen.shell.docker.units import SECOND_NS

_CONTEXT_LINES = 2
"""Lines of the Dockerfile that are shown around the failing instruction."""


def build(call: Call) -> Steps[int]:
    _check(call)
    request = yield from _request(call)
    quiet = call.flags.on("quiet") or call.flags.get("progress") == "quiet"
    try:
        result = yield from call.daemon.build(request)
    except BuildError as error:
        yield from call.err("".join(_failure(error, quiet)))
        raise CommandError(f"ERROR: failed to build: {error.message}") from None
    except (DaemonError, ClientError) as error:
        raise CommandError(f"ERROR: failed to build: {message_of(error)}") from None
    if quiet:
        yield from call.out(f"{result.image_id}\n")
        return 0
    yield from call.err("".join(_progress(result.vertices)) + _warnings(result.warnings))
    return 0


def _check(call: Call) -> None:
    if call.flags.get("progress") not in ("", "auto", "plain", "quiet", "tty", "none"):
        raise NotSimulated("this --progress is not simulated", "use plain, or leave it out")
    if "://" in call.arguments[0] or call.arguments[0].startswith("git@"):
        raise NotSimulated("a build context from the network is not simulated", "use a directory")
    for text in call.flags.all("tag"):
        try:
            parse_spelled(text)
        except InvalidReference as error:
            raise CommandError(f'ERROR: failed to build: invalid tag "{text}": {error}') from None


def _request(call: Call) -> Steps[BuildRequest]:
    flags = call.flags
    (context,) = call.arguments
    dockerfile = flags.get("file")
    text: str | None = None
    if "-" in (context, dockerfile):
        data = yield from read_input(call, "-")
        text = data.to_bytes().decode("utf-8", "surrogateescape")
        if context == "-" and dockerfile not in ("", "-"):
            raise NotSimulated("a build context on standard input", "use a directory")
    return BuildRequest(
        view=call.process.view,
        context="" if context == "-" else context,
        dockerfile="" if dockerfile == "-" else dockerfile,
        dockerfile_text=text,
        tags=flags.all("tag"),
        args=dict(_build_arguments(call)),
        labels={key: value for key, _, value in (t.partition("=") for t in flags.all("label"))},
        target=flags.get("target"),
        no_cache=flags.on("no-cache"),
    )


def _build_arguments(call: Call) -> Iterator[tuple[str, str | None]]:
    for text in call.flags.all("build-arg"):
        name, equals, value = text.partition("=")
        yield name, value if equals else call.process.env.get(name)


# -- progress -------------------------------------------------------------------------------------


def _progress(vertices: tuple[Vertex, ...]) -> Iterator[str]:
    yield '#0 building with "default" instance using docker driver\n'
    for number, vertex in enumerate(vertices, 1):
        yield f"\n#{number} {vertex.name}\n"
        for note in vertex.notes:
            yield f"#{number} {note}\n"
        for offset_ns, line in vertex.log:
            yield f"#{number} {_seconds(offset_ns, 3)} {_text(line)}\n"
        yield f"#{number} {_status(vertex)}\n"


def _status(vertex: Vertex) -> str:
    if vertex.status is VertexStatus.DONE:
        return f"DONE {_seconds(vertex.finished_ns - vertex.started_ns, 1)}s"
    if vertex.status is VertexStatus.ERROR:
        return f"ERROR: {vertex.error}"
    return vertex.status.value


def _seconds(ns: int, digits: int) -> str:
    return f"{max(ns, 0) / SECOND_NS:.{digits}f}"


def _text(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape").rstrip("\n")


def _warnings(warnings: tuple[str, ...]) -> str:
    if not warnings:
        return ""
    count = "1 warning" if len(warnings) == 1 else f"{len(warnings)} warnings"
    lines = "".join(f" - {one}\n" for one in warnings)
    return f"\n \033[33m{count} found (use docker --debug to expand):\n\033[0m{lines}"


def _failure(error: BuildError, quiet: bool) -> Iterator[str]:
    if not quiet and error.vertices:
        yield from _progress(error.vertices)
    if error.failed is not None and not quiet:
        yield f"------\n > {error.failed.name}:\n"
        for offset_ns, line in error.failed.log:
            yield f"{_seconds(offset_ns, 3)} {_text(line)}\n"
        yield "------\n"
    if not quiet:
        yield _warnings(error.warnings)
    if error.line:
        yield from _excerpt(error)


def _excerpt(error: BuildError) -> Iterator[str]:
    lines = error.source.split("\n")
    first = max(error.line - _CONTEXT_LINES, 1)
    last = min(error.last_line + _CONTEXT_LINES, len(lines))
    yield f"{error.dockerfile}:{error.line}\n--------------------\n"
    for number in range(first, last + 1):
        mark = ">>>" if error.line <= number <= error.last_line else "   "
        yield f"{number:4d} | {mark} {lines[number - 1]}\n"
    yield "--------------------\n"
