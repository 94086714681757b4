"""Virtual time, and the account of a host's literal bytes: what all its file systems share."""

from __future__ import annotations

from typing import Final

from docgen.diagnostics import LimitExceeded
from docgen.limits import LITERAL_BYTES

EPOCH_NS: Final = 1_767_225_600 * 1_000_000_000
"""2026-01-01T00:00:00Z, where every page begins."""
TICK_NS: Final = 1_000
"""How far one change of a file system moves time: two changes never share a timestamp."""


class Clock:
    """Nanoseconds since the epoch; moves forward only when told. Every host has one."""

    __slots__ = ("literal_bytes", "now_ns")

    def __init__(self, now_ns: int = EPOCH_NS) -> None:
        self.now_ns = now_ns
        self.literal_bytes = 0
        """Literal bytes that programs have written to files; what was removed stays counted."""

    def charge(self, literal_bytes: int) -> None:
        """A file grew by literal bytes. LimitExceeded when a page writes too many."""
        self.literal_bytes += literal_bytes
        if self.literal_bytes > LITERAL_BYTES:
            raise LimitExceeded(
                f"more than {LITERAL_BYTES} bytes written to files",
                "make large files with truncate, fallocate or dd if=/dev/zero: those cost nothing",
            )

    def tick(self) -> int:
        """Advance by one microsecond and return the new time."""
        self.now_ns += TICK_NS
        return self.now_ns

    def advance_to(self, ns: int) -> None:
        """Advance to `ns`; a time that has passed already changes nothing."""
        self.now_ns = max(self.now_ns, ns)
