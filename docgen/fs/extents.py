"""The pieces that file content is made of. What lies between them is a hole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from docgen.frozen import frozen

BLOCK: Final = 1 << 20
"""Long runs are produced in blocks of at most this many bytes."""


@frozen
class Bytes:
    """Literal bytes."""

    data: bytes

    @property
    def length(self) -> int:
        return len(self.data)

    def slice(self, start: int, stop: int) -> Bytes:
        return Bytes(self.data[start:stop])


@frozen
class Fill:
    """One byte, many times: it costs the store its length, and us nothing."""

    byte: int
    length: int

    def slice(self, start: int, stop: int) -> Fill:
        return Fill(self.byte, stop - start)

    def blocks(self) -> Iterator[bytes]:
        """Its bytes, at most BLOCK at a time."""
        block = bytes([self.byte]) * min(self.length, BLOCK)
        for at in range(0, self.length, BLOCK):
            yield block[: self.length - at]


@frozen
class Seal:
    """A whole file whose bytes are not shipped, known by size and sha256 (hex)."""

    size: int
    sha256: str


@frozen
class Sealed:
    """Bytes `at` to `at + length` of a sealed file."""

    seal: Seal
    at: int
    length: int

    def slice(self, start: int, stop: int) -> Sealed:
        return Sealed(self.seal, self.at + start, stop - start)


Extent = Bytes | Fill | Sealed
Placed = tuple[int, Extent]
"""An extent and its offset in the file."""


def joined(first: Extent, second: Extent, limit: int) -> Extent | None:
    """Both as one extent where that is possible; literal bytes only up to `limit`, so that many
    small appends stay linear."""
    match first, second:
        case Bytes(), Bytes() if len(first.data) + len(second.data) <= limit:
            return Bytes(first.data + second.data)
        case Fill(), Fill() if first.byte == second.byte:
            return Fill(first.byte, first.length + second.length)
        case Sealed(), Sealed() if (
            first.seal == second.seal and first.at + first.length == second.at
        ):
            return Sealed(first.seal, first.at, first.length + second.length)
    return None
