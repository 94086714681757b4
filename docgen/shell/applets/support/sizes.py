"""Sizes for people: GNU's and busybox's `-h`, and the suffixes that options take."""

from __future__ import annotations

from typing import Final

UNITS: Final = "KMGTPE"


def gnu_human(size: int, base: int = 1024) -> str:
    """gnulib's human_readable with ceiling: `4.0K`, `123M`, `0`."""
    if size < base:
        return str(size)
    power = 0
    limit = base
    while size >= limit * base and power < len(UNITS) - 1:
        limit *= base
        power += 1
    letter = UNITS[power] if base == 1024 or power else "k"
    tenths = -(-size * 10 // limit)
    if tenths < 100:
        return f"{tenths // 10}.{tenths % 10}{letter}"
    whole = -(-size // limit)
    if whole >= base and power < len(UNITS) - 1:
        return f"1.0{UNITS[power + 1]}"
    return f"{whole}{letter}"


def busybox_human(size: int, tenths: bool = True) -> str:
    """busybox's make_human_readable_str: rounds to nearest, `4.0K`, `1.9M`, `123`; `4K` without
    `tenths`."""
    if size < 1024:
        return str(size)
    value, fraction, unit = size, 0, -1
    while value >= 1024 and unit < len(UNITS) - 1:
        fraction = (value % 1024 * 10 + 512) // 1024
        value //= 1024
        unit += 1
    if fraction >= 10:
        value += 1
        fraction = 0
    if tenths:
        return f"{value}.{fraction}{UNITS[unit]}"
    return f"{value + (fraction >= 5)}{UNITS[unit]}"


def parse_size(text: str, units: str = "kKMGTPE") -> int | None:
    """`10`, `1k`, `2M`, `1KiB`, `1MB` (powers of 1000); None where it is no size."""
    digits = text[: len(text) - len(text.lstrip("0123456789"))]
    suffix = text[len(digits) :]
    if not digits or len(digits) > 18:
        return None
    factor = _factor(suffix, units)
    return None if factor is None else int(digits) * factor


def _factor(suffix: str, units: str) -> int | None:
    if not suffix:
        return 1
    if suffix in ("b", "c", "w"):
        return {"b": 512, "c": 1, "w": 2}[suffix]
    letter, rest = suffix[0], suffix[1:]
    if letter not in units:
        return None
    power = UNITS.index(letter.upper()) + 1
    if rest in ("", "iB"):
        return int(1024**power)
    return int(1000**power) if rest == "B" else None
