"""The syntax tree of a regular expression over bytes, and what every part of it can be."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from docgen.frozen import frozen

ALL_BYTES: Final = (1 << 256) - 1
"""A set of bytes is an integer whose bit n stands for byte n."""


class Look(Enum):
    """A condition on the place between two bytes."""

    LINE_START = auto()
    LINE_END = auto()
    BUFFER_START = auto()
    BUFFER_END = auto()
    WORD_START = auto()
    WORD_END = auto()
    BOUNDARY = auto()
    NOT_BOUNDARY = auto()


@frozen
class Bytes:
    """One byte out of a set."""

    mask: int


@frozen
class Concat:
    parts: tuple[Node, ...]


@frozen
class Alternate:
    parts: tuple[Node, ...]


@frozen
class Repeat:
    body: Node
    least: int
    most: int | None
    """None: without bound."""


@frozen
class Group:
    number: int
    """From 1, in order of the opening parentheses."""
    body: Node


@frozen
class Assertion:
    look: Look


Node = Bytes | Concat | Alternate | Repeat | Group | Assertion

EMPTY: Final = Concat(())

_MIRRORED: Final = {
    Look.LINE_START: Look.LINE_END,
    Look.LINE_END: Look.LINE_START,
    Look.BUFFER_START: Look.BUFFER_END,
    Look.BUFFER_END: Look.BUFFER_START,
    Look.WORD_START: Look.WORD_END,
    Look.WORD_END: Look.WORD_START,
    Look.BOUNDARY: Look.BOUNDARY,
    Look.NOT_BOUNDARY: Look.NOT_BOUNDARY,
}


def mirrored(node: Node) -> Node:
    """The expression that matches the same text read from its end to its start."""
    match node:
        case Bytes():
            return node
        case Concat(parts):
            return Concat(tuple(mirrored(part) for part in reversed(parts)))
        case Alternate(parts):
            return Alternate(tuple(mirrored(part) for part in parts))
        case Repeat(body, least, most):
            return Repeat(mirrored(body), least, most)
        case Group(_, body):
            return mirrored(body)
        case Assertion(look):
            return Assertion(_MIRRORED[look])


def literal(node: Node) -> bytes | None:
    """The fixed bytes that the expression stands for; None where it is more than that."""
    parts = node.parts if isinstance(node, Concat) else (node,)
    found = bytearray()
    for part in parts:
        if isinstance(part, Concat):
            inner = literal(part)
            if inner is None:
                return None
            found += inner
        elif isinstance(part, Bytes) and part.mask.bit_count() == 1:
            found.append(part.mask.bit_length() - 1)
        else:
            return None
    return bytes(found)
