"""truncate, fallocate, sync, mktemp."""

from __future__ import annotations

from hashlib import sha256

from docgen.daemon.waits import Steps
from docgen.fs.content import Content
from docgen.fs.errors import Errno, FsError
from docgen.fs.flags import Open
from docgen.shell.applet import Options
from docgen.shell.applets.support.quoting import always_shell_quoted, quoted
from docgen.shell.applets.support.sizes import parse_size
from docgen.shell.applets.support.tool import (
    GNU,
    Refusal,
    complain_of_usage,
    flag,
    on_host,
    refused,
    tool,
    value,
)
from docgen.shell.process import Process


def truncate(p: Process, options: Options) -> Steps[int]:
    text = options.get("size")
    reference = options.get("reference")
    if text is None and reference is None:
        message = f"you must specify either {quoted(p, '--size')} or {quoted(p, '--reference')}"
        return (yield from complain_of_usage(p, message, 1))
    if not options.operands:
        return (yield from complain_of_usage(p, "missing file operand", 1))
    base = 0 if reference is None else p.view.stat(reference).size
    operator, number = _relative(p, text) if text is not None else ("+", 0)
    status = 0
    for name in options.operands:
        try:
            _truncate(p, name, operator, number, base, reference, options)
        except FsError as error:
            status = 1
            yield from _failed(p, name, error)
    return status


def _relative(p: Process, text: str) -> tuple[str, int]:
    operator = text[0] if text[:1] in tuple("+-<>/%") and on_host(p) else ""
    size = parse_size(text.removeprefix(operator))
    if size is None:
        if on_host(p):
            raise Refusal(f"Invalid number: {quoted(p, text)}")
        raise Refusal(f"invalid number '{text}'")
    return operator, size


def _truncate(
    p: Process,
    name: str,
    operator: str,
    number: int,
    base: int,
    reference: str | None,
    options: Options,
) -> None:
    if not p.view.exists(name):
        if "no-create" in options:
            return
        p.view.open(name, Open.WRONLY | Open.CREAT, 0o666).close()
    now = base if reference is not None else p.view.stat(name).size
    sizes = {
        "": number,
        "+": now + number,
        "-": max(now - number, 0),
        "<": min(now, number),
        ">": max(now, number),
        "/": now // number * number if number else now,
        "%": -(-now // number) * number if number else now,
    }
    p.view.truncate(name, sizes[operator])


def _failed(p: Process, name: str, error: FsError) -> Steps[None]:
    if not on_host(p):
        yield from p.complain(f"{name}: open: {error.errno.value}")
        return
    shown = always_shell_quoted(p, name)
    what = f"cannot open {shown} for writing"
    if error.errno in (Errno.ENOSPC, Errno.EFBIG):
        what = f"failed to truncate {shown}"
    yield from p.complain(f"{what}: {error.errno.value}")


def fallocate(p: Process, options: Options) -> Steps[int]:
    """Blocks that are reserved: on disk they count, and they read as zeros."""
    text = options.get("length")
    if text is None or not options.operands:
        what = "no length argument specified" if text is None else "no filename specified"
        raise Refusal(what)
    size = parse_size(text)
    offset = parse_size(options.get("offset") or "0")
    if not size or offset is None:
        raise Refusal("invalid length value specified" if not size else "invalid offset")
    name = options.operands[0]
    try:
        file = p.view.open(name, Open.RDWR | Open.CREAT, 0o666)
        try:
            _reserve(file.content(), offset, size, file.seek, file.write)
        finally:
            file.close()
    except FsError as error:
        if error.errno is Errno.ENOSPC:
            yield from p.complain(
                f"fallocate failed: {error.errno.value}"
                if on_host(p)
                else f"fallocate '{name}': {error.errno.value}"
            )
        elif on_host(p):
            yield from p.complain(f"cannot open {name}: {error.errno.value}")
        else:
            yield from p.complain(f"can't open '{name}': {error.errno.value}")
        return 1
    return 0


def _reserve(content: Content, offset: int, size: int, seek: object, write: object) -> None:
    """Zeros wherever the range has holes or lies behind the end."""
    assert callable(seek)
    assert callable(write)
    reached = offset
    for at, extent in content.extents:
        if at + extent.length <= offset or at >= offset + size:
            continue
        if at > reached:
            seek(reached)
            write(Content.fill(0, at - reached))
        reached = max(reached, at + extent.length)
    if reached < offset + size:
        seek(reached)
        write(Content.fill(0, offset + size - reached))


def sync(p: Process, options: Options) -> Steps[int]:
    """Nothing is ever unwritten here; operands must exist."""
    status = 0
    for name in options.operands:
        try:
            p.view.stat(name)
        except FsError as error:
            status = 1
            if on_host(p):
                shown = always_shell_quoted(p, name)
                yield from p.complain(f"error opening {shown}: {error.errno.value}")
            else:
                yield from p.complain(f"can't open '{name}': {error.errno.value}")
    return status


_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def mktemp(p: Process, options: Options) -> Steps[int]:
    """The name is made from the process's number: the same page gets the same names."""
    template = options.operands[0] if options.operands else ""
    directory = options.get("tmpdir")
    if not template:
        template = "tmp.XXXXXXXXXX" if on_host(p) else "tmp.XXXXXX"
        directory = directory or p.env.get("TMPDIR") or "/tmp"
    elif "t" in options or directory == "":
        directory = directory or p.env.get("TMPDIR") or "/tmp"
    suffix = options.get("suffix") or ""
    stem = template.rstrip("X")
    wanted = len(template) - len(stem)
    if wanted < (3 if on_host(p) else 6):
        if on_host(p):
            raise Refusal(f"too few X's in template {quoted(p, template)}")
        raise Refusal("(null): Invalid argument")
    if directory:
        stem = f"{directory.rstrip('/')}/{stem}"
    path = stem + _unique(p, stem, wanted) + suffix
    try:
        if "dry-run" not in options:
            if "directory" in options:
                p.view.mkdir(path, 0o700)
            else:
                p.view.open(path, Open.RDWR | Open.CREAT | Open.EXCL, 0o600).close()
    except FsError as error:
        if "quiet" not in options:
            yield from p.complain(_mktemp_failure(p, template, stem, options, error))
        return 1
    yield from p.out(path + "\n")
    return 0


def _mktemp_failure(p: Process, template: str, stem: str, options: Options, error: FsError) -> str:
    if not on_host(p):
        return f"(null): {error.errno.value}"
    kind = "directory" if "directory" in options else "file"
    wanted = len(template) - len(template.rstrip("X"))
    shown = quoted(p, stem + "X" * wanted)
    return f"failed to create {kind} via template {shown}: {error.errno.value}"


def _unique(p: Process, stem: str, count: int) -> str:
    attempt = 0
    while True:
        seed = f"{p.pid} {stem} {attempt}".encode()
        digest = sha256(seed).digest()
        letters = "".join(_LETTERS[digest[n % 32] % len(_LETTERS)] for n in range(count))
        if not p.view.exists(stem + letters):
            return letters
        attempt += 1


APPLETS = {
    "truncate": tool(
        "truncate",
        truncate,
        (
            value("s", "size"),
            flag("c", "no-create"),
            value("r", "reference", GNU),
            refused("o", "io-blocks", flavours=GNU),
        ),
    ),
    "fallocate": tool(
        "fallocate",
        fallocate,
        (
            value("l", "length"),
            value("o", "offset"),
            flag("x", "posix", GNU),
            refused("c", "collapse-range", flavours=GNU),
            refused("d", "dig-holes", flavours=GNU),
            refused("i", "insert-range", flavours=GNU),
            refused("n", "keep-size", flavours=GNU),
            refused("p", "punch-hole", flavours=GNU),
            refused("z", "zero-range", flavours=GNU),
        ),
    ),
    "sync": tool("sync", sync, (flag("d", "data"), flag("f", "file-system"))),
    "mktemp": tool(
        "mktemp",
        mktemp,
        (
            flag("d", "directory"),
            flag("q", "quiet"),
            flag("u", "dry-run"),
            flag("t"),
            value("p", "tmpdir"),
            value("", "suffix", GNU),
        ),
    ),
}
