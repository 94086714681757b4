"""The build cache: what a step made of a state, so that it need not run again."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from docgen.daemon.model import CacheRecord, PruneReport
from docgen.fs.clock import Clock
from docgen.oci.ids import base_36
from docgen.store.layers import Layer
from docgen.store.store import Store


@dataclass(slots=True)
class Entry:
    """One step's result."""

    id: str
    """25 digits of base 36, as BuildKit names its records."""
    layer: Layer
    created_ns: int
    used_ns: int
    usage: int = 1


class BuildCache:
    """Layers by the digest of what led to them. It holds its layers, like an image does."""

    def __init__(self, store: Store, clock: Clock, seed: str) -> None:
        self._store = store
        self._clock = clock
        self._seed = seed
        self._entries: dict[str, Entry] = {}
        self._made = 0

    @staticmethod
    def key(parent: str, *words: str) -> str:
        """Of a step with these words on a state with this key."""
        running = sha256(parent.encode())
        for word in words:
            running.update(b"\0" + word.encode("utf-8", "surrogateescape"))
        return running.hexdigest()

    def find(self, key: str) -> Entry | None:
        """A result that can be used again; counts as a use."""
        entry = self._entries.get(key)
        if entry is not None:
            entry.used_ns = self._clock.now_ns
            entry.usage += 1
        return entry

    def keep(self, key: str, layer: Layer) -> Entry:
        """Remember a result; one that was there under this key is replaced."""
        before = self._entries.pop(key, None)
        self._made += 1
        self._store.retain(layer)
        now = self._clock.now_ns
        entry = Entry(base_36(f"{self._seed}\0cache", self._made), layer, now, now)
        self._entries[key] = entry
        if before is not None:
            self._store.release(before.layer)
        return entry

    def _is_shared(self, entry: Entry, images: frozenset[str]) -> bool:
        return entry.layer.chain_id in images

    def records(self, images: frozenset[str]) -> tuple[CacheRecord, ...]:
        """Lines of `docker system df -v`, oldest first. `images`: chain ids that images hold."""
        return tuple(
            CacheRecord(
                id=entry.id,
                kind="regular",
                size=self._store.layer_size(entry.layer),
                created_ns=entry.created_ns,
                last_used_ns=entry.used_ns,
                usage=entry.usage,
                shared=self._is_shared(entry, images),
            )
            for entry in self._entries.values()
        )

    def chains(self) -> frozenset[str]:
        """Chain ids of the layers that it holds, those below them too."""
        return frozenset(
            layer.chain_id for entry in self._entries.values() for layer in entry.layer.chain()
        )

    def prune(self, images: frozenset[str], *, everything: bool) -> PruneReport:
        """Forget what no image holds; with `everything`, the rest too (its layers stay in the
        images)."""
        deleted, space = [], 0
        for key, entry in tuple(self._entries.items()):
            shared = self._is_shared(entry, images)
            if shared and not everything:
                continue
            if not shared:
                space += self._store.layer_size(entry.layer)
            deleted.append(entry.id)
            del self._entries[key]
            self._store.release(entry.layer)
        return PruneReport(tuple(deleted), space)
