"""awk's values: numbers, strings, and strings from input that may be numbers."""

from __future__ import annotations

import math
import re
from typing import Final

from docgen.frozen import frozen

_NUMERIC: Final = re.compile(
    rb"[ \t\n\r\f\v]*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[ \t\n\r\f\v]*"
)
_PREFIX: Final = re.compile(
    rb"[ \t\n\r\f\v]*([-+]?)(0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
)
LARGEST: Final = 2_147_483_647
"""Whole numbers up to here are shown as such by mawk."""


@frozen
class Input:
    """Text from a field, a record, split() or -v: a number where it looks like one."""

    text: bytes


Value = float | bytes | Input | None
"""None: a variable that was never assigned."""


def looks_numeric(text: bytes) -> bool:
    return _NUMERIC.fullmatch(text) is not None


def number(value: Value) -> float:
    match value:
        case None:
            return 0.0
        case float():
            return value
        case bytes():
            return parse_number(value)
        case Input(text):
            return parse_number(text)


def parse_number(text: bytes) -> float:
    """The number that a text begins with; 0 where it begins with none."""
    found = _PREFIX.match(text)
    if found is None:
        return 0.0
    digits = found[2]
    value = float(int(digits, 16)) if digits[:2] in (b"0x", b"0X") else float(digits)
    return -value if found[1] == b"-" else value


def truth(value: Value) -> bool:
    match value:
        case None:
            return False
        case float():
            return value != 0
        case bytes():
            return bool(value)
        case Input(text):
            return parse_number(text) != 0 if looks_numeric(text) else bool(text)


def is_number(value: Value) -> bool:
    """Whether it compares as a number."""
    if isinstance(value, Input):
        return looks_numeric(value.text)
    return value is None or isinstance(value, float)


def show_number(value: float, template: bytes, gnu: bool) -> bytes:
    """A number as text: whole ones in full, others under CONVFMT or OFMT."""
    if math.isnan(value):
        return b"-nan" if gnu or math.copysign(1, value) < 0 else b"nan"
    if math.isinf(value):
        return b"inf" if value > 0 else b"-inf"
    if value == int(value) and abs(value) <= (LARGEST if gnu else 2**63 - 1):
        return b"%d" % int(value)
    if value == int(value) and not gnu and abs(value) < 1e30 and abs(value) <= 2**63:
        return b"%d" % int(value)
    return template % value if _is_plain(template) else b"%.6g" % value


def _is_plain(template: bytes) -> bool:
    return re.fullmatch(rb"[^%]*%[-+ #0]*\d{0,3}(\.\d{0,3})?[efgEFG][^%]*", template) is not None
