"""Associative arrays, with the order in which each awk walks them."""

from __future__ import annotations

from collections.abc import Iterator

from docgen.diagnostics import LimitExceeded
from docgen.shell.applets.awk.values import Value

_MOST = 100_000


class Array:
    """A dict whose keys come, in `for (k in a)`, in the order of the real hash tables: mawk's is
    FNV-1a in 64 lists, busybox's a shift-and-add hash in 61; both put new keys in front."""

    __slots__ = ("_gnu", "values")

    def __init__(self, gnu: bool) -> None:
        self._gnu = gnu
        self.values: dict[bytes, Value] = {}

    def get(self, key: bytes) -> Value:
        """Referring to an element makes it."""
        if key not in self.values:
            self.set(key, None)
        return self.values[key]

    def set(self, key: bytes, value: Value) -> None:
        if len(self.values) >= _MOST and key not in self.values:
            raise LimitExceeded(f"an awk array of more than {_MOST} elements", "use fewer keys")
        self.values[key] = value

    def keys(self) -> Iterator[bytes]:
        buckets: dict[int, list[bytes]] = {}
        for key in self.values:
            buckets.setdefault(_fnv(key) & 63 if self._gnu else _shifted(key) % 61, []).append(key)
        for index in sorted(buckets):
            yield from reversed(buckets[index])


def _fnv(key: bytes) -> int:
    value = 2_166_136_261
    for byte in key:
        value = (value ^ byte) * 16_777_619 & 0xFFFFFFFF
    return value


def _shifted(key: bytes) -> int:
    value = 0
    for byte in key:
        value = (byte + (value << 1)) & 0xFFFFFFFF
    return value
