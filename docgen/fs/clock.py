"""Virtual time. Every host has one clock; nothing in it depends on the machine that runs us."""

from __future__ import annotations

from typing import Final

EPOCH_NS: Final = 1_767_225_600 * 1_000_000_000
"""2026-01-01T00:00:00Z, where every page begins."""
TICK_NS: Final = 1_000
"""How far one change of a file system moves time: two changes never share a timestamp."""


class Clock:
    """Nanoseconds since the epoch; moves forward only when told."""

    __slots__ = ("now_ns",)

    def __init__(self, now_ns: int = EPOCH_NS) -> None:
        self.now_ns = now_ns

    def tick(self) -> int:
        """Advance by one microsecond and return the new time."""
        self.now_ns += TICK_NS
        return self.now_ns

    def advance_to(self, ns: int) -> None:
        """Advance to `ns`; a time that has passed already changes nothing."""
        self.now_ns = max(self.now_ns, ns)
