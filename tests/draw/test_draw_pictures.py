"""Goldens: what is drawn, with what, and the drawing, in one readable file each.

`DOCGEN_REWRITE=1 pytest tests/draw` writes them anew; read the difference before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import draw_samples
import pytest

from docgen.draw.ascii import ascii  # noqa: A004
from docgen.draw.picture import picture
from docgen.draw.words import describe

PICTURES = Path(__file__).parent / "pictures"
CASES = sorted(PICTURES.glob("*.txt"))


def drawn(head: str) -> str:
    """The first line asks: `RECORDING STEP VIEW TARGET LEVEL WIDTH MODE`, `-` for no target."""
    name, step, view, target, level, width, mode = head.split()
    recording = getattr(draw_samples, name)()
    target = "" if target == "-" else target
    scene = picture(recording, int(step), view, target, level, int(width))
    text = ascii(scene, pure=mode == "pure")
    return f"{head}\n\n{text}\n{describe(scene)}\n"


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_picture_is_drawn_as_it_was_agreed(case: Path) -> None:
    agreed = case.read_text("utf-8")
    now = drawn(agreed.partition("\n")[0])
    if os.environ.get("DOCGEN_REWRITE"):
        case.write_text(now, "utf-8")
    assert now == agreed


def test_there_are_goldens_of_every_view() -> None:
    from docgen.draw.views import VIEWS

    views = {case.read_text("utf-8").split()[2] for case in CASES}
    assert views == set(VIEWS)
