"""Go's durations: `1h30m`, `1.5s`, `300ms` (time.ParseDuration)."""

from __future__ import annotations

import re
from typing import Final

_UNITS: Final = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_PART: Final = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)([^0-9.]*)", re.ASCII)
_LONGEST: Final = 64
_MAX_NS: Final = (1 << 63) - 1


def parse_duration(text: str) -> int:
    """Nanoseconds. Raises ValueError with Go's text."""
    invalid = ValueError(f'time: invalid duration "{text}"')
    rest = text[1:] if text[:1] in ("+", "-") else text
    if rest == "0":
        return 0
    if not rest or len(rest) > _LONGEST:
        raise invalid
    total, at = 0, 0
    while at < len(rest):
        match = _PART.match(rest, at)
        if match is None:
            raise invalid
        number, unit = match.groups()
        if not unit:
            raise ValueError(f'time: missing unit in duration "{text}"')
        if unit not in _UNITS:
            raise ValueError(f'time: unknown unit "{unit}" in duration "{text}"')
        total += _scaled(number, _UNITS[unit])
        at = match.end()
    if total > _MAX_NS:
        raise invalid
    return -total if text[0] == "-" else total


def _scaled(number: str, unit: int) -> int:
    whole, _, fraction = number.partition(".")
    value = int(whole or "0") * unit
    return value + (int(fraction) * unit // 10 ** len(fraction) if fraction else 0)
