"""JSON as Go's encoding/json writes it: what image ids are digests of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]

_ESCAPES: Final = str.maketrans(
    {
        "<": "\\u003c",
        ">": "\\u003e",
        "&": "\\u0026",
        "\u2028": "\\u2028",
        "\u2029": "\\u2029",
    }
)


def encode(value: Json) -> bytes:
    """Compact, in the given key order, with Go's HTML escapes (they can only stand in strings)."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.translate(_ESCAPES).encode("utf-8", "surrogateescape")


def without_empty(value: Mapping[str, Json]) -> dict[str, Json]:
    """Go's `omitempty`: no zero, false, empty string, list or map."""
    return {key: one for key, one in value.items() if one}


def time_text(nanoseconds: int) -> str:
    """RFC 3339 with as many fraction digits as needed: `2026-01-01T00:00:01.5Z`."""
    seconds, fraction = divmod(nanoseconds, 10**9)
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    digits = f"{fraction:09d}".rstrip("0")
    return f"{text}.{digits}Z" if digits else f"{text}Z"


def time_ns(text: str) -> int:
    """The inverse of `time_text`; also takes a numeric zone. Raises ValueError."""
    stem, dot, tail = text.partition(".")
    digits = ""
    if dot:
        digits = tail[: len(tail) - len(tail.lstrip("0123456789"))]
        stem += tail[len(digits) :]
    whole = datetime.fromisoformat(stem.replace("Z", "+00:00"))
    seconds = (whole - datetime(1970, 1, 1, tzinfo=UTC)) // _SECOND
    return seconds * 10**9 + int(digits.ljust(9, "0")[:9] or 0)


_SECOND: Final = datetime(1970, 1, 1, 0, 0, 1) - datetime(1970, 1, 1)
