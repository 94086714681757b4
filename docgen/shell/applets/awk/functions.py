"""The built-in functions of awk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.shell.applets.awk.nodes import Element as ElementNode
from docgen.shell.applets.awk.nodes import Expression, FieldOf, Name, Number, Pattern
from docgen.shell.applets.awk.splitting import split_fields, split_regex
from docgen.shell.applets.awk.values import Input, Value, number
from docgen.shell.applets.support.inputs import BYTES_A_TICK

if TYPE_CHECKING:
    from docgen.shell.applets.awk.evaluator import Evaluator

_ARITIES: Final = {
    "substr": (2, 3),
    "index": (2, 2),
    "split": (2, 3),
    "sub": (2, 3),
    "gsub": (2, 3),
    "match": (2, 2),
    "int": (1, 1),
    "sqrt": (1, 1),
    "exp": (1, 1),
    "log": (1, 1),
    "sin": (1, 1),
    "cos": (1, 1),
    "atan2": (2, 2),
    "tolower": (1, 1),
    "toupper": (1, 1),
    "close": (1, 2),
}
_INT_MAX: Final = 2.0**31
_REFUSED: Final = frozenset({"rand", "srand", "strftime", "mktime", "gensub", "systime"})
_BITS: Final = {
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "xor": lambda a, b: a ^ b,
    "lshift": lambda a, b: a << min(b, 64),
    "rshift": lambda a, b: a >> b,
}


def call(awk: Evaluator, name: str, arguments: Sequence[Expression]) -> Steps[Value]:
    least, most = _ARITIES.get(name, (0, 100))
    if not least <= len(arguments) <= most:
        raise awk.fail(f"{name}: wrong number of arguments" if awk.gnu else "Not enough arguments")
    if name in _REFUSED:
        raise NotSimulated(f"awk's {name}()", "its result differs from run to run: leave it out")
    if name == "split":
        return (yield from _split(awk, arguments))
    if name in ("sub", "gsub"):
        return (yield from _substitute(awk, arguments, every=name == "gsub"))
    if name == "match":
        return (yield from _match(awk, arguments))
    if name == "length":
        return (yield from _length(awk, arguments))
    values = []
    for argument in arguments:
        value = yield from awk.value(argument)
        values.append(value)
    if name == "close":
        return 0.0 if (yield from awk.world.close(awk.text(values[0]))) else -1.0
    if name == "fflush":
        yield from awk.world.flush()
        return 0.0
    return _simple(awk, name, values)


def _simple(awk: Evaluator, name: str, values: list[Value]) -> Value:
    match name:
        case "substr":
            return _substr(awk, values)
        case "index":
            return float(awk.text(values[0]).find(awk.text(values[1])) + 1)
        case "sprintf":
            return awk.sprintf(values)
        case "tolower":
            return awk.text(values[0]).lower()
        case "toupper":
            return awk.text(values[0]).upper()
        case "int":
            one = number(values[0])
            return one if math.isinf(one) or math.isnan(one) else float(math.trunc(one))
        case _:
            return _mathematics(awk, name, [number(value) for value in values])


def _mathematics(awk: Evaluator, name: str, values: list[float]) -> float:
    if name in _BITS:
        return float(_BITS[name](int(values[0]), int(values[1])) & (2**64 - 1))
    if not awk.gnu and name != "int":
        raise awk.fail("Math support is not compiled in")
    one = values[0]
    try:
        match name:
            case "sqrt":
                return math.sqrt(one)
            case "exp":
                return math.exp(one)
            case "log":
                return math.log(one) if one else -math.inf
            case "sin":
                return math.sin(one)
            case "cos":
                return math.cos(one)
            case _:
                return math.atan2(one, values[1])
    except ValueError:
        return math.nan
    except OverflowError:
        return math.inf


def _substr(awk: Evaluator, values: list[Value]) -> bytes:
    """Fractions are cut off. A start before the text makes mawk's part longer (1.3.4), and is the
    text's start for busybox."""
    text = awk.text(values[0])
    start = _whole(number(values[1]))
    length = len(text) + 1 if len(values) < 3 else max(_whole(number(values[2])), 0)
    if start < 1:
        length -= start if awk.gnu else 0
        start = 1
    if not awk.gnu and len(values) == 3 and number(values[2]) >= _INT_MAX:
        length = 0
    return text[start - 1 : start - 1 + length]


def _whole(value: float) -> int:
    if math.isnan(value):
        return 0
    return int(max(min(value, _INT_MAX), -_INT_MAX))


def _length(awk: Evaluator, arguments: Sequence[Expression]) -> Steps[Value]:
    if not arguments:
        return float(len(awk.record.text()))
    first = arguments[0]
    if isinstance(first, Name) and awk.scopes.is_array(first.name):
        return float(len(awk.scopes.array(first.name).values))
    return float(len(awk.text((yield from awk.value(first)))))


def _split(awk: Evaluator, arguments: Sequence[Expression]) -> Steps[Value]:
    text = awk.text((yield from awk.value(arguments[0])))
    target = arguments[1]
    if not isinstance(target, Name):
        raise awk.fail("split: the second argument is no array")
    if len(arguments) == 3 and isinstance(arguments[2], Pattern):
        pieces = split_regex(text, awk.regex(arguments[2].source))
    else:
        separator = awk.special("FS")
        if len(arguments) == 3:
            separator = awk.text((yield from awk.value(arguments[2])))
        pieces = split_fields(text, separator, awk.regex)
    array = awk.scopes.array(target.name)
    array.values.clear()
    for index, piece in enumerate(pieces, 1):
        array.set(b"%d" % index, Input(piece))
    return float(len(pieces))


def _match(awk: Evaluator, arguments: Sequence[Expression]) -> Steps[Value]:
    text = awk.text((yield from awk.value(arguments[0])))
    regex = yield from awk.regex_of(arguments[1])
    span = regex.on(text).find(0)
    start = 0.0 if span is None else float(span[0] + 1)
    awk.scopes.set_global("RSTART", start)
    awk.scopes.set_global("RLENGTH", -1.0 if span is None else float(span[1] - span[0]))
    return start


def _substitute(awk: Evaluator, arguments: Sequence[Expression], every: bool) -> Steps[Value]:
    regex = yield from awk.regex_of(arguments[0])
    template = awk.text((yield from awk.value(arguments[1])))
    target: Expression = arguments[2] if len(arguments) == 3 else FieldOf(Number(0.0))
    text = awk.text((yield from awk.value(target)))
    subject = regex.on(text)
    awk.p.kernel.tick(len(text) // BYTES_A_TICK)
    out = bytearray()
    copied = count = 0
    for start, end in subject.matches():
        count += 1
        out += text[copied:start] + filled(template, text[start:end])
        copied = end
        if not every:
            break
    if count and isinstance(target, Name | FieldOf | ElementNode):
        yield from awk.assign(target, awk.limited(bytes(out) + text[copied:]))
    return float(count)


def filled(template: bytes, matched: bytes) -> bytes:
    """`&` is what was matched, `\\&` a literal one."""
    out = bytearray()
    at = 0
    while at < len(template):
        char = template[at : at + 1]
        following = template[at + 1 : at + 2]
        if char == b"\\" and following in (b"&", b"\\"):
            out += following
            at += 2
            continue
        out += matched if char == b"&" else char
        at += 1
    return bytes(out)
