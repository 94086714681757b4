"""What a store keeps: the driver's directories, the image layers in them, the containers' own."""

from __future__ import annotations

from dataclasses import dataclass, field

from docgen.fs.content import Content
from docgen.fs.filesystem import FileSystem
from docgen.fs.plain import PlainFs
from docgen.fs.tree import Tree


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Cell:
    """One read-only directory of the driver: an image layer's or an init layer's."""

    number: int
    """Running number, from 1; a snapshotter names the directory by it."""
    name: str
    """The directory below the driver's home."""
    below: Cell | None
    """The directory it was begun on."""
    diff: Tree
    """What it adds to the one below, with whiteouts and opaque directories."""
    built: bool = False
    """Made by BuildKit, whose layers the classic store measures by their tar (moby
    layer/migration.go, checksumForGraphIDNoTarsplit)."""

    def stack(self) -> tuple[Cell, ...]:
        """This cell and all below it, topmost first."""
        found: list[Cell] = []
        cell: Cell | None = self
        while cell is not None:
            found.append(cell)
            cell = cell.below
        return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A read-only image layer."""

    diff_id: str
    chain_id: str
    parent: Layer | None
    created_by: str
    """The history line that made it."""
    cell: Cell
    blob: Content | None = None
    """Its tar as it was given, where the canonical tar of `diff` would have another digest."""

    @property
    def diff(self) -> Tree:
        return self.cell.diff

    @property
    def depth(self) -> int:
        """Layers of the stack, this one included."""
        return len(self.chain())

    def chain(self) -> tuple[Layer, ...]:
        """The stack, base first."""
        found: list[Layer] = []
        layer: Layer | None = self
        while layer is not None:
            found.append(layer)
            layer = layer.parent
        return tuple(reversed(found))


@dataclass(slots=True, eq=False)
class Writable:
    """A container's own layer, with the init layer it stands on."""

    name: str
    """The container's id."""
    number: int
    directory: str
    """Below the driver's home."""
    layer: Layer | None
    """The image's topmost layer."""
    below: Cell | None
    """The init layer, or the image layer where there is none."""
    has_init: bool
    own: PlainFs
    """The upper directory (union) or the whole tree (tree family)."""
    mounted: FileSystem | None = None
    users: int = field(default=0)
    """How often it is mounted now."""
