"""The door of the room: a recording and a wish become scenes."""

from __future__ import annotations

from dataclasses import dataclass

from docgen.draw.scene import Scene
from docgen.draw.sheet import WIDE, Ask
from docgen.draw.story import Story
from docgen.draw.views import VIEWS
from docgen.record.recording import Recording

LEVELS = ("simple", "full")


@dataclass(frozen=True, slots=True)
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
    """The state after a step (from 1; 0 is the start), laid out for itself."""
    story = Story(recording)
    return VIEWS[view](story, [step], Ask(view, target, level == "full", width))[0]


def sequence(
    recording: Recording, view: str, target: str = "", level: str = "simple", width: int = WIDE
) -> Sequence:
    """All steps of a recording."""
    story = Story(recording)
    steps = range(1, story.last + 1)
    scenes = VIEWS[view](story, steps, Ask(view, target, level == "full", width)) if steps else []
    return Sequence(recording, view, target, level, width, tuple(scenes))
