"""A syntax tree as a list of instructions for the automaton (Thompson's construction)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, assert_never

from docgen.diagnostics import LimitExceeded
from docgen.frozen import frozen
from docgen.shell.applets.regex.nodes import (
    Alternate,
    Assertion,
    Bytes,
    Concat,
    Group,
    Look,
    Node,
    Repeat,
)

STATES: Final = 20_000
"""Instructions of one expression."""


@frozen
class Consume:
    mask: int


@dataclass(slots=True)
class Split:
    """Goes on at `first`, or where that fails at `second`."""

    first: int
    second: int


@dataclass(slots=True)
class Jump:
    to: int


@frozen
class Save:
    slot: int


@frozen
class Check:
    look: Look


@frozen
class Accept:
    pass


Instruction = Consume | Split | Jump | Save | Check | Accept


def compile_program(node: Node) -> tuple[Instruction, ...]:
    """Instructions that start at 0 and end with Accept."""
    code: list[Instruction] = []
    _emit(node, code)
    code.append(Accept())
    return tuple(code)


def _emit(node: Node, code: list[Instruction]) -> None:
    if len(code) > STATES:
        raise LimitExceeded(
            f"a regular expression that expands to more than {STATES} states",
            "use smaller repetition counts",
        )
    match node:
        case Bytes(mask):
            code.append(Consume(mask))
        case Concat(parts):
            for part in parts:
                _emit(part, code)
        case Alternate(parts):
            _emit_alternate(parts, code)
        case Repeat(body, least, most):
            _emit_repeat(body, least, most, code)
        case Group(number, body):
            code.append(Save(2 * number))
            _emit(body, code)
            code.append(Save(2 * number + 1))
        case Assertion(look):
            code.append(Check(look))
        case _:
            assert_never(node)


def _emit_alternate(parts: tuple[Node, ...], code: list[Instruction]) -> None:
    jumps = []
    for part in parts[:-1]:
        split = Split(len(code) + 1, 0)
        code.append(split)
        _emit(part, code)
        jump = Jump(0)
        jumps.append(jump)
        code.append(jump)
        split.second = len(code)
    _emit(parts[-1], code)
    for jump in jumps:
        jump.to = len(code)


def _emit_repeat(body: Node, least: int, most: int | None, code: list[Instruction]) -> None:
    for _ in range(least):
        _emit(body, code)
    if most is None:
        split = Split(len(code) + 1, 0)
        code.append(split)
        start = len(code) - 1
        _emit(body, code)
        code.append(Jump(start))
        split.second = len(code)
        return
    splits = []
    for _ in range(most - least):
        split = Split(len(code) + 1, 0)
        splits.append(split)
        code.append(split)
        _emit(body, code)
    for split in splits:
        split.second = len(code)
