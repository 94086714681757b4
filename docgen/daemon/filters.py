"""`--filter`: which keys a request takes, and how their values are compared (moby
api/types/filters)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from docgen.daemon.duration import parse_duration
from docgen.daemon.errors import invalid
from docgen.daemon.model import Filters
from docgen.diagnostics import NotSimulated
from docgen.oci.gojson import time_ns

_TRUE: Final = frozenset({"1", "true"})
_FALSE: Final = frozenset({"0", "false"})
_ATOM: Final = r"(?:[A-Za-z0-9_./:@ -]|\[\^?[A-Za-z0-9_.-]{1,40}\])"
_SIMPLE: Final = re.compile(rf"\^?(?:{_ATOM}[*+?]?)*\$?(?:\|\^?(?:{_ATOM}[*+?]?)*\$?){{0,9}}")
"""What means the same to Go and to Python, and cannot take long in either."""
_REPEATED: Final = re.compile(r"[*+?]")
_MOST_REPEATED: Final = 2


def check_keys(filters: Filters, known: Iterable[str]) -> None:
    """Raises INVALID `invalid filter 'KEY'`."""
    allowed = frozenset(known)
    for key in filters:
        if key not in allowed:
            raise invalid(f"invalid filter '{key}'")


def flag(filters: Filters, key: str) -> bool | None:
    """A boolean filter; None where it is not given. Raises INVALID for another value."""
    values = filters.get(key, ())
    if not values:
        return None
    if len(values) == 1 and values[0] in _TRUE:
        return True
    if len(values) == 1 and values[0] in _FALSE:
        return False
    raise invalid(f"invalid filter '{key}=[{' '.join(values)}]'")


def dangling_only(filters: Filters) -> bool:
    """The `dangling` filter of an image prune; default true."""
    return flag(filters, "dangling") is not False


def until_ns(filters: Filters, now_ns: int) -> int | None:
    """`until=24h`, `until=2026-01-01T00:00:00Z`, `until=<seconds>`: nothing younger is taken."""
    values = filters.get("until", ())
    if not values:
        return None
    if len(values) > 1:
        raise invalid("more than one until filter specified")
    text = values[0]
    duration = _duration(text)
    if duration is not None:
        return now_ns - duration
    if text.isdecimal():
        return int(text[:12]) * 10**9
    try:
        return time_ns(text)
    except ValueError as error:
        raise invalid(
            f'parsing time "{text}" as "2006-01-02": cannot parse "{text}" as "2006"'
        ) from error


def _duration(text: str) -> int | None:
    try:
        return parse_duration(text)
    except ValueError:
        return None


def label_matches(filters: Filters, labels: Mapping[str, str]) -> bool:
    """All of `label`, none of `label!`."""
    wanted = all(_has(labels, one) for one in filters.get("label", ()))
    return wanted and not any(_has(labels, one) for one in filters.get("label!", ()))


def _has(labels: Mapping[str, str], text: str) -> bool:
    key, equals, value = text.partition("=")
    return key in labels and (not equals or labels[key] == value)


def matches(filters: Filters, key: str, *texts: str) -> bool:
    """A value, a regular expression, is found in one of the texts."""
    values = filters.get(key, ())
    return not values or any(_found(value, text) for value in values for text in texts)


def _found(pattern: str, text: str) -> bool:
    if not _SIMPLE.fullmatch(pattern) or len(_REPEATED.findall(pattern)) > _MOST_REPEATED:
        raise NotSimulated(
            f"the regular expression {pattern} in a filter",
            "use letters, [classes], dots, ^ and $, and at most two repetitions",
        )
    return re.search(pattern, text) is not None
