"""The transcript of commands as a terminal shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from docgen.draw.text import clean
from docgen.frozen import frozen
from docgen.record.recording import Step
from docgen.site.html import render

SHOWN_LINES = 60
"""Longer output is cut on the site, and says so; the page itself is complete."""


@frozen
class Line:
    kind: str
    """`prompt`, `out`, `err`, `exit` or `cut`; names the CSS class."""
    text: str


def transcript(steps: Iterable[Step], *, fold: bool = False) -> Markup:
    """What was typed and what came of it. `fold` hides it behind a summary."""
    chosen = tuple(steps)
    lines = [line for step in chosen for line in _lines(step)]
    copy = "\n".join(step.command for step in chosen)
    return render("terminal.html.j2", lines=lines, copy=copy, fold=fold)


def shown(text: str) -> Markup:
    """A fence that does not run: as written."""
    lines = [Line("prompt" if line.startswith("$ ") else "out", line) for line in text.split("\n")]
    commands = (line.text[2:] for line in lines if line.kind == "prompt")
    copy = "\n".join(commands)
    return render("terminal.html.j2", lines=lines, copy=copy, fold=False)


def _lines(step: Step) -> Iterator[Line]:
    for number, text in enumerate(step.command.split("\n")):
        yield Line("prompt", ("> " if number else "$ ") + text)
    yield from _output("out", step.stdout)
    yield from _output("err", step.stderr)
    if step.exit:
        yield Line("exit", f"[exit status {step.exit}]")


def _output(kind: str, text: str) -> Iterator[Line]:
    lines = text.removesuffix("\n").split("\n") if text else []
    for line in lines[:SHOWN_LINES]:
        yield Line(kind, clean(line))
    if len(lines) > SHOWN_LINES:
        yield Line("cut", f"… {len(lines) - SHOWN_LINES} more lines")
