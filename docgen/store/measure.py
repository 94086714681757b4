"""Sizes as the driver's row counts them, for layers and containers. All results are bytes."""

from __future__ import annotations

from typing import assert_never
from weakref import WeakKeyDictionary

from docgen.fs.changes import compare
from docgen.fs.tree import Tree
from docgen.store import ext4, sizes
from docgen.store.driver import SizeRule
from docgen.store.layers import Cell
from docgen.store.shelf import Shelf


class Measure:
    """One rule over one shelf; a cell is measured once."""

    def __init__(self, rule: SizeRule, shelf: Shelf) -> None:
        self._rule = rule
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
        match self._rule:
            case SizeRule.APPARENT:
                return sizes.apparent(own)
            case SizeRule.DIFFERENCE:
                return sizes.changed(compare(below, full), full)
            case SizeRule.BLOCKS | SizeRule.COPIED_BLOCKS:
                return ext4.allocated(own)
            case _:
                assert_never(self._rule)

    def _cell(self, cell: Cell) -> int:
        match self._rule:
            case SizeRule.APPARENT:
                return sizes.apparent(cell.diff)
            case SizeRule.DIFFERENCE:
                return sizes.unpacked(cell.diff)
            case SizeRule.BLOCKS:
                return ext4.allocated(cell.diff)
            case SizeRule.COPIED_BLOCKS:
                return ext4.allocated(self._shelf.flat(cell))
            case _:
                assert_never(self._rule)
