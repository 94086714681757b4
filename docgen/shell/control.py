"""How control leaves a command before its end."""

from __future__ import annotations

from enum import Enum


class Loop(Enum):
    BREAK = "break"
    CONTINUE = "continue"


class LeaveLoop(Exception):  # noqa: N818 - control flow
    """`break n`, `continue n`: to the n-th loop around."""

    def __init__(self, how: Loop, levels: int) -> None:
        super().__init__(how, levels)
        self.how = how
        self.levels = levels


class Return(Exception):  # noqa: N818 - control flow
    """`return`: from a function or a `.` script."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Exit(Exception):  # noqa: N818 - control flow
    """`exit`, `set -e`, or a program that took the shell's place."""

    def __init__(self, status: int, *, replaced: bool = False) -> None:
        super().__init__(status)
        self.status = status
        self.replaced = replaced
        """Another program ran in this process: no EXIT trap."""
