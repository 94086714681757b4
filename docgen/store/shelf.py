"""The driver's directories and the image layers in them: who stands on whom, and what may go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from docgen.diagnostics import LimitExceeded
from docgen.fs.changes import PRIVATE, apply
from docgen.fs.content import Content
from docgen.fs.nodes import Dir, is_whiteout
from docgen.fs.tree import EMPTY_TREE, Tree
from docgen.limits import HASHED_BYTES, INODES
from docgen.oci.bytestream import content_digest
from docgen.oci.ids import base_36, chain_step, id_of
from docgen.oci.layer import layer_tar
from docgen.store.driver import Driver
from docgen.store.errors import StoreError
from docgen.store.layers import Cell, Layer

DEPTH: Final = "max depth exceeded"


class Shelf:
    """Cells by number, layers by chain id. A cell that nothing stands on and no layer owns goes."""

    def __init__(self, driver: Driver, seed: str) -> None:
        self._driver = driver
        self._seed = seed
        self._layers: dict[str, Layer] = {}
        self._owners: dict[int, Layer] = {}
        self._references: Counter[str] = Counter()
        self._cells: dict[int, Cell] = {}
        self._standing: Counter[int] = Counter()
        self._built_on: set[int] = set()
        self._flat: dict[int, Tree] = {}
        self._last_number = 0
        self._hashed = 0

    def number(self) -> int:
        """The next running number. containerd uses one up for every view of a snapshot, too."""
        self._last_number += 1
        return self._last_number

    def layer_name(self, number: int, *, built: bool) -> str:
        """How the driver names an image layer's directory: a snapshot number, or an id that
        dockerd draws; BuildKit draws them with 25 digits."""
        if self._driver.is_containerd:
            return self._driver.committed.format(id=number)
        if built:
            return base_36(self._seed, number)
        return id_of(f"{self._seed}\0layer", number)

    def active_name(self, number: int) -> str:
        """How it names a container's directory."""
        if self._driver.is_containerd:
            return self._driver.active.format(id=number)
        return id_of(f"{self._seed}\0mount", number)

    def init_name(self, number: int, container: str) -> str:
        """How it names the init layer's directory of a container."""
        if self._driver.is_containerd:
            return self._driver.committed.format(id=number)
        return f"{container}-init"

    # Layers

    def find(self, chain_id: str) -> Layer | None:
        return self._layers.get(chain_id)

    def layers(self) -> Sequence[Layer]:
        return tuple(self._layers.values())

    def owner(self, cell: Cell) -> Layer | None:
        """The image layer that a cell belongs to; None for an init layer."""
        return self._owners.get(cell.number)

    def add_layer(
        self,
        parent: Layer | None,
        diff: Tree,
        created_by: str,
        *,
        diff_id: str,
        blob: Content | None,
        built: bool,
        below: Cell | None,
    ) -> Layer:
        """As Store.add_layer; the new cell stands on `below`."""
        deepest = self._driver.deepest
        if parent is not None and deepest is not None and parent.depth >= deepest:
            raise StoreError(DEPTH)
        self._check_inodes(len(diff))
        diff_id = diff_id or self._diff_id(diff)
        chain = chain_step(parent.chain_id if parent else "", diff_id)
        known = self._layers.get(chain)
        if known is not None:
            return known
        number = self.number()
        cell = self.put(Cell(number, self.layer_name(number, built=built), below, diff, built))
        layer = Layer(diff_id, chain, parent, created_by, cell, blob)
        self._layers[chain] = self._owners[number] = layer
        if parent is not None:
            self._references[parent.chain_id] += 1
        return layer

    def retain(self, layer: Layer) -> None:
        self._references[layer.chain_id] += 1

    def release(self, layer: Layer) -> tuple[Layer, ...]:
        """One user less; the layers that are gone now, topmost first."""
        removed: list[Layer] = []
        current: Layer | None = layer
        while current is not None:
            self._references[current.chain_id] -= 1
            if self._references[current.chain_id] > 0:
                break
            del self._references[current.chain_id]
            del self._layers[current.chain_id]
            del self._owners[current.cell.number]
            removed.append(current)
            current = current.parent
        for one in removed:
            self.sweep(one.cell)
        return tuple(removed)

    def _diff_id(self, diff: Tree) -> str:
        whole = layer_tar(diff).content()
        self._hashed += whole.size
        if self._hashed > HASHED_BYTES:
            raise LimitExceeded(
                f"hashing more than {HASHED_BYTES} bytes of layers", "make smaller or fewer layers"
            )
        return content_digest(whole)

    def _check_inodes(self, more: int) -> None:
        if sum(len(cell.diff) for cell in self._cells.values()) + more > INODES:
            raise LimitExceeded(f"more than {INODES} files in all layers", "use a smaller image")

    # Cells

    def cells(self) -> Sequence[Cell]:
        return tuple(self._cells.values())

    def put(self, cell: Cell) -> Cell:
        self._cells[cell.number] = cell
        self.stand_on(cell.below)
        return cell

    def stand_on(self, cell: Cell | None) -> None:
        """Something new stands on a cell."""
        if cell is not None:
            self._standing[cell.number] += 1
            self._built_on.add(cell.number)

    def leave(self, cell: Cell | None) -> None:
        """It stands there no more."""
        if cell is not None:
            self._standing[cell.number] -= 1
            self.sweep(cell)

    def was_built_on(self, cell: Cell) -> bool:
        """Something stands on it, or once stood (overlay2's mark `committed` stays)."""
        return cell.number in self._built_on

    def sweep(self, cell: Cell) -> None:
        """Remove a cell that nobody needs, and then what stood below only for it."""
        current: Cell | None = cell
        while (
            current is not None
            and current.number in self._cells
            and not self._standing[current.number]
            and current.number not in self._owners
        ):
            del self._cells[current.number]
            self._flat.pop(current.number, None)
            current = current.below
            if current is not None:
                self._standing[current.number] -= 1

    def flat(self, cell: Cell | None) -> Tree:
        """A whole stack as one tree, kept; each step shares what it does not change."""
        missing: list[Cell] = []
        while cell is not None and cell.number not in self._flat:
            missing.append(cell)
            cell = cell.below
        tree = EMPTY_TREE if cell is None else self._flat[cell.number]
        for one in reversed(missing):
            is_whole = one.below is None and _is_plain(one.diff)
            tree = self._flat[one.number] = one.diff if is_whole else apply(tree, one.diff)
        return tree


def _is_plain(tree: Tree) -> bool:
    """Nothing in it means something to an overlay only: it is a view already."""
    return not any(
        is_whiteout(node)
        or (isinstance(node, Dir) and node.opaque)
        or any(name.startswith(PRIVATE) for name, _ in node.meta.xattrs)
        for node in tree.inodes.values()
    )
