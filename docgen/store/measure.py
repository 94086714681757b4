"""Sizes as the driver's row counts them, for layers and containers. All results are bytes."""

from __future__ import annotations

from typing import assert_never
from weakref import WeakKeyDictionary

from docgen.fs.changes import compare
from docgen.fs.tree import Tree
from docgen.store import ext4, sizes
from docgen.store.diffs import by_walk
from docgen.store.driver import Driver, SizeRule
from docgen.store.layers import Cell
from docgen.store.shelf import Shelf


class Measure:
    """The rules of one driver over one shelf; a cell is measured once."""

    def __init__(self, driver: Driver, shelf: Shelf) -> None:
        self._driver = driver
        self._shelf = shelf
        self._known: WeakKeyDictionary[Cell, int] = WeakKeyDictionary()

    def cell(self, cell: Cell) -> int:
        """What one directory adds."""
        known = self._known.get(cell)
        if known is None:
            known = self._known[cell] = self._cell(cell)
        return known

    def stack(self, cell: Cell | None) -> int:
        """A cell and all below it."""
        return sum(self.cell(one) for one in cell.stack()) if cell is not None else 0

    def writable(self, own: Tree, below: Tree, full: Tree) -> int:
        """A container's own layer: its directory, the view below it and the view with it."""
        return _measured(self._driver.rw_sizes, own, below, full)

    def _cell(self, cell: Cell) -> int:
        below, full = self._shelf.flat(cell.below), self._shelf.flat(cell)
        by_tar = cell.built and not self._driver.is_containerd
        rule = SizeRule.UNPACKED if by_tar else self._driver.layer_sizes
        return _measured(rule, cell.diff, below, full)


def _measured(rule: SizeRule, own: Tree, below: Tree, full: Tree) -> int:
    match rule:
        case SizeRule.APPARENT:
            return sizes.apparent(own)
        case SizeRule.CHANGED:
            return sizes.changed(compare(below, full), full)
        case SizeRule.UNPACKED:
            return sizes.unpacked(own)
        case SizeRule.BLOCKS:
            return ext4.allocated(own)
        case SizeRule.COPIED_BLOCKS:
            return ext4.allocated(full)
        case SizeRule.WALKED_BLOCKS:
            return sizes.files_in_blocks(by_walk(below, full, 0))
        case _:
            assert_never(rule)
