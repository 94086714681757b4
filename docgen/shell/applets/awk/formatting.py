"""printf and sprintf of awk."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from docgen.diagnostics import LimitExceeded
from docgen.shell.applets.awk.values import Input, Value, is_number, number

_DIRECTIVE = re.compile(rb"%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?(?:[hlL]*)([a-zA-Z%])")
_WIDEST = 100_000


class TooFewError(Exception):
    """More directives than arguments; `printed` is what came before."""

    def __init__(self, printed: bytes) -> None:
        super().__init__()
        self.printed = printed


def sprintf(
    template: bytes, values: Sequence[Value], text: Callable[[Value], bytes], strict: bool
) -> bytes:
    """`strict` (mawk): missing arguments are an error; busybox takes them as empty."""
    out = bytearray()
    at = taken = 0

    def next_value() -> Value:
        nonlocal taken
        taken += 1
        if taken > len(values):
            if strict:
                raise TooFewError(bytes(out))
            return None
        return values[taken - 1]

    while at < len(template):
        stop = template.find(b"%", at)
        if stop < 0:
            out += template[at:]
            break
        out += template[at:stop]
        found = _DIRECTIVE.match(template, stop)
        if found is None:
            out += template[stop : stop + 1]
            at = stop + 1
            continue
        at = found.end()
        if found[4] == b"%":
            out += b"%"
            continue
        wide = _size(found[2], next_value)
        exact = _size(found[3], next_value)
        out += _one(found[1].decode(), wide, exact, found[4].decode(), next_value(), text)
    return bytes(out)


def _size(text: bytes | None, next_value: Callable[[], Value]) -> int | None:
    if text is None:
        return None
    size = int(number(next_value())) if text == b"*" else int(text or b"0")
    if abs(size) > _WIDEST:
        raise LimitExceeded(f"awk's printf with a width of {size}", "use a smaller one")
    return size


def _one(
    flags: str,
    wide: int | None,
    exact: int | None,
    letter: str,
    value: Value,
    text: Callable[[Value], bytes],
) -> bytes:
    if wide is not None and wide < 0:
        flags, wide = flags + "-", -wide
    if letter == "c":
        body = _char(value)
    elif letter == "s":
        body = text(value)[:exact]
    elif letter in "diouxX":
        return _padded(_integer(flags, exact, letter, number(value)), flags, wide, exact is None)
    elif letter in "eEfFgG":
        return _padded(_float(flags, exact, letter, number(value)), flags, wide, True)
    else:
        return b"%" + letter.encode()
    return _padded(body, flags.replace("0", ""), wide, False)


def _char(value: Value) -> bytes:
    if isinstance(value, float) or (isinstance(value, Input) and is_number(value)):
        return bytes((int(number(value)) & 0xFF,))
    raw = value.text if isinstance(value, Input) else value or b""
    return raw[:1]


def _integer(flags: str, exact: int | None, letter: str, value: float) -> bytes:
    if value != value or value in (float("inf"), float("-inf")):
        whole = -(2**63) if value < 0 or value != value else 2**63 - 1
    else:
        whole = max(min(int(value), 2**63 - 1), -(2**63))
    if letter in "di":
        sign = "-" if whole < 0 else "+" if "+" in flags else " " if " " in flags else ""
        digits = str(abs(whole))
    else:
        whole &= 2**64 - 1
        digits = format(whole, {"u": "d"}.get(letter, letter))
        sign = {"x": "0x", "X": "0X", "o": "0"}.get(letter, "") if "#" in flags and whole else ""
    if exact is not None:
        digits = digits.rjust(exact, "0")
    return (sign + digits).encode()


def _float(flags: str, exact: int | None, letter: str, value: float) -> bytes:
    sign = "+" if "+" in flags else " " if " " in flags else ""
    alternate = "#" if "#" in flags else ""
    shown = format(value, f"{sign}{alternate}.{6 if exact is None else exact}{letter}")
    return shown.encode()


def _padded(text: bytes, flags: str, wide: int | None, zeros: bool) -> bytes:
    if wide is None or len(text) >= wide:
        return text
    if "-" in flags:
        return text.ljust(wide)
    if "0" in flags and zeros:
        sign = len(text) - len(text.lstrip(b"+- "))
        return text[:sign] + text[sign:].rjust(wide - sign, b"0")
    return text.rjust(wide)
