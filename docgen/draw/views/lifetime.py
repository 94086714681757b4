"""`lifetime`: one lane for each thing that stores data; time runs to the right.

A lane ends where a command ended it, and the command stands there. What outlives it runs on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from docgen.draw.lanes import Lane, lanes_of
from docgen.draw.panel import Runs, fit, length, run
from docgen.draw.scene import Group, Line, Mark, MarkKind, Role, Scene, Shape, Style, Text
from docgen.draw.sheet import Ask, finish, text_group
from docgen.draw.story import Story
from docgen.draw.text import clean, listed
from docgen.frozen import frozen

LABELS: Final = 24
"""Cells of the names' column; a narrow picture has none, its names stand above the lines."""
MOST_LANES: Final = {False: 12, True: 40}
MOST_COMMANDS: Final = {False: 20, True: 60}
WIDEST_PITCH: Final = 9
"""Cells from one step to the next, where there is room."""
ALWAYS: Final = 24
"""Steps of a page that all have a column, however narrow."""


def lifetime(story: Story, steps: Sequence[int], ask: Ask) -> list[Scene]:
    """All lanes up to each of the steps; `ask.target` keeps to one container, volume or path."""
    until = max(steps, default=0)
    lanes = lanes_of(story, until, ask)
    rest, lanes = lanes[MOST_LANES[ask.full] :], lanes[: MOST_LANES[ask.full]]
    axis = _axis(lanes, until, ask)
    pages = [_page(story, lanes, axis, step, ask) for step in steps]
    bottom = 2 + (2 if ask.wide else 3) * len(lanes)
    if rest:
        words = f"and {len(rest)} more: " + ", ".join(
            clean(lane.key.partition(":")[2]) for lane in rest
        )
        line = fit(run(words, Role.QUIET), ask.width - 2)
        more = text_group("lanes#rest", 1, bottom, line, loose=False)
        pages = [[*page, more] for page in pages]
        bottom += 1
    commands, bottom = _commands(story, axis, until, bottom + 1, ask)
    for page, step in zip(pages, steps, strict=True):
        page += commands(step)
    said = {Style.GHOST: "not running", Style.LAYER: "image layers"}
    return finish(story, steps, ask, "What lives how long", pages, bottom, said)


# --- time ----------------------------------------------------------------------------------------


@frozen
class Axis:
    """Where each step stands; steps at which no lane changed may be left out."""

    left: int
    room: int
    """Cells for all columns together."""
    shown: tuple[int, ...]

    def x(self, step: int) -> int:
        """Of a step, or of the last shown one before it."""
        at = max((index for index, one in enumerate(self.shown) if one <= step), default=0)
        pitch = self.room // len(self.shown)
        if pitch > 1:
            return self.left + at * min(pitch, WIDEST_PITCH)
        return self.left + at * self.room // len(self.shown)


def _axis(lanes: Sequence[Lane], until: int, ask: Ask) -> Axis:
    left = LABELS + 2 if ask.wide else 3
    room = ask.width - left - 3
    shown = tuple(range(1, until + 1)) or (0,)
    if len(shown) > ALWAYS and len(shown) * 2 > room:
        shown = tuple(step for step in shown if _eventful(lanes, step)) or shown[-1:]
    return Axis(left, room, shown[-room:])


def _eventful(lanes: Sequence[Lane], step: int) -> bool:
    return any(lane.points.get(step) != lane.points.get(step - 1) for lane in lanes)


# --- one step ------------------------------------------------------------------------------------


def _page(story: Story, lanes: Sequence[Lane], axis: Axis, now: int, ask: Ask) -> list[Group]:
    groups = [_numbers(axis, now)]
    for row, lane in enumerate(lanes):
        groups += _lane_groups(story, lane, axis, now, 2 + (2 if ask.wide else 3) * row, ask)
    return groups


def _numbers(axis: Axis, now: int) -> Group:
    """The steps' numbers, as far as they do not touch; the present one always."""
    shapes: list[Shape] = [Text(1, 0, 4, run("step", Role.QUIET))] if axis.left > 8 else []
    free = 0
    present = _number_at(axis, now) if now in axis.shown else axis.left + axis.room + 3
    for step in axis.shown:
        at, wide = _number_at(axis, step), len(str(step))
        beside = step < now and at + wide >= present
        if step == now or (at >= free and not beside):
            role = Role.TITLE if step == now else Role.QUIET
            shapes.append(Text(at, 0, wide, run(str(step), role)))
            free = at + wide + 1
    if now in axis.shown:
        shapes.append(Text(axis.x(now) - 1, 1, 3, run("now", Role.TITLE), "middle"))
    return Group("steps", tuple(shapes))


def _number_at(axis: Axis, step: int) -> int:
    return axis.x(step) - len(str(step)) // 2


def _lane_groups(
    story: Story, lane: Lane, axis: Axis, now: int, y: int, ask: Ask
) -> Iterator[Group]:
    spans = list(lane.spans(now))
    if not spans:
        return
    room = LABELS - 1 if ask.wide else ask.width - 2
    point = lane.points.get(now)
    known = point or lane.points[spans[-1][1]]
    words = run(
        known.words if point else f"{_indent(known.words)}gone, was {known.words.strip()}",
        Role.QUIET if point else Role.LOST,
    )
    name = fit(lane.name, room if ask.wide else room * 2 // 3)
    words = fit(words, room if ask.wide else room - length(name) - 2)
    yield Group(
        lane.key,
        (Text(1, y, length(name), name), _words(words, y, ask)),
        f"{clean(lane.key.replace(':', ' '))}: {known.words.strip()}",
    )
    line_y = y if ask.wide else y + 1
    shapes: list[Shape] = []
    for first, last in spans:
        shapes += _span(lane, axis, first, last, now, line_y)
    told = ", ".join(_told(story, lane, first, last, now) for first, last in spans)
    yield Group(f"{lane.key}#line", tuple(shapes), told, told)
    ended = spans[-1][1] + 1
    if ended <= now:
        note = _end_note(story.command(ended), axis, axis.x(ended), line_y, ask)
        yield Group(f"{lane.key}#end", (note,))


def _words(words: Runs, y: int, ask: Ask) -> Text:
    """A lane's words: below its name, or at the end of its row where the line has the next one."""
    wide = length(words)
    return (
        Text(1, y + 1, wide, words)
        if ask.wide
        else Text(ask.width - 1 - wide, y, wide, words, "end")
    )


def _told(story: Story, lane: Lane, first: int, last: int, now: int) -> str:
    """`from step 1, changed in step 2 and 3, until step 6`."""
    points = lane.points
    turned = [
        str(s) for s in range(first + 1, last + 1) if points[s].content != points[s - 1].content
    ]
    told = f"from step {first}" if first else "from the start"
    told += f", changed in step {listed(turned, 6)}" if turned else ""
    return told + (f", until step {last + 1}: {story.command(last + 1)}" if last < now else "")


def _indent(words: str) -> str:
    return " " * (len(words) - len(words.lstrip()))


def _span(lane: Lane, axis: Axis, first: int, last: int, now: int, y: int) -> Iterator[Shape]:
    """One life as a line: changes are marked, sleep is drawn broken, an end is crossed."""
    ended = last < now
    start = axis.x(first) if first >= axis.shown[0] else axis.left - 2
    stop = axis.x(last + 1) if ended else axis.x(now) + 2
    edges = [first, *(s for s in range(first + 1, last + 1) if _turns(lane, s)), last + 1]
    for at, until in pairwise(edges):
        x0 = start if at == first else axis.x(at)
        x1 = stop if until == last + 1 else axis.x(until)
        asleep = lane.points[at].asleep
        if x1 > x0:
            style = Style.GHOST if asleep else lane.style
            yield Line(((x0, y), (x1, y)), style, arrow=not ended and until == last + 1)
    if first >= axis.shown[0]:
        yield Mark(start, y, MarkKind.BORN)
    for step in range(first + 1, last + 1):
        if step in axis.shown and _turns(lane, step):
            kind = MarkKind.STOPPED if lane.points[step].asleep else MarkKind.STARTED
            yield Mark(axis.x(step), y, kind)
        elif step in axis.shown and lane.points[step].content != lane.points[step - 1].content:
            yield Mark(axis.x(step), y, MarkKind.WRITTEN)
    if ended:
        yield Mark(stop, y, MarkKind.ENDED)


def _turns(lane: Lane, step: int) -> bool:
    return lane.points[step].asleep != lane.points[step - 1].asleep


def _end_note(command: str, axis: Axis, x: int, y: int, ask: Ask) -> Text:
    """The command that ended a lane: behind its end, or below it where there is no room."""
    words = run(command, Role.LOST)
    if x + 2 + length(words) <= ask.width:
        return Text(x + 2, y, length(words), words)
    words = fit(words, ask.width - axis.left)
    wide = length(words)
    return Text(min(max(x + 1 - wide, axis.left), ask.width - wide), y + 1, wide, words)


def _commands(
    story: Story, axis: Axis, until: int, y: int, ask: Ask
) -> tuple[Callable[[int], list[Group]], int]:
    """The commands by their numbers; the present one stands out."""
    steps = [step for step in axis.shown if step]
    most = MOST_COMMANDS[ask.full]
    listed = steps if len(steps) <= most else steps[-(most - 1) :]
    hidden = until - len(listed)
    first = y + (1 if hidden else 0)

    def groups(now: int) -> list[Group]:
        made = []
        if hidden:
            more = f"{hidden} more steps are not listed"
            made.append(text_group("commands#rest", 1, y, run(more, Role.QUIET), loose=False))
        for row, step in enumerate(listed):
            number = str(step)
            role = Role.CODE if step <= now else Role.QUIET_CODE
            words = fit(run(story.command(step), role), ask.width - 6)
            digits = run(number, Role.TITLE if step == now else Role.QUIET)
            shapes = (
                Text(1, first + row, 3, digits, "end"),
                Text(5, first + row, length(words), words),
            )
            made.append(Group(f"command:{step}", shapes, story.command(step)))
        return made

    return groups, first + len(listed)
