"""Reading a tar that anybody may have written: ustar, PAX, GNU long names; never trusted.

Data stays `Content`: fills and seals inside an archive survive, nothing is copied. Error texts are
those of Go's archive/tar, which the daemon passes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.frozen import frozen
from docgen.fs.content import Content
from docgen.limits import INODES
from docgen.oci.tarform import BLOCK, XATTR, Member, Type, padding


class ArchiveError(Exception):
    """The bytes are no archive that Docker takes; the text is the daemon's."""


INVALID_HEADER: Final = "archive/tar: invalid tar header"
UNEXPECTED_END: Final = "unexpected EOF"
_EXTENSION_BYTES: Final = 1 << 20
"""Go refuses a longer PAX header or GNU long name."""


@dataclass(slots=True)
class _Pending:
    """What the members before a file said about it."""

    records: dict[str, bytes] = field(default_factory=dict)
    name: bytes | None = None
    link: bytes | None = None


def read_members(archive: Content) -> Iterator[tuple[Member, Content]]:
    """Every member with its data. Raises ArchiveError, LimitExceeded (too many), NotSimulated."""
    at, count, pending = 0, 0, _Pending()
    while True:
        block = _exactly(archive, at, BLOCK)
        if not block.strip(b"\0"):
            return
        raw = _Header.parse(block)
        records = pending.records
        size = _number_of(records, "size", raw.size)
        if raw.flag in _EXTENSIONS and size > _EXTENSION_BYTES:
            raise ArchiveError("archive/tar: header field too long")
        at += BLOCK
        if raw.flag in _EXTENSIONS:
            _note(pending, raw.flag, _exactly(archive, at, size))
        else:
            name = _name(raw, pending)
            kind, size = _kind(raw.flag, name, size)
            data = archive.read(at, size)
            if data.size < size:
                raise ArchiveError(UNEXPECTED_END)
            yield _member(raw, name, kind, size, pending), data
            pending = _Pending()
            count += 1
            if count > INODES:
                raise LimitExceeded(
                    f"an archive of more than {INODES} files", "use a smaller archive"
                )
        at += size + padding(size)
        if at >= archive.size:
            return


def _exactly(archive: Content, at: int, size: int) -> bytes:
    part = archive.read(at, size)
    if part.size < size:
        raise ArchiveError(UNEXPECTED_END)
    return part.to_bytes()


@frozen
class _Header:
    name: bytes
    mode: int
    uid: int
    gid: int
    size: int
    mtime: int
    flag: str
    link: bytes
    major: int
    minor: int

    @classmethod
    def parse(cls, block: bytes) -> _Header:
        claimed = _number(block[148:156])
        if claimed != sum(block[:148]) + 8 * ord(" ") + sum(block[156:]):
            raise ArchiveError(INVALID_HEADER)
        name, is_ustar = _string(block[0:100]), block[257:263] == b"ustar\0"
        prefix = _string(block[345:500]) if is_ustar else b""
        has_devices = block[257:262] == b"ustar"
        return cls(
            name=prefix + b"/" + name if prefix else name,
            mode=_number(block[100:108]) & 0o7777,
            uid=_number(block[108:116]),
            gid=_number(block[116:124]),
            size=_number(block[124:136]),
            mtime=_number(block[136:148]),
            flag=chr(block[156]),
            link=_string(block[157:257]),
            major=_number(block[329:337]) if has_devices else 0,
            minor=_number(block[337:345]) if has_devices else 0,
        )


def _string(raw: bytes) -> bytes:
    return raw.partition(b"\0")[0]


def _number(raw: bytes) -> int:
    """Octal digits, or base 256 where the top bit is set."""
    if raw[0] & 0x80:
        return int.from_bytes(raw, "big", signed=True) & ((1 << 8 * len(raw) - 1) - 1)
    text = raw.strip(b" \0")
    if not text:
        return 0
    if any(byte not in b"01234567" for byte in text):
        raise ArchiveError(INVALID_HEADER)
    return int(text, 8)


_EXTENSIONS: Final = frozenset("xgLK")


def _note(pending: _Pending, flag: str, data: bytes) -> None:
    match flag:
        case "x":
            pending.records |= _pax(data)
        case "L":
            pending.name = _string(data)
        case "K":
            pending.link = _string(data)
        case _:
            pass  # a global PAX header: Docker ignores it


def _pax(data: bytes) -> dict[str, bytes]:
    records, at = {}, 0
    while at < len(data):
        digits, blank, _ = data[at : at + 20].partition(b" ")
        if not blank or not digits.isdigit():
            raise ArchiveError(INVALID_HEADER)
        end = at + int(digits)
        record = data[at + len(digits) + 1 : end]
        key, equals, value = record.partition(b"=")
        if not equals or not value.endswith(b"\n") or end > len(data):
            raise ArchiveError(INVALID_HEADER)
        records[key.decode("utf-8", "surrogateescape")] = value[:-1]
        at = end
    return records


_KINDS: Final = {
    "0": Type.FILE,
    "\0": Type.FILE,
    "7": Type.FILE,
    **{kind.value: kind for kind in Type if kind is not Type.PAX},
}


def _name(raw: _Header, pending: _Pending) -> bytes:
    """The whole name, wherever it stands."""
    return pending.records.get("path", pending.name if pending.name is not None else raw.name)


def _kind(flag: str, name: bytes, size: int) -> tuple[Type, int]:
    """The type, and how many bytes of data belong to it."""
    if flag == "S":
        raise NotSimulated("a sparse member of a GNU tar", "write the archive without --sparse")
    kind = _KINDS.get(flag)
    if kind is None:
        raise ArchiveError(f"unhandled tar header type {ord(flag)}")
    if kind is Type.FILE and flag != "7" and name.endswith(b"/"):
        kind = Type.DIR
    return kind, size if kind is Type.FILE else 0


def _member(raw: _Header, name: bytes, kind: Type, size: int, pending: _Pending) -> Member:
    records = pending.records
    link = records.get("linkpath", pending.link if pending.link is not None else raw.link)
    return Member(
        name=_decoded(name),
        type=kind,
        mode=raw.mode,
        uid=_number_of(records, "uid", raw.uid),
        gid=_number_of(records, "gid", raw.gid),
        size=size,
        mtime=_number_of(records, "mtime", raw.mtime),
        link=_decoded(link),
        major=raw.major,
        minor=raw.minor,
        xattrs=_xattrs(records),
    )


def _decoded(name: bytes) -> str:
    if b"\0" in name:
        raise ArchiveError(INVALID_HEADER)
    return name.decode("utf-8", "surrogateescape")


def _xattrs(records: Mapping[str, bytes]) -> dict[str, bytes]:
    return {
        key.removeprefix(XATTR): value for key, value in records.items() if key.startswith(XATTR)
    }


def _number_of(records: Mapping[str, bytes], key: str, otherwise: int) -> int:
    """A PAX number; fractions of a second are cut off."""
    if key not in records:
        return otherwise
    whole = records[key].partition(b".")[0]
    if not whole.removeprefix(b"-").isdigit() or len(whole) > 20:
        raise ArchiveError(INVALID_HEADER)
    number = int(whole)
    if number < 0 and key != "mtime":
        raise ArchiveError(INVALID_HEADER)
    return number
