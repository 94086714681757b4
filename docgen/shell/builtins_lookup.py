"""Builtins that look up names: type, command -v, hash; aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.fs.errors import FsError
from docgen.shell.flavour import Flavour
from docgen.shell.loader import DEFAULT_PATH, find_program
from docgen.shell.reserved import RESERVED, SPECIAL_BUILTINS
from docgen.shell.wording import BareFailure, CommandFailed

if TYPE_CHECKING:
    from docgen.shell.interpret import Shell


def describe(shell: Shell, name: str, *, verbose: bool) -> Steps[int]:
    """What a name means: `command -v` (short), `type` and `command -V` (verbose)."""
    if name in RESERVED:
        short, words = name, "a shell keyword"
    elif name in shell.functions:
        host = shell.flavour is Flavour.HOST
        short, words = name, "a shell function" if host else "a function"
    elif name in SPECIAL_BUILTINS:
        short, words = name, "a special shell builtin"
    elif shell.is_builtin(name):
        short, words = name, "a shell builtin"
    else:
        path = _path_of(shell, name)
        if path is None:
            if verbose:
                yield from shell.process.out(f"{name}: not found\n")
            return 127
        short, words = path, path
    yield from shell.process.out(f"{name} is {words}\n" if verbose else f"{short}\n")
    return 0


def _path_of(shell: Shell, name: str) -> str | None:
    if name in shell.process.executable.applets:
        return name
    try:
        path = find_program(shell.process.view, name, shell.variables.get("PATH") or DEFAULT_PATH)
        return path if shell.process.view.access(path, 1) else None
    except FsError:
        return None


def type_(shell: Shell, argv: list[str]) -> Steps[int]:
    status = 0
    for name in argv[1:]:
        status |= yield from describe(shell, name, verbose=True)
    return status


def hash_(shell: Shell, argv: list[str]) -> Steps[int]:
    """The table of remembered paths has no effect that one could see; only looks names up."""
    yield from ()
    for name in argv[1:]:
        if not name.startswith("-") and _path_of(shell, name) is None:
            raise CommandFailed(f"{name}: not found", 1)
    return 0


def alias(shell: Shell, argv: list[str]) -> Steps[int]:
    del shell
    yield from ()
    for word in argv[1:]:
        if "=" in word:
            raise NotSimulated("alias is not simulated", "write a function: name() { …; }")
        raise BareFailure(f"alias: {word} not found\n", 1)
    return 0


def unalias(shell: Shell, argv: list[str]) -> Steps[int]:
    del shell
    yield from ()
    for word in argv[1:]:
        if not word.startswith("-"):
            raise BareFailure(f"unalias: {word} not found\n", 1)
    return 0
