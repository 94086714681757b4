"""Points in time as docker prints them; the host's zone is UTC."""

from __future__ import annotations

from datetime import UTC, datetime

from docgen.shell.docker.units import SECOND_NS, human_duration


def ago(then_ns: int, now_ns: int) -> str:
    """`2 minutes ago`; docker counts from the whole second that the API gives."""
    whole = then_ns // SECOND_NS * SECOND_NS
    return human_duration(now_ns - whole) + " ago"


def stamp(ns: int) -> str:
    """Go's time.String() of a whole second: `2026-01-01 00:00:05 +0000 UTC`."""
    return f"{_utc(ns):%Y-%m-%d %H:%M:%S} +0000 UTC"


def rfc3339(ns: int) -> str:
    """`2026-01-01T00:00:05Z`"""
    return f"{_utc(ns):%Y-%m-%dT%H:%M:%SZ}"


def rfc3339_nano(ns: int) -> str:
    """Nine digits, as the log has them: `2026-01-01T00:00:05.000001000Z`."""
    return f"{_utc(ns):%Y-%m-%dT%H:%M:%S}.{ns % SECOND_NS:09d}Z"


def ansic(text: str) -> str:
    """RFC 3339 → `Thu Jan  1 00:00:00 2026`; anything else stays."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{moment:%a %b} {moment.day:2d} {moment:%H:%M:%S %Y}"


def _utc(ns: int) -> datetime:
    return datetime.fromtimestamp(ns // SECOND_NS, UTC)
