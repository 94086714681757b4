"""From a function over read options to a program: the frame that all applets share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NoReturn

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.shell.applet import Applet, Option, Options, Program, StaticCheck, Takes, UsageError
from docgen.shell.flavour import BOTH, Flavour
from docgen.shell.process import Process

Body = Callable[[Process, Options], Steps[int]]

GNU = frozenset({Flavour.HOST})
"""An option or a program of the host only."""
BOX = frozenset({Flavour.BUSYBOX})
"""An option or a program of busybox only."""


class Refusal(Exception):  # noqa: N818 - it ends a tool, it is no fault of ours
    """The tool ends with this message, which is not followed by a hint."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


def tool(
    name: str,
    body: Body,
    options: tuple[Option, ...] = (),
    *,
    flavours: frozenset[Flavour] = BOTH,
    status: int = 1,
    permute: bool = True,
    digits: str = "",
    check_words: StaticCheck | None = None,
    prepare: Callable[[Sequence[str]], Sequence[str]] | None = None,
    usage_line: Callable[[Process], str] | None = None,
) -> Applet:
    """An applet whose options are read. `status`: what GNU exits with after wrong usage.
    `prepare` rewrites old forms of words that getopt does not know (`chmod -x f`, `sort +1`).
    `usage_line` stands between the complaint and the hint (grep)."""

    def run(p: Process) -> Steps[int]:
        try:
            words = prepare(p.argv) if prepare else p.argv
            return (yield from body(p, applet.parse(words, p.flavour)))
        except UsageError as error:
            usage = usage_line(p) if usage_line else ""
            return (yield from complain_of_usage(p, error.message, status, usage))
        except Refusal as refusal:
            yield from p.complain(refusal.message)
            return refusal.status

    applet = Applet(
        name,
        run,
        flavours,
        options,
        permute=permute,
        usage_status=status,
        digits=digits,
        check_words=check_words,
    )
    return applet


def raw_tool(
    name: str,
    body: Program,
    *,
    flavours: frozenset[Flavour] = BOTH,
    status: int = 1,
    check_words: StaticCheck | None = None,
) -> Applet:
    """An applet with a grammar of its own: its body reads argv."""

    def run(p: Process) -> Steps[int]:
        try:
            return (yield from body(p))
        except UsageError as error:
            return (yield from complain_of_usage(p, error.message, status))
        except Refusal as refusal:
            yield from p.complain(refusal.message)
            return refusal.status

    return Applet(name, run, flavours, raw=True, usage_status=status, check_words=check_words)


def complain_of_usage(p: Process, message: str, status: int, usage: str = "") -> Steps[int]:
    """A wrong option, in the words of getopt and coreutils; busybox prints a page of help there."""
    if p.flavour is Flavour.BUSYBOX:
        refuse_usage_text(p)
    if message:
        yield from p.complain(message)
    yield from p.err(f"{usage}Try '{p.name} --help' for more information.\n")
    return status


def refuse_usage_text(p: Process) -> NoReturn:
    """busybox would print its help, which names its version and build."""
    raise NotSimulated(
        f"the usage text that busybox {p.name} prints for `{' '.join(p.argv)}`",
        "correct the command: an option or an operand is wrong or missing",
    )


def missing_operand(p: Process, status: int = 1) -> Steps[int]:
    """`rm` alone."""
    return (yield from complain_of_usage(p, "missing operand", status))


def on_host(p: Process) -> bool:
    """Whether the program is Debian's and not busybox's."""
    return p.flavour is Flavour.HOST


def flag(short: str = "", long: str = "", flavours: frozenset[Flavour] = BOTH) -> Option:
    """An option without argument."""
    return Option(short, long, flavours=flavours)


def value(short: str = "", long: str = "", flavours: frozenset[Flavour] = BOTH) -> Option:
    """An option with an argument."""
    return Option(short, long, Takes.ARGUMENT, flavours=flavours)


def refused(
    short: str = "",
    long: str = "",
    instead: str = "",
    flavours: frozenset[Flavour] = BOTH,
) -> Option:
    """Options that are real and not simulated; each letter and each long name is one of its own."""
    return Option(short, long, flavours=flavours, modelled=False, instead=instead)
