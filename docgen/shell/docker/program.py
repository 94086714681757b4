"""The program `docker`: global flags, the command's name, its flags and arguments, its handler."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from docgen.daemon.errors import ClientError, DaemonError
from docgen.daemon.waits import Steps
from docgen.frozen import frozen
from docgen.shell.applet import Program, RefusedWord
from docgen.shell.docker import interface
from docgen.shell.docker.call import Call, message_of
from docgen.shell.docker.errors import CommandError
from docgen.shell.docker.interface import Interface
from docgen.shell.docker.pflag import FlagError, Parsed, Word, parse
from docgen.shell.docker.registry import ROWS, Row, Support

if TYPE_CHECKING:
    from docgen.daemon.host import Host
    from docgen.shell.process import Process

REQUEST_TICKS = 50
"""What one call of docker costs of limits.SHELL_TICKS: it takes as long as so many loop rounds."""
_GLOBAL_NO_EFFECT = frozenset(("debug", "log-level"))


@frozen
class Found:
    """A command line as far as its command is known."""

    interface: Interface
    row: Row | None
    """None: a group, or `docker` alone; its help is all it has."""
    typed: str
    start: int
    """Index of the first word behind the command's name."""


def docker(host: Host) -> Program:
    """The program for one host."""

    def run(process: Process) -> Steps[int]:
        process.kernel.tick(REQUEST_TICKS)
        try:
            return (yield from _run(process, host))
        except (CommandError, DaemonError, ClientError) as error:
            text = message_of(error)
            if text:
                yield from process.err(f"{text}\n")
            return error.status if isinstance(error, CommandError) else 1

    return run


def _run(process: Process, host: Host) -> Steps[int]:
    words = process.argv
    flags = global_flags(words)
    if "version" in flags:
        from docgen.shell.docker.commands.system import BUILD, VERSION

        yield from process.out(f"Docker version {VERSION}, build {BUILD}\n")
        return 0
    if not flags.arguments or flags.arguments[0] == "help":
        return (yield from _help_command(process, flags))
    found = find(words, flags.positions[0])
    parsed = flags_of(found, words)
    if _asks_help(parsed):
        return (yield from _print_help(process, found, parsed))
    if found.row is None:
        return (yield from _group(process, found, parsed))
    for given in parsed.given:
        if given.flag.deprecated:
            note = f"Flag --{given.flag.name} has been deprecated, {given.flag.deprecated}\n"
            yield from process.out(note)
    _check_arity(found, parsed)
    arguments = tuple(word or "" for word in parsed.arguments)
    call = Call(process, host, found.interface, parsed, arguments, found.typed)
    return (yield from found.row.run(call))


# -- finding --------------------------------------------------------------------------------------


def global_flags(words: Sequence[Word]) -> Parsed:
    """Flags before the command. Raises CommandError, RefusedWord."""
    root = interface.interface("")
    parsed = _parse(root, words, 1, False, {})
    for given in parsed.given:
        if given.flag.name not in _GLOBAL_NO_EFFECT | {"version", "help"}:
            raise RefusedWord(
                f"docker {given.flag.shown} is not simulated",
                "leave it out: the page's host has one engine",
                given.index,
            )
    return parsed


def find(words: Sequence[Word], at: int) -> Found:
    """The command that starts at `at`. Raises CommandError (docker lacks it), RefusedWord."""
    name = words[at]
    if name is None:
        raise RefusedWord(
            "docker's command is only known when it runs", "write the command's name out", at
        )
    _refuse_group(name, at)
    if interface.canonical(name) is None:
        text = f"docker: unknown command: docker {name}\n\nRun 'docker --help' for more information"
        raise CommandError(text)
    if name in interface.GROUPS:
        return _find_in_group(words, at, name)
    return _found(name, at, at + 1)


def _refuse_group(name: str, at: int) -> None:
    if name in interface.REFUSED_GROUPS:
        raise RefusedWord(
            f"docker {name} is not simulated",
            "use the commands on containers, images and volumes",
            at,
        )


def _find_in_group(words: Sequence[Word], at: int, group: str) -> Found:
    """`docker container ls`: the first word that is no flag names the command."""
    name = words[at + 1] if at + 1 < len(words) else ""
    typed = f"{group} {name}"
    if name and interface.canonical(typed) is not None:
        return _found(typed, at + 1, at + 2)
    if name and group in ("builder", "buildx") and not name.startswith("-"):
        raise RefusedWord(f"docker {typed} is not simulated", "use docker build", at + 1)
    return Found(interface.interface(group), None, group, at + 1)


def _found(typed: str, at: int, start: int) -> Found:
    path = interface.canonical(typed)
    assert path is not None
    row = ROWS.get(path)
    if row is None:
        raise RefusedWord(
            f"docker {typed} is not simulated", "see the table of what docgen simulates", at
        )
    return Found(interface.interface(typed), row, typed, start)


# -- flags and arguments --------------------------------------------------------------------------


def flags_of(found: Found, words: Sequence[Word]) -> Parsed:
    """Raises CommandError (125) for wrong flags, RefusedWord for those that are not modelled."""
    row = found.row
    validators = row.validators if row is not None else {}
    interspersed = row.interspersed if row is not None else False
    parsed = _parse(found.interface, words, found.start, interspersed, validators)
    for given in parsed.given:
        refused = row is not None and row.support(given.flag.name) is Support.REFUSED
        if row is not None and refused and given.flag.name != "help":
            raise RefusedWord(
                f"docker {found.typed} {given.flag.shown} is not simulated",
                row.remedy(given.flag.name),
                given.index,
            )
    return parsed


def _parse(
    of: Interface, words: Sequence[Word], start: int, interspersed: bool, validators: object
) -> Parsed:
    try:
        return parse(of, words, interspersed=interspersed, validators=validators, start=start)  # type: ignore[arg-type]
    except FlagError as error:
        raise CommandError(
            f"{error.message}\n\nUsage:  {of.usage}\n\n"
            f"Run '{of.command_path} --help' for more information",
            125,
        ) from None


def _check_arity(found: Found, parsed: Parsed) -> None:
    assert found.row is not None
    own = found.interface
    problem = found.row.arity.problem(own.command_path, own.usage, len(parsed.arguments))
    if problem:
        raise CommandError(f"ERROR: {problem}" if own.path == "build" else problem)


# -- help -----------------------------------------------------------------------------------------


def _asks_help(parsed: Parsed) -> bool:
    return any(one.flag.name == "help" for one in parsed.given)


def _print_help(process: Process, found: Found, parsed: Parsed) -> Steps[int]:
    if any(one.by_letter for one in parsed.given if one.flag.name == "help"):
        yield from process.out("Flag shorthand -h has been deprecated, use --help\n")
    yield from process.out(found.interface.help)
    return 0


def _help_command(process: Process, flags: Parsed) -> Steps[int]:
    """`docker`, `docker --help`, `docker help rm`."""
    topic = [word or "" for word in flags.arguments[1:]]
    if not topic:
        write = process.out if flags.arguments or _asks_help(flags) else process.err
        yield from write(interface.interface("").help)
        return 0
    typed = " ".join(topic)
    if interface.canonical(typed) is None:
        _refuse_group(topic[0], flags.positions[1])
        raise CommandError(f"unknown help topic: {typed}")
    yield from process.out(interface.interface(typed).help)
    return 0


def _group(process: Process, found: Found, parsed: Parsed) -> Steps[int]:
    own = found.interface
    if parsed.arguments:
        raise CommandError(
            f"docker: unknown command: {own.command_path} {parsed.arguments[0]}\n\n"
            f"Usage:  {own.usage}\n\nRun '{own.command_path} --help' for more information"
        )
    yield from process.err(own.help)
    return 0
