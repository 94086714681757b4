"""What differs from run to run, made equal: ids become ID1, ID2 … in order, times become words."""

from __future__ import annotations

import re

_ID = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{12})\b")
_MOMENT = re.compile(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?")
_AGO = re.compile(
    r"(?:Less than a second|About a minute|About an hour|\d+ (?:second|minute|hour|day|week|month|"
    r"year)s?)(?: ago)? *"
)
_BLANKS = re.compile(r" {2,}")


class Mask:
    """One for each side of a comparison; the same id stays the same."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        text = _ID.sub(self._name, text)
        text = _AGO.sub("AGO ", _MOMENT.sub("TIME", text))
        return _BLANKS.sub("  ", text)

    def _name(self, match: re.Match[str]) -> str:
        return self._names.setdefault(match[0][:12], f"ID{len(self._names) + 1}")
