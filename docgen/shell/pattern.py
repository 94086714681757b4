"""Shell patterns: `*`, `?`, `[…]` (XCU 2.13), in linear or bounded polynomial time.

A pattern is given as chunks (text, quoted); quoted characters stand for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

Chunk = tuple[str, bool]
_STAR = "*"
_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r" \t\n\r\f\v",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}
_CLASS = re.compile(r"\[:([a-z]+):\]")


def has_magic(chunks: Iterable[Chunk]) -> bool:
    """Could these be a pattern at all? A `[` that nothing closes is none: the command `[`."""
    opened = False
    for text, quoted in chunks:
        if not quoted and ("*" in text or "?" in text):
            return True
        opened = opened or (not quoted and "[" in text)
        if opened and "]" in text:
            return True
    return False


def as_bytes(text: str) -> str:
    """The shells match bytes, in the C locale: one character for each byte."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("latin-1")


def as_text(letters: str) -> str:
    """Back from `as_bytes`."""
    if letters.isascii():
        return letters
    return letters.encode("latin-1").decode("utf-8", "surrogateescape")


class Pattern:
    """A compiled pattern. `tokens` are regular expressions for one byte each, or a star."""

    __slots__ = ("_tokens", "_whole")

    def __init__(self, chunks: Iterable[Chunk], caret: bool = True) -> None:
        """`caret`: `[^a]` means the same as `[!a]` (not in dash)."""
        self._tokens = _tokens(chunks, caret)
        self._whole: re.Pattern[str] | None = None

    def matches(self, text: str) -> bool:
        """Does it match all of `text`?"""
        if self._whole is None:
            self._whole = re.compile(_regular(self._tokens), re.DOTALL)
        return self._whole.fullmatch(as_bytes(text)) is not None

    @property
    def matches_dot(self) -> bool:
        """Does it begin with a literal period? Only then it matches hidden names."""
        return bool(self._tokens) and self._tokens[0] == re.escape(".")

    def without_prefix(self, text: str, *, longest: bool, spend: Callable[[int], None]) -> str:
        """`${x#…}`: without the shortest or longest matching beginning."""
        letters = as_bytes(text)
        length = _prefix(self._tokens, letters, longest=longest, spend=spend)
        return text if length is None else as_text(letters[length:])

    def without_suffix(self, text: str, *, longest: bool, spend: Callable[[int], None]) -> str:
        """`${x%…}`: without the shortest or longest matching end."""
        letters = as_bytes(text)
        length = _prefix(self._tokens[::-1], letters[::-1], longest=longest, spend=spend)
        return text if length is None else as_text(letters[: len(letters) - length])


def _regular(tokens: Sequence[str]) -> str:
    """Stars become lazy runs in atomic groups: settled at the first fit, nothing backtracks."""
    runs: list[str] = [""]
    for token in tokens:
        if token == _STAR:
            runs.append("")
        else:
            runs[-1] += token
    if len(runs) == 1:
        return runs[0]
    middle = "".join(f"(?>.*?{run})" for run in runs[1:-1] if run)
    return f"{runs[0]}{middle}.*{runs[-1]}"


def _prefix(
    tokens: Sequence[str], text: str, *, longest: bool, spend: Callable[[int], None]
) -> int | None:
    """All states of the pattern at once, character by character."""
    single = [None if token == _STAR else re.compile(token, re.DOTALL) for token in tokens]
    end = len(tokens)
    states = _closure({0}, tokens)
    found: int | None = 0 if end in states else None
    if found is not None and not longest:
        return 0
    for at, letter in enumerate(text):
        spend(len(states))
        following: set[int] = set()
        for state in states:
            if state == end:
                continue
            matcher = single[state]
            if matcher is None:
                following.add(state)
            elif matcher.match(letter):
                following.add(state + 1)
        if not following:
            break
        states = _closure(following, tokens)
        if end in states:
            found = at + 1
            if not longest:
                break
    return found


def _closure(states: set[int], tokens: Sequence[str]) -> set[int]:
    closed: set[int] = set()
    for state in states:
        at = state
        closed.add(at)
        while at < len(tokens) and tokens[at] == _STAR:
            at += 1
            closed.add(at)
    return closed


def _tokens(chunks: Iterable[Chunk], caret: bool) -> list[str]:
    letters = [(letter, quoted) for text, quoted in chunks for letter in as_bytes(text)]
    tokens: list[str] = []
    at = 0
    while at < len(letters):
        letter, quoted = letters[at]
        at += 1
        if quoted:
            tokens.append(re.escape(letter))
        elif letter == "*":
            if not tokens or tokens[-1] != _STAR:
                tokens.append(_STAR)
        elif letter == "?":
            tokens.append(".")
        elif letter == "\\" and at < len(letters):
            tokens.append(re.escape(letters[at][0]))
            at += 1
        elif letter == "[":
            fragment, at = _bracket(letters, at, caret)
            tokens.append(fragment)
        else:
            tokens.append(re.escape(letter))
    return tokens


def _bracket(letters: Sequence[Chunk], start: int, caret: bool) -> tuple[str, int]:
    """`[…]` from behind its `[`: a fragment, and where it goes on; without `]` a literal `[`."""
    at = start
    signs = (("!", False), ("^", False)) if caret else (("!", False),)
    negated = at < len(letters) and letters[at] in signs
    at += negated
    members: list[str] = []
    first = True
    while at < len(letters):
        letter, quoted = letters[at]
        if letter == "]" and not quoted and not first:
            return _set(members, negated), at + 1
        first = False
        named = (
            _CLASS.match("".join(one for one, _ in letters[at : at + 12]))
            if letter == "["
            else None
        )
        if named and named[1] in _CLASSES:
            members.append(_CLASSES[named[1]])
            at += named.end()
            continue
        if letter == "\\" and not quoted and at + 1 < len(letters):
            at += 1
            letter = letters[at][0]
        at += 1
        if _is_range(letters, at):
            last = letters[at + 1][0]
            members.append(f"{re.escape(letter)}-{re.escape(last)}" if letter <= last else "")
            at += 2
        else:
            members.append(re.escape(letter))
    return re.escape("["), start


def _is_range(letters: Sequence[Chunk], at: int) -> bool:
    return at + 1 < len(letters) and letters[at] == ("-", False) and letters[at + 1] != ("]", False)


def _set(members: Sequence[str], negated: bool) -> str:
    inside = "".join(members)
    if not inside:
        return "." if negated else r"(?!)"
    return f"[{'^' if negated else ''}{inside}]"
