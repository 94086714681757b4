"""The door of the room: a recording and a wish become scenes."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from docgen.diagnostics import LimitExceeded
from docgen.draw.scene import Scene
from docgen.draw.sheet import NARROW, WIDE, Ask, PictureError
from docgen.draw.story import Story
from docgen.draw.text import clean
from docgen.draw.views import VIEWS
from docgen.frozen import frozen
from docgen.limits import SHAPES
from docgen.record.recording import Recording

__all__ = ["LEVELS", "WIDEST", "PictureError", "Sequence", "picture", "sequence"]

LEVELS: Final = ("simple", "full")
WIDEST: Final = 160
"""Columns; from `WIDE` on the picture has two columns of boxes."""


@frozen
class Sequence:
    """One scene for every step, laid out together: nothing moves that did not change."""

    recording: Recording
    view: str
    target: str
    level: str
    width: int
    scenes: tuple[Scene, ...]
    """After step 1, 2, …; the same size all."""


def picture(
    recording: Recording,
    step: int,
    view: str,
    target: str = "",
    level: str = "simple",
    width: int = WIDE,
) -> Scene:
    """The state after a step (from 1; 0 is the start), laid out for itself.

    Raises PictureError for an unknown view, level, width or target, `LimitExceeded` for a scene
    of more shapes than one can read.
    """
    story = Story(recording)
    if not 0 <= step <= story.last:
        raise PictureError(f"step {step} of a page with {story.last}", f"write 0 to {story.last}")
    return _scenes(story, [step], view, target, level, width)[0]


def sequence(
    recording: Recording, view: str, target: str = "", level: str = "simple", width: int = WIDE
) -> Sequence:
    """All steps of a recording; raises as `picture` does."""
    story = Story(recording)
    steps = range(1, story.last + 1)
    scenes = _scenes(story, steps, view, target, level, width) if steps else []
    return Sequence(recording, view, target, level, width, tuple(scenes))


def _scenes(
    story: Story, steps: Iterable[int], view: str, target: str, level: str, width: int
) -> list[Scene]:
    _one_of("view", view, VIEWS)
    _one_of("level", level, LEVELS)
    if not NARROW <= width <= WIDEST:
        raise PictureError(f"a width of {width} columns", f"write {NARROW} to {WIDEST}")
    if target:
        _known(story, target)
    scenes = VIEWS[view](story, list(steps), Ask(view, target, level == "full", width))
    for scene in scenes:
        count = sum(len(group.shapes) for group in scene.groups)
        if count > SHAPES:
            what = f"a {view} diagram of {count} shapes (at most {SHAPES} can be read)"
            raise LimitExceeded(what, "name a target, or draw it at level simple")
    return scenes


def _one_of(what: str, found: str, allowed: Iterable[str]) -> None:
    known = list(allowed)
    if found not in known:
        raise PictureError(f"unknown {what} '{found}'", _instead(found, known))


def _instead(found: str, known: list[str]) -> str:
    near = get_close_matches(found, known, 1)
    return f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(known) or 'none'}"


def _known(story: Story, target: str) -> None:
    """A container or volume of any step, or a path: the page may draw before it makes or after it
    loses.
    """
    name, colon, path = target.partition(":")
    if target.startswith("/") or (colon and not name and path.startswith("/")):
        return
    names: dict[str, None] = {}
    for step in range(story.last + 1):
        snapshot = story.snapshot(step)
        for container in snapshot.containers:
            names |= {container.name: None, container.id: None}
        names |= {volume.name: None for volume in snapshot.volumes}
    if name not in names:
        what = f"no container or volume of this page is called '{clean(name)}'"
        raise PictureError(what, _instead(name, [one for one in names if len(one) < 64]))
