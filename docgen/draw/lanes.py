"""Lanes: everything that stores data, with what there is to say of it at every step of its life."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from docgen.draw.delta import entry_words, host_words, image_words
from docgen.draw.outside import short_name
from docgen.draw.panel import Runs, run
from docgen.draw.scene import Role, Style
from docgen.draw.sheet import Ask
from docgen.draw.story import RUNS, Story, status_words
from docgen.draw.text import clean, size
from docgen.frozen import frozen
from docgen.record.snapshot import Container, MountKind, Snapshot


@frozen
class Point:
    """A lane's thing at one step."""

    words: str
    """What is to be said of it now."""
    content: object
    """Differs when its data changed."""
    asleep: bool = False
    """There, but not running."""


@dataclass(slots=True)
class Lane:
    key: str
    style: Style
    name: Runs
    points: dict[int, Point] = field(default_factory=dict)
    """By step; a step without one: the thing does not exist."""

    def spans(self, until: int) -> Iterator[tuple[int, int]]:
        """First and last step of each unbroken life."""
        start = None
        for step in range(until + 2):
            here = step <= until and step in self.points
            if here and start is None:
                start = step
            elif not here and start is not None:
                yield start, step - 1
                start = None


def lanes_of(story: Story, until: int, ask: Ask) -> list[Lane]:
    lanes: dict[str, Lane] = {}
    for step in range(until + 1):
        for lane, point in _things(story.snapshot(step), full=ask.full):
            lanes.setdefault(lane.key, lane).points[step] = point
    ranked = sorted(lanes.values(), key=lambda lane: _RANK[lane.style])
    wanted = [lane for lane in ranked if _wanted(lane, ask.target)]
    return wanted or ranked


_RANK: Final = {
    Style.VIEW: 0,
    Style.WRITABLE: 0,
    Style.TMPFS: 0,
    Style.VOLUME: 1,
    Style.BIND: 2,
    Style.LAYER: 3,
}


def _wanted(lane: Lane, target: str) -> bool:
    return not target or target in lane.key.split(":") or lane.style in (Style.VOLUME, Style.BIND)


def _things(snapshot: Snapshot, *, full: bool) -> Iterator[tuple[Lane, Point]]:
    for container in snapshot.containers:
        yield from _container_things(container)
    for volume in snapshot.volumes:
        point = Point(f"{entry_words(volume.entries)}, {size(volume.size)}", volume.entries)
        name = run("volume ", Role.BODY) + run(short_name(volume.name), Role.NAME)
        yield Lane(f"volume:{volume.name}", Style.VOLUME, name), point
    for host in snapshot.host_paths:
        if host.kind is not None:
            name = run(clean(host.path), Role.HOST)
            yield (
                Lane(f"bind:{host.path}", Style.BIND, name),
                Point(host_words(host), host.entries),
            )
    used = {container.image for container in snapshot.containers}
    for image in snapshot.images:
        if image.names or image.id in used or full:
            name = run("image ", Role.BODY) + run(image_words(image), Role.NAME)
            yield (
                Lane(f"image:{image.id}", Style.LAYER, name),
                Point(size(image.size), image.layers),
            )


def _container_things(container: Container) -> Iterator[tuple[Lane, Point]]:
    name = clean(container.name)
    awake = container.status in RUNS
    yield (
        Lane(
            f"container:{container.name}",
            Style.VIEW,
            run("container ", Role.BODY) + run(name, Role.NAME),
        ),
        Point(status_words(container), container.id, not awake),
    )
    own = container.writable
    yield (
        Lane(f"writable:{container.name}", Style.WRITABLE, run("  its writable layer", Role.BODY)),
        Point(f"  {entry_words(own.entries)}, {size(own.size)}", (container.id, own.entries)),
    )
    for mount in container.mounts:
        if mount.kind is MountKind.TMPFS and awake:
            label = run("  tmpfs ", Role.BODY) + run(clean(mount.target), Role.CODE)
            lane = Lane(f"tmpfs:{container.name}:{mount.target}", Style.TMPFS, label)
            yield lane, Point(f"  {entry_words(mount.entries)}", mount.entries)
