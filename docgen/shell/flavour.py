"""Two families of tools: the host speaks GNU and dash, containers speak busybox."""

from __future__ import annotations

from enum import StrEnum


class Flavour(StrEnum):
    """Whose words and options a program has. A property of the program's file, not of the place."""

    HOST = "host"
    """Debian 12: dash 0.5.12, coreutils 9.1 and friends."""
    BUSYBOX = "busybox"
    """Debian's busybox-static 1.35.0."""


BOTH = frozenset(Flavour)
"""What most applets serve."""
