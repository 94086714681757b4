"""Builtins around the process's place: cd pwd umask ulimit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.fs.errors import FsError
from docgen.shell.flavour import Flavour
from docgen.shell.wording import CommandFailed

if TYPE_CHECKING:
    from docgen.shell.interpret import Shell

_CLASSES = {"u": 0o700, "g": 0o070, "o": 0o007}
_RIGHTS = {"r": 0o444, "w": 0o222, "x": 0o111}
_SYMBOLIC = re.compile(r"([ugoa]*)([-+=])([rwxugo]*)")


def logical(directory: str, path: str) -> str:
    """`path` seen from `directory`, with `.` and `..` resolved in the text (cd -L)."""
    parts: list[str] = []
    for part in (path if path.startswith("/") else f"{directory}/{path}").split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def start_directory(shell: Shell) -> None:
    """$PWD from the environment where it is right, else the real directory."""
    view = shell.process.view
    given = shell.variables.get("PWD") or ""
    try:
        here = view.getcwd()
        if not given.startswith("/") or view.realpath(given) != here:
            given = here
    except FsError:
        return
    shell.directory = given
    shell.variables.export("PWD")
    shell.variables.set("PWD", given)


def cd(shell: Shell, argv: list[str]) -> Steps[int]:
    """`cd [-L|-P] [dir | -]`; with CDPATH."""
    physical, words = _mode(shell, argv)
    target = words[0] if words else shell.variables.get("HOME") or ""
    show = False
    if target == "-":
        target, show = shell.variables.get("OLDPWD") or "", True
    if not target:
        if show:
            yield from shell.process.out(f"{shell.directory}\n")
        return 0
    for place in _places(shell, target):
        wanted = place or target
        if _change(shell, f"{place.rstrip('/')}/{target}" if place else target, physical=physical):
            if show or (place and wanted):
                yield from shell.process.out(f"{shell.directory}\n")
            return 0
    raise CommandFailed(f"can't cd to {words[0] if words else target}{_why(shell, target)}")


def _mode(shell: Shell, argv: list[str]) -> tuple[bool, list[str]]:
    physical, at = False, 1
    while at < len(argv) and re.fullmatch(r"-[LP]+|--", argv[at]):
        at += 1
        if argv[at - 1] == "--":
            break
        physical = argv[at - 1][-1] == "P"
    if at < len(argv) and argv[at].startswith("-") and argv[at] != "-":
        say = "Illegal" if shell.flavour is Flavour.HOST else "illegal"
        raise CommandFailed(f"{say} option {argv[at][:2]}")
    return physical, argv[at:]


def _places(shell: Shell, target: str) -> list[str]:
    """Directories of CDPATH to try; '' is the working directory."""
    path = shell.variables.get("CDPATH")
    if not path or re.match(r"/|\.{1,2}(/|\Z)", target):
        return [""]
    return [*path.split(":"), ""]


def _change(shell: Shell, path: str, *, physical: bool) -> bool:
    view = shell.process.view
    before = shell.directory or "/"
    wanted = path if physical else logical(before, path)
    try:
        view.chdir(path if physical else wanted)
        here = view.getcwd() if physical else wanted
    except FsError:
        return False
    shell.directory = here
    for name, value in (("OLDPWD", before), ("PWD", here)):
        shell.assign(name, value)
        shell.variables.export(name)
    return True


def _why(shell: Shell, target: str) -> str:
    if shell.flavour is Flavour.HOST:
        return ""
    try:
        shell.process.view.copy().chdir(target)
    except FsError as error:
        return f": {error.errno.value}"
    return ""


def pwd(shell: Shell, argv: list[str]) -> Steps[int]:
    physical, _ = _mode(shell, argv)
    here = shell.directory
    yield from shell.process.out(
        f"{shell.process.view.getcwd() if physical or not here else here}\n"
    )
    return 0


def umask(shell: Shell, argv: list[str]) -> Steps[int]:
    view = shell.process.view
    words = argv[1:]
    if not words or words == ["-S"]:
        shown = _symbolic(view.umask) if words else f"{view.umask:04o}"
        yield from shell.process.out(f"{shown}\n")
        return 0
    word = words[-1]
    if re.fullmatch("[0-7]{1,4}", word):
        view.umask = int(word, 8) & 0o777
        return 0
    allowed = ~view.umask & 0o777
    if word[0].isdigit() or not all(_SYMBOLIC.fullmatch(part) for part in word.split(",")):
        host = shell.flavour is Flavour.HOST
        raise CommandFailed(f"Illegal number: {word}" if host else f"illegal mode: {word}")
    for part in word.split(","):
        allowed = _changed(allowed, part, ash=shell.flavour is Flavour.BUSYBOX)
    view.umask = ~allowed & 0o777
    return 0


def _symbolic(mask: int) -> str:
    parts = []
    for who, bits in _CLASSES.items():
        rights = "".join(letter for letter, right in _RIGHTS.items() if ~mask & bits & right)
        parts.append(f"{who}={rights}")
    return ",".join(parts)


def _changed(allowed: int, part: str, *, ash: bool) -> int:
    """One part of a symbolic mode; without a class ash leaves alone what the mask takes."""
    found = _SYMBOLIC.fullmatch(part)
    assert found is not None
    who, operator, rights = found.groups()
    within = allowed if ash and not who else 0o777
    if not who or "a" in who:
        who = "ugo"
    mask = sum(_CLASSES[letter] for letter in set(who))
    bits = 0
    for letter in rights:
        if letter in _RIGHTS:
            bits |= _RIGHTS[letter]
        else:
            shift = {"u": 6, "g": 3, "o": 0}[letter]
            bits |= (allowed >> shift & 7) * 0o111
    bits &= mask & within
    if operator == "+":
        return allowed | bits
    if operator == "-":
        return allowed & ~bits
    return (allowed & ~mask) | bits


def ulimit(shell: Shell, argv: list[str]) -> Steps[int]:
    """What it shows is the machine's own."""
    del shell, argv
    yield from ()
    raise NotSimulated("ulimit is not simulated", "leave it out: no limit has an effect here")
