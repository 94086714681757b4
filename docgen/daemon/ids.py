"""Where the engine draws random ids, we count: the same page gives the same ids."""

from __future__ import annotations

from docgen.oci.ids import id_of


class Ids:
    """64 hex digits each, from the page's seed and a counter."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self._counter = 0

    def next(self) -> str:
        self._counter += 1
        return id_of(self.seed, self._counter)
