"""File content as extents: a sparse TiB costs bytes, and a sealed file can be moved unread."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final

from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.fs.extents import BLOCK, Bytes, Extent, Fill, Placed, Seal, Sealed, joined
from docgen.limits import EXTENTS, FILE_BYTES, HASHED_BYTES, LITERAL_BYTES

CHUNK: Final = 1 << 15
"""Adjacent literal bytes are kept in pieces of at most this size when they come in small writes."""


class Content:
    """Frozen. Equal when every byte and every hole is equal (a hole is absence, not zeros)."""

    __slots__ = ("_digest", "extents", "size")

    size: int
    """Apparent bytes."""
    extents: tuple[Placed, ...]
    """Sorted, not overlapping, none empty."""

    def __init__(self, size: int, extents: tuple[Placed, ...] = ()) -> None:
        if size > FILE_BYTES:
            raise LimitExceeded(
                f"a file of {size} bytes", f"files are simulated up to {FILE_BYTES} bytes"
            )
        if len(extents) > EXTENTS:
            raise LimitExceeded(
                f"a file in more than {EXTENTS} pieces", "write it in larger pieces, or smaller"
            )
        self.size = size
        self.extents = extents
        self._digest = ""

    @classmethod
    def of(cls, data: bytes | str) -> Content:
        """Literal bytes; text as UTF-8 (with surrogateescape)."""
        raw = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else bytes(data)
        if len(raw) <= BLOCK:
            return cls(len(raw), ((0, Bytes(raw)),)) if raw else EMPTY
        starts = range(0, len(raw), BLOCK)
        return cls(len(raw), tuple((at, Bytes(raw[at : at + BLOCK])) for at in starts))

    @classmethod
    def fill(cls, byte: int, n: int) -> Content:
        """`n` times the same byte, written out."""
        return cls(n, ((0, Fill(byte, n)),)) if n else EMPTY

    @classmethod
    def hole(cls, n: int) -> Content:
        """`n` bytes that read as zeros and occupy nothing."""
        return cls(n)

    @classmethod
    def sealed(cls, size: int, digest: str) -> Content:
        """A file known only by its size and its sha256 (hex)."""
        return cls(size, ((0, Sealed(Seal(size, digest), 0, size)),)) if size else EMPTY

    @classmethod
    def join(cls, parts: Iterable[Content]) -> Content:
        """All parts, one after the other; holes become zeros, as through a pipe."""
        builder = _Builder()
        for part in parts:
            for extent in _pieces(part, holes_as_zeros=True):
                builder.add(extent)
        return builder.content()

    @property
    def literal(self) -> int:
        """Bytes that are held literally."""
        return sum(extent.length for _, extent in self.extents if isinstance(extent, Bytes))

    @property
    def is_sealed(self) -> bool:
        """Some of its bytes are not at hand."""
        return any(isinstance(extent, Sealed) for _, extent in self.extents)

    def read(self, offset: int, n: int) -> Content:
        """At most `n` bytes from `offset`; fewer at the end. Holes stay holes."""
        stop = min(offset + n, self.size)
        if offset == 0 and stop == self.size:
            return self
        if stop <= offset:
            return EMPTY
        cut = self._cut(offset, stop)
        return Content(stop - offset, tuple((at - offset, extent) for at, extent in cut))

    def _cut(self, start: int, stop: int) -> list[Placed]:
        """The extents between two offsets, trimmed, at their offsets in this file."""
        extents = self.extents
        index = max(bisect_right(extents, start, key=_offset) - 1, 0)
        found: list[Placed] = []
        for at, extent in extents[index:]:
            if at >= stop:
                break
            low, high = max(start - at, 0), min(stop - at, extent.length)
            if low < high:
                whole = low == 0 and high == extent.length
                found.append((at + low, extent if whole else extent.slice(low, high)))
        return found

    def write(self, offset: int, data: Content) -> Content:
        """With `data` written at `offset`, its holes as zeros, as write(2) does; a gap before it
        is a hole."""
        if not data.size:
            return self
        stop = offset + data.size
        head = self._cut(0, offset) if offset < self.size else list(self.extents)
        tail = self._cut(stop, self.size) if stop < self.size else []
        at = offset
        for extent in _pieces(data, holes_as_zeros=True):
            _place(head, at, extent)
            at += extent.length
        if tail:
            _place(head, *tail[0])
            head += tail[1:]
        return Content(max(self.size, stop), tuple(head))

    def append(self, data: Content) -> Content:
        """With `data` written at the end."""
        return self.write(self.size, data)

    def truncate(self, n: int) -> Content:
        """Of exactly `n` bytes: cut, or grown by a hole."""
        if n >= self.size:
            return Content(n, self.extents)
        return self.read(0, n)

    def blocks(self) -> Iterator[bytes]:
        """The bytes in pieces of at most 1 MiB. NotSimulated where they are sealed."""
        for extent in _pieces(self, holes_as_zeros=True):
            match extent:
                case Bytes():
                    yield extent.data
                case Fill():
                    yield from extent.blocks()
                case Sealed():
                    raise NotSimulated(
                        "reading a file of the base image whose bytes are not shipped with docgen",
                        "copy it, run it or look at its size; read a file that the page made",
                    )

    def to_bytes(self) -> bytes:
        """All bytes at once. NotSimulated where they are sealed; LimitExceeded beyond 64 MiB."""
        if self.size > LITERAL_BYTES and not self.is_sealed:
            raise LimitExceeded(
                f"reading {self.size} bytes at once", f"at most {LITERAL_BYTES} bytes are read so"
            )
        return b"".join(self.blocks())

    def text(self) -> str:
        """The bytes as UTF-8, undecodable ones as surrogates."""
        return self.to_bytes().decode("utf-8", "surrogateescape")

    def sha256(self) -> str:
        """Hex digest of the bytes; computed once. A whole sealed file has its known one; a derived
        one is hashed over the seal: stable, but not the digest that the real bytes would have."""
        if not self._digest:
            self._digest = _digest(self)
        return self._digest

    def allocated(self, block: int = 4096) -> int:
        """Bytes that the file occupies in whole blocks; holes occupy none."""
        total, counted = 0, 0
        for at, extent in self.extents:
            first = max(at // block, counted)
            end = -(-(at + extent.length) // block)
            if end > first:
                total += end - first
                counted = end
        return total * block

    def same_data(self, other: Content) -> bool:
        """Whether a reader sees the same bytes in both; a hole is as good as zeros."""
        return self.size == other.size and _canonical(self, True) == _canonical(other, True)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Content):
            return NotImplemented
        if self.size != other.size:
            return False
        return self.extents == other.extents or (
            _canonical(self, False) == _canonical(other, False)
        )

    def __hash__(self) -> int:
        return hash(self.size)

    def __len__(self) -> int:
        return self.size

    def __bool__(self) -> bool:
        return self.size > 0

    def __repr__(self) -> str:
        return f"Content({self.size}, {self.extents!r})"


EMPTY: Final = Content(0)


class _Builder:
    """Extents one after the other."""

    def __init__(self) -> None:
        self.placed: list[Placed] = []
        self.size = 0

    def add(self, extent: Extent) -> None:
        _place(self.placed, self.size, extent)
        self.size += extent.length

    def content(self) -> Content:
        return Content(self.size, tuple(self.placed))


def _offset(placed: Placed) -> int:
    return placed[0]


def _place(placed: list[Placed], at: int, extent: Extent) -> None:
    """Add an extent at the end of a list, joined with its neighbour where that is cheap."""
    if placed:
        before_at, before = placed[-1]
        if before_at + before.length == at:
            both = joined(before, extent, CHUNK)
            if both is not None:
                placed[-1] = (before_at, both)
                return
    placed.append((at, extent))


def _pieces(content: Content, holes_as_zeros: bool) -> Iterator[Extent]:
    """The extents in order, without gaps where holes are given as zeros."""
    reached = 0
    for at, extent in content.extents:
        if holes_as_zeros and at > reached:
            yield Fill(0, at - reached)
        yield extent
        reached = at + extent.length
    if holes_as_zeros and content.size > reached:
        yield Fill(0, content.size - reached)


def _digest(content: Content) -> str:
    if content.size > HASHED_BYTES:
        raise LimitExceeded(
            f"hashing {content.size} bytes", f"at most {HASHED_BYTES} bytes are hashed"
        )
    if not content.is_sealed:
        state = sha256()
        for block in content.blocks():
            state.update(block)
        return state.hexdigest()
    if len(content.extents) == 1:
        at, only = content.extents[0]
        if isinstance(only, Sealed) and at == 0 and content.size == only.length == only.seal.size:
            return only.seal.sha256
    return sha256(repr(_canonical(content, True)).encode()).hexdigest()


def _canonical(content: Content, holes_as_zeros: bool) -> list[tuple[int, object]]:
    """The content independent of how it was written: (offset, what) for each maximal run of known
    bytes (as a digest, or as one byte repeated), each sealed piece and each hole."""
    runs: list[tuple[int, object]] = []
    reached = 0
    known: list[Extent] = []

    def flush(at: int) -> None:
        if known:
            length = sum(extent.length for extent in known)
            runs.append((at - length, _known(known)))
            known.clear()

    for at, extent in _gapless(content, holes_as_zeros):
        if at > reached:
            flush(reached)
        if isinstance(extent, Sealed):
            flush(at)
            runs.append((at, (extent.seal.sha256, extent.at, extent.length)))
        else:
            known.append(extent)
        reached = at + extent.length
    flush(reached)
    return runs


def _gapless(content: Content, holes_as_zeros: bool) -> Iterator[Placed]:
    if not holes_as_zeros:
        yield from content.extents
        return
    at = 0
    for extent in _pieces(content, holes_as_zeros=True):
        yield at, extent
        at += extent.length


def _known(extents: list[Extent]) -> object:
    """Known bytes in a form that depends on nothing but the bytes."""
    length = sum(extent.length for extent in extents)
    repeated = {_repeated(extent) for extent in extents}
    if len(repeated) == 1 and None not in repeated:
        return (repeated.pop(), length)
    builder = _Builder()
    for extent in extents:
        builder.add(extent)
    return (builder.content().sha256(), length)


def _repeated(extent: Extent) -> int | None:
    """The byte that an extent consists of, where it is one and the same."""
    match extent:
        case Fill():
            return extent.byte
        case Bytes():
            first = extent.data[:1]
            return first[0] if extent.data.count(first) == len(extent.data) else None
        case Sealed():
            return None
