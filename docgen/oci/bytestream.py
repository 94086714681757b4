"""Content as a stream: bytes in pieces of bounded size, seals where bytes are not at hand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

from docgen.diagnostics import LimitExceeded
from docgen.frozen import frozen
from docgen.fs.content import Content
from docgen.fs.extents import Bytes, Fill, Sealed
from docgen.limits import HASHED_BYTES

Sealing = Callable[[str], bytes]
"""From a sha256 (hex) to the bytes it seals. Raises KeyError where they are not at hand."""


@frozen
class SealedPiece:
    """A stretch of bytes that only their hash is known of."""

    sha256: str
    """Hex digest of the whole sealed file."""
    offset: int
    """Where the stretch starts in that file."""
    size: int

    @property
    def token(self) -> bytes:
        """What goes into a hash in place of the bytes."""
        return f"sealed:{self.sha256}:{self.offset}:{self.size}".encode("ascii")


def pieces(content: Content) -> Iterator[bytes | SealedPiece]:
    """All of it in order, holes as zeros, at most 1 MiB of literal bytes at a time."""
    for _, extent in Content.join((content,)).extents:
        match extent:
            case Bytes():
                yield extent.data
            case Fill():
                yield from extent.blocks()
            case Sealed():
                yield SealedPiece(extent.seal.sha256, extent.at, extent.length)
            case _:
                assert_never(extent)


def content_digest(content: Content) -> str:
    """`sha256:…` of all its bytes; sealed ones take part with their token.

    Raises LimitExceeded beyond what one page may hash.
    """
    if content.size > HASHED_BYTES:
        raise LimitExceeded(
            f"hashing {content.size} bytes", f"at most {HASHED_BYTES} bytes are hashed"
        )
    running = hashlib.sha256()
    for piece in pieces(content):
        running.update(piece if isinstance(piece, bytes) else piece.token)
    return "sha256:" + running.hexdigest()


def materialise(parts: Iterable[Content], sealed: Sealing) -> Iterator[bytes]:
    """Plain bytes for a real engine. Raises KeyError for a seal that nobody can open,
    ValueError where the bytes are not those that were sealed."""
    for part in parts:
        for piece in pieces(part):
            yield _opened(piece, sealed) if isinstance(piece, SealedPiece) else piece


def _opened(piece: SealedPiece, sealed: Sealing) -> bytes:
    data = sealed(piece.sha256)
    if hashlib.sha256(data).hexdigest() != piece.sha256:
        raise ValueError(f"the bytes given for sha256:{piece.sha256} have another hash")
    return data[piece.offset : piece.offset + piece.size]
