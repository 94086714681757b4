"""fmt.Print of Go values, and printf's verbs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from docgen import limits
from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.shell.docker.quoting import quote
from docgen.shell.docker.template.values import (
    Map,
    NilPointer,
    Record,
    Slice,
    Stringer,
    Struct,
    Value,
    type_name,
)

_FIXED_DIGITS = 6
_VERB = re.compile(r"%([-+# 0]*)([0-9]{0,9})(?:\.([0-9]{0,9}))?(.?)", re.DOTALL)


def show(value: Value, *, top: bool = True) -> str:
    """`%v`. NotSimulated where Go would print an address in memory."""
    match value:
        case None:
            return "<nil>"
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _show_float(value)
        case Slice():
            return "[" + " ".join(show(one, top=False) for one in value.items) + "]"
        case Map():
            pairs = (f"{key}:{show(value.items[key], top=False)}" for key in sorted(value.items))
            return "map[" + " ".join(pairs) + "]"
        case NilPointer():
            return "<nil>"
        case Stringer():
            return value.text
        case Record():
            raise NotSimulated(
                "printing a whole row prints Go's internals", "use {{json .}}, or name a field"
            )
        case Struct():
            return _show_struct(value, top)


def _show_float(value: float) -> str:
    """Shortest digits; `1e+06` from a million on and below 0.0001."""
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(exponent, int)
    mantissa = "".join(map(str, digits))
    scale = exponent + len(mantissa) - 1
    minus = "-" if sign else ""
    if value and not -4 <= scale < _FIXED_DIGITS:
        point = f".{mantissa[1:]}" if len(mantissa) > 1 else ""
        return f"{minus}{mantissa[0]}{point}e{scale:+03d}"
    return f"{minus}{abs(Decimal(repr(value)).normalize()):f}"


def _show_struct(value: Struct, top: bool) -> str:
    if value.pointer and not top:
        raise NotSimulated(
            "this template prints an address in memory, which differs from run to run",
            "use {{json …}}, or name a field",
        )
    body = " ".join(show(one.value, top=False) for one in value.members)
    return f"{'&' if value.pointer else ''}{{{body}}}"


def sprint(values: Sequence[Value]) -> str:
    """fmt.Sprint: a blank between two operands when neither is a string."""
    parts: list[str] = []
    for at, value in enumerate(values):
        if at and not isinstance(value, str) and not isinstance(values[at - 1], str):
            parts.append(" ")
        parts.append(show(value))
    return "".join(parts)


def sprintf(form: str, values: Sequence[Value]) -> str:
    """fmt.Sprintf with the verbs that people use on docker's data: v s q d x X t f g c and %%."""
    rest = list(values)
    parts: list[str] = []
    at = 0
    for match in _VERB.finditer(form):
        parts.append(form[at : match.start()])
        at = match.end()
        parts.append(_verb(match, rest))
    parts.append(form[at:])
    if rest:
        extra = ", ".join(
            "<nil>" if one is None else f"{type_name(one)}={show(one)}" for one in rest
        )
        parts.append(f"%!(EXTRA {extra})")
    return "".join(parts)


def _verb(match: re.Match[str], rest: list[Value]) -> str:
    flags, width, precision, verb = match.groups()
    if verb == "%":
        return "%"
    if not verb:
        return "%!(NOVERB)"
    if not rest:
        return f"%!{verb}(MISSING)"
    text = _formatted(verb, flags, precision, rest.pop(0))
    columns = int(width or 0)
    if columns > limits.OUTPUT_BYTES:
        raise LimitExceeded(
            "printf makes a field wider than a step's output", "use a smaller width"
        )
    if "-" in flags:
        return text.ljust(columns)
    if "0" in flags and verb in "dxXfg":
        return text.zfill(columns)
    return text.rjust(columns)


def _formatted(verb: str, flags: str, precision: str | None, value: Value) -> str:
    if set(flags) & set("# "):
        raise NotSimulated(
            "printf with the flags '#' or ' ' is not simulated", "leave the flag out"
        )
    if verb == "v":
        return _cut(show(value), precision) if isinstance(value, str) else show(value)
    if verb == "s" and isinstance(value, Slice | Map):
        return show(value)
    if verb.isalpha() and (value is None or isinstance(value, str | bool | int | float)):
        return _scalar(verb, "+" in flags, precision, value)
    raise NotSimulated(f"printf %{verb} of this value is not simulated", "use %v or {{json …}}")


def _scalar(
    verb: str, plus: bool, precision: str | None, value: str | bool | int | float | None
) -> str:
    match verb, value:
        case (_, None):
            return f"%!{verb}(<nil>)"
        case ("t", bool()):
            return show(value)
        case (_, bool()):
            return f"%!{verb}(bool={show(value)})"
        case (_, str()) if verb in "sqxX":
            return _string(verb, _cut(value, precision))
        case (_, int()) if verb in "dxXc":
            return _integer(verb, plus, value)
        case ("f", float()):
            return f"{value:.{6 if precision is None else min(int(precision or 0), 30)}f}"
        case ("g", float()):
            return _show_float(value)
        case _:
            return f"%!{verb}({type_name(value)}={show(value)})"


def _string(verb: str, value: str) -> str:
    if verb == "s":
        return value
    if verb == "q":
        return quote(value)
    digits = value.encode("utf-8", "surrogateescape").hex()
    return digits.upper() if verb == "X" else digits


def _integer(verb: str, plus: bool, value: int) -> str:
    if verb == "c":
        return chr(value) if 0 <= value < 0x110000 else "\ufffd"
    return f"{value:{'+' if plus else ''}{verb}}"


def _cut(text: str, precision: str | None) -> str:
    return text if precision is None else text[: int(precision or 0)]
