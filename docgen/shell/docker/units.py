"""Sizes and durations in Docker's words: the rules of github.com/docker/go-units."""

from __future__ import annotations

SECOND_NS = 1_000_000_000
_DECIMAL = ("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB")
_BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB")
_BINARY_SUFFIX = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40, "p": 1 << 50}
_DIGITS = frozenset("0123456789. ")


def human_size(size: float, precision: int = 4) -> str:
    """`16.43MB`: powers of 1000. `system df` shows 4 digits; `ps`, `images`, `history` show 3."""
    return _scaled(size, 1000.0, _DECIMAL, precision)


def bytes_size(size: float) -> str:
    """`64MiB`: powers of 1024, as `docker info` has `Total Memory`."""
    return _scaled(size, 1024.0, _BINARY, 4)


def _scaled(size: float, base: float, names: tuple[str, ...], precision: int) -> str:
    value, unit = float(size), 0
    while value >= base and unit < len(names) - 1:
        value /= base
        unit += 1
    return f"{value:.{precision}g}{names[unit]}"


def ram_in_bytes(text: str) -> int:
    """`64m` → 67108864; units are binary. Raises ValueError with go-units' own text."""
    last = max((at for at, letter in enumerate(text) if letter in _DIGITS), default=-1)
    if last < 0:
        raise ValueError(f"invalid size: '{text}'")
    number = text[:last] if text[last] == " " else text[: last + 1]
    size = _go_float(number)
    if size < 0:
        raise ValueError(f"invalid size: '{text}'")
    return int(size * _multiplier(text[last + 1 :]))


def _go_float(text: str) -> float:
    if text.count(".") <= 1 and text.strip("+-").replace(".", "", 1).isascii():
        digits = text[1:] if text[:1] in ("+", "-") else text
        if digits.replace(".", "", 1).isdigit():
            return float(text)
    raise ValueError(f'strconv.ParseFloat: parsing "{text}": invalid syntax')


def _multiplier(suffix: str) -> int:
    lowered = suffix.lower()
    if not suffix or lowered == "b":
        return 1
    if lowered[0] in _BINARY_SUFFIX and lowered[1:] in ("", "b", "ib"):
        return _BINARY_SUFFIX[lowered[0]]
    raise ValueError(f"invalid suffix: '{suffix if len(suffix) > 3 else lowered}'")


def human_duration(nanoseconds: int) -> str:
    """`2 minutes`, `About an hour`, `Less than a second`."""
    seconds = max(nanoseconds, 0) // SECOND_NS
    if seconds < 1:
        return "Less than a second"
    if seconds == 1:
        return "1 second"
    if seconds < 60:
        return f"{seconds} seconds"
    minutes = seconds // 60
    if minutes == 1:
        return "About a minute"
    if minutes < 60:
        return f"{minutes} minutes"
    return _human_hours(nanoseconds)


def _human_hours(nanoseconds: int) -> str:
    exact = nanoseconds / (3600 * SECOND_NS)
    hours = int(exact + 0.5)
    if hours == 1:
        return "About an hour"
    if hours < 48:
        return f"{hours} hours"
    if hours < 24 * 7 * 2:
        return f"{hours // 24} days"
    if hours < 24 * 30 * 2:
        return f"{hours // 24 // 7} weeks"
    if hours < 24 * 365 * 2:
        return f"{hours // 24 // 30} months"
    return f"{int(exact) // 24 // 365} years"
