"""Civil time in UTC, from nanoseconds and back: no clock, no zone, no locale."""

from __future__ import annotations

from typing import Final

from docgen.frozen import frozen

SECOND: Final = 1_000_000_000
DAY: Final = 86_400
HALF_YEAR: Final = 31_556_952 // 2
"""Seconds after which `ls -l` shows the year (half a Gregorian year)."""
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS: Final = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
LONG_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
LONG_DAYS: Final = (
    *("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
)


@frozen
class Civil:
    """A moment in UTC."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    nanosecond: int
    weekday: int
    """0 is Sunday."""
    yearday: int
    """0 is the first of January."""


def civil(ns: int) -> Civil:
    """Proleptic Gregorian calendar (Hinnant's days_from_civil, reversed)."""
    seconds, nano = divmod(ns, SECOND)
    days, rest = divmod(seconds, DAY)
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (
        day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    year = year_of_era + era * 400 + (month <= 2)
    return Civil(
        year,
        month,
        day_of_year - (153 * shifted + 2) // 5 + 1,
        rest // 3600,
        rest // 60 % 60,
        rest % 60,
        nano,
        (days + 4) % 7,
        days - days_since_epoch(year, 1, 1),
    )


def days_since_epoch(year: int, month: int, day: int) -> int:
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * 146_097 + day_of_era - 719_468


def moment(year: int, month: int, day: int, seconds: int = 0) -> int:
    """Nanoseconds since the epoch."""
    return (days_since_epoch(year, month, day) * DAY + seconds) * SECOND


def strftime(pattern: str, ns: int) -> str | None:
    """strftime(3) in the C locale; None where a conversion is unknown here."""
    when = civil(ns)
    out: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char != "%" or at == len(pattern):
            out.append(char)
            continue
        flag = pattern[at] if pattern[at] in "-_0" else ""
        letter = pattern[at + len(flag) : at + len(flag) + 1]
        at += len(flag) + 1
        text = _conversion(letter, when, ns)
        if text is None:
            return None
        out.append(_padded(text, flag))
    return "".join(out)


def _padded(text: str, flag: str) -> str:
    match flag:
        case "-":
            return text.lstrip(" 0") or "0"
        case "_":
            kept = text.lstrip("0") or "0"
            return kept.rjust(len(text))
        case _:
            return text


_COMPOSED: Final = {
    "D": "%m/%d/%y",
    "F": "%Y-%m-%d",
    "T": "%H:%M:%S",
    "R": "%H:%M",
    "c": "%a %b %e %H:%M:%S %Y",
    "x": "%m/%d/%y",
    "X": "%H:%M:%S",
    "r": "%I:%M:%S %p",
    "h": "%b",
}
_TEXTS: Final = {"n": "\n", "t": "\t", "%": "%", "z": "+0000", "Z": "UTC"}


def _conversion(letter: str, when: Civil, ns: int) -> str | None:
    if letter in _COMPOSED:
        return strftime(_COMPOSED[letter], ns)
    if letter in _TEXTS:
        return _TEXTS[letter]
    seconds = ns // SECOND
    names = {
        "a": DAYS[when.weekday],
        "A": LONG_DAYS[when.weekday],
        "b": MONTHS[when.month - 1],
        "B": LONG_MONTHS[when.month - 1],
        "p": "PM" if when.hour >= 12 else "AM",
        "P": "pm" if when.hour >= 12 else "am",
        "Y": str(when.year),
        "C": f"{when.year // 100:02d}",
        "y": f"{when.year % 100:02d}",
        "m": f"{when.month:02d}",
        "d": f"{when.day:02d}",
        "e": f"{when.day:2d}",
        "H": f"{when.hour:02d}",
        "k": f"{when.hour:2d}",
        "I": f"{(when.hour + 11) % 12 + 1:02d}",
        "l": f"{(when.hour + 11) % 12 + 1:2d}",
        "M": f"{when.minute:02d}",
        "S": f"{when.second:02d}",
        "N": f"{when.nanosecond:09d}",
        "s": str(seconds),
        "j": f"{when.yearday + 1:03d}",
        "u": str(when.weekday or 7),
        "w": str(when.weekday),
        "U": f"{(when.yearday + 7 - when.weekday) // 7:02d}",
        "W": f"{(when.yearday + 7 - (when.weekday + 6) % 7) // 7:02d}",
    }
    return names.get(letter)
