"""`.dockerignore`: which files of the context are not sent (moby/patternmatcher)."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
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
                at + 1 for at in reachable if at < len(parts) and match_name(word, parts[at])
            }
    return len(parts) in reachable


def match_name(pattern: str, name: str) -> bool:
    """Go's filepath.Match for one name: `*`, `?`, `[a-z]`, a backslash before a character.

    Only the last star is ever tried again, so the time is at most the product of the lengths.
    """
    at = star_at = name_at = mark = 0
    has_star = False
    while name_at < len(name):
        if at < len(pattern) and pattern[at] == "*":
            has_star, star_at, mark = True, at, name_at
            at += 1
            continue
        width = _one(pattern, at, name[name_at]) if at < len(pattern) else 0
        if width:
            at += width
            name_at += 1
        elif has_star:
            mark += 1
            at, name_at = star_at + 1, mark
        else:
            return False
    return pattern[at:].strip("*") == ""


def _one(pattern: str, at: int, char: str) -> int:
    """Characters of the pattern that stand for `char`; 0 where they do not."""
    match pattern[at]:
        case "?":
            return 1
        case "[":
            return _class(pattern, at, char)
        case "\\" if at + 1 < len(pattern):
            return 2 if pattern[at + 1] == char else 0
        case literal:
            return 1 if literal == char else 0


def _class(pattern: str, at: int, char: str) -> int:
    end = pattern.find("]", at + 2)
    if end < 0:
        return 0
    inner = pattern[at + 1 : end]
    negated = inner.startswith("^")
    inner = inner.removeprefix("^")
    found, index = False, 0
    while index < len(inner):
        if inner[index + 1 : index + 2] == "-" and index + 2 < len(inner):
            found = found or inner[index] <= char <= inner[index + 2]
            index += 3
        else:
            found = found or inner[index] == char
            index += 1
    return end - at + 1 if found != negated else 0


def has_wildcards(path: str) -> bool:
    return any(char in path for char in "*?[\\")
