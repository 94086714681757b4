"""Simple commands (XCU 2.9.1): expansion, redirection, and who runs: builtin, function, file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from docgen.daemon.waits import Steps
from docgen.fs.errors import Errno, FsError
from docgen.shell import expand
from docgen.shell.builtins import BUILTINS
from docgen.shell.control import Exit, Return
from docgen.shell.flavour import Flavour
from docgen.shell.loader import find_program
from docgen.shell.parse_simple import assignment_of
from docgen.shell.process import Process
from docgen.shell.redirect import Saved, redirect
from docgen.shell.reserved import SPECIAL_BUILTINS
from docgen.shell.syntax import Command, ShellSyntaxError, Simple, Word
from docgen.shell.wording import CommandFailed, ShellError, cannot_execute, quoted, syntax_error

if TYPE_CHECKING:
    from docgen.shell.interpret import Shell

_DECLARATIONS = frozenset({"export", "readonly", "local"})
"""Their `name=value` words are expanded like assignments."""


def simple_command(shell: Shell, node: Simple, *, final: bool) -> Steps[None]:
    """Run it; `final`: nothing follows, so a program may take the shell's place."""
    shell.line = node.line
    shell.substitution_status = None
    words = yield from _words(shell, node.words)
    shell.line = node.line
    special = bool(words) and words[0] in SPECIAL_BUILTINS
    saved: Saved | None = None
    if node.redirects:
        try:
            saved = yield from redirect(shell, node.redirects)
        except CommandFailed as failure:
            shell.status = yield from shell.report(failure)
            if special:
                raise ShellError("", shell.status) from None
            shell.check_errexit()
            return
    try:
        assigned = yield from _assignments(shell, node, permanent=not words)
        if "x" in shell.options:
            yield from _trace(shell, assigned, words)
        if words:
            yield from run_words(shell, words, assigned, final=final)
        else:
            shell.status = shell.substitution_status or 0
            shell.check_errexit()
    finally:
        if saved is not None and words == ["exec"]:
            saved.forget()
        elif saved is not None:
            saved.restore()


def _words(shell: Shell, words: Sequence[Word]) -> Steps[list[str]]:
    if not words or words[0].bare not in _DECLARATIONS:
        return (yield from expand.fields(shell, words))
    out: list[str] = []
    for word in words:
        assignment = assignment_of(word)
        if assignment is None:
            out += yield from expand.fields(shell, (word,))
        else:
            value = yield from expand.text(shell, assignment.value, assignment=True)
            out.append(f"{assignment.name}={value}")
    return out


def _assignments(shell: Shell, node: Simple, *, permanent: bool) -> Steps[dict[str, str]]:
    assigned: dict[str, str] = {}
    for one in node.assignments:
        value = yield from expand.text(shell, one.value, assignment=True)
        if permanent:
            shell.assign(one.name, value)
        elif one.name in shell.variables.readonly():
            raise ShellError(f"{one.name}: is read only")
        assigned[one.name] = value
    return assigned


def _trace(shell: Shell, assigned: Mapping[str, str], words: Sequence[str]) -> Steps[None]:
    """`set -x`: dash shows words as they are, ash quotes what needs it."""
    show = quoted if shell.flavour is Flavour.BUSYBOX else str
    shown = [f"{name}={show(value)}" for name, value in assigned.items()]
    prompt = shell.variables.get("PS4") or "+ "
    yield from shell.say(prompt + " ".join([*shown, *map(show, words)]) + "\n")


def run_words(
    shell: Shell,
    words: list[str],
    assigned: Mapping[str, str],
    *,
    final: bool = False,
    functions: bool = True,
) -> Steps[None]:
    """Run expanded words. Sets the shell's status; `set -e` may end the shell."""
    name = words[0]
    body = shell.functions.get(name) if functions else None
    if name in SPECIAL_BUILTINS:
        yield from _special(shell, words, assigned)
    elif body is not None:
        yield from _function(shell, body, words, assigned)
    elif name in BUILTINS:
        yield from _builtin(shell, words, assigned)
    else:
        yield from _program(shell, words, assigned, final=final)
    shell.check_errexit()


def _special(shell: Shell, words: list[str], assigned: Mapping[str, str]) -> Steps[None]:
    """Assignments before a special builtin stay; its errors end the shell."""
    for name, value in assigned.items():
        shell.assign(name, value)
    before, shell.command_name = shell.command_name, words[0]
    try:
        shell.status = yield from BUILTINS[words[0]](shell, words)
    except CommandFailed as failure:
        shell.status = yield from shell.report(failure)
        if failure.fatal:
            raise ShellError("", shell.status) from None
    except ShellError as error:
        if error.message:
            yield from shell.complain(error.message)
        raise ShellError("", error.status) from None
    except ShellSyntaxError as error:
        shell.line = error.line
        yield from shell.complain(syntax_error(shell.flavour, error))
        raise ShellError("") from None
    finally:
        shell.command_name = before


def _builtin(shell: Shell, words: list[str], assigned: Mapping[str, str]) -> Steps[None]:
    """A regular builtin: assignments before it last as long as it."""
    variables = shell.variables
    saved = {name: variables.saved(name) for name in assigned}
    for name, value in assigned.items():
        shell.assign(name, value)
    before, shell.command_name = shell.command_name, words[0]
    try:
        shell.status = yield from BUILTINS[words[0]](shell, words)
    except CommandFailed as failure:
        shell.status = yield from shell.report(failure)
    except ShellError as error:
        if error.message:
            yield from shell.complain(error.message)
        raise ShellError("", error.status) from None
    except FsError as error:
        yield from _write_failed(shell, words[0], error)
        shell.status = 1
    finally:
        shell.command_name = before
        for name, kept in saved.items():
            variables.restore(name, kept)


def _write_failed(shell: Shell, name: str, error: FsError) -> Steps[None]:
    """Standard output is full or closed."""
    if shell.flavour is Flavour.HOST:
        yield from shell.complain(f"{name}: I/O error")
    elif name == "echo":
        yield from shell.say(f"{shell.applet_name}: write error: {error.errno.value}\n")


def _function(
    shell: Shell, body: Command, words: list[str], assigned: Mapping[str, str]
) -> Steps[None]:
    positional, loops = shell.positional, shell.loops
    shell.variables.enter_function()
    shell.functions_deep += 1
    shell.positional, shell.loops = tuple(words[1:]), 0
    try:
        for name, value in assigned.items():
            shell.variables.make_local(name)
            shell.assign(name, value)
            shell.variables.export(name)
        yield from shell.command(body)
    except Return as leaving:
        shell.status = leaving.status
    finally:
        shell.positional, shell.loops = positional, loops
        shell.functions_deep -= 1
        shell.variables.leave_function()


# -- programs ------------------------------------------------------------------------------------


def _program(
    shell: Shell, words: list[str], assigned: Mapping[str, str], *, final: bool
) -> Steps[None]:
    environment = shell.variables.with_assignments(assigned)
    try:
        if final and not any(shell.traps.values()):
            yield from replace(shell, words, environment)
        child = start(shell, words, environment)
    except FsError as error:
        message, status = cannot_execute(error)
        yield from shell.complain(f"{words[0]}: {message}")
        shell.status = 127 if not words[0] else status
        return
    shell.status = yield from shell.wait_foreground([child])


def start(shell: Shell, words: Sequence[str], environment: Mapping[str, str]) -> Process:
    """A child that runs a program, or a script without `#!`. Raises FsError."""
    process, kernel = shell.process, shell.process.kernel
    own = process.executable
    if words[0] in own.applets:
        return kernel.run_program(process, own, words, environment, process.fds.copy())
    path = _find(shell, words[0])
    try:
        return kernel.execute(process, path, words, environment, process.fds.copy())
    except FsError as error:
        if error.errno is not Errno.ENOEXEC:
            raise
    return process.fork(lambda child: _script(shell, child, path, words, environment))


def replace(shell: Shell, words: Sequence[str], environment: Mapping[str, str]) -> Steps[None]:
    """exec: the program runs in this process, and the shell is gone. Raises FsError, else Exit."""
    process, kernel = shell.process, shell.process.kernel
    own = process.executable
    if words[0] in own.applets:
        process.argv, process.env = tuple(words), dict(environment)
        process.handlers.clear()
        program = own.run
    else:
        path = _find(shell, words[0])
        try:
            program = kernel.replace(process, path, words, environment)
        except FsError as error:
            if error.errno is not Errno.ENOEXEC:
                raise
            status = yield from _script(shell, process, path, words, environment)
            raise Exit(status, replaced=True) from None
    raise Exit((yield from program(process)), replaced=True)


def _find(shell: Shell, name: str) -> str:
    if not name:
        raise FsError(Errno.EACCES)
    return find_program(shell.process.view, name, shell.variables.get("PATH") or "/nonexistent")


def _script(
    shell: Shell,
    process: Process,
    path: str,
    words: Sequence[str],
    environment: Mapping[str, str],
) -> Steps[int]:
    """A text without `#!`: the shell reads it itself (XCU 2.9.1.1, ENOEXEC)."""
    process.env = dict(environment)
    inner = type(shell)(process, shell.flavour, path)
    inner.positional = tuple(words[1:])
    text = process.view.read_file(path).to_bytes()
    if b"\0" in text[:256]:
        yield from inner.complain("Exec format error")
        return 126
    inner.command_name = path if shell.flavour is Flavour.BUSYBOX else ""
    return (yield from inner.main(inner.run_text(text.decode("utf-8", "surrogateescape"))))
