"""The image store: records, their names, and who may be removed.

Two ways of keeping names: a classic store keeps images (an image without a name is dangling); the
containerd store
keeps names that point at manifests (an image that no name points at is gone, unless a `dangling`
name was made for it).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from docgen.daemon.errors import DaemonError, Kind
from docgen.daemon.image import ImageRecord
from docgen.daemon.refs import Reference, is_id_prefix, parse
from docgen.fs.clock import Clock
from docgen.fs.content import Content
from docgen.oci.ids import digest
from docgen.store.layers import Layer
from docgen.store.store import Store

_HEX: Final = frozenset("0123456789abcdef")


class ImageStore:
    """Images of one daemon, in order of creation."""

    def __init__(self, store: Store, clock: Clock, *, containerd: bool) -> None:
        self.containerd = containerd
        self._store = store
        self._clock = clock
        self._records: dict[str, ImageRecord] = {}
        self._names: dict[str, str] = {}

    # --- looking up ---------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._records)

    def all(self) -> tuple[ImageRecord, ...]:
        """In order of creation."""
        return tuple(self._records.values())

    def get(self, image_id: str) -> ImageRecord | None:
        return self._records.get(image_id)

    def names_of(self, image_id: str) -> tuple[str, ...]:
        """`repository:tag`, sorted."""
        return tuple(sorted(name for name, target in self._names.items() if target == image_id))

    def name_count(self) -> int:
        """Names, and images without one: what `docker info` counts on the containerd store."""
        named = set(self._names.values())
        return len(self._names) + sum(one not in named for one in self._records)

    def by_name(self, reference: Reference) -> ImageRecord | None:
        """Exactly this name; a digest must be the image's own."""
        if reference.digest:
            record = self._records.get(reference.digest)
            known = {name.rpartition(":")[0] for name in self.names_of(reference.digest)}
            return record if record and reference.repository in known else None
        found = self._names.get(str(reference.tagged()))
        return self._records[found] if found else None

    def resolve(self, text: str) -> ImageRecord:
        """By name first, then by id or its beginning. Raises NOT_FOUND `No such image:
        NAME:TAG`."""
        bare = text.removeprefix("sha256:")
        looks_like_id = bool(bare) and set(bare) <= _HEX
        if looks_like_id and (len(bare) == 64 or bare != text):
            return self._by_id(bare) or self._missing(text if bare != text else f"sha256:{text}")
        reference = parse(text)
        found = self.by_name(reference)
        if found is None and looks_like_id and len(bare) >= (4 if self.containerd else 1):
            found = self._by_id(bare)
        return found or self._missing(str(reference.tagged()))

    def _by_id(self, beginning: str) -> ImageRecord | None:
        matches = [one for one in self._records.values() if is_id_prefix(one.id, beginning)]
        return matches[0] if len(matches) == 1 else None

    def _missing(self, shown: str) -> ImageRecord:
        raise DaemonError(f"No such image: {shown}", Kind.NOT_FOUND)

    def children(self, image_id: str) -> tuple[ImageRecord, ...]:
        """Images committed from this one."""
        return tuple(one for one in self._records.values() if one.parent == image_id)

    # --- changing -----------------------------------------------------------------------------

    def add(self, record: ImageRecord) -> ImageRecord:
        """Keep an image; the same id again is the same image."""
        known = self._records.get(record.id)
        if known is not None:
            return known
        self._records[record.id] = record
        if record.top is not None:
            self._store.retain(record.top)
        if self.containerd:
            for data in (record.config_bytes, record.manifest):
                self._store.add_blob(Content.of(data))
        return record

    def tag(self, image_id: str, reference: Reference, *, keep_old: bool = True) -> None:
        """Point a name at an image.

        What it pointed at before stays as a dangling image, but on the containerd store not after a
        build
        (`keep_old` false): BuildKit moves the name there without leaving one (engine-observations
        2.14).
        """
        name = str(reference.tagged())
        old = self._names.get(name)
        self._names[name] = image_id
        self._records[image_id] = replace(self._records[image_id], tagged_ns=self._clock.now_ns)
        if old and old != image_id and self.containerd and not keep_old and not self.names_of(old):
            self.forget(old)

    def name(self, image_id: str, text: str) -> None:
        """Give an image a name from a text."""
        self.tag(image_id, parse(text))

    def untag(self, name: str) -> None:
        """Take a name away; the image stays."""
        del self._names[name]

    def forget(self, image_id: str) -> tuple[Layer, ...]:
        """Remove an image and its names; the layers that went with it, topmost first."""
        for name in self.names_of(image_id):
            del self._names[name]
        record = self._records.pop(image_id)
        if self.containerd:
            for data in (record.config_bytes, record.manifest):
                self._store.remove_blob(digest(data))
        return self._store.release(record.top) if record.top is not None else ()

    def chains(self) -> frozenset[str]:
        """Chain ids of all layers that belong to images."""
        return frozenset(layer.chain_id for one in self.all() for layer in one.layers)

    def layer_sizes(self) -> dict[str, int]:
        """Size of every layer in the store, by chain id."""
        return {one.chain_id: self._store.layer_size(one) for one in self._store.layers()}


def shared_layers(records: Iterable[ImageRecord]) -> frozenset[str]:
    """Chain ids that belong to more than one image."""
    seen: set[str] = set()
    twice: set[str] = set()
    for record in records:
        for layer in record.layers:
            (twice if layer.chain_id in seen else seen).add(layer.chain_id)
    return frozenset(twice)
