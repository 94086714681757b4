"""The build cache: what a step made of a state, so that it need not run again.

And what BuildKit keeps beside that: base images, the Dockerfile, `.dockerignore`, the context.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256
from typing import Final

from docgen.daemon.answers import CacheRecord, PruneReport
from docgen.frozen import frozen
from docgen.fs.clock import Clock
from docgen.fs.tree import Tree
from docgen.oci.ids import base_36
from docgen.store import ext4, sizes
from docgen.store.layers import Layer
from docgen.store.store import Store

REGULAR: Final = "regular"
LOCAL: Final = "source.local"


@frozen
class Entry:
    """One step's result."""

    record: CacheRecord
    layer: Layer
    built_on: bool = False
    """Another step began on it, which made it read-only."""
    exported: bool = False
    """An image was made of it, and with it a compressed blob (containerd store)."""

    @property
    def mutable(self) -> bool:
        """Still the directory that the step wrote to: listed with a star."""
        return not (self.built_on or self.exported)


class BuildCache:
    """Layers by the digest of what led to them. It holds its layers, like an image does."""

    def __init__(
        self, store: Store, clock: Clock, seed: str, blob_size: Callable[[Layer], int]
    ) -> None:
        self._store = store
        self._clock = clock
        self._seed = seed
        self._blob_size = blob_size
        self._entries: dict[str, Entry] = {}
        self._older: list[Entry] = []
        """Results that a build without the cache made again; they stay until a prune."""
        self._sources: dict[str, CacheRecord] = {}
        """Base images by id, local sources by name."""
        self._made = 0

    def key(self, parent: str, *words: str) -> str:
        """Of a step with these words on a state with this key."""
        running = sha256(parent.encode())
        for word in words:
            running.update(b"\0" + word.encode("utf-8", "surrogateescape"))
        return running.hexdigest()

    def _record(self, kind: str, size: int) -> CacheRecord:
        self._made += 1
        now = self._clock.now_ns
        name = base_36(f"{self._seed}\0cache", self._made)
        return CacheRecord(name, kind, size, now, now, 1, shared=False, mutable=kind == LOCAL)

    def _used(self, record: CacheRecord) -> CacheRecord:
        return replace(record, last_used_ns=self._clock.now_ns, usage=record.usage + 1)

    # --- steps --------------------------------------------------------------------------------

    def find(self, key: str) -> Entry | None:
        """A result that can be used again; counts as a use."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._entries[key] = replace(entry, record=self._used(entry.record))
        return entry

    def keep(self, key: str, layer: Layer, snapshot: Tree, parent: str) -> Entry:
        """Remember a result; one that was there under this key is found no more. `snapshot` is the
        upper directory as the step left it: what the record's size counts. `parent` is the key of
        the state that the step began on."""
        before = self._entries.pop(key, None)
        if before is not None:
            self._older.append(before)
        self._store.retain(layer)
        entry = Entry(self._record(REGULAR, self._measured(snapshot)), layer)
        self._entries[key] = entry
        below = self._entries.get(parent)
        if below is not None:
            self._entries[parent] = replace(below, built_on=True)
        return entry

    def export(self, layers: Iterable[Layer]) -> None:
        """An image was made of these layers."""
        chains = {layer.chain_id for layer in layers}
        for key, entry in self._entries.items():
            if entry.layer.chain_id in chains:
                self._entries[key] = replace(entry, exported=True)

    def _all(self) -> tuple[Entry, ...]:
        return (*self._older, *self._entries.values())

    def _measured(self, tree: Tree) -> int:
        if self._store.driver.is_containerd:
            return ext4.allocated(tree)
        return sizes.apparent(tree)

    # --- sources ------------------------------------------------------------------------------

    def use_image(self, image_id: str, blob_bytes: int) -> bool:
        """A build started from this image; whether one did before."""
        known = self._sources.get(image_id)
        record = self._used(known) if known else self._record(REGULAR, blob_bytes)
        self._sources[image_id] = record
        return known is not None

    def use_local(self, name: str, tree: Tree) -> None:
        """Something was sent: `dockerfile:/root/app`, `context:/root/app` …"""
        known = self._sources.get(name)
        record = self._used(known) if known else self._record(LOCAL, 0)
        self._sources[name] = replace(record, size=self._measured(tree))

    # --- what is kept -------------------------------------------------------------------------

    def snapshot_bytes(self) -> int:
        """What its own directories take beside the images' layers (containerd store)."""
        own = sum(entry.record.size for entry in self._all())
        return own + sum(one.size for one in self._sources.values() if one.kind == LOCAL)

    def only_here(self, images: frozenset[str]) -> tuple[Layer, ...]:
        """Layers that no image holds."""
        layers = {layer.chain_id: layer for entry in self._all() for layer in entry.layer.chain()}
        return tuple(layer for chain, layer in layers.items() if chain not in images)

    def records(self, images: frozenset[str]) -> tuple[CacheRecord, ...]:
        """Lines of `docker system df -v`, oldest first. `images`: chain ids that images hold."""
        steps = [
            replace(
                entry.record,
                size=entry.record.size + (self._blob_size(entry.layer) if entry.exported else 0),
                shared=entry.exported and entry.layer.chain_id in images,
                mutable=entry.mutable,
            )
            for entry in self._all()
        ]
        sources = [replace(one, shared=one.kind == REGULAR) for one in self._sources.values()]
        return tuple(sorted((*sources, *steps), key=lambda one: (one.created_ns, one.id)))

    def chains(self) -> frozenset[str]:
        """Chain ids of the layers that it holds, those below them too."""
        return frozenset(layer.chain_id for entry in self._all() for layer in entry.layer.chain())

    def prune(self, images: frozenset[str], *, everything: bool) -> PruneReport:
        """Forget what no image holds; with `everything`, the rest too (its layers stay in
        images)."""
        doomed = [one for one in self.records(images) if everything or not one.shared]
        names = {one.id for one in doomed}
        self._sources = {key: one for key, one in self._sources.items() if one.id not in names}
        for key, entry in tuple(self._entries.items()):
            if entry.record.id in names:
                del self._entries[key]
                self._store.release(entry.layer)
        for entry in tuple(self._older):
            if entry.record.id in names:
                self._older.remove(entry)
                self._store.release(entry.layer)
        return PruneReport(tuple(one.id for one in doomed), sum(one.size for one in doomed))
