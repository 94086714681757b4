"""A lazily built deterministic automaton: one table look-up per byte, whatever the expression."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from docgen.shell.applets.regex.charset import WORD, byte_mask
from docgen.shell.applets.regex.nodes import Look
from docgen.shell.applets.regex.program import Accept, Check, Consume, Instruction, Jump, Split

EDGE: Final = 256
"""The symbol that stands behind the last byte."""
_UNKNOWN: Final = -1
_STATES_KEPT: Final = 1_000
_WORD_MASK: Final = byte_mask(WORD)


class Beside(IntEnum):
    """What stands beside a place: the end of the text, or a kind of byte."""

    EDGE = 0
    NEWLINE = 1
    WORD = 2
    OTHER = 3


def beside(symbol: int) -> Beside:
    if symbol == EDGE:
        return Beside.EDGE
    if symbol == 10:
        return Beside.NEWLINE
    return Beside.WORD if _WORD_MASK >> symbol & 1 else Beside.OTHER


def holds(look: Look, before: Beside, after: Beside, multiline: bool) -> bool:
    """Whether a condition is met between two neighbours."""
    match look:
        case Look.LINE_START:
            return before is Beside.EDGE or (multiline and before is Beside.NEWLINE)
        case Look.LINE_END:
            return after is Beside.EDGE or (multiline and after is Beside.NEWLINE)
        case Look.BUFFER_START:
            return before is Beside.EDGE
        case Look.BUFFER_END:
            return after is Beside.EDGE
        case Look.WORD_START:
            return before is not Beside.WORD and after is Beside.WORD
        case Look.WORD_END:
            return before is Beside.WORD and after is not Beside.WORD
        case Look.BOUNDARY:
            return (before is Beside.WORD) is not (after is Beside.WORD)
        case Look.NOT_BOUNDARY:
            return (before is Beside.WORD) is (after is Beside.WORD)


class Automaton:
    """Runs one program. A transition is `2 * state + met`: `met` tells that the expression is
    matched in front of the symbol. State 0 is dead."""

    def __init__(self, program: tuple[Instruction, ...], multiline: bool) -> None:
        self._program = program
        self._multiline = multiline
        self._forget()

    def _forget(self) -> None:
        self._numbers: dict[tuple[frozenset[int], Beside], int] = {}
        self._states: list[tuple[frozenset[int], Beside]] = []
        self.table: list[list[int]] = []
        self._number(frozenset(), Beside.EDGE)

    def start(self, before: int) -> int:
        """The state in front of the first byte; `before` is the byte beside it, or EDGE."""
        if len(self.table) > _STATES_KEPT:
            self._forget()
        return self._number(frozenset((0,)), beside(before))

    def step(self, state: int, symbol: int) -> int:
        """Fills in one transition that the table does not have yet."""
        kernel, before = self._states[state]
        after = beside(symbol)
        met, targets = False, set()
        for at in self._closure(kernel, before, after):
            instruction = self._program[at]
            if isinstance(instruction, Accept):
                met = True
            elif isinstance(instruction, Consume) and instruction.mask >> symbol & 1:
                targets.add(at + 1)
        following = self._number(frozenset(targets), after) if targets else 0
        code = 2 * following + met
        self.table[state][symbol] = code
        return code

    def _number(self, kernel: frozenset[int], before: Beside) -> int:
        key = (kernel, before)
        number = self._numbers.get(key)
        if number is None:
            number = len(self.table)
            self._numbers[key] = number
            self._states.append(key)
            self.table.append([_UNKNOWN] * (EDGE + 1))
        return number

    def _closure(self, kernel: frozenset[int], before: Beside, after: Beside) -> set[int]:
        """All instructions that are reached without reading a byte."""
        seen: set[int] = set()
        pending = list(kernel)
        while pending:
            at = pending.pop()
            if at in seen:
                continue
            seen.add(at)
            match self._program[at]:
                case Split(first, second):
                    pending += (first, second)
                case Jump(to):
                    pending.append(to)
                case Check(look):
                    if holds(look, before, after, self._multiline):
                        pending.append(at + 1)
                case Consume() | Accept():
                    pass
                case _:
                    pending.append(at + 1)
        return seen
