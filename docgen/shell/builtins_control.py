"""Builtins that steer: exit return break continue eval . exec command true false."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.daemon.waits import Steps
from docgen.fs.errors import Errno, FsError
from docgen.shell import builtins_lookup
from docgen.shell.control import Exit, LeaveLoop, Loop, Return
from docgen.shell.flavour import Flavour
from docgen.shell.loader import DEFAULT_PATH
from docgen.shell.wording import CommandFailed, ShellError, cannot_execute, cannot_open

if TYPE_CHECKING:
    from docgen.shell.interpret import Shell


def true(shell: Shell, argv: list[str]) -> Steps[int]:
    """`:` and `true`."""
    del shell, argv
    yield from ()
    return 0


def false(shell: Shell, argv: list[str]) -> Steps[int]:
    del shell, argv
    yield from ()
    return 1


def number(text: str) -> int:
    """A builtin's numeric argument. Raises CommandFailed."""
    if not (text.isascii() and text.isdigit()) or len(text) > 10:
        raise CommandFailed(f"Illegal number: {text}")
    return int(text)


def leave_loop(shell: Shell, argv: list[str]) -> Steps[int]:
    """`break [n]`, `continue [n]`; outside of loops they do nothing."""
    yield from ()
    levels = number(argv[1]) if len(argv) > 1 else 1
    if levels == 0:
        raise CommandFailed("Illegal number: 0")
    if shell.loops:
        raise LeaveLoop(Loop(argv[0]), min(levels, shell.loops))
    return 0


def return_(shell: Shell, argv: list[str]) -> Steps[int]:
    yield from ()
    raise Return(number(argv[1]) & 0xFF if len(argv) > 1 else shell.status)


def exit_(shell: Shell, argv: list[str]) -> Steps[int]:
    yield from ()
    raise Exit(number(argv[1]) & 0xFF if len(argv) > 1 else shell.status)


def eval_(shell: Shell, argv: list[str]) -> Steps[int]:
    line = shell.line
    ash = shell.flavour is Flavour.BUSYBOX
    text = " ".join(argv[1:])
    return (yield from shell.run_text(text, first_line=line if ash else 1))


def dot(shell: Shell, argv: list[str]) -> Steps[int]:
    """`. file`: a name without a slash is looked for in PATH."""
    if len(argv) < 2:
        return 0 if shell.flavour is Flavour.HOST else 2
    path = _dot_path(shell, argv[1])
    try:
        text = shell.process.view.read_file(path).to_bytes()
    except FsError as error:
        if error.errno is Errno.EISDIR:
            return 0  # both shells open it, fail to read it, and take it for empty
        raise ShellError(_cannot_read(shell, path, error)) from None
    shell.command_name = path
    positional = shell.positional
    if len(argv) > 2 and shell.flavour is Flavour.BUSYBOX:
        shell.positional = tuple(argv[2:])
    try:
        return (yield from shell.run_text(text.decode("utf-8", "surrogateescape")))
    except Return as leaving:
        return leaving.status
    finally:
        shell.positional = positional


def _dot_path(shell: Shell, name: str) -> str:
    if "/" in name:
        return name
    for directory in (shell.variables.get("PATH") or DEFAULT_PATH).split(":"):
        candidate = f"{directory}/{name}" if directory else name
        if shell.process.view.exists(candidate):
            return candidate
    raise ShellError(f"{name}: not found")


def _cannot_read(shell: Shell, path: str, error: FsError) -> str:
    if shell.flavour is Flavour.HOST:
        return cannot_open(shell.flavour, path, error)
    return f"can't open '{path}': {error.errno.value}"


def exec_(shell: Shell, argv: list[str]) -> Steps[int]:
    """`exec program`; alone it only lets redirections stay (see simple_command)."""
    if len(argv) < 2:
        return 0
    try:
        yield from shell.replace(argv[1:])
    except FsError as error:
        message, status = cannot_execute(error)
        raise ShellError(f"{argv[1]}: {message}", status) from None
    raise FsError(Errno.EINVAL)


def command(shell: Shell, argv: list[str]) -> Steps[int]:
    """`command name`: no functions; `-v` and `-V` look only."""
    at = 1
    how = ""
    while at < len(argv) and argv[at].startswith("-") and argv[at] != "-":
        if argv[at] == "--":
            at += 1
            break
        how = argv[at][-1]
        if argv[at] not in ("-v", "-V", "-p"):
            say = "Illegal" if shell.flavour is Flavour.HOST else "illegal"
            raise CommandFailed(f"{say} option {argv[at][:2]}")
        at += 1
    if at >= len(argv):
        return 0
    if how in ("v", "V"):
        return (yield from builtins_lookup.describe(shell, argv[at], verbose=how == "V"))
    before, shell.command_name = shell.command_name, ""
    try:
        yield from shell.run_words(argv[at:])
    except ShellError as error:
        if argv[at] == "exec":
            raise
        shell.status = error.status
    finally:
        shell.command_name = before
    return shell.status
