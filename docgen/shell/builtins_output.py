"""Builtins that tell: echo printf test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.daemon.waits import Steps
from docgen.shell.conditions import TestError, evaluate_test
from docgen.shell.echo import echo_text, joined_text
from docgen.shell.flavour import Flavour
from docgen.shell.printf import FormatError
from docgen.shell.printf import printf as format_text
from docgen.shell.wording import BareFailure, CommandFailed

if TYPE_CHECKING:
    from docgen.shell.interpret import Shell


def echo(shell: Shell, argv: list[str]) -> Steps[int]:
    """dash: escapes always count, only `-n`. ash: `-n`, `-e`, `-E`."""
    if shell.flavour is Flavour.BUSYBOX:
        text = echo_text(argv[1:], ash=True)
    else:
        quiet = argv[1:2] == ["-n"]
        words = argv[2:] if quiet else argv[1:]
        text = joined_text(words, escapes=True, newline=not quiet, ash=False)
    yield from shell.process.out(text)
    return 0


def printf(shell: Shell, argv: list[str]) -> Steps[int]:
    words = argv[2:] if argv[1:2] == ["--"] else argv[1:]
    host = shell.flavour is Flavour.HOST
    if not words:
        if host:
            raise CommandFailed("usage: printf format [arg ...]")
        raise BareFailure("sh: usage: printf FORMAT [ARGUMENT...]\n")
    try:
        printed = format_text(words[0], words[1:], shell.flavour)
    except FormatError as error:
        yield from shell.process.out(error.printed)
        if host:
            raise CommandFailed(error.message) from None
        raise BareFailure(f"{shell.applet_name}: {error.message}\n", 1) from None
    for complaint in printed.complaints:
        if host:
            yield from shell.complain(complaint)
        else:
            yield from shell.say(f"{shell.applet_name}: {complaint}\n")
    yield from shell.process.out(printed.text)
    return 1 if printed.complaints else 0


def test(shell: Shell, argv: list[str]) -> Steps[int]:
    """`test` and `[`."""
    yield from ()
    words = argv[1:]
    try:
        if argv[0] == "[" and words[-1:] != ["]"]:
            raise TestError("missing ]")
        words = words[:-1] if argv[0] == "[" else words
        return 0 if evaluate_test(shell.process.view, words, shell.flavour) else 1
    except TestError as error:
        if shell.flavour is Flavour.HOST:
            raise CommandFailed(error.message) from None
        raise BareFailure(f"{shell.applet_name}: {error.message}\n") from None
