"""rev, tac, nl, fold."""

from __future__ import annotations

from collections.abc import Callable

from docgen.daemon.waits import Steps
from docgen.fs.errors import FsError
from docgen.shell.applet import Options
from docgen.shell.applets.support.inputs import literal, read_operand
from docgen.shell.applets.support.output import Out
from docgen.shell.applets.support.quoting import always_shell_quoted, quoted, shell_quoted
from docgen.shell.applets.support.tool import GNU, Refusal, flag, on_host, refused, tool, value
from docgen.shell.process import Process

Change = Callable[[list[bytes]], list[bytes]]
"""All lines (with their newlines) to all lines."""


def _over_files(p: Process, options: Options, change: Change, what: str = "") -> Steps[int]:
    out, status = Out(p), 0
    for name in options.operands or ("-",):
        try:
            raw = literal(p, (yield from read_operand(p, name)))
        except FsError as error:
            status = 1
            yield from out.flush()
            shown = shell_quoted(p, name) if on_host(p) else name
            if on_host(p) and what:
                shown = what.format(always_shell_quoted(p, name), name)
            yield from p.complain(f"{shown}: {error.errno.value}")
            continue
        for line in change(raw.splitlines(keepends=True) if b"\r" not in raw else _lines(raw)):
            yield from out.put(line)
    yield from out.flush()
    return status


def _lines(raw: bytes) -> list[bytes]:
    """Lines end with a newline only."""
    parts = raw.split(b"\n")
    last = parts.pop()
    return [part + b"\n" for part in parts] + ([last] if last else [])


def rev(p: Process, options: Options) -> Steps[int]:
    return (
        yield from _over_files(
            p, options, lambda lines: [_reversed(one) for one in lines], "cannot open {1}"
        )
    )


def _reversed(line: bytes) -> bytes:
    body = line.removesuffix(b"\n")
    try:
        turned = body.decode("utf-8")[::-1].encode("utf-8")
    except UnicodeDecodeError:
        turned = body[::-1]
    return turned + line[len(body) :]


def tac(p: Process, options: Options) -> Steps[int]:
    return (
        yield from _over_files(
            p, options, lambda lines: lines[::-1], "failed to open {0} for reading"
        )
    )


def nl(p: Process, options: Options) -> Steps[int]:
    style = options.get("body-numbering") or "t"
    if style not in ("a", "t", "n"):
        raise Refusal(f"invalid body numbering style: {quoted(p, style)}")
    number = int(options.get("starting-line-number") or 1)
    step = int(options.get("line-increment") or 1)
    width = int(options.get("number-width") or 6)
    separator = (options.get("number-separator") or "\t").encode()
    form = options.get("number-format") or "rn"

    def change(lines: list[bytes]) -> list[bytes]:
        nonlocal number
        made = []
        for line in lines:
            body = line.removesuffix(b"\n")
            if style == "a" or (style == "t" and body):
                digits = str(number)
                shown = {"ln": digits.ljust(width), "rz": digits.zfill(width)}.get(
                    form, digits.rjust(width)
                )
                made.append(shown.encode() + separator + body + b"\n")
                number += step
            else:
                made.append(b" " * (width + len(separator)) + body + b"\n")
        return made

    return (yield from _over_files(p, options, change))


def fold(p: Process, options: Options) -> Steps[int]:
    text = options.get("width") or options.get("digits") or "80"
    if not text.isdigit() or not int(text):
        raise Refusal(f"invalid number of columns: {quoted(p, text)}")
    width, at_blanks = int(text), "spaces" in options
    return (
        yield from _over_files(
            p, options, lambda lines: [b"".join(_folded(one, width, at_blanks)) for one in lines]
        )
    )


def _folded(line: bytes, width: int, at_blanks: bool) -> list[bytes]:
    body = line.removesuffix(b"\n")
    pieces = []
    while len(body) > width:
        cut = width
        if at_blanks:
            blank = max(body.rfind(b" ", 0, width), body.rfind(b"\t", 0, width))
            cut = blank + 1 if blank >= 0 else width
        pieces += [body[:cut], b"\n"]
        body = body[cut:]
    return [*pieces, body, line[len(line.removesuffix(b"\n")) :]]


APPLETS = {
    "rev": tool("rev", rev),
    "tac": tool(
        "tac",
        tac,
        (refused("brs", "", flavours=GNU), refused("", "before regex separator", flavours=GNU)),
    ),
    "nl": tool(
        "nl",
        nl,
        (
            value("b", "body-numbering"),
            value("i", "line-increment"),
            value("s", "number-separator"),
            value("v", "starting-line-number"),
            value("w", "number-width"),
            value("n", "number-format", GNU),
            refused("dfhlp", "", flavours=GNU),
        ),
    ),
    "fold": tool(
        "fold",
        fold,
        (value("w", "width"), flag("s", "spaces"), flag("b", "bytes")),
        digits="digits",
    ),
}
