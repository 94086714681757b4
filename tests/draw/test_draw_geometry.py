"""Over random recordings: nothing overlaps, nothing leaves its box, every form of a picture is
sound.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from draw_strategies import recordings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docgen.draw.ascii import ascii  # noqa: A004
from docgen.draw.picture import sequence
from docgen.draw.scene import Bar, Box, Chip, Line, Mark, Scene, Swatch, Text
from docgen.draw.svg import svg
from docgen.draw.text import cells
from docgen.draw.views import VIEWS
from docgen.draw.words import describe
from docgen.record.recording import Recording

MANY = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
VIEW = pytest.mark.parametrize("view", sorted(VIEWS))


@dataclass(frozen=True)
class Wish:
    level: str
    width: int
    targeted: bool


WISHES = st.builds(
    Wish, st.sampled_from(["simple", "full"]), st.sampled_from([72, 40, 100]), st.booleans()
)


def scenes(recording: Recording, view: str, wish: Wish) -> list[Scene]:
    target = _first(recording) if wish.targeted else ""
    return list(sequence(recording, view, target, wish.level, wish.width).scenes)


def _first(recording: Recording) -> str:
    names = [c.name for step in recording.steps for c in step.snapshot.containers]
    return names[0] if names else ""


@VIEW
@MANY
@given(recording=recordings(), wish=WISHES)
def test_no_two_texts_overlap_and_nothing_leaves_its_place(
    view: str, recording: Recording, wish: Wish
) -> None:
    for scene in scenes(recording, view, wish):
        assert_inside(scene)
        assert_apart(scene)
        assert_in_boxes(scene)


def assert_inside(scene: Scene) -> None:
    for shape in scene.shapes():
        for x, y in corners(shape):
            assert 0 <= x < scene.width, shape
            assert 0 <= y < scene.height, shape


def corners(shape: object) -> list[tuple[int, int]]:
    match shape:
        case Box():
            return [(shape.x, shape.y), (shape.x + shape.w - 1, shape.y + shape.h - 1)]
        case Text():
            assert cells(shape.string) <= shape.w
            return [(shape.x, shape.y), (shape.x + max(shape.w, 1) - 1, shape.y)]
        case Chip():
            return [(shape.x, shape.y), (shape.x + shape.w - 1, shape.y)]
        case Bar():
            return [(shape.x, shape.y), (shape.x + max(shape.w, 1) - 1, shape.y)]
        case Line():
            return list(shape.points)
        case Mark():
            return [(shape.x, shape.y)]
        case Swatch():
            return [(shape.x, shape.y), (shape.x + 1, shape.y)]
        case _:
            raise AssertionError(shape)


def assert_apart(scene: Scene) -> None:
    taken: dict[tuple[int, int], object] = {}
    for shape in scene.shapes():
        if isinstance(shape, Text | Mark | Bar):
            wide = shape.w if isinstance(shape, Text) else 1
            wide = max(shape.w, 1) if isinstance(shape, Bar) else wide
            for x in range(shape.x, shape.x + wide):
                assert (x, shape.y) not in taken, (shape, taken[x, shape.y])
                taken[x, shape.y] = shape
    for shape in scene.shapes():
        if isinstance(shape, Line):
            for (x, y), (to_x, to_y) in pairwise(shape.points):
                for cell in line_cells(x, y, to_x, to_y)[shape.hangs :]:
                    assert not isinstance(taken.get(cell), Text), (shape, taken[cell])


def line_cells(x: int, y: int, to_x: int, to_y: int) -> list[tuple[int, int]]:
    assert x == to_x or y == to_y
    across = range(min(x, to_x), max(x, to_x) + 1)
    along = range(min(y, to_y), max(y, to_y) + 1)
    return [(one, y) for one in across] if y == to_y else [(x, one) for one in along]


def assert_in_boxes(scene: Scene) -> None:
    boxes = [shape for shape in scene.shapes() if isinstance(shape, Box)]
    for text in scene.texts():
        for box in boxes:
            rows = box.y < text.y < box.y + box.h - 1
            left, right = box.x, box.x + box.w - 1
            crosses = any(text.x <= edge < text.x + text.w for edge in (left, right))
            assert not (rows and crosses), (text, box)


@VIEW
@MANY
@given(recording=recordings())
def test_every_form_is_sound(view: str, recording: Recording) -> None:
    drawn = sequence(recording, view)
    for scene in drawn.scenes:
        for pure in (False, True):
            text = ascii(scene, pure=pure)
            assert not pure or text.isascii()
            assert text.isprintable() or "\n" in text
            for line in text.split("\n"):
                assert cells(line) <= 72
                assert line == line.rstrip()
        assert scene.caption in describe(scene)
        assert len({group.key for group in scene.groups}) == len(scene.groups)
    text = svg(drawn, uid="t")
    tree = ElementTree.fromstring(f"<page>{text}</page>")
    ids = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    for use in tree.iter("{http://www.w3.org/2000/svg}use"):
        assert str(use.get("{http://www.w3.org/1999/xlink}href")).removeprefix("#") in ids
    assert text == svg(sequence(recording, view), uid="t")
