"""Field splitting (XCU 2.6.5) as pieces of a word arrive, and pathname expansion of the fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from docgen.fs.errors import FsError
from docgen.fs.view import View
from docgen.shell.pattern import Chunk, Pattern, has_magic

DEFAULT_IFS = " \t\n"
Field = list[Chunk]
"""Chunks (text, quoted); quoted characters are no pattern."""


NAMES_A_TICK = 16
"""Names of a directory that are compared for the price of one tick."""


def _free(_: int) -> None:
    """Nobody counts."""


@lru_cache(maxsize=64)
def _splitter(ifs: str) -> re.Pattern[str]:
    """Groups: IFS white space, one other IFS character, a run of ordinary characters."""
    white = re.escape("".join(letter for letter in ifs if letter in DEFAULT_IFS))
    hard = re.escape("".join(letter for letter in ifs if letter not in DEFAULT_IFS))
    return re.compile(
        f"([{white}]+)|([{hard}])|([^{white}{hard}]+)"
        if white and hard
        else f"([{white}]+)|((?!))|([^{white}]+)"
        if white
        else f"((?!))|([{hard}])|([^{hard}]+)"
    )


class Fields:
    """Collects the fields of one word."""

    def __init__(self, ifs: str) -> None:
        self._ifs = ifs
        self._field: Field | None = None
        self._after_delimiter = True
        """A further IFS character that is no white space makes an empty field."""
        self.done: list[Field] = []

    def add(self, text: str, *, quoted: bool) -> None:
        """Characters that are not split; a quoted empty text still makes a field."""
        if self._field is None:
            if not text and not quoted:
                return
            self._field = []
        self._field.append((text, quoted))

    def split(self, text: str) -> None:
        """The outcome of an unquoted expansion."""
        if not self._ifs:
            self.add(text, quoted=False)
            return
        self._after_delimiter = True  # each expansion is split by itself, as both shells do
        for white, hard, other in _splitter(self._ifs).findall(text):
            if other:
                self.add(other, quoted=False)
            elif white:
                if self._field is not None:
                    self._close(after_delimiter=False)
            elif self._field is not None:
                self._close(after_delimiter=True)
            elif self._after_delimiter:
                self.done.append([])
            else:
                self._after_delimiter = True
            del hard

    def separate(self, *, quoted: bool) -> None:
        """Between two positional parameters of $@."""
        if self._field is not None or quoted:
            self._field = self._field or []
            self._close(after_delimiter=False)

    def _close(self, *, after_delimiter: bool) -> None:
        assert self._field is not None
        self.done.append(self._field)
        self._field = None
        self._after_delimiter = after_delimiter

    def finish(self) -> list[Field]:
        if self._field is not None:
            self._close(after_delimiter=False)
        return self.done


def text_of(field: Field) -> str:
    """Quote removal."""
    return field[0][0] if len(field) == 1 else "".join(text for text, _ in field)


def pathnames(
    view: View, field: Field, caret: bool = True, spend: Callable[[int], None] = _free
) -> list[str]:
    """Pathname expansion: the matching paths, sorted by bytes; the text itself without a match.

    `spend` is told what it costs, in ticks.
    """
    if not has_magic(field):
        return [text_of(field)]
    found = [""]
    for part in _components(field):
        if not found:
            break
        found = _step(view, found, part, caret, spend)
    found.sort(key=lambda path: path.encode("utf-8", "surrogateescape"))
    return found or [text_of(field)]


def _components(field: Field) -> list[Field]:
    """Split at slashes; each run of slashes is a component of its own."""
    parts: list[Field] = []
    for text, quoted in field:
        for piece in re.findall(r"/+|[^/]+", text):
            slash = piece[0] == "/"
            if not parts or slash or parts[-1][0][0].startswith("/"):
                parts.append([])
            parts[-1].append((piece, quoted))
    return parts


def _step(
    view: View, bases: list[str], part: Field, caret: bool, spend: Callable[[int], None]
) -> list[str]:
    if not has_magic(part):
        name = text_of(part)
        spend(len(bases))
        return [base + name for base in bases if _exists(view, base + name)]
    pattern = Pattern(part, caret)
    found: list[str] = []
    for base in bases:
        names = _names(view, base or ".")
        spend(1 + len(names) // NAMES_A_TICK)
        if pattern.matches_dot:
            names = [".", "..", *names]
        found += [
            base + name
            for name in names
            if (pattern.matches_dot or not name.startswith(".")) and pattern.matches(name)
        ]
    return found


def _exists(view: View, path: str) -> bool:
    try:
        view.stat(path, follow=path.endswith("/"))
    except FsError:
        return False
    return True


def _names(view: View, directory: str) -> list[str]:
    try:
        return list(view.listdir(directory))
    except FsError:
        return []
