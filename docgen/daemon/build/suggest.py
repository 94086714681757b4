"""`(did you mean …?)` (BuildKit util/suggest)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_TOO_FAR: Final = 3
_LONGEST: Final = 100


def closest(word: str, options: Iterable[str]) -> str:
    """The first option at the smallest edit distance below three; '' without one, or where the word
    is an option itself."""
    found, best = "", _TOO_FAR
    for option in options:
        if option == word:
            return ""
        far = _distance(word, option)
        if far < best:
            found, best = option, far
    return found


def _distance(one: str, two: str) -> int:
    """Levenshtein's."""
    if abs(len(one) - len(two)) >= _TOO_FAR or len(one) > _LONGEST:
        return _TOO_FAR
    row = list(range(len(two) + 1))
    for index, letter in enumerate(one, 1):
        diagonal, row[0] = row[0], index
        for column, other in enumerate(two, 1):
            diagonal, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, diagonal + (letter != other)),
            )
    return row[-1]
