"""The step player: every step of a scenario with its pictures, its words and its transcript."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from docgen.draw.delta import deltas
from docgen.draw.story import Story
from docgen.draw.words import sentences
from docgen.frozen import frozen
from docgen.record.recording import Recording
from docgen.site.html import render
from docgen.site.losing import Losing, losing
from docgen.site.pictures import Picture, Series, Wish, one, series
from docgen.site.terminal import transcript

VIEWS = ("layers", "changes", "disk", "lifetime")
"""The tabs of a player, the first one shown."""
OTHER_DRIVERS_VIEWS = ("layers", "disk")
"""What the reader can compare between drivers: where they differ."""


@frozen
class Frame:
    """One step of a player."""

    number: int
    count: str
    command: str
    pictures: tuple[Picture, ...]
    words: str
    terminal: Markup | None
    quiet: bool
    """Nothing that is stored changed."""
    lost: str = ""
    """What commands would take away from here: see `losing.Losing.steps`."""


@frozen
class Player:
    uid: str
    label: str
    steps: tuple[Frame, ...]
    views: tuple[str, ...]
    drivers: tuple[str, ...]
    shown: int = 0
    """Index of the frame that is shown first."""
    defs: tuple[Markup, ...] = ()
    """Parts that pictures of several steps share."""
    losing: Losing | None = None


def player(recordings: Mapping[str, Recording], target: str, uid: str) -> Markup:
    """The whole scenario on every driver that it names. The first driver leads."""
    runs = tuple(recordings.values())
    lead = runs[0]
    drawn = _drawn(runs, target, uid)
    story = Story(lead)
    taken = losing(runs, target)
    frames = tuple(_frame(story, index, drawn, taken) for index in range(len(lead.steps)))
    label = f"Step by step: {lead.title}"
    defs = tuple(one.defs for one in drawn)
    made = Player(uid, label, frames, VIEWS, tuple(recordings), defs=defs, losing=taken)
    return render("player.html.j2", player=made)


def still(recording: Recording, step: int, wish: Wish, uid: str) -> Markup:
    """One picture of one moment."""
    picture = one(recording, step, wish, uid)
    frame = Frame(step, "", "", (picture,), "", None, quiet=False)
    label = f"{wish.view} after step {step}" if step else f"{wish.view} before the first step"
    made = Player(uid, label, (frame,), (wish.view,), (recording.driver,))
    return render("player.html.j2", player=made)


def _drawn(runs: Sequence[Recording], target: str, uid: str) -> list[Series]:
    """All views of the leading run, and of the others what is worth comparing."""
    made: list[Series] = []
    for number, run in enumerate(runs):
        for view in OTHER_DRIVERS_VIEWS if number else VIEWS:
            wish = Wish(view, target if view == "layers" else "")
            made.append(series(run, wish, f"{uid}-{number}{view}", first=not made))
    return made


def _frame(story: Story, index: int, drawn: Sequence[Series], taken: Losing | None) -> Frame:
    lead = story.recording
    step = lead.steps[index]
    before = lead.steps[index - 1].snapshot if index else lead.start
    pictures = tuple(one.steps[index] for one in drawn if index < len(one.steps))
    return Frame(
        number=index + 1,
        count=f"Step {index + 1} of {len(lead.steps)}",
        command=step.command,
        pictures=pictures,
        words=" ".join(sentences(deltas(story, index + 1))),
        terminal=transcript([step]),
        quiet=replace(before, time=0) == replace(step.snapshot, time=0),
        lost=taken.steps[index] if taken else "",
    )
