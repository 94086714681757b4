"""The `lifetime` view keeps every step of a page that one still reads."""

from __future__ import annotations

import re

import pytest
from draw_samples import marathon
from test_draw_geometry import assert_apart, assert_in_boxes, assert_inside

from docgen.draw.picture import picture, sequence
from docgen.draw.scene import Mark, MarkKind, Scene


def numbers(scene: Scene) -> list[int]:
    (axis,) = (group for group in scene.groups if group.key == "steps")
    texts = [shape.string for shape in axis.shapes if hasattr(shape, "string")]
    return [int(text) for text in texts if re.fullmatch(r"\d+", text)]


@pytest.mark.parametrize("width", [72, 40])
@pytest.mark.parametrize("steps", [7, 12, 20, 24])
def test_every_step_has_a_column_and_a_command(steps: int, width: int) -> None:
    scene = picture(marathon(steps), steps, "lifetime", level="full", width=width)
    listed = {group.key for group in scene.groups if group.key.startswith("command:")}
    assert len(listed) == steps
    lanes = [group for group in scene.groups if group.key.endswith("#line")]
    marks = [shape for lane in lanes for shape in lane.shapes if isinstance(shape, Mark)]
    ends = {mark.x for mark in marks if mark.kind is MarkKind.ENDED}
    assert len(ends) == 3
    assert steps in numbers(scene)


@pytest.mark.parametrize("width", [72, 40, 100])
@pytest.mark.parametrize("steps", [1, 12, 20, 25, 60])
def test_however_long_the_page_nothing_overlaps(steps: int, width: int) -> None:
    for scene in sequence(marathon(steps), "lifetime", width=width).scenes[-20:]:
        assert_inside(scene)
        assert_apart(scene)
        assert_in_boxes(scene)


def test_numbers_that_would_touch_give_way_to_the_present_one() -> None:
    for now in range(1, 21):
        shown = numbers(sequence(marathon(20), "lifetime").scenes[now - 1])
        assert now in shown
        assert shown == sorted(set(shown))
