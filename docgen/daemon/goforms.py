"""What Go's JSON makes of times, maps and lists that are empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from docgen.oci.gojson import Json, time_text

ZERO_TIME: Final = "0001-01-01T00:00:00Z"

Object = dict[str, Json]


def time_or_zero(moment: int | None) -> str:
    return ZERO_TIME if moment is None else time_text(moment)


def set_or_null(keys: Iterable[str]) -> Json:
    """Go's map[string]struct{}; null when there is none."""
    found: Object = {key: {} for key in sorted(keys)}
    return found or None


def ordered(labels: Mapping[str, str]) -> Object:
    return {key: labels[key] for key in sorted(labels)}


def words_or_null(words: tuple[str, ...] | None) -> Json:
    return None if words is None else list(words)
