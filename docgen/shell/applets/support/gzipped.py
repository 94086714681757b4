"""gzip (RFC 1952) over Content, within the limits of a page."""

from __future__ import annotations

import zlib
from typing import Final

from docgen.diagnostics import LimitExceeded
from docgen.fs.content import Content
from docgen.limits import ARCHIVE_BYTES, ARCHIVE_RATIO

MAGIC: Final = b"\x1f\x8b"
_UNIX: Final = 3


class GzipError(Exception):
    """The data is no gzip, or is damaged."""


def is_gzip(content: Content) -> bool:
    head = content.read(0, 2)
    return head.size == 2 and not head.is_sealed and head.to_bytes() == MAGIC


def compress(content: Content, level: int = 6, name: bytes = b"", mtime: int = 0) -> Content:
    """LimitExceeded beyond 64 MiB; NotSimulated for sealed bytes."""
    if content.size > ARCHIVE_BYTES:
        raise LimitExceeded(
            f"compressing {content.size} bytes", f"at most {ARCHIVE_BYTES} bytes are compressed"
        )
    flags = 8 if name else 0
    extra = {1: 4, 9: 2}.get(level, 0)
    head = MAGIC + bytes((8, flags)) + mtime.to_bytes(4, "little") + bytes((extra, _UNIX))
    head += name + b"\0" if name else b""
    raw = content.to_bytes()
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = packer.compress(raw) + packer.flush()
    tail = zlib.crc32(raw).to_bytes(4, "little") + (len(raw) & 0xFFFFFFFF).to_bytes(4, "little")
    return Content.of(head + body + tail)


def decompress(content: Content) -> Content:
    """All members, one after the other. Raises GzipError."""
    data = content.to_bytes()
    limit = min(ARCHIVE_BYTES, max(len(data), 1024) * ARCHIVE_RATIO)
    out: list[bytes] = []
    total = 0
    while data:
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            piece = unpacker.decompress(data, limit - total + 1)
        except zlib.error as error:
            raise GzipError(str(error)) from None
        total += len(piece)
        if total > limit:
            raise LimitExceeded(
                f"an archive that grows to more than {limit} bytes", "use a smaller one"
            )
        if not unpacker.eof:
            raise GzipError("unexpected end of file")
        out.append(piece)
        data = unpacker.unused_data.lstrip(b"\0")
    return Content.of(b"".join(out))
