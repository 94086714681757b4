"""Promised output against actual output.

`...` alone on a line stands for any lines, `[..]` for any text within a line; a literal match
comes first; blanks at the end of a line and blank lines at the end of the output do not count.
Wildcards never become regular expressions: a line is matched by finding its literal parts from
left to right, an output by moving a set of positions over its lines, so time grows with the size
of both and not faster.
"""

from __future__ import annotations

from collections.abc import Sequence

from docgen.diagnostics import LimitExceeded
from docgen.page.safety import is_unsafe_character

ANY_LINES = "..."
ANY_TEXT = "[..]"
TESTS = 1_000_000
"""Distinct lines with `[..]` times distinct lines of output that are compared at most."""
ALIGNED = 250_000
"""Promised times actual lines up to which `update` looks for the smallest edit."""


def output_lines(output: str) -> list[str]:
    """The lines of an output, without blanks at their ends and without blank lines at its end."""
    lines = [line.rstrip() for line in output.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _patterns(promised: Sequence[str]) -> list[str]:
    """The lines of a promise; one `...` after another adds nothing."""
    lines = output_lines("\n".join(promised))
    return [
        line for at, line in enumerate(lines) if at == 0 or not line == ANY_LINES == lines[at - 1]
    ]


def match_line(pattern: str, line: str) -> bool:
    """One promised line (not `...`) against one line of output."""
    pattern, line = pattern.rstrip(), line.rstrip()
    if pattern == line:
        return True
    first, *rest = pattern.split(ANY_TEXT)
    if not rest or not line.startswith(first):
        return False
    *middle, last = rest
    here = len(first)
    for part in middle:
        here = line.find(part, here)
        if here < 0:
            return False
        here += len(part)
    return len(line) - len(last) >= here and line.endswith(last)


def match(promised: Sequence[str], output: str) -> bool:
    """Does the output keep the promise? Raises LimitExceeded for far too many wildcards."""
    patterns = _patterns(promised)
    actual = output_lines(output)
    if patterns == actual:
        return True
    fixed = [pattern for pattern in patterns if pattern != ANY_LINES]
    if len(fixed) > len(actual) or (len(fixed) == len(patterns) and len(fixed) < len(actual)):
        return False
    takes = _Takes(patterns, actual)
    reached = takes.closure(1)
    for line in actual:
        taken = takes.of(line)
        reached = takes.closure(((reached & taken) << 1) | (reached & takes.stars))
        if not reached:
            return False
    return bool(reached >> len(patterns) & 1)


class _Takes:
    """Which promised lines take a given line, as a set of bits; position n is 'n promised lines are
    used up'.
    """

    def __init__(self, patterns: Sequence[str], actual: Sequence[str]) -> None:
        self._literal: dict[str, int] = {}
        self._wild: dict[str, int] = {}
        self._known: dict[str, int] = {}
        self.stars = 0
        for position, pattern in enumerate(patterns):
            if pattern == ANY_LINES:
                self.stars |= 1 << position
            group = self._wild if ANY_TEXT in pattern else self._literal
            group[pattern] = group.get(pattern, 0) | 1 << position
        if len(self._wild) * len(set(actual)) > TESTS:
            raise LimitExceeded(
                f"{len(self._wild)} different promised lines with {ANY_TEXT} over so much output",
                f"promise fewer lines, with {ANY_LINES} for the others",
            )

    def of(self, line: str) -> int:
        known = self._known.get(line)
        if known is None:
            known = self._literal.get(line, 0)
            for pattern, positions in self._wild.items():
                if match_line(pattern, line):
                    known |= positions
            self._known[line] = known
        return known

    def closure(self, reached: int) -> int:
        """`...` may also stand for no line at all."""
        return reached | ((reached & self.stars) << 1)


def rewrite(promised: Sequence[str], output: str) -> tuple[str, ...]:
    """Promised lines that the output keeps: as many of the author's own lines as still match, and
    no more.

    The smallest edit by line; where a line is changed, the actual text stands. The result always
    matches, and rewriting it again changes nothing.
    """
    if match(promised, output):
        return tuple(promised)
    actual = [safe_line(line) for line in output_lines(output)]
    patterns = _patterns(promised)
    if not patterns or len(patterns) * len(actual) > ALIGNED:
        return tuple(actual)
    return tuple(_aligned(patterns, actual, output_lines(output)))


def safe_line(line: str) -> str:
    """A line as it can stand in a page: what would be read as something else, or not at all,
    becomes `[..]`.
    """
    if line.startswith(("$ ", "> ")) or line in ("$", ">"):
        line = ANY_TEXT + line
    parts: list[str] = []
    for character in line:
        if not is_unsafe_character(character):
            parts.append(character)
        elif not parts or parts[-1] != ANY_TEXT:
            parts.append(ANY_TEXT)
    return "".join(parts)


def _aligned(patterns: Sequence[str], shown: Sequence[str], actual: Sequence[str]) -> list[str]:
    """Edit distance over lines, `...` taking any number of them for nothing; ties prefer a changed
    line.
    """
    rows, columns = len(patterns), len(actual)
    cost = [[0] * (columns + 1) for _ in range(rows + 1)]
    matches = [
        [pattern != ANY_LINES and match_line(pattern, line) for line in actual]
        for pattern in patterns
    ]
    for i in range(rows, -1, -1):
        for j in range(columns, -1, -1):
            cost[i][j] = _cheapest(cost, patterns, matches, i, j)
    kept: list[str] = []
    i = j = 0
    while i < rows or j < columns:
        step = cost[i][j]
        if i < rows and patterns[i] == ANY_LINES and step == cost[i + 1][j]:
            kept.append(ANY_LINES)
            i += 1
        elif i < rows and j < columns and patterns[i] == ANY_LINES and step == cost[i][j + 1]:
            j += 1
        elif i < rows and j < columns and matches[i][j] and step == cost[i + 1][j + 1]:
            kept.append(patterns[i])
            i, j = i + 1, j + 1
        elif (
            i < rows
            and j < columns
            and patterns[i] != ANY_LINES
            and step == cost[i + 1][j + 1] + CHANGE
        ):
            kept.append(shown[j])
            i, j = i + 1, j + 1
        elif j < columns and step == cost[i][j + 1] + INSERT:
            kept.append(shown[j])
            j += 1
        else:
            i += 1
    return kept


CHANGE, INSERT, REMOVE = 2, 2, 3
"""A change is cheaper than letting `...` swallow the new line and removing the old one."""


def _cheapest(
    cost: Sequence[Sequence[int]],
    patterns: Sequence[str],
    matches: Sequence[Sequence[bool]],
    i: int,
    j: int,
) -> int:
    rows, columns = len(patterns), len(cost[0]) - 1
    if i == rows and j == columns:
        return 0
    choices: list[int] = []
    if i < rows and patterns[i] == ANY_LINES:
        choices.append(cost[i + 1][j])
        if j < columns:
            choices.append(cost[i][j + 1])
    elif i < rows:
        choices.append(cost[i + 1][j] + REMOVE)
        if j < columns:
            choices.append(cost[i + 1][j + 1] + (0 if matches[i][j] else CHANGE))
    if j < columns:
        choices.append(cost[i][j + 1] + INSERT)
    return min(choices)
