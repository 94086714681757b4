"""What the first write to a file of the image costs, by the driver's rule, piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from docgen.draw.outside import MOUNT_STYLES
from docgen.draw.probe import find, mount_over, probe
from docgen.draw.scene import Style
from docgen.draw.text import plural, size
from docgen.frozen import frozen
from docgen.record.snapshot import Container, Entry, Kind, Layer, Snapshot
from docgen.store.driver import DRIVERS

BLOCK: Final = 4096
"""Bytes that a file system gives away at once."""
OLD_DRIVERS: Final = {"devicemapper": 64 * 1024, "zfs": 128 * 1024}
"""Drivers that are not simulated, and the unit that they copy (Docker's storage driver manuals:
thin pool blocks, default record size).
"""


class Pays(StrEnum):
    """When a byte of an image is copied for a container."""

    WHOLE_FILE = "copies the whole file"
    ONE_UNIT = "copies a block of"
    AT_CREATION = "copied everything at creation"


@frozen
class Rule:
    driver: str
    pays: Pays
    unit: int
    """Bytes; of drivers that copy whole files, a block of the file system."""

    @property
    def words(self) -> str:
        unit = f" {size(self.unit)}" if self.pays is Pays.ONE_UNIT else ""
        return f"{self.driver} {self.pays}{unit}"


def rule_of(driver: str) -> Rule:
    """Of a driver that nobody knows: as a union, the most common kind."""
    row = DRIVERS.get(driver)
    if driver in OLD_DRIVERS:
        return Rule(driver, Pays.ONE_UNIT, OLD_DRIVERS[driver])
    if row is None or row.is_union:
        return Rule(driver, Pays.WHOLE_FILE, BLOCK)
    if row.granule:
        return Rule(driver, Pays.ONE_UNIT, row.granule)
    return Rule(driver, Pays.AT_CREATION, BLOCK)


def compared(driver: str) -> list[Rule]:
    """One driver of every other kind."""
    known = ("overlay2", "btrfs", "devicemapper", "zfs", "vfs")
    mine = rule_of(driver)
    rules = [rule_of(name) for name in known]
    return [one for one in rules if (one.pays, one.unit) != (mine.pays, mine.unit)]


class State(StrEnum):
    ABSENT = "absent"
    SHARED = "as the image has it"
    COPIED = "written to"
    MADE = "made in the container"
    DELETED = "deleted"
    OUTSIDE = "outside the layers"


@frozen
class Pieces:
    """One file at one step."""

    state: State
    size: int
    """Bytes; 0 for what is not a file."""
    below: int
    """Bytes of the image's file of that name."""
    place: str = ""
    """What serves it, where it lies outside the layers."""
    style: Style = Style.WRITABLE


def pieces(snapshot: Snapshot, container: Container, path: str) -> Pieces:
    mount = mount_over(container, path)
    if mount:
        rung = probe(snapshot, container, path)[0]
        style = MOUNT_STYLES[mount.kind]
        return Pieces(State.OUTSIDE, _bytes(rung.entry), 0, rung.name, style)
    layers = {layer.key: layer for layer in snapshot.layers}
    chain = [layers[key] for key in container.layers if key in layers]
    lower, below = _lower(chain, path), 0
    if lower is not None:
        below = lower.size
    own, stop = find(container.writable.entries, path)
    deleted = any(
        change.mark == "D" and (path == change.path or path.startswith(change.path + "/"))
        for change in container.writable.changes
    )
    if own is not None and own.kind is Kind.FILE:
        copied = lower is not None and own.copied_up
        return Pieces(State.COPIED if copied else State.MADE, own.size, below)
    if lower is None:
        return Pieces(State.ABSENT, 0, 0)
    if deleted or stop or own is not None:
        return Pieces(State.DELETED, 0, below)
    return Pieces(State.SHARED, below, below)


def _bytes(entry: Entry | None) -> int:
    return entry.size if entry is not None and entry.kind is Kind.FILE else 0


def _lower(chain: Sequence[Layer], path: str) -> Entry | None:
    """The image's file of that name."""
    for layer in reversed(chain):
        entry, stop = find(layer.entries, path)
        if entry is not None:
            return entry if entry.kind is Kind.FILE else None
        if stop:
            return None
    return None


def own_bytes(rule: Rule, file: Pieces) -> tuple[int, int]:
    """The part of the file that is the container's own: first byte and the one after the last.

    Of a driver that copies units: at least that. Where a write went is not recorded, but a file
    that grew was written at its end.
    """
    match file.state:
        case State.MADE | State.OUTSIDE:
            return 0, file.size
        case State.SHARED if rule.pays is Pays.AT_CREATION:
            return 0, file.size
        case State.COPIED if rule.pays is not Pays.ONE_UNIT:
            return 0, file.size
        case State.COPIED if file.size > file.below:
            return file.below // rule.unit * rule.unit, file.size
        case State.COPIED:
            return 0, min(rule.unit, file.size)
        case _:
            return 0, 0


def cost_words(rule: Rule, file: Pieces) -> str:
    """What the first write to the file costs or did cost."""
    match file.state:
        case State.ABSENT:
            return "There is no such file."
        case State.OUTSIDE:
            place = f"{file.place[0].lower()}{file.place[1:]}"
            return f"Nothing is ever copied: {place} serves it, and the layers are bypassed."
        case State.MADE:
            return "Nothing was copied: the file was made in the container."
        case State.DELETED:
            return "Nothing was copied: only the name is gone for this container."
        case State.SHARED:
            return _before(rule, file)
        case State.COPIED:
            return _after(rule, file)


def _before(rule: Rule, file: Pieces) -> str:
    if not file.size:
        return "Nothing to copy: the file is empty."
    match rule.pays:
        case Pays.WHOLE_FILE:
            return f"The first write will copy all {size(file.size)}, however little it changes."
        case Pays.ONE_UNIT:
            unit = size(min(rule.unit, file.size))
            return f"The first write will copy {unit}; all else stays shared with the image."
        case Pays.AT_CREATION:
            return f"The first write is free: its {size(file.size)} were copied at creation."


def _after(rule: Rule, file: Pieces) -> str:
    match rule.pays:
        case Pays.WHOLE_FILE if file.size < file.below:
            return f"The first write copied up to {size(file.below)}: none if it emptied the file."
        case Pays.WHOLE_FILE:
            return f"The first write copied all {size(file.below)}, however little it changed."
        case Pays.ONE_UNIT:
            unit = size(min(rule.unit, file.below))
            return f"The first write copied at least {unit}; what it left alone is shared."
        case Pays.AT_CREATION:
            return f"The first write was free: its {size(file.below)} were copied at creation."


def count_words(rule: Rule, file: Pieces) -> str:
    """`257 of 257 blocks copied`."""
    match file.state:
        case State.OUTSIDE | State.ABSENT:
            return ""
        case State.DELETED:
            return "not seen any more"
        case State.MADE:
            return "nothing copied"
        case State.SHARED | State.COPIED:
            every = -(-file.size // rule.unit)
            least = "at least " if file.state is State.COPIED and rule.pays is Pays.ONE_UNIT else ""
            return f"{least}{own_units(rule, file):,} of {plural(every, 'block')} copied"


def own_units(rule: Rule, file: Pieces) -> int:
    """Pieces of the driver's unit that are the container's own, whole or in part."""
    first, end = own_bytes(rule, file)
    return -(-end // rule.unit) - first // rule.unit if end else 0
