"""`weave`: the one place where pages become site. Markdown in, finished Markdown out.

What comes out needs no tool: HTML blocks between plain Markdown, for MkDocs or any other generator.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import assert_never

from markupsafe import Markup

from docgen.frozen import frozen
from docgen.page.blocks import Block, Console, Diagram, FileBlock, Mode, Prose, Scenario
from docgen.record.proof import Proof
from docgen.record.recording import Recording, Step
from docgen.site.html import render
from docgen.site.pictures import Wish
from docgen.site.player import player, still
from docgen.site.terminal import shown, transcript

Recordings = Mapping[str, Recording]
"""By driver, in the page's order."""
Find = Callable[[Diagram], Recordings]
"""What a diagram fence draws from."""
Shelve = Callable[[Markup], str]
"""What becomes of a finished piece of HTML in the Markdown: itself (`str`), or a mark that is
replaced by it later, so that nobody parses it again.
"""


@frozen
class Page:
    """A scenario with what its engines recorded: all that weaving needs."""

    scenario: Scenario
    recordings: Recordings
    proofs: tuple[Proof, ...] = ()

    @property
    def lead(self) -> Recording:
        return next(iter(self.recordings.values()))


def weave(page: Page, find: Find, shelve: Shelve = str) -> str:
    """The finished Markdown of a scenario page."""
    scenario = page.scenario
    parts = [_front(scenario), f"# {scenario.title}", _summary(scenario), shelve(_proof(page))]
    parts.append(shelve(player(page.recordings, _target(scenario), "dg")))
    parts += [_block(page, at, block, find, shelve) for at, block in enumerate(scenario.blocks)]
    return "\n\n".join(part for part in parts if part) + "\n"


def weave_content(
    scenario: Scenario,
    find: Find,
    first_line: int,
    shelve: Shelve = str,
) -> str:
    """A content page from `first_line` on: its `diagram` fences become pictures, all else stays."""
    lines = list(scenario.lines)
    for number, block in reversed(list(enumerate(scenario.diagrams(), start=1))):
        html = _content_picture(block, find(block), f"dg-c{number}")
        lines[block.line - 1 : block.end - 1] = ["", shelve(html), ""]
    return "\n".join(lines[first_line - 1 :]) + "\n"


def _content_picture(block: Diagram, recordings: Recordings, uid: str) -> Markup:
    driver = block.options.get("driver", next(iter(recordings)))
    if "step" in block.options:
        return still(recordings[driver], int(block.options["step"]), _wish(block), uid)
    return player({driver: recordings[driver]}, block.target, uid)


def _front(scenario: Scenario) -> str:
    """Front matter for the site. JSON strings are YAML strings."""
    front = scenario.front
    values = {"title": scenario.title, "description": front.summary, "tags": list(front.tags)}
    given = [f"{key}: {json.dumps(value)}" for key, value in values.items() if value]
    return "\n".join(["---", *given, "---"])


def _summary(scenario: Scenario) -> str:
    return f"*{scenario.front.summary}*" if scenario.front.summary else ""


def _target(scenario: Scenario) -> str:
    """The player follows what the page itself draws."""
    targets = {one.target for one in scenario.diagrams() if one.view == "layers"}
    return targets.pop() if len(targets) == 1 else ""


def _proof(page: Page) -> Markup:
    """What stands behind the page: the engines that it ran on."""
    ran = [(one.recording.engine, one.recording.driver, one.date) for one in page.proofs]
    return render("proof.html.j2", drivers=tuple(page.recordings), proofs=ran)


def _wish(block: Diagram) -> Wish:
    return Wish(block.view, block.target, block.options.get("level", "simple"))


def _block(page: Page, at: int, block: Block, find: Find, shelve: Shelve) -> str:
    match block:
        case Prose():
            return _without_title(block.text, page.scenario.title)
        case Console():
            return _console(page, block)
        case FileBlock():
            return str(render("file.html.j2", path=block.path, text=block.text))
        case Diagram():
            recordings = find(block)
            recording = recordings[block.options.get("driver", next(iter(recordings)))]
            step = _step(page, block, recording)
            return shelve(still(recording, step, _wish(block), f"dg-f{at}"))
        case _:
            assert_never(block)


def _step(page: Page, block: Diagram, recording: Recording) -> int:
    """As the fence says it; else what was run above it, or all of another scenario."""
    if "step" in block.options:
        return int(block.options["step"])
    if recording.scenario != page.lead.scenario:
        return len(recording.steps)
    return sum(step.line < block.line for step in recording.steps)


def _without_title(text: str, title: str) -> str:
    """The page's first heading is its title, and stands above already."""
    return "\n".join(line for line in text.split("\n") if line.strip() != f"# {title}")


def _console(page: Page, block: Console) -> str:
    """What the first driver that runs the fence answered."""
    driver = next((one for one in page.recordings if block.runs_on(one)), None)
    if block.mode is Mode.NORUN or driver is None:
        return str(shown(block.text))
    lines = {command.line for command in block.commands}
    steps: list[Step] = [one for one in page.recordings[driver].steps if one.line in lines]
    html = str(transcript(steps, fold=block.mode is Mode.SETUP))
    return f"*With the storage driver {driver}:*\n\n{html}" if block.when else html
