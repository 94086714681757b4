"""Kinds of files as tools show them."""

from __future__ import annotations

from types import MappingProxyType

from docgen.fs.filesystem import Stat
from docgen.fs.nodes import Kind

LETTERS = MappingProxyType(
    {
        Kind.FILE: "-",
        Kind.DIR: "d",
        Kind.SYMLINK: "l",
        Kind.CHAR: "c",
        Kind.BLOCK: "b",
        Kind.FIFO: "p",
        Kind.WHITEOUT: "c",
    }
)
"""First letter of `ls -l`; a whiteout is a character device 0:0."""

FORMATS = MappingProxyType(
    {
        Kind.FILE: 0o100000,
        Kind.DIR: 0o040000,
        Kind.SYMLINK: 0o120000,
        Kind.CHAR: 0o020000,
        Kind.BLOCK: 0o060000,
        Kind.FIFO: 0o010000,
        Kind.WHITEOUT: 0o020000,
    }
)
"""S_IFMT bits (inode(7))."""

DEVICES = frozenset({Kind.CHAR, Kind.BLOCK, Kind.WHITEOUT})


def permissions(mode: int) -> str:
    """`rwxr-sr-t`."""
    letters = []
    for shift, special, letter in ((6, 0o4000, "s"), (3, 0o2000, "s"), (0, 0o1000, "t")):
        bits = mode >> shift & 7
        execute = bits & 1
        if mode & special:
            last = letter if execute else letter.upper()
        else:
            last = "x" if execute else "-"
        letters.append(("r" if bits & 4 else "-") + ("w" if bits & 2 else "-") + last)
    return "".join(letters)


def mode_string(stat: Stat) -> str:
    """`drwxr-xr-x`."""
    return LETTERS[stat.kind] + permissions(stat.mode)


def device_number(stat: Stat) -> int:
    """st_rdev as glibc's makedev packs it."""
    major, minor = stat.rdev
    return (minor & 0xFF) | (major & 0xFFF) << 8 | (minor & ~0xFF) << 12


def file_type(stat: Stat) -> str:
    """stat's %F, the same in GNU and busybox."""
    if stat.kind is Kind.FILE:
        return "regular file" if stat.size else "regular empty file"
    return {
        Kind.DIR: "directory",
        Kind.SYMLINK: "symbolic link",
        Kind.CHAR: "character special file",
        Kind.BLOCK: "block special file",
        Kind.FIFO: "fifo",
        Kind.WHITEOUT: "character special file",
    }[stat.kind]
