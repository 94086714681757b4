"""echo, printf, test and [ as files: what xargs, env and `docker run IMAGE echo` start.

Shells have them built in; both share their rules (`shell/printf.py`, `shell/conditions.py`).
"""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.shell.applets.support.quoting import quoted
from docgen.shell.applets.support.tool import Refusal, complain_of_usage, on_host, raw_tool
from docgen.shell.conditions import TestError, evaluate_test
from docgen.shell.echo import echo_text
from docgen.shell.flavour import Flavour
from docgen.shell.printf import FormatError
from docgen.shell.printf import printf as format_text
from docgen.shell.process import Process


def echo(p: Process) -> Steps[int]:
    """GNU's and busybox's alike: escapes only after -e."""
    yield from p.out(echo_text(p.argv[1:], ash=p.flavour is Flavour.BUSYBOX))
    return 0


def printf(p: Process) -> Steps[int]:
    words = p.argv[2:] if p.argv[1:2] == ("--",) else p.argv[1:]
    if not words:
        return (yield from complain_of_usage(p, "missing operand", 1))
    try:
        printed = format_text(words[0], words[1:], p.flavour)
    except FormatError as error:
        yield from p.out(error.printed)
        raise Refusal(error.message) from None
    for complaint in printed.complaints:
        yield from p.complain(_as_coreutils(p, complaint) if on_host(p) else complaint)
    yield from p.out(printed.text)
    return int(bool(printed.complaints))


def _as_coreutils(p: Process, complaint: str) -> str:
    """The builtin of dash and the program of coreutils name a wrong number differently."""
    word, _, what = complaint.rpartition(": ")
    if what == "not completely converted":
        return f"{quoted(p, word)}: value not completely converted"
    if what == "expected numeric value":
        return f"{quoted(p, word)}: expected a numeric value"
    return complaint


def test(p: Process) -> Steps[int]:
    yield from ()
    words = p.argv[1:]
    bracket = p.name == "["
    if bracket and words[-1:] != ("]",):
        raise Refusal("missing ‘]’" if on_host(p) else "missing ]", 2)
    try:
        return 0 if evaluate_test(p.view, words[:-1] if bracket else words, p.flavour) else 1
    except TestError as error:
        number = error.message.removeprefix("Illegal number: ")
        if on_host(p) and number != error.message:
            raise Refusal(f"invalid integer {quoted(p, number)}", 2) from None
        raise Refusal(error.message, 2) from None


APPLETS = {
    "echo": raw_tool("echo", echo),
    "printf": raw_tool("printf", printf),
    "test": raw_tool("test", test),
    "[": raw_tool("[", test),
}
