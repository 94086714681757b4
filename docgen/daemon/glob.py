"""Go's path.Match, for image names and paths: `*` and `?` stop at a slash; `[a-z]`;
backslash escapes."""

from __future__ import annotations

from docgen.frozen import frozen


@frozen
class _Token:
    star: bool = False
    any: bool = False
    ranges: tuple[tuple[str, str], ...] = ()
    negated: bool = False

    def matches(self, letter: str) -> bool:
        if self.any:
            return True
        return any(low <= letter <= high for low, high in self.ranges) is not self.negated


def path_match(pattern: str, name: str) -> bool:
    """False also for a malformed pattern (Docker then finds nothing)."""
    wanted, given = pattern.split("/"), name.split("/")
    return len(wanted) == len(given) and all(map(_segment, wanted, given))


def _segment(pattern: str, name: str) -> bool:
    tokens = _tokens(pattern)
    if tokens is None:
        return False
    at = place = 0
    star = mark = -1
    while place < len(name):
        if at < len(tokens) and tokens[at].star:
            star, mark = at, place
            at += 1
        elif at < len(tokens) and tokens[at].matches(name[place]):
            at, place = at + 1, place + 1
        elif star >= 0:
            mark += 1
            at, place = star + 1, mark
        else:
            return False
    return all(one.star for one in tokens[at:])


def _tokens(pattern: str) -> list[_Token] | None:
    found: list[_Token] = []
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        at += 1
        if letter == "[":
            end = pattern.find("]", at + 1)
            if end < 0:
                return None
            found.append(_bracket(pattern[at:end]))
            at = end + 1
            continue
        if letter == "\\":
            if at >= len(pattern):
                return None
            letter = pattern[at]
            at += 1
        elif letter in "*?":
            found.append(_Token(star=letter == "*", any=letter == "?"))
            continue
        found.append(_Token(ranges=((letter, letter),)))
    return found


def _bracket(body: str) -> _Token:
    negated = body.startswith("^")
    body = body[negated:]
    ranges: list[tuple[str, str]] = []
    at = 0
    while at < len(body):
        if body[at + 1 : at + 2] == "-" and at + 2 < len(body):
            ranges.append((body[at], body[at + 2]))
            at += 3
        else:
            ranges.append((body[at], body[at]))
            at += 1
    return _Token(ranges=tuple(ranges), negated=negated)
