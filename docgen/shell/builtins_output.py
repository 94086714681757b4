"""Builtins that tell: echo printf test."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docgen.daemon.waits import Steps
from docgen.shell.conditions import TestError, evaluate_test
from docgen.shell.flavour import Flavour
from docgen.shell.printf import FormatError, Stop, unescape
from docgen.shell.printf import printf as format_text
from docgen.shell.wording import BareFailure, CommandFailed

if TYPE_CHECKING:
    from docgen.shell.interpret import Shell

_ECHO_OPTIONS = re.compile(r"-[neE]+")


def echo(shell: Shell, argv: list[str]) -> Steps[int]:
    """dash: escapes always count, only `-n`. ash: `-n`, `-e`, `-E`."""
    words = argv[1:]
    escapes, newline = shell.flavour is Flavour.HOST, True
    if shell.flavour is Flavour.HOST:
        if words[:1] == ["-n"]:
            words, newline = words[1:], False
    else:
        while words and _ECHO_OPTIONS.fullmatch(words[0]):
            newline = newline and "n" not in words[0]
            for letter in words[0][1:]:
                escapes = letter == "e" or (escapes and letter != "E")
            words = words[1:]
    text = " ".join(words)
    if escapes:
        try:
            text = unescape(text, argument=True, ash=shell.flavour is Flavour.BUSYBOX)
        except Stop as stop:
            text, newline = stop.text, False
    yield from shell.process.out(text + "\n" if newline else text)
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
