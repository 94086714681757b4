"""tr: one byte for another, by a table."""

from __future__ import annotations

from collections.abc import Callable

from docgen.daemon.waits import Steps
from docgen.shell.applet import Options
from docgen.shell.applets.support.inputs import literal, read_piece
from docgen.shell.applets.support.output import Out, encoded
from docgen.shell.applets.support.quoting import quoted
from docgen.shell.applets.support.tool import GNU, Refusal, complain_of_usage, flag, on_host, tool
from docgen.shell.process import Process

_CLASSES: dict[str, Callable[[int], bool]] = {
    "alpha": lambda c: chr(c).isalpha() and c < 128,
    "digit": lambda c: 48 <= c <= 57,
    "alnum": lambda c: chr(c).isalnum() and c < 128,
    "upper": lambda c: 65 <= c <= 90,
    "lower": lambda c: 97 <= c <= 122,
    "space": lambda c: c in b" \t\n\r\f\v",
    "blank": lambda c: c in b" \t",
    "punct": lambda c: 33 <= c <= 126 and not chr(c).isalnum(),
    "cntrl": lambda c: c < 32 or c == 127,
    "print": lambda c: 32 <= c <= 126,
    "graph": lambda c: 33 <= c <= 126,
    "xdigit": lambda c: c in b"0123456789abcdefABCDEF",
}
_ESCAPES = {"n": 10, "t": 9, "r": 13, "a": 7, "b": 8, "f": 12, "v": 11, "\\": 92}


def tr(p: Process, options: Options) -> Steps[int]:
    operands = options.operands
    deleting, squeezing = "delete" in options, "squeeze-repeats" in options
    problem = _tr_problem(p, operands, deleting, squeezing)
    if problem is not None:
        return (yield from complain_of_usage(p, problem, 1))
    first = _set(p, operands[0])
    if "complement" in options:
        inside = set(first)
        first = [c for c in range(256) if c not in inside]
    second = _set(p, operands[1], len(first)) if len(operands) > 1 else []
    table, doomed, squeezed = _plan(p, first, second, options)
    out = Out(p)
    last = -1
    while True:
        piece = yield from read_piece(p.fds[0])
        if not piece.size:
            break
        p.kernel.tick()
        data = literal(p, piece).translate(table, doomed)
        if squeezed:
            kept = bytearray()
            for byte in data:
                if byte != last or byte not in squeezed:
                    kept.append(byte)
                last = byte
            data = bytes(kept)
        yield from out.put(data)
    yield from out.flush()
    return 0


def _tr_problem(
    p: Process, operands: tuple[str, ...], deleting: bool, squeezing: bool
) -> str | None:
    if not operands:
        return "missing operand"
    if len(operands) == 1 and not deleting and not squeezing:
        told = quoted(p, operands[0])
        return f"missing operand after {told}\nTwo strings must be given when translating."
    if len(operands) == 1 and deleting and squeezing:
        told = quoted(p, operands[0])
        return (
            f"missing operand after {told}\n"
            "Two strings must be given when both deleting and squeezing repeats."
        )
    if len(operands) == 2 and deleting and not squeezing:
        told = quoted(p, operands[1])
        return (
            f"extra operand {told}\n"
            "Only one string may be given when deleting without squeezing repeats."
        )
    if len(operands) > 2:
        return f"extra operand {quoted(p, operands[2])}"
    return None


def _plan(
    p: Process, first: list[int], second: list[int], options: Options
) -> tuple[bytes, bytes, frozenset[int]]:
    """Translation table, bytes to delete, bytes whose repeats are squeezed."""
    table = bytearray(range(256))
    if "delete" in options:
        squeezed = frozenset(second) if "squeeze-repeats" in options else frozenset()
        return bytes(table), bytes(sorted(set(first))), squeezed
    if second:
        if "truncate-set1" in options:
            first = first[: len(second)]
        for index, byte in enumerate(first):
            table[byte] = second[min(index, len(second) - 1)]
    elif len(options.operands) > 1 and on_host(p):
        raise Refusal("when not truncating set1, string2 must be non-empty")
    squeezed = frozenset()
    if "squeeze-repeats" in options:
        squeezed = frozenset(second or first)
    return bytes(table), b"", squeezed


def _set(p: Process, text: str, wanted: int = 0) -> list[int]:
    """The bytes of a set; `[x*]` is filled up to `wanted`."""
    raw = encoded(text)
    found: list[int] = []
    fill: tuple[int, int] | None = None
    at = 0
    while at < len(raw):
        special = _class(p, raw, at)
        if special is not None:
            chars, at = special
            found += chars
            continue
        repeat = _repeat(raw, at) if on_host(p) else None
        if repeat is not None:
            byte, count, at = repeat
            if count:
                found += [byte] * count
            else:
                fill = (len(found), byte)
            continue
        low, at = one_char(raw, at)
        if raw[at : at + 1] == b"-" and at + 1 < len(raw):
            high, at = one_char(raw, at + 1)
            if high < low:
                raise Refusal(
                    f"range-endpoints of '{chr(low)}-{chr(high)}' are in reverse "
                    "collating sequence order"
                )
            found += range(low, high + 1)
        else:
            found.append(low)
    if fill is not None:
        place, byte = fill
        found[place:place] = [byte] * max(wanted - len(found), 0)
    return found


def _class(p: Process, raw: bytes, at: int) -> tuple[list[int], int] | None:
    if raw[at : at + 2] == b"[=" and raw[at + 3 : at + 5] == b"=]":
        return [raw[at + 2]], at + 5
    if raw[at : at + 2] != b"[:":
        return None
    stop = raw.find(b":]", at)
    if stop < 0:
        return None
    name = raw[at + 2 : stop].decode("latin-1")
    member = _CLASSES.get(name)
    if member is None:
        if not on_host(p):
            return None
        raise Refusal(f"invalid character class {quoted(p, name)}")
    order = [c for c in range(256) if member(c)]
    return order, stop + 2


def _repeat(raw: bytes, at: int) -> tuple[int, int, int] | None:
    """`[x*]`, `[x*5]`, `[x*010]`: byte, count (0: as many as are needed), index behind it."""
    if raw[at : at + 1] != b"[" or at + 1 >= len(raw):
        return None
    byte, star = one_char(raw, at + 1)
    stop = raw.find(b"]", star)
    if raw[star : star + 1] != b"*" or stop < 0:
        return None
    digits = raw[star + 1 : stop]
    if digits and not digits.isdigit():
        return None
    count = int(digits, 8 if digits.startswith(b"0") else 10) if digits else 0
    return byte, min(count, 65536), stop + 1


def one_char(raw: bytes, at: int) -> tuple[int, int]:
    if raw[at] != 92 or at + 1 >= len(raw):
        return raw[at], at + 1
    letter = chr(raw[at + 1])
    if letter in "01234567":
        stop = at + 1
        while stop < min(at + 4, len(raw)) and chr(raw[stop]) in "01234567":
            stop += 1
        number = int(raw[at + 1 : stop], 8)
        if number > 255:
            stop -= 1
            number = int(raw[at + 1 : stop], 8)
        return number, stop
    return _ESCAPES.get(letter, raw[at + 1]), at + 2


_OPTIONS = (
    flag("cC", "complement"),
    flag("d", "delete"),
    flag("s", "squeeze-repeats"),
    flag("t", "truncate-set1", GNU),
)

APPLETS = {"tr": tool("tr", tr, _OPTIONS, permute=False)}
