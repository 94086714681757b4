"""How a file is opened: the values of Linux."""

from __future__ import annotations

from enum import IntFlag


class Open(IntFlag):
    """Flags of open(2)."""

    RDONLY = 0
    WRONLY = 0o1
    RDWR = 0o2
    CREAT = 0o100
    EXCL = 0o200
    TRUNC = 0o1000
    APPEND = 0o2000
    DIRECTORY = 0o200000
    NOFOLLOW = 0o400000


ACCESS_MODE = 0o3
