"""Which part of a match each group took: greedy, the first alternative that leads to the match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.diagnostics import LimitExceeded
from docgen.shell.applets.regex.automaton import EDGE, Beside, beside, holds
from docgen.shell.applets.regex.program import Accept, Check, Consume, Jump, Save, Split

if TYPE_CHECKING:
    from docgen.shell.applets.regex.match import Regex

_Slots = tuple[int, ...]
_Thread = tuple[int, int, _Slots]
"""Instruction, place in the text, slots."""


def captures(
    regex: Regex, text: bytes, span: tuple[int, int], fuel: int
) -> tuple[int, list[tuple[int, int] | None]]:
    """Steps taken, and the span of every group. A pair of instruction and place is tried once, so
    the work is bounded by their product."""
    start, end = span
    pending: list[_Thread] = [(0, start, (-1,) * (2 * regex.groups + 2))]
    tried: set[tuple[int, int]] = set()
    while pending:
        at, place, slots = pending.pop()
        if (at, place) in tried:
            continue
        tried.add((at, place))
        if len(tried) > fuel:
            raise LimitExceeded(
                "a regular expression with groups over so long a text", "match a shorter text"
            )
        if place == end and isinstance(regex.program[at], Accept):
            return len(tried), [span, *_spans(slots)]
        pending += _onwards(regex, text, (at, place, slots), end)
    raise AssertionError("the span is not a match of the expression")


def _onwards(regex: Regex, text: bytes, thread: _Thread, end: int) -> tuple[_Thread, ...]:
    """Where one thread goes on; the last one is tried first."""
    at, place, slots = thread
    match regex.program[at]:
        case Accept():
            return ()
        case Consume(mask):
            taken = place < end and mask >> text[place] & 1
            return ((at + 1, place + 1, slots),) if taken else ()
        case Split(first, second):
            return (second, place, slots), (first, place, slots)
        case Jump(to):
            return ((to, place, slots),)
        case Save(slot):
            return ((at + 1, place, (*slots[:slot], place, *slots[slot + 1 :])),)
        case Check(look):
            met = holds(look, *_neighbours(text, place), regex.multiline)
            return ((at + 1, place, slots),) if met else ()


def _neighbours(text: bytes, place: int) -> tuple[Beside, Beside]:
    before = text[place - 1] if place else EDGE
    after = text[place] if place < len(text) else EDGE
    return beside(before), beside(after)


def _spans(slots: _Slots) -> list[tuple[int, int] | None]:
    pairs = zip(slots[2::2], slots[3::2], strict=True)
    return [pair if pair[1] >= 0 else None for pair in pairs]
