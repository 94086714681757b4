"""touch."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.fs.errors import Errno, FsError
from docgen.fs.flags import Open
from docgen.fs.view import NOW
from docgen.shell.applet import Options
from docgen.shell.applets.support.dates import parse_date, parse_stamp
from docgen.shell.applets.support.quoting import always_shell_quoted, quoted
from docgen.shell.applets.support.tool import (
    Refusal,
    complain_of_usage,
    flag,
    on_host,
    tool,
    value,
)
from docgen.shell.process import Process


def touch(p: Process, options: Options) -> Steps[int]:
    if not options.operands:
        return (yield from complain_of_usage(p, "missing file operand", 1))
    atime, mtime = _times(p, options)
    follow = "no-dereference" not in options
    status = 0
    for name in options.operands:
        try:
            _touch(p, name, atime, mtime, follow, "no-create" not in options)
        except FsError as error:
            status = 1
            yield from _cannot_touch(p, name, error)
    return status


def _cannot_touch(p: Process, name: str, error: FsError) -> Steps[None]:
    if not on_host(p):
        yield from p.complain(f"{name}: {error.errno.value}")
        return
    shown = always_shell_quoted(p, name)
    what = (
        "setting times of"
        if p.view.exists(name) and error.errno is not Errno.EROFS
        else ("cannot touch")
    )
    yield from p.complain(f"{what} {shown}: {error.errno.value}")


def _touch(
    p: Process, name: str, atime: int | None, mtime: int | None, follow: bool, create: bool
) -> None:
    if not p.view.exists(name, follow):
        if not create or not follow:
            if not create:
                return
            raise FsError(Errno.ENOENT, name)
        p.view.open(name, Open.WRONLY | Open.CREAT, 0o666).close()
        if atime == NOW and mtime == NOW:
            return
    p.view.utimens(name, atime, mtime, follow=follow)


def _times(p: Process, options: Options) -> tuple[int | None, int | None]:
    """Access and modification time; None leaves one as it is."""
    atime: int | None = NOW
    mtime: int | None = NOW
    for key, text in options.given:
        if key in ("date", "t"):
            atime = mtime = _moment(p, key, text)
        elif key == "reference":
            try:
                stat = p.view.stat(text)
            except FsError as error:
                if on_host(p):
                    shown = always_shell_quoted(p, text)
                    message = f"failed to get attributes of {shown}: {error.errno.value}"
                    raise Refusal(message) from None
                raise Refusal(f"can't stat '{text}': {error.errno.value}") from None
            atime, mtime = stat.atime_ns, stat.mtime_ns
    which = {"access": "a", "atime": "a", "use": "a", "modify": "m", "mtime": "m"}
    only = {which.get(text, "") for text in options.all("time")}
    only |= {key for key in ("a", "m") if key in options}
    if only == {"a"}:
        mtime = None
    elif only == {"m"}:
        atime = None
    return atime, mtime


def _moment(p: Process, key: str, text: str) -> int:
    now = p.kernel.clock.now_ns
    found = parse_stamp(text, now) if key == "t" else parse_date(text, now)
    if found is None and key == "date" and not on_host(p):
        found = parse_stamp(text, now)
    if found is not None:
        return found
    if key == "t":
        raise Refusal(f"invalid date format {quoted(p, text)}")
    raise NotSimulated(f"the date `{text}`", "write it as 2026-01-31 12:00:00 or @SECONDS")


_OPTIONS = (
    flag("a"),
    flag("m"),
    flag("c", "no-create"),
    flag("h", "no-dereference"),
    flag("f"),
    value("d", "date"),
    value("t"),
    value("r", "reference"),
    value("", "time"),
)

APPLETS = {"touch": tool("touch", touch, _OPTIONS)}
