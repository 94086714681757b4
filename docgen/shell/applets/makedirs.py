"""mkdir, rmdir, mkfifo, mknod."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.fs.errors import Errno, FsError
from docgen.shell.applet import Options
from docgen.shell.applets.support.modes import Mode, apply_mode, parse_mode
from docgen.shell.applets.support.quoting import always_shell_quoted, quoted
from docgen.shell.applets.support.tool import (
    GNU,
    Refusal,
    complain_of_usage,
    flag,
    missing_operand,
    on_host,
    refused,
    tool,
    value,
)
from docgen.shell.process import Process


def _mode(p: Process, options: Options) -> Mode | None:
    """The argument of -m."""
    text = options.get("mode")
    if text is None:
        return None
    mode = parse_mode(text)
    if mode is None:
        if on_host(p) and p.argv[0].rpartition("/")[2] == "mkdir":
            raise Refusal(f"invalid mode {quoted(p, text)}")
        raise Refusal("invalid mode" if on_host(p) else f"invalid mode '{text}'")
    return mode


def mkdir(p: Process, options: Options) -> Steps[int]:
    if not options.operands:
        return (yield from missing_operand(p))
    mode = _mode(p, options)
    status = 0
    for name in options.operands:
        try:
            if "parents" in options:
                yield from _with_parents(p, name, mode, "verbose" in options)
            else:
                _make(p, name, mode)
                if "verbose" in options:
                    yield from p.out(f"{p.name}: created directory {_told(p, name)}\n")
        except FsError as error:
            yield from _cannot_create(p, error.path or name, error)
            status = 1
    return status


def _told(p: Process, name: str) -> str:
    return always_shell_quoted(p, name)


def _make(p: Process, name: str, mode: Mode | None) -> None:
    p.view.mkdir(name, 0o777)
    if mode is not None:
        p.view.chmod(name, apply_mode(0o777, mode, True, p.view.umask))


def _with_parents(p: Process, name: str, mode: Mode | None, verbose: bool) -> Steps[None]:
    """Missing parents get u+wx over the umask; what exists already is fine. The error of a part
    that cannot be made names that part."""
    parts = name.split("/")
    ends = [index for index, part in enumerate(parts) if part]
    for index in ends:
        path = "/".join(parts[: index + 1])
        last = index == ends[-1]
        if p.view.is_dir(path):
            continue
        try:
            _make(p, path, mode if last else None)
        except FsError as error:
            shown = name if error.errno is Errno.EEXIST and last else path
            if error.errno is Errno.EEXIST and not last:
                error = FsError(Errno.ENOTDIR)
            if not last and not on_host(p):
                shown += "/"
            raise FsError(error.errno, shown) from None
        if not last:
            p.view.chmod(path, p.view.stat(path).mode | 0o300)
        if verbose:
            yield from p.out(f"{p.name}: created directory {_told(p, path)}\n")


def _cannot_create(p: Process, name: str, error: FsError) -> Steps[None]:
    if on_host(p):
        shown = quoted(p, name)
        yield from p.complain(f"cannot create directory {shown}: {error.errno.value}")
    else:
        yield from p.complain(f"can't create directory '{name}': {error.errno.value}")


def rmdir(p: Process, options: Options) -> Steps[int]:
    if not options.operands:
        return (yield from missing_operand(p))
    status = 0
    for name in options.operands:
        path = name
        while True:
            if "verbose" in options:
                yield from p.out(f"{p.name}: removing directory, {always_shell_quoted(p, path)}\n")
            try:
                p.view.rmdir(path)
            except FsError as error:
                if "ignore-fail-on-non-empty" in options and error.errno is Errno.ENOTEMPTY:
                    break
                status = 1
                yield from _cannot_remove(p, path, error, path != name)
                break
            parent = path.rstrip("/").rpartition("/")[0]
            if "parents" not in options or not parent:
                break
            path = parent
    return status


def _cannot_remove(p: Process, path: str, error: FsError, is_parent: bool) -> Steps[None]:
    if not on_host(p):
        yield from p.complain(f"'{path}': {error.errno.value}")
    elif is_parent:
        shown = always_shell_quoted(p, path)
        yield from p.complain(f"failed to remove directory {shown}: {error.errno.value}")
    else:
        shown = always_shell_quoted(p, path)
        yield from p.complain(f"failed to remove {shown}: {error.errno.value}")


def mkfifo(p: Process, options: Options) -> Steps[int]:
    if not options.operands:
        return (yield from missing_operand(p))
    mode = _mode(p, options)
    status = 0
    for name in options.operands:
        try:
            p.view.mkfifo(name, 0o666)
            if mode is not None:
                p.view.chmod(name, apply_mode(0o666, mode, False, p.view.umask))
        except FsError as error:
            status = 1
            if on_host(p) and not is_mknod(p):
                shown = always_shell_quoted(p, name)
                yield from p.complain(f"cannot create fifo {shown}: {error.errno.value}")
            else:
                yield from p.complain(f"{name}: {error.errno.value}")
    return status


def is_mknod(p: Process) -> bool:
    return p.argv[0].rpartition("/")[2] == "mknod"


def mknod(p: Process, options: Options) -> Steps[int]:
    if len(options.operands) < 2:
        return (yield from _too_few(p, options))
    name, kind = options.operands[:2]
    numbers = options.operands[2:]
    if kind == "p" and not numbers:
        return (yield from mkfifo(p, Options(options.given, (name,))))
    if kind not in ("b", "c", "u") or len(numbers) != 2:
        return (yield from _too_few(p, options))
    if not all(number.isascii() and number.isdigit() for number in numbers):
        raise Refusal(f"invalid major device number {quoted(p, numbers[0])}")
    mode = _mode(p, options)
    try:
        p.view.mknod(name, 0o666, kind != "b", int(numbers[0]), int(numbers[1]))
        if mode is not None:
            p.view.chmod(name, apply_mode(0o666, mode, False, p.view.umask))
    except FsError as error:
        yield from p.complain(f"{name}: {error.errno.value}")
        return 1
    return 0


def _too_few(p: Process, options: Options) -> Steps[int]:
    operands = options.operands
    if not operands:
        return (yield from missing_operand(p))
    message = f"missing operand after {quoted(p, operands[-1])}"
    if len(operands) == 2 and operands[1] != "p" and on_host(p):
        yield from p.complain(message)
        yield from p.err("Special files require major and minor device numbers.\n")
        message = ""
    elif len(operands) == 4 and operands[1] not in ("b", "c", "u", "p"):
        message = f"invalid device type {quoted(p, operands[1])}"
    elif len(operands) > 4 or (operands[1:2] == ("p",) and len(operands) > 2):
        message = f"extra operand {quoted(p, operands[2 if operands[1] == 'p' else 4])}"
    return (yield from complain_of_usage(p, message, 1))


_CONTEXT = refused("Z", "context", "leave SELinux out", GNU)

APPLETS = {
    "mkdir": tool(
        "mkdir",
        mkdir,
        (flag("p", "parents"), value("m", "mode"), flag("v", "verbose", GNU), _CONTEXT),
    ),
    "rmdir": tool(
        "rmdir",
        rmdir,
        (
            flag("p", "parents"),
            flag("v", "verbose", GNU),
            flag("", "ignore-fail-on-non-empty"),
        ),
    ),
    "mkfifo": tool("mkfifo", mkfifo, (value("m", "mode"), _CONTEXT)),
    "mknod": tool("mknod", mknod, (value("m", "mode"), _CONTEXT)),
}
