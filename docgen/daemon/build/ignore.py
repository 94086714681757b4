"""`.dockerignore`: which files of the context are not sent (moby/patternmatcher)."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from docgen.daemon.glob import path_match
from docgen.frozen import frozen


@frozen
class Pattern:
    parts: tuple[str, ...]
    keep: bool
    """A line with `!`: what matches is sent after all."""


def parse_ignore(text: str) -> tuple[Pattern, ...]:
    """Comments and empty lines are left out; `/x` and `x/` are `x`."""
    found = []
    for raw in text.removeprefix("\ufeff").splitlines():
        line = raw.strip()
        if not line or raw.startswith("#"):
            continue
        keep = line.startswith("!")
        line = line.removeprefix("!").strip()
        clean = posixpath.normpath(line).lstrip("/") if line else ""
        if clean and clean != ".":
            found.append(Pattern(tuple(clean.split("/")), keep))
    return tuple(found)


def is_ignored(patterns: Sequence[Pattern], path: str) -> bool:
    """The last pattern that matches the path or a directory above it decides."""
    parts = path.split("/")
    ignored = False
    for pattern in patterns:
        if pattern.keep == ignored and _matches_any(pattern.parts, parts):
            ignored = not pattern.keep
    return ignored


def has_exceptions(patterns: Sequence[Pattern]) -> bool:
    """Something below an ignored directory may be sent after all."""
    return any(pattern.keep for pattern in patterns)


def _matches_any(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    return any(match_parts(pattern, parts[:end]) for end in range(1, len(parts) + 1))


def match_parts(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    """`**` stands for any number of directories; time is the product of the lengths."""
    reachable = {0}
    for word in pattern:
        if word == "**":
            reachable = set(range(min(reachable), len(parts) + 1)) if reachable else set()
        else:
            reachable = {
                at + 1 for at in reachable if at < len(parts) and path_match(word, parts[at])
            }
    return len(parts) in reachable


def has_wildcards(path: str) -> bool:
    return any(char in path for char in "*?[\\")
