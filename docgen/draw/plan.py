"""The layout of one container's picture for all steps: two columns, and lines between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from docgen.draw.outside import mount_key
from docgen.draw.panel import Panel, Place, column, fit, merged_order, run
from docgen.draw.scene import Box, Group, Role, Style
from docgen.draw.seen import mount_row_key
from docgen.draw.sheet import WIDE, Ask, text_group
from docgen.draw.text import clean
from docgen.frozen import frozen
from docgen.record.snapshot import Mount, MountKind

GUTTER: Final = 5
"""Cells between the columns, for the lines of the mounts."""


def outside_width(ask: Ask) -> int:
    """Of the right column: 25 of 72 cells; a wider picture gives it a third of what it has more."""
    return 25 + (ask.width - WIDE) // 3 if ask.wide else ask.width


Panels = dict[str, Panel]
"""The boxes of one step, by key."""


@frozen
class Plan:
    """The layout that all steps share."""

    frame: Box
    left: Mapping[str, Place]
    right: Mapping[str, Place]
    strip: int
    """Row of the line between the writable layer and the image layers."""
    headers: tuple[Group, ...]
    lines: Mapping[str, tuple[tuple[int, int], ...]]
    """Mount row key to the points of its line."""
    bottom: int


def plan(
    left: Sequence[Panels],
    right: Sequence[Panels],
    mounts: Sequence[Mount],
    rest: Sequence[Mount],
    ask: Ask,
    frame: int,
) -> Plan:
    """`left` and `right` hold the boxes of every step; `rest` are mounts that have none."""
    order = merged_order([list(panels) for panels in left])
    upper = column(left, order[:2], 1, 2, frame - 2)
    strip = below(upper)
    lower = column(left, order[2:], 1, strip + 1, frame - 2)
    places = {**upper, **lower}
    box = Box(0, 0, frame, max(below(places), strip + 1) + 1, Style.FRAME, encloses=True)
    start = (frame + GUTTER, 0) if ask.wide else (0, box.h + 1)
    width = outside_width(ask)
    outside, headers = _outside(right, mounts, *start, width)
    if ask.wide and mounts:
        down = _lower(mounts[0], places["view"], outside)
        outside, headers = _outside(right, mounts, start[0], down, width)
    lines = _lines(mounts, places["view"], outside, frame) if ask.wide else {}
    bottom = max(box.h, below(outside), start[1] + 1)
    if rest:
        end = below(outside)
        words = f"and {len(rest)} more: {' '.join(clean(mount.target) for mount in rest)}"
        line = fit(run(words, Role.QUIET), width - 2)
        headers.append(text_group("outside#rest", start[0] + 1, end, line, tip=words))
        bottom = max(bottom, end + 1)
    return Plan(box, places, outside, strip, tuple(headers), lines, bottom)


def below(places: Mapping[str, Place]) -> int:
    return max((place.y + place.h for place in places.values()), default=0)


def _header(key: str, x: int, y: int, words: str) -> Group:
    return text_group(f"header:{key}", x, y, run(words, Role.QUIET))


def _outside(
    right: Sequence[Panels], mounts: Sequence[Mount], x: int, y: int, width: int
) -> tuple[dict[str, Place], list[Group]]:
    memory = list(dict.fromkeys(mount_key(m) for m in mounts if m.kind is MountKind.TMPFS))
    lasting = list(dict.fromkeys(mount_key(m) for m in mounts if m.kind is not MountKind.TMPFS))
    places: dict[str, Place] = {}
    headers: list[Group] = []
    for keys, words in ((lasting, "Persistent storage"), (memory, "In memory")):
        if keys:
            headers.append(_header(words, x + 1, y, words))
            places |= column(right, keys, x, y + 1, width)
            y = below(places) + 1
    if not mounts:
        headers.append(_header("none", x + 1, y, "Persistent storage: none"))
    return places, headers


def _lower(mount: Mount, view: Place, outside: Mapping[str, Place]) -> int:
    """How far the right column goes down, for a straight line to its first box."""
    box, key = outside[mount_key(mount)], mount_row_key(mount)
    last = box.y + box.h - 2
    return max(view.row(key) - last, 0) if key in view.slots else 0


def _lines(
    mounts: Sequence[Mount], view: Place, outside: Mapping[str, Place], frame: int
) -> dict[str, tuple[tuple[int, int], ...]]:
    """Lines from the mounts' rows to their boxes. Both are in one order, so a lane each
    keeps them apart.
    """
    lines: dict[str, tuple[tuple[int, int], ...]] = {}
    lane, entered = frame + GUTTER - 2, 0
    for mount in mounts:
        key = mount_row_key(mount)
        if key not in view.slots:
            continue
        place = outside[mount_key(mount)]
        y = view.row(key)
        entry = min(max(y, place.y + 1, entered + 1), place.y + place.h - 2)
        entered = entry
        start, end = (0, y), (frame + GUTTER - 1, entry)
        if entry == y:
            lines[key] = (start, end)
        else:
            lines[key] = (start, (lane, y), (lane, entry), end)
            lane = max(lane - 1, frame)
    return lines
