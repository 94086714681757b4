"""Headers of tar archives: GNU's own format when writing; ustar, PAX and GNU when reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from docgen.frozen import frozen
from docgen.fs.content import Content
from docgen.fs.nodes import Kind

BLOCK: Final = 512
_LONG_NAME: Final = "././@LongLink"
_TYPES: Final = {
    Kind.FILE: b"0",
    Kind.SYMLINK: b"2",
    Kind.CHAR: b"3",
    Kind.WHITEOUT: b"3",
    Kind.BLOCK: b"4",
    Kind.DIR: b"5",
    Kind.FIFO: b"6",
}
_KINDS: Final = {b"0": Kind.FILE, b"\0": Kind.FILE, b"7": Kind.FILE, b"1": Kind.FILE} | {
    b"2": Kind.SYMLINK,
    b"3": Kind.CHAR,
    b"4": Kind.BLOCK,
    b"5": Kind.DIR,
    b"6": Kind.FIFO,
}


class TarError(Exception):
    """The data is no tar archive, or ends early."""


@frozen
class Member:
    name: str
    """As it stands in the archive, directories with their slash."""
    kind: Kind
    mode: int
    uid: int
    gid: int
    size: int
    mtime: int
    """Seconds."""
    user: str = ""
    group: str = ""
    target: str = ""
    """Of a symlink, or the name that a hard link is another name of."""
    hard_link: bool = False
    device: tuple[int, int] = (0, 0)
    at: int = 0
    """Where its data begins in the archive."""


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _text(raw: bytes) -> str:
    return raw.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def padding(size: int) -> int:
    return -size % BLOCK


def encode(member: Member) -> bytes:
    """The header block, with GNU's long-name members before it where they are needed."""
    before = b""
    for letter, text in ((b"K", member.target), (b"L", member.name)):
        raw = _raw(text)
        if len(raw) > 100:
            long = Member(_LONG_NAME, Kind.FILE, 0o644, 0, 0, len(raw) + 1, 0, "root", "root")
            before += _block(long, letter) + raw + b"\0" + bytes(padding(len(raw) + 1))
    return before + _block(member, b"1" if member.hard_link else _TYPES[member.kind])


def _block(member: Member, letter: bytes) -> bytes:
    devices = bytes(16)
    if letter in (b"3", b"4"):
        devices = _octal(member.device[0], 8) + _octal(member.device[1], 8)
    before = (
        _raw(member.name)[:100].ljust(100, b"\0")
        + _octal(member.mode, 8)
        + _octal(member.uid, 8)
        + _octal(member.gid, 8)
        + _octal(member.size, 12)
        + _octal(max(member.mtime, 0), 12)
    )
    after = (
        letter
        + _raw(member.target)[:100].ljust(100, b"\0")
        + b"ustar  \0"
        + _raw(member.user)[:31].ljust(32, b"\0")
        + _raw(member.group)[:31].ljust(32, b"\0")
        + devices
        + bytes(167)
    )
    checksum = sum(before) + 8 * ord(" ") + sum(after)
    return before + b"%06o\0 " % checksum + after


def _octal(value: int, width: int) -> bytes:
    """Base 256 where octal digits do not suffice (GNU)."""
    if value < 8 ** (width - 1):
        return b"%0*o\0" % (width - 1, value)
    return b"\x80" + value.to_bytes(width - 1, "big")


def _number(raw: bytes) -> int:
    if raw[:1] in (b"\x80", b"\xff"):
        return int.from_bytes(raw[1:], "big")
    digits = raw.strip(b" \0")
    if any(byte not in b"01234567" for byte in digits):
        raise TarError("bad number")
    return int(digits or b"0", 8)


def members(archive: Content) -> Iterator[Member]:
    """In order. Raises TarError."""
    at = 0
    overrides: dict[str, str] = {}
    first = True
    while at + BLOCK <= archive.size:
        raw = archive.read(at, BLOCK)
        if raw.is_sealed:
            raise TarError("sealed data where a header should be")
        block = raw.to_bytes()
        if not any(block):
            return
        _check(block)
        first = False
        letter = block[156:157]
        size = _number(block[124:136])
        at += BLOCK
        body_at, at = at, at + size + padding(size)
        if letter in (b"L", b"K", b"x", b"g"):
            overrides |= _special(letter, archive.read(body_at, size).to_bytes())
            continue
        member = _with(_member(block, letter, body_at), overrides)
        if "size" in overrides:
            at = body_at + member.size + padding(member.size)
        overrides = {}
        if letter in (b"1", b"2", b"3", b"4", b"5", b"6"):
            at = body_at if letter != b"1" or size else at
            member = replace(member, size=0)
        yield member
    if first:
        raise TarError("no header")


def _check(block: bytes) -> None:
    wanted = _number(block[148:156])
    if sum(block) - sum(block[148:156]) + 8 * ord(" ") != wanted:
        raise TarError("bad checksum")


def _member(block: bytes, letter: bytes, at: int) -> Member:
    name = _text(block[:100])
    if block[257:263] == b"ustar\0" and block[345]:
        name = f"{_text(block[345:500])}/{name}"
    kind = _KINDS.get(letter, Kind.FILE)
    if kind is Kind.FILE and letter == b"0" and name.endswith("/"):
        kind = Kind.DIR
    return Member(
        name,
        kind,
        _number(block[100:108]) & 0o7777,
        _number(block[108:116]),
        _number(block[116:124]),
        _number(block[124:136]),
        _number(block[136:148]),
        _text(block[265:297]),
        _text(block[297:329]),
        _text(block[157:257]),
        letter == b"1",
        (_number(block[329:337]), _number(block[337:345])) if letter in (b"3", b"4") else (0, 0),
        at,
    )


def _special(letter: bytes, body: bytes) -> dict[str, str]:
    """What a GNU long name or a PAX member says about the next one."""
    if letter == b"L":
        return {"path": _text(body)}
    if letter == b"K":
        return {"linkpath": _text(body)}
    found: dict[str, str] = {}
    while body:
        digits, _, rest = body.partition(b" ")
        if not digits.isdigit() or not 0 < int(digits[:9]) <= len(body):
            raise TarError("bad PAX record")
        record = body[len(digits) + 1 : int(digits)].removesuffix(b"\n")
        key, _, value = record.partition(b"=")
        if letter == b"x":
            found[_text(key)] = value.decode("utf-8", "surrogateescape")
        body = body[int(digits) :]
        del rest
    return found


def _with(member: Member, overrides: dict[str, str]) -> Member:
    if not overrides:
        return member
    name = overrides.get("path", member.name)
    if member.kind is Kind.DIR and not name.endswith("/"):
        name += "/"
    return replace(
        member,
        name=name,
        target=overrides.get("linkpath", member.target),
        size=int(overrides.get("size", member.size)),
        uid=int(overrides.get("uid", member.uid)),
        gid=int(overrides.get("gid", member.gid)),
        mtime=int(float(overrides.get("mtime", member.mtime))),
        user=overrides.get("uname", member.user),
        group=overrides.get("gname", member.group),
    )
