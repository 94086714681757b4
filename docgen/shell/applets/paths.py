"""readlink, realpath, basename, dirname, pwd."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.fs.errors import Errno, FsError
from docgen.fs.view import View
from docgen.shell.applet import Options
from docgen.shell.applets.support.quoting import quoted, shell_quoted
from docgen.shell.applets.support.tool import (
    GNU,
    complain_of_usage,
    flag,
    missing_operand,
    on_host,
    refused,
    tool,
    value,
)
from docgen.shell.process import Process

_FEW_LINKS = 40


def canonical(view: View, path: str, missing: str) -> str:
    """realpath(3). `missing`: which parts may be absent: `none`, `last`, `any`. Raises FsError."""
    if not path:
        raise FsError(Errno.ENOENT, path)
    reached = "/" if path.startswith("/") else view.realpath(".")
    pending = [part for part in path.split("/") if part][::-1]
    links = 0
    while pending:
        part = pending.pop()
        if part == ".":
            continue
        if part == "..":
            reached = reached.rpartition("/")[0] or "/"
            continue
        inner = f"{reached.rstrip('/')}/{part}"
        try:
            stat = view.stat(inner, follow=False)
        except FsError as error:
            allowed = missing == "any" or (
                missing == "last" and not pending and error.errno is Errno.ENOENT
            )
            if not allowed:
                raise
            reached = inner
            continue
        if stat.kind == "symlink":
            links += 1
            if links > _FEW_LINKS:
                raise FsError(Errno.ELOOP, path)
            target = view.readlink(inner)
            pending += [piece for piece in target.split("/") if piece][::-1]
            reached = "/" if target.startswith("/") else reached
            continue
        if stat.kind != "dir" and (pending or path.endswith("/")) and missing != "any":
            raise FsError(Errno.ENOTDIR, path)
        reached = inner
    return reached


def readlink(p: Process, options: Options) -> Steps[int]:
    if not options.operands:
        return (yield from missing_operand(p))
    mode = options.last_of("canonicalize", "canonicalize-existing", "canonicalize-missing")
    end = "" if "no-newline" in options and len(options.operands) == 1 else "\n"
    end = "\0" if "zero" in options else end
    status = 0
    for name in options.operands:
        try:
            if mode is None:
                text = p.view.readlink(name)
            else:
                text = canonical(p.view, name, _MISSING[mode])
        except FsError as error:
            status = 1
            if "verbose" in options:
                yield from p.complain(_not_a_link(p, name, error))
            continue
        yield from p.out(text + end)
    return status


def _not_a_link(p: Process, name: str, error: FsError) -> str:
    if on_host(p):
        return f"{shell_quoted(p, name)}: {error.errno.value}"
    why = "not a symlink" if error.errno is Errno.EINVAL else error.errno.value
    return f"{name}: cannot read link: {why}"


_MISSING = {
    "canonicalize": "last",
    "canonicalize-existing": "none",
    "canonicalize-missing": "any",
}


def realpath(p: Process, options: Options) -> Steps[int]:
    if not options.operands:
        return (yield from missing_operand(p))
    mode = options.last_of("canonicalize-existing", "canonicalize-missing")
    missing = _MISSING[mode or "canonicalize"] if on_host(p) else "none"
    status = 0
    for name in options.operands:
        try:
            text = canonical(p.view, name, missing)
        except FsError as error:
            status = 1
            if "quiet" not in options:
                shown = shell_quoted(p, name) if on_host(p) else name
                yield from p.complain(f"{shown}: {error.errno.value}")
            continue
        yield from p.out(text + ("\0" if "zero" in options else "\n"))
    return status


def _base(name: str) -> str:
    if not name:
        return ""
    return name.rstrip("/").rpartition("/")[2] or "/"


def basename(p: Process, options: Options) -> Steps[int]:
    operands = list(options.operands)
    if not operands:
        return (yield from missing_operand(p))
    suffix = options.get("suffix") or ""
    if suffix or "multiple" in options:
        names = operands
    else:
        if len(operands) > 2:
            message = f"extra operand {quoted(p, operands[2])}"
            return (yield from complain_of_usage(p, message, 1))
        names, suffix = operands[:1], operands[1] if len(operands) == 2 else ""
    for name in names:
        base = _base(name)
        if suffix and base != suffix:
            base = base.removesuffix(suffix)
        yield from p.out(base + ("\0" if "zero" in options else "\n"))
    return 0


def dirname(p: Process, options: Options) -> Steps[int]:
    if not options.operands:
        return (yield from missing_operand(p))
    if len(options.operands) > 1 and not on_host(p):
        return (yield from missing_operand(p))
    for name in options.operands:
        head, slash, _ = name.rstrip("/").rpartition("/")
        text = (head.rstrip("/") or "/") if slash else "."
        if name and not name.strip("/"):
            text = "/"
        yield from p.out(text + ("\0" if "zero" in options else "\n"))
    return 0


def pwd(p: Process, options: Options) -> Steps[int]:
    logical = options.last_of("logical", "physical") == "logical"
    kept = p.env.get("PWD", "")
    view = p.view
    try:
        path = view.getcwd()
        if logical and kept.startswith("/") and view.exists(kept):
            one, other = view.stat(kept), view.stat(".")
            if (one.dev, one.ino) == (other.dev, other.ino):
                path = kept
    except FsError as error:
        yield from p.complain(("" if on_host(p) else "getcwd: ") + error.errno.value)
        return 1
    yield from p.out(path + "\n")
    return 0


APPLETS = {
    "readlink": tool(
        "readlink",
        readlink,
        (
            flag("f", "canonicalize"),
            flag("e", "canonicalize-existing", GNU),
            flag("m", "canonicalize-missing", GNU),
            flag("n", "no-newline"),
            flag("v", "verbose"),
            flag("qs", "quiet silent", GNU),
            flag("z", "zero", GNU),
        ),
    ),
    "realpath": tool(
        "realpath",
        realpath,
        (
            flag("e", "canonicalize-existing", GNU),
            flag("m", "canonicalize-missing", GNU),
            flag("q", "quiet", GNU),
            flag("z", "zero", GNU),
            flag("P", "physical", GNU),
            refused("Ls", "", flavours=GNU),
            refused("", "logical", flavours=GNU),
            refused("", "relative-to", flavours=GNU),
            refused("", "relative-base", flavours=GNU),
            refused("", "no-symlinks", flavours=GNU),
        ),
    ),
    "basename": tool(
        "basename",
        basename,
        (flag("a", "multiple"), value("s", "suffix"), flag("z", "zero", GNU)),
        permute=False,
    ),
    "dirname": tool("dirname", dirname, (flag("z", "zero", GNU),)),
    "pwd": tool("pwd", pwd, (flag("L", "logical"), flag("P", "physical"))),
}
