"""What every request of the daemon begins with."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from docgen.daemon.build.cache import BuildCache
from docgen.daemon.container import Container
from docgen.daemon.imagedata import blob_size
from docgen.daemon.world import World

if TYPE_CHECKING:
    from docgen.daemon.build.builder import Builder


class Requested:
    """The world that requests work on, and what they share."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._cache = BuildCache(
            world.store, world.clock, world.ids.seed, lambda layer: blob_size(world, layer)
        )
        world.leased = self._cache.chains
        world.cache_bytes = self._cache_bytes

    @cached_property
    def _builder(self) -> Builder:
        """Made for the first build: most pages have none, and it brings many modules."""
        from docgen.daemon.build.builder import Builder

        return Builder(self._world, self._cache)

    def _at(self, ref: str) -> tuple[World, Container]:
        self._world.generation += 1
        return self._world, self._world.containers.get(ref)

    def _cache_bytes(self) -> int:
        """BuildKit's snapshots are its own; a layer that only they hold is not counted twice."""
        world, cache = self._world, self._cache
        alone = cache.only_here(world.images.chains())
        return cache.snapshot_bytes() - sum(world.store.layer_size(layer) for layer in alone)

    def _work(self) -> World:
        self._world.generation += 1
        return self._world
