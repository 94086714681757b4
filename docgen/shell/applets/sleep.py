"""sleep, yes, seq, tee, true and false: programs that wait, repeat, or do nothing."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from docgen.daemon.waits import Steps
from docgen.fs.errors import FsError
from docgen.fs.flags import Open
from docgen.shell.applet import Options, UsageError
from docgen.shell.applets.support.inputs import read_piece
from docgen.shell.applets.support.output import Out
from docgen.shell.applets.support.quoting import quoted
from docgen.shell.applets.support.tool import (
    GNU,
    Refusal,
    complain_of_usage,
    flag,
    missing_operand,
    on_host,
    raw_tool,
    refused,
    tool,
    value,
)
from docgen.shell.process import Process

NANOSECONDS = 1_000_000_000
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
FOREVER = 100 * 365 * UNITS["d"]
"""Seconds that stand for `infinity`."""


def sleep(p: Process, options: Options) -> Steps[int]:
    if not options.operands:
        return (yield from missing_operand(p))
    total = Decimal(0)
    wrong = []
    for word in options.operands:
        seconds = _seconds(word)
        if seconds is None:
            wrong.append(word)
        else:
            total += seconds
    for word in wrong:
        told = quoted(p, word) if on_host(p) else f"'{word}'"
        words = f"invalid time interval {told}" if on_host(p) else f"invalid number {told}"
        yield from p.complain(words)
    if wrong:
        return (yield from complain_of_usage(p, "", 1)) if on_host(p) else 1
    yield from p.sleep(int(min(total, Decimal(FOREVER)) * NANOSECONDS))
    return 0


def _seconds(word: str) -> Decimal | None:
    if word.lower() in ("inf", "infinity"):
        return Decimal(FOREVER)
    number, unit = (word[:-1], word[-1]) if word[-1:] in UNITS else (word, "s")
    try:
        seconds = Decimal(number)
    except InvalidOperation:
        return None
    if not seconds.is_finite() or seconds < 0:
        return None
    return min(seconds, Decimal(FOREVER)) * UNITS[unit]


def yes(p: Process, options: Options) -> Steps[int]:
    line = " ".join(options.operands or ("y",)) + "\n"
    block = line * max(1, 1024 // len(line))
    while True:
        yield from p.out(block)
        yield from p.turn()


def seq(p: Process, options: Options) -> Steps[int]:
    words = options.operands
    if not words:
        return (yield from missing_operand(p))
    if len(words) > 3:
        return (yield from complain_of_usage(p, f"extra operand {quoted(p, words[3])}", 1))
    numbers = [_number(p, word) for word in words]
    first = numbers[0] if len(words) > 1 else Decimal(1)
    step = numbers[1] if len(words) == 3 else Decimal(1)
    last = numbers[-1]
    if not step:
        if on_host(p):
            raise UsageError(f"invalid Zero increment value: {quoted(p, words[1])}")
        step = Decimal(0)
    yield from _count(p, options, first, step, last)
    return 0


def _count(
    p: Process, options: Options, first: Decimal, step: Decimal, last: Decimal
) -> Steps[None]:
    out = Out(p)
    between = options.get("separator", "\n")
    places = max(_places(first), _places(step))
    width = (
        max(len(_shown(one, places)) for one in (first, last)) if "equal-width" in options else 0
    )
    now, started = first, False
    while now <= last if step >= 0 else now >= last:
        shown = _shown(now, places)
        yield from out.put((between or "" if started else "") + shown.zfill(width))
        started = True
        now += step
    if started:
        yield from out.put("\n")
    yield from out.flush()


def _number(p: Process, word: str) -> Decimal:
    try:
        number = Decimal(word)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        if on_host(p):
            raise UsageError(f"invalid floating point argument: {quoted(p, word)}")
        raise Refusal(f"invalid number '{word}'")
    return number


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _shown(number: Decimal, places: int) -> str:
    return f"{number:.{places}f}"


def tee(p: Process, options: Options) -> Steps[int]:
    how = Open.WRONLY | Open.CREAT | (Open.APPEND if "append" in options else Open.TRUNC)
    files, failed = [], False
    for name in options.operands:
        try:
            files.append((yield from p.open(name, how)))
        except FsError as error:
            failed = True
            yield from p.complain(f"{name}: {error.errno.value}")
    while True:
        piece = yield from read_piece(p.fds[0])
        if not piece.size:
            break
        yield from p.out(piece)
        for file in files:
            file.write(piece)
    for file in files:
        file.close()
    return int(failed)


def succeed(_p: Process) -> Steps[int]:
    yield from ()
    return 0


def fail(_p: Process) -> Steps[int]:
    yield from ()
    return 1


APPLETS = {
    "sleep": tool("sleep", sleep),
    "yes": tool("yes", yes),
    "seq": tool(
        "seq",
        seq,
        (flag("w", "equal-width"), value("s", "separator"), refused("f", "format", flavours=GNU)),
        digits="",
        permute=False,
    ),
    "tee": tool("tee", tee, (flag("a", "append"), refused("ip", "ignore-interrupts"))),
    "true": raw_tool("true", succeed),
    "false": raw_tool("false", fail),
}
