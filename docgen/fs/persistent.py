"""A persistent sorted map: copies share all chunks but the ones that changed.

One class serves the inode table (keys are inode numbers) and the directories (keys are names), so
a step on an image of 20,000 inodes costs what it changed, and iteration is sorted without sorting
everything again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Generic, TypeVar

K = TypeVar("K", int, str)
V = TypeVar("V")

CHUNK: Final = 128
"""A chunk that grows beyond this is split in two."""


class SortedMap(Mapping[K, V], Generic[K, V]):
    """Frozen; `put`, `drop` and `update` return another map."""

    __slots__ = ("_bounds", "_chunks", "_size")

    def __init__(self, items: Mapping[K, V] | None = None) -> None:
        ordered = sorted(items.items()) if items else []
        half = CHUNK // 2
        groups = [ordered[at : at + half] for at in range(0, len(ordered), half)] or [[]]
        self._chunks: tuple[dict[K, V], ...] = tuple(dict(group) for group in groups)
        self._bounds: tuple[K, ...] = tuple(group[0][0] for group in groups[1:])
        self._size = len(ordered)

    @classmethod
    def _of(
        cls, chunks: tuple[dict[K, V], ...], bounds: tuple[K, ...], size: int
    ) -> SortedMap[K, V]:
        made = cls.__new__(cls)
        made._chunks, made._bounds, made._size = chunks, bounds, size
        return made

    def __getitem__(self, key: K) -> V:
        return self._chunks[bisect_right(self._bounds, key)][key]

    def __contains__(self, key: object) -> bool:
        return self.find(key) is not None  # type: ignore[arg-type]  # a key of another type: TypeError

    def find(self, key: K) -> V | None:
        """The value, or None. (Values are never None.)"""
        bounds = self._bounds
        return self._chunks[bisect_right(bounds, key) if bounds else 0].get(key)

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[K]:
        for chunk in self._chunks:
            yield from sorted(chunk)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, SortedMap) and self._chunks == other._chunks:
            return True
        return Mapping.__eq__(self, other)

    def __hash__(self) -> int:
        return hash(self._size)

    def __repr__(self) -> str:
        return f"SortedMap({dict(self.items())!r})"

    def put(self, key: K, value: V) -> SortedMap[K, V]:
        """With `key` bound to `value`."""
        at: int = bisect_right(self._bounds, key)
        chunk = self._chunks[at]
        grown = {**chunk, key: value}
        if len(grown) > CHUNK:
            return self.update({key: value})
        chunks = list(self._chunks)
        chunks[at] = grown
        return self._of(tuple(chunks), self._bounds, self._size + len(grown) - len(chunk))

    def drop(self, key: K) -> SortedMap[K, V]:
        """Without `key`, which must be there."""
        return self.update({}, (key,))

    def update(self, added: Mapping[K, V], removed: Iterable[K] = ()) -> SortedMap[K, V]:
        """With all of `added`, without all of `removed` (missing ones are no error)."""
        touched: dict[int, dict[K, V]] = {}
        for key, value in added.items():
            self._touch(touched, key)[key] = value
        for key in removed:
            self._touch(touched, key).pop(key, None)
        if not touched:
            return self
        return self._rebuilt(touched)

    def _touch(self, touched: dict[int, dict[K, V]], key: K) -> dict[K, V]:
        at = bisect_right(self._bounds, key)
        if at not in touched:
            touched[at] = dict(self._chunks[at])
        return touched[at]

    def _rebuilt(self, touched: dict[int, dict[K, V]]) -> SortedMap[K, V]:
        chunks, bounds, size = list(self._chunks), list(self._bounds), self._size
        for at in sorted(touched, reverse=True):
            size += len(touched[at]) - len(chunks[at])
            parts = _split(touched[at])
            if not parts and len(chunks) > 1:
                del chunks[at]
                del bounds[max(at - 1, 0)]
                continue
            chunks[at : at + 1] = parts or [{}]
            bounds[at:at] = [min(part) for part in parts[1:]]
        kept = tuple(bounds)
        return self._of(tuple(chunks), self._bounds if kept == self._bounds else kept, size)

    def differing(self, other: SortedMap[K, V]) -> set[K]:
        """Keys whose values are not one and the same object in both; costs what differs plus a
        glance at each chunk."""
        if self is other:
            return set()
        keys: set[K] = set()
        if self._bounds == other._bounds:
            for one, two in zip(self._chunks, other._chunks, strict=True):
                if one is not two:
                    keys |= one.keys() | two.keys()
        else:
            mine = {id(chunk) for chunk in self._chunks}
            theirs = {id(chunk) for chunk in other._chunks}
            keys.update(*(chunk for chunk in self._chunks if id(chunk) not in theirs))
            keys.update(*(chunk for chunk in other._chunks if id(chunk) not in mine))
        return {key for key in keys if self.find(key) is not other.find(key)}


def _split(chunk: dict[K, V]) -> list[dict[K, V]]:
    """The chunk in pieces of at most CHUNK keys, each sorted; none for an empty one."""
    if len(chunk) <= CHUNK:
        return [chunk] if chunk else []
    ordered = sorted(chunk.items())
    half = CHUNK // 2
    return [dict(ordered[at : at + half]) for at in range(0, len(ordered), half)]
