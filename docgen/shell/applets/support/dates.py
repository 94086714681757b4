"""Dates as people type them (`date -d`, `touch -d`, `touch -t`), in UTC."""

from __future__ import annotations

import re
from typing import Final

from docgen.shell.applets.support.times import DAY, MONTHS, SECOND, civil, moment

_ISO: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_RELATIVE: Final = re.compile(
    r"([+-]?\d+|a|an|next|last)?\s*(sec|second|min|minute|hour|day|"
    r"week|fortnight|month|year)s?(\s+ago)?\b"
)
_SECONDS: Final = {"sec": 1, "second": 1, "min": 60, "minute": 60, "hour": 3600, "day": DAY} | {
    "week": 7 * DAY,
    "fortnight": 14 * DAY,
}
_RFC: Final = re.compile(
    r"(?:[A-Z][a-z]{2},? )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})(?: (\d{2}):(\d{2})(?::(\d{2}))?)?"
    r"(?: (\+0000|UTC|GMT))?"
)


def parse_date(text: str, now_ns: int) -> int | None:
    """Nanoseconds since the epoch; None where the form is not known here."""
    text = text.strip()
    if text.startswith("@"):
        return _seconds(text[1:])
    for pattern, read in ((_ISO, _iso), (_RFC, _rfc)):
        found = pattern.match(text)
        if found:
            start = read(found)
            return None if start is None else _with_words(text[found.end() :], start)
    return _with_words(text, now_ns)


def _seconds(text: str) -> int | None:
    found = re.fullmatch(r"(-?)(\d{1,12})(?:\.(\d{1,9}))?", text.strip())
    if found is None:
        return None
    nanoseconds = int(found[2]) * SECOND + int((found[3] or "0").ljust(9, "0"))
    return -nanoseconds if found[1] else nanoseconds


def _iso(found: re.Match[str]) -> int | None:
    hour, minute, second = (int(found[n] or 0) for n in (4, 5, 6))
    start = _checked(int(found[1]), int(found[2]), int(found[3]), hour, minute, second)
    if start is None:
        return None
    return start + int((found[7] or "0").ljust(9, "0")) - _offset(found[8] or "Z")


def _offset(zone: str) -> int:
    """Nanoseconds east of Greenwich."""
    digits = zone.replace(":", "")
    if not digits[1:].isdigit():
        return 0
    seconds = int(digits[1:3]) * 3600 + int(digits[3:5]) * 60
    return (-seconds if digits[0] == "-" else seconds) * SECOND


def _rfc(found: re.Match[str]) -> int | None:
    if found[2] not in MONTHS:
        return None
    month = MONTHS.index(found[2]) + 1
    hour, minute, second = (int(found[n] or 0) for n in (4, 5, 6))
    return _checked(int(found[3]), month, int(found[1]), hour, minute, second)


def _checked(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int | None:
    if not (1 <= month <= 12 and 1 <= day <= _days(year, month)):
        return None
    if hour > 23 or minute > 59 or second > 60:
        return None
    return moment(year, month, day, hour * 3600 + minute * 60 + second)


def _days(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _with_words(text: str, start: int) -> int | None:
    """`tomorrow`, `2 days ago`, `12:00`, `now`, one after the other."""
    rest = text.strip()
    while rest:
        for read in (_word, _clock, _relative):
            step = read(rest, start)
            if step is not None:
                start, used = step
                rest = rest[used:].strip()
                break
        else:
            return None
    return start


def _word(text: str, start: int) -> tuple[int, int] | None:
    for word, days in (("now", 0), ("today", 0), ("tomorrow", 1), ("yesterday", -1)):
        if re.match(rf"{word}\b", text):
            return start + days * DAY * SECOND, len(word)
    return None


def _clock(text: str, start: int) -> tuple[int, int] | None:
    found = _CLOCK.match(text)
    if found is None:
        return None
    when = civil(start)
    hour, minute, second = (int(found[n] or 0) for n in (1, 2, 3))
    at = _checked(when.year, when.month, when.day, hour, minute, second)
    return None if at is None else (at, found.end())


def _relative(text: str, start: int) -> tuple[int, int] | None:
    found = _RELATIVE.match(text)
    if found is None:
        return None
    named = {"next": 1, "last": -1, "a": 1, "an": 1}
    count = named.get(found[1] or "a") or int(found[1] or 1)
    if found[3]:
        count = -count
    if found[2] in _SECONDS:
        return start + count * _SECONDS[found[2]] * SECOND, found.end()
    when = civil(start)
    months = when.year * 12 + when.month - 1 + count * (12 if found[2] == "year" else 1)
    seconds = (start // SECOND) % DAY
    moved = moment(months // 12, months % 12 + 1, 1, seconds) + (when.day - 1) * DAY * SECOND
    return moved + when.nanosecond, found.end()


def parse_stamp(text: str, now_ns: int) -> int | None:
    """`[[CC]YY]MMDDhhmm[.ss]` of touch -t."""
    found = re.fullmatch(r"(\d\d)?(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?", text)
    if found is None:
        return None
    century, year = found[1], found[2]
    if year is None:
        century, year = None, century
    if year is None:
        full = civil(now_ns).year
    elif century is None:
        full = int(year) + (2000 if int(year) < 69 else 1900)
    else:
        full = int(century + year)
    month, day, hour, minute = (int(found[n]) for n in (3, 4, 5, 6))
    return _checked(full, month, day, hour, minute, int(found[7] or 0))
