"""Tar members as bytes, the way Go's archive/tar writes them for Docker: ustar, with PAX records
where ustar cannot hold a value. Whole seconds, no user names, blocks of 512 bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from enum import StrEnum
from typing import Final

from docgen.frozen import frozen

BLOCK: Final = 512
END: Final = bytes(2 * BLOCK)
XATTR: Final = "SCHILY.xattr."
"""Prefix of the PAX key of an extended attribute."""


class Type(StrEnum):
    """The type flag of a member."""

    FILE = "0"
    HARD_LINK = "1"
    SYMLINK = "2"
    CHAR = "3"
    BLOCK = "4"
    DIR = "5"
    FIFO = "6"
    PAX = "x"


@frozen
class Member:
    """One member of a tar, without its data."""

    name: str
    """No leading slash; a directory has no trailing one here."""
    type: Type
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    size: int = 0
    """Bytes of data that follow."""
    mtime: int = 0
    """Whole seconds since the epoch."""
    link: str = ""
    """Target of a symlink; name of the earlier member for a hard link."""
    major: int = 0
    minor: int = 0
    xattrs: Mapping[str, bytes] = field(default_factory=dict)


def padding(size: int) -> int:
    """Zero bytes after `size` bytes of data."""
    return -size % BLOCK


def raw_name(text: str) -> bytes:
    """A name as it lies on disk; names that are no UTF-8 come as surrogate escapes."""
    return text.encode("utf-8", "surrogateescape")


def header(member: Member) -> bytes:
    """The header block, with a PAX member before it where one is needed."""
    name = raw_name(member.name + "/" if member.type is Type.DIR else member.name)
    link = raw_name(member.link)
    records = _records(member, name, link)
    if not records:
        return _block(member, name, link)
    prefix = _prefix(name) if records.keys() == {"path"} else b""
    if prefix:
        return _block(member, name[len(prefix) + 1 :], link, prefix=prefix)
    body = b"".join(_record(key, records[key]) for key in sorted(records))
    folder, _, leaf = _ascii(name).rstrip(b"/").rpartition(b"/")
    pax_name = b"/".join(part for part in (folder, b"PaxHeaders.0", leaf) if part)[:100]
    blank = replace(member, type=Type.PAX, mode=0, uid=0, gid=0, mtime=0, size=len(body))
    pax = _block(blank, pax_name.rstrip(b"/"), b"", devices=False)
    return pax + body + bytes(padding(len(body))) + _block(member, name, link)


_OCTAL_LIMITS: Final = {"uid": 8**7, "gid": 8**7, "size": 8**11, "mtime": 8**11}


def _records(member: Member, name: bytes, link: bytes) -> dict[str, bytes]:
    """What the fixed fields cannot hold: long or non-ASCII names, large numbers, attributes."""
    records = {XATTR + key: value for key, value in member.xattrs.items()}
    names = {"path": name, "linkpath": link}
    records |= {key: one for key, one in names.items() if len(one) > 100 or not one.isascii()}
    for key, limit in _OCTAL_LIMITS.items():
        number = getattr(member, key)
        if not 0 <= number < limit:
            records[key] = str(number).encode("ascii")
    return records


def _prefix(name: bytes) -> bytes:
    """What ustar's prefix field takes of a long name; empty where it does not fit that way."""
    if not name.isascii():
        return b""
    cut = name.rstrip(b"/")[:156].rfind(b"/")
    fits = cut > 0 and 0 < len(name) - cut - 1 <= 100
    return name[:cut] if fits else b""


def _record(key: str, value: bytes) -> bytes:
    """`LENGTH key=value\\n`, where the length counts itself."""
    rest = b" " + raw_name(key) + b"=" + value + b"\n"
    size = len(rest) + len(str(len(rest)))
    size = len(rest) + len(str(size))
    return str(size).encode("ascii") + rest


def _ascii(name: bytes) -> bytes:
    return bytes(byte for byte in name if byte < 0x80)


def _text(value: bytes, width: int) -> bytes:
    return _ascii(value)[:width].ljust(width, b"\0")


def _octal(value: int, width: int) -> bytes:
    """Zero where it does not fit: the PAX record holds it then."""
    fits = 0 <= value < 8 ** (width - 1)
    return b"%0*o\0" % (width - 1, value if fits else 0)


def _name_field(name: bytes) -> bytes:
    """A name cut inside must not end in a slash: old readers would take a file for a directory."""
    plain = _ascii(name)
    cut = plain[:100]
    if len(plain) > 100 and cut.endswith(b"/"):
        cut = cut.rstrip(b"/")
    return cut.ljust(100, b"\0")


def _block(
    member: Member, name: bytes, link: bytes, *, devices: bool = True, prefix: bytes = b""
) -> bytes:
    numbers = _octal(member.major, 8) + _octal(member.minor, 8) if devices else bytes(16)
    before = (
        _name_field(name)
        + _octal(member.mode, 8)
        + _octal(member.uid, 8)
        + _octal(member.gid, 8)
        + _octal(member.size, 12)
        + _octal(member.mtime, 12)
    )
    after = (
        member.type.value.encode("ascii")
        + _text(link, 100)
        + b"ustar\x0000"
        + bytes(64)  # no user and group names: the daemon never looks them up
        + numbers
        + prefix.ljust(155 + 12, b"\0")
    )
    checksum = sum(before) + 8 * ord(" ") + sum(after)
    return before + b"%06o\0 " % checksum + after
