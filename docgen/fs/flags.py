"""How a file is opened: the values of Linux."""

from __future__ import annotations

from enum import IntFlag
from typing import Final


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


ACCESS_MODE: Final = 0o3
# The same as plain numbers: arithmetic on them is ten times as fast, and every open does some.
WRONLY: Final = int(Open.WRONLY)
RDWR: Final = int(Open.RDWR)
CREAT: Final = int(Open.CREAT)
EXCL: Final = int(Open.EXCL)
TRUNC: Final = int(Open.TRUNC)
APPEND: Final = int(Open.APPEND)
DIRECTORY: Final = int(Open.DIRECTORY)
NOFOLLOW: Final = int(Open.NOFOLLOW)
