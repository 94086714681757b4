"""Where a page's front matter ends."""

from __future__ import annotations

from collections.abc import Sequence

FENCE = "---"


def front_matter_end(lines: Sequence[str]) -> int:
    """The first line after the front matter: 1 where there is none, 0 where it is not closed."""
    if not lines or lines[0].rstrip() != FENCE:
        return 1
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() in (FENCE, "..."):
            return number + 1
    return 0
