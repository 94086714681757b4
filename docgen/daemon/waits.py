"""What a running program can wait for. Programs are generators that yield these; the scheduler
resumes them."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar

from docgen.frozen import frozen

T = TypeVar("T")


@frozen
class Sleep:
    """Resume when virtual time has reached `until_ns` (nanoseconds since the epoch)."""

    until_ns: int


@frozen
class Until:
    """Resume when `ready()` is true, or at `deadline_ns` where one is given."""

    ready: Callable[[], bool]
    deadline_ns: int | None = None


@frozen
class Turn:
    """Give the others a turn; costs one tick."""


Wait = Sleep | Until | Turn
Steps = Generator[Wait, None, T]
"""A piece of program: yields waits, returns a T."""
