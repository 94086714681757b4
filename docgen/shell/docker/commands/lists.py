"""Lists: `docker ps`, `images`, `history`, `volume ls`."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.shell.docker.call import Call
from docgen.shell.docker.errors import CommandError
from docgen.shell.docker.headers import (
    CONTAINER_HEADERS,
    HISTORY_HEADERS,
    IMAGE_HEADERS,
    VOLUME_HEADERS,
)
from docgen.shell.docker.listing import render
from docgen.shell.docker.rows import (
    container_row,
    history_row,
    image_rows,
    volume_row,
)
from docgen.shell.docker.template import TemplateError, parse
from docgen.shell.docker.template.values import Record

_CONTAINER_TABLE = (
    "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}"
)
_CONTAINER_RAW = """container_id: {{.ID}}
image: {{.Image}}
command: {{.Command}}
created_at: {{.CreatedAt}}
state: {{- pad .State 1 0}}
status: {{- pad .Status 1 0}}
names: {{.Names}}
labels: {{- pad .Labels 1 0}}
ports: {{- pad .Ports 1 0}}
"""
_IMAGE_TABLE = (
    "table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t"
    "{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\t{{.Size}}"
)
_IMAGE_DIGEST_TABLE = _IMAGE_TABLE.replace("{{.Tag}}", "{{.Tag}}\t{{.Digest}}")
_IMAGE_RAW = """repository: {{ .Repository }}
tag: {{.Tag}}
image_id: {{.ID}}
created_at: {{.CreatedAt}}
virtual_size: {{.Size}}
"""
_IMAGE_DIGEST_RAW = _IMAGE_RAW.replace("image_id", "digest: {{.Digest}}\nimage_id")
_HISTORY_TABLE = "table {{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}"
_SUBCOMMANDS = frozenset(
    ("build", "history", "import", "inspect", "list", "load", "ls", "prune", "pull", "push")
) | {"rm", "save", "tag"}


def container_format(source: str, quiet: bool, size: bool) -> str:
    """formatter.NewContainerFormat."""
    if source == "raw":
        if quiet:
            return "container_id: {{.ID}}"
        return _CONTAINER_RAW + ("size: {{.Size}}\n" if size else "")
    if quiet:
        return "{{.ID}}"
    if source in ("table", ""):
        return _CONTAINER_TABLE + ("\t{{.Size}}" if size else "")
    return source


def containers(call: Call) -> Steps[int]:
    flags = call.flags
    source, quiet = flags.get("format"), flags.on("quiet")
    if source and quiet:
        yield from call.err(
            "WARNING: Ignoring custom format, because both --format and --quiet are set.\n"
        )
    size = flags.on("size")
    if source:
        uses_size = _uses_size(source)
        size = size or (not quiet and "size" not in flags and uses_size)
    filters = call.filters()
    limit = flags.number("last", -1)
    if flags.on("latest") and limit == -1:
        limit = 1
    everything = flags.on("all") or limit > 0 or "status" in filters
    found = call.daemon.containers(filters, all=everything)
    truncate = not flags.on("no-trunc")
    rows: list[Record] = []
    for one in found[:limit] if limit > 0 else found:
        sizes = call.daemon.container_size(one.id) if size else (0, 0)
        rows.append(container_row(one, call.daemon, call.now_ns, truncate=truncate, size=sizes))
    yield from call.out(render(container_format(source, quiet, size), CONTAINER_HEADERS, rows))
    return 0


def _uses_size(source: str) -> bool:
    """docker runs the template once on an empty row to see whether it asks for the size."""
    asked: list[bool] = []

    def size() -> str:
        asked.append(True)
        return ""

    names = {name: (lambda: "") for name in CONTAINER_HEADERS}
    probe = Record(
        "*formatter.ContainerContext", {**names, "Size": size}, {"Label": lambda _name: ""}
    )
    try:
        template = parse(source)
    except TemplateError as error:
        raise CommandError(f"failed to parse template: {error}") from None
    try:
        template.execute(probe)
    except TemplateError as error:
        raise CommandError(f"failed to execute template: {error}") from None
    return bool(asked)


def _image_format(source: str, quiet: bool, digests: bool) -> str:
    """formatter.NewImageFormat."""
    if source in ("", "table"):
        return "{{.ID}}" if quiet else _IMAGE_DIGEST_TABLE if digests else _IMAGE_TABLE
    if source == "raw":
        return "image_id: {{.ID}}" if quiet else _IMAGE_DIGEST_RAW if digests else _IMAGE_RAW
    if source.startswith("table") and digests and "{{.Digest}}" not in source:
        return source + "\t{{.Digest}}"
    return source


def images(call: Call) -> Steps[int]:
    flags = call.flags
    filters = call.filters()
    if call.arguments:
        filters["reference"] = (*filters.get("reference", ()), call.arguments[0])
    found = call.daemon.images(filters, all=flags.on("all"))
    digests = flags.on("digests")
    form = _image_format(flags.get("format"), flags.on("quiet"), digests)
    rows = [
        row
        for image in found
        for row in image_rows(
            image,
            call.now_ns,
            truncate=not flags.on("no-trunc"),
            digests=digests or "{{.Digest}}" in form,
        )
    ]
    yield from call.out(render(form, IMAGE_HEADERS, rows))
    if call.arguments and not found and call.typed == "images":
        yield from _hint(call, call.arguments[0])
    return 0


def _hint(call: Call, name: str) -> Steps[None]:
    if name in _SUBCOMMANDS:
        yield from call.err(
            f'\nNo images found matching "{name}": did you mean "docker image {name}"?\n'
        )


def history(call: Call) -> Steps[int]:
    flags = call.flags
    entries = call.daemon.history(call.arguments[0])
    human = flags.on("human", default=True)
    form = flags.get("format") or "table"
    if form == "table":
        created = "CreatedSince" if human else "CreatedAt"
        table = _HISTORY_TABLE.replace("CreatedSince", created)
        form = "{{.ID}}" if flags.on("quiet") else table
    rows = [
        history_row(entry, call.now_ns, truncate=not flags.on("no-trunc"), human=human)
        for entry in entries
    ]
    yield from call.out(render(form, HISTORY_HEADERS, rows))
    return 0


def volumes(call: Call) -> Steps[int]:
    quiet, source = call.flags.on("quiet"), call.flags.get("format")
    form = source or "table"
    if form == "table":
        form = "{{.Name}}" if quiet else "table {{.Driver}}\t{{.Name}}"
    elif form == "raw":
        form = "name: {{.Name}}" if quiet else "name: {{.Name}}\ndriver: {{.Driver}}\n"
    found = sorted(call.daemon.volumes(call.filters()), key=lambda one: natural(one.name))
    yield from call.out(render(form, VOLUME_HEADERS, [volume_row(one) for one in found]))
    return 0


def natural(text: str) -> list[tuple[int, int, str]]:
    """fvbommel/sortorder: runs of digits compare as numbers."""
    parts: list[tuple[int, int, str]] = []
    run = ""
    for letter in (*text, ""):
        if run and (not letter or letter.isdigit() != run[-1].isdigit()):
            digits = run.isascii() and run.isdigit() and len(run) < 1000
            parts.append((0, int(run), run) if digits else (1, 0, run))
            run = ""
        run += letter
    return parts
