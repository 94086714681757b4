"""Lines between columns of boxes: who uses whom, one lane for each thing that is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docgen.draw.panel import Place
from docgen.frozen import frozen

Points = tuple[tuple[int, int], ...]


@frozen
class Wire:
    """A wish for a line: from a row of one box to another box."""

    key: str
    start: int
    """Column where the line begins."""
    y: int
    to: str
    """Key of the box that it leads to."""


def left_wires(wires: Sequence[Wire], places: Mapping[str, Place], lane: int) -> dict[str, Points]:
    """Lines to boxes on the left, where each box stands as high as the first that leads to it:
    one lane serves all, as their spans lie below one another.
    """
    lines: dict[str, Points] = {}
    for wire in wires:
        place = places[wire.to]
        entry, edge = place.y + 1, place.x + place.w
        if wire.y == entry:
            lines[wire.key] = ((wire.start, wire.y), (edge, entry))
        else:
            lines[wire.key] = ((wire.start, wire.y), (lane, wire.y), (lane, entry), (edge, entry))
    return lines


def right_wires(
    wires: Sequence[Wire], places: Mapping[str, Place], first: int, order: Sequence[str]
) -> dict[str, Points]:
    """Lines to boxes on the right. Each box has its lane from `first` on, the lower box the one
    further left, so that lines to boxes below do not cross those above.
    """
    lanes = {key: first + at for at, key in enumerate(reversed(order))}
    entries: dict[str, int] = {}
    for key in order:
        entries[key] = _entry(places[key], key, wires, lanes)
    lines: dict[str, Points] = {}
    for wire in wires:
        end, lane = (places[wire.to].x - 1, entries[wire.to]), lanes[wire.to]
        if end[1] == wire.y:
            lines[wire.key] = ((wire.start, wire.y), end)
        else:
            lines[wire.key] = ((wire.start, wire.y), (lane, wire.y), (lane, end[1]), end)
    return lines


def _entry(place: Place, key: str, wires: Sequence[Wire], lanes: Mapping[str, int]) -> int:
    """The row at which lines enter a box: straight from a user if that is possible, never where
    it would run into another line.
    """
    inner = range(place.y + 1, place.y + place.h - 1)
    own = [wire.y for wire in wires if wire.to == key]
    taken = {wire.y for wire in wires if wire.to != key and lanes[wire.to] > lanes[key]}
    straight = [y for y in own if y in inner]
    return next((y for y in (*straight, *inner) if y not in taken), place.y + 1)
