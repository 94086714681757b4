"""Pictures as a page shows them: each once wide, once narrow for phones, once as text."""

from __future__ import annotations

from markupsafe import Markup

from docgen.draw.ascii import ascii as as_text
from docgen.draw.picture import picture, sequence
from docgen.draw.sheet import NARROW, WIDE
from docgen.draw.svg import figures, svg
from docgen.frozen import frozen
from docgen.record.recording import Recording


@frozen
class Wish:
    """Which picture, whatever the step."""

    view: str
    target: str = ""
    level: str = "simple"


@frozen
class Picture:
    view: str
    driver: str
    wide: Markup
    narrow: Markup
    ascii: str
    first: bool
    """Shown before anybody chose a view or a driver."""


def one(recording: Recording, step: int, wish: Wish, uid: str) -> Picture:
    """The state after one step (0: before the first), laid out for itself."""

    wide, narrow = (
        picture(recording, step, wish.view, wish.target, wish.level, width)
        for width in (WIDE, NARROW)
    )
    return Picture(
        wish.view,
        recording.driver,
        Markup(svg(wide, uid=uid)),
        Markup(svg(narrow, uid=f"{uid}-{NARROW}")),
        as_text(wide),
        first=True,
    )


@frozen
class Series:
    """One picture for every step, laid out together so that nothing moves between them."""

    defs: Markup
    """What the steps share; stands once, before them."""
    steps: tuple[Picture, ...]


def series(recording: Recording, wish: Wish, uid: str, *, first: bool) -> Series:
    made = {}
    for width in (WIDE, NARROW):
        drawn = sequence(recording, wish.view, wish.target, wish.level, width)
        made[width] = (drawn.scenes, figures(drawn, uid=f"{uid}-{width}"))
    scenes, wide = made[WIDE]
    narrow = made[NARROW][1]
    pictures = tuple(
        Picture(
            wish.view,
            recording.driver,
            Markup(wide.steps[at]),
            Markup(narrow.steps[at]),
            as_text(scene),
            first,
        )
        for at, scene in enumerate(scenes)
    )
    return Series(Markup(wide.defs + narrow.defs), pictures)
