"""Builtins that set: set shift export readonly unset local."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.shell.builtins_control import number
from docgen.shell.flavour import Flavour
from docgen.shell.lexer import is_name
from docgen.shell.variables import ReadOnly
from docgen.shell.wording import CommandFailed, ShellError, single_quoted

if TYPE_CHECKING:
    from docgen.shell.interpret import Shell

OPTIONS = {
    "errexit": "e",
    "noglob": "f",
    "ignoreeof": "I",
    "interactive": "i",
    "monitor": "m",
    "noexec": "n",
    "stdin": "s",
    "xtrace": "x",
    "verbose": "v",
    "vi": "V",
    "emacs": "E",
    "noclobber": "C",
    "allexport": "a",
    "notify": "b",
    "nounset": "u",
}
"""Long names of `set -o`, in dash's order."""
_MODELLED = frozenset("efnxCau")
_HARMLESS = frozenset("bVEIs")
"""Options that change nothing that a page could see."""


def set_(shell: Shell, argv: list[str]) -> Steps[int]:
    """`set`, `set -e`, `set -o name`, `set -- words`."""
    if len(argv) == 1:
        lines = (f"{name}={single_quoted(value)}" for name, value in _values(shell))
        yield from shell.process.out("".join(f"{line}\n" for line in lines))
        return 0
    at = 1
    while at < len(argv) and argv[at][:1] in ("-", "+") and argv[at]:
        word = argv[at]
        at += 1
        if word in ("--", "-"):
            shell.positional = tuple(argv[at:])
            return 0
        if word in ("-o", "+o") and at == len(argv):
            yield from _list_options(shell, plus=word == "+o")
            return 0
        if word.endswith("o"):
            set_letters(shell, word[:-1])
            _set_named(shell, argv[at], on=word[0] == "-")
            at += 1
        else:
            set_letters(shell, word)
    if at < len(argv):
        shell.positional = tuple(argv[at:])
    return 0


def _values(shell: Shell) -> list[tuple[str, str]]:
    return [(name, shell.variables.get(name) or "") for name in shell.variables.names()]


def _list_options(shell: Shell, *, plus: bool) -> Steps[None]:
    lines = [] if plus or shell.flavour is Flavour.BUSYBOX else ["Current option settings"]
    for name, letter in OPTIONS.items():
        on = letter in shell.options
        lines.append(f"set {'-' if on else '+'}o {name}" if plus else _setting(name, on))
    yield from shell.process.out("".join(f"{line}\n" for line in lines))


def _setting(name: str, on: bool) -> str:
    return f"{name:<16}{'on' if on else 'off'}"


def _set_named(shell: Shell, name: str, *, on: bool) -> None:
    letter = OPTIONS.get(name)
    if letter is None and name == "pipefail" and shell.flavour is Flavour.BUSYBOX:
        letter = "pipefail"
    if letter is None:
        if shell.flavour is Flavour.HOST:
            raise CommandFailed(f"Illegal option -o {name}")
        raise CommandFailed(f"illegal option -o {name}", 1, fatal=False)
    _switch(shell, letter, on=on)


def set_letters(shell: Shell, word: str) -> None:
    """`-eu`, `+x`. Raises CommandFailed for what is no option."""
    for letter in word[1:]:
        if letter not in OPTIONS.values():
            say = "Illegal" if shell.flavour is Flavour.HOST else "illegal"
            raise CommandFailed(f"{say} option {word[0]}{letter}")
        _switch(shell, letter, on=word[0] == "-")


def _switch(shell: Shell, letter: str, *, on: bool) -> None:
    if on and letter not in _MODELLED and letter not in _HARMLESS and letter != "pipefail":
        raise NotSimulated(f"set -{letter} is not simulated", "leave it out")
    if on:
        shell.options.add(letter)
    else:
        shell.options.discard(letter)


def shift(shell: Shell, argv: list[str]) -> Steps[int]:
    yield from ()
    count = number(argv[1]) if len(argv) > 1 else 1
    if count > len(shell.positional):
        if shell.flavour is Flavour.BUSYBOX:
            return 1
        raise CommandFailed("can't shift that many")
    shell.positional = shell.positional[count:]
    return 0


def export(shell: Shell, argv: list[str]) -> Steps[int]:
    return (yield from _mark(shell, argv, shell.variables.exported(), shell.variables.export))


def readonly(shell: Shell, argv: list[str]) -> Steps[int]:
    marked = shell.variables.readonly()
    return (yield from _mark(shell, argv, marked, shell.variables.make_readonly))


def _mark(
    shell: Shell, argv: list[str], marked: Sequence[str], mark: Callable[[str], None]
) -> Steps[int]:
    """Show those that are marked, or mark those that are named."""
    names = [word for word in argv[1:] if word not in ("-p", "--")]
    if not names:
        yield from _show(shell, argv[0], marked)
    for word in names:
        mark(_declare(shell, word))
    return 0


def _show(shell: Shell, command: str, names: Sequence[str]) -> Steps[None]:
    lines: list[str] = []
    for name in names:
        value = shell.variables.get(name)
        lines.append(f"{command} {name}" + ("" if value is None else f"={single_quoted(value)}"))
    yield from shell.process.out("".join(f"{line}\n" for line in lines))


def _declare(shell: Shell, word: str) -> str:
    """`name` or `name=value`; the name. Raises CommandFailed."""
    name, equals, value = word.partition("=")
    if not is_name(name):
        raise CommandFailed(f"{name}: bad variable name")
    if equals:
        shell.assign(name, value)
    return name


def unset(shell: Shell, argv: list[str]) -> Steps[int]:
    yield from ()
    words = argv[1:]
    functions = bool(words) and words[0] == "-f"
    if words and words[0] in ("-f", "-v", "--"):
        words = words[1:]
    for name in words:
        if functions:
            shell.functions.pop(name, None)
            continue
        if not is_name(name):
            raise CommandFailed(f"{name}: bad variable name")
        try:
            shell.variables.unset(name)
        except ReadOnly:
            raise CommandFailed(f"{name}: is read only") from None
    return 0


def local(shell: Shell, argv: list[str]) -> Steps[int]:
    """Not POSIX, but in both shells. dash keeps the value from outside, ash starts unset."""
    yield from ()
    if not shell.functions_deep:
        raise ShellError("not in a function")
    for word in argv[1:]:
        name = word.partition("=")[0]
        if not is_name(name):
            raise ShellError(f"{name}: bad variable name")
        shell.variables.make_local(name)
        if "=" not in word and shell.flavour is Flavour.BUSYBOX:
            shell.variables.unset(name)
        _declare(shell, word)
    return 0
