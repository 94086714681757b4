"""Writes new bodies into a page's source and leaves every other byte alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docgen.page.blocks import Command, Console, Diagram
from docgen.page.console import exit_status
from docgen.page.fences import closes, marker_of
from docgen.page.matching import match, output_lines, rewrite


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Lines `line` to `end` (exclusive) become these."""

    line: int
    end: int
    lines: tuple[str, ...]


def command_edit(
    command: Command, output: str, status: int, any_failure: bool = False
) -> Edit | None:
    """What must be written so that the page promises what came out; None where it already does.

    `any_failure`: a block with `fails=` does not have to promise the status.
    """
    agrees = status == (command.exit or 0) or (any_failure and command.exit is None and status != 0)
    if agrees and match(command.promised, output):
        return None
    lines = list(rewrite(command.promised, output))
    silent = any_failure and command.exit is None
    ends_like_status = bool(lines) and exit_status(lines[-1]) is not None
    if ends_like_status or (not silent and (status != 0 or command.exit == status)):
        lines.append(f"[{status}]")
    end = command.output_line + len(command.promised) + (command.exit is not None)
    return Edit(command.output_line, end, tuple(lines))


def diagram_edit(diagram: Diagram, drawing: str) -> Edit | None:
    """The drawing as the body of the diagram; an empty body stays empty."""
    if not diagram.body:
        return None
    wanted = tuple(output_lines(drawing))
    if wanted == tuple(output_lines("\n".join(diagram.body))):
        return None
    first = diagram.line + 1
    return Edit(first, first + len(diagram.body), wanted)


def longer_fences(
    lines: Sequence[str], blocks: Iterable[Console | Diagram], edits: Sequence[Edit]
) -> list[Edit]:
    """Edits for the marks of fences whose new body would close them too early."""
    more: list[Edit] = []
    for block in blocks:
        opening = lines[block.line - 1]
        marker = marker_of(opening)
        inside = [e for e in edits if block.line < e.line and e.end < block.end]
        length = len(marker)
        for line in (line for edit in inside for line in edit.lines):
            while closes(line, marker[0] * length):
                length += 1
        if length > len(marker):
            longer = marker[0] * length
            more.append(Edit(block.line, block.line + 1, (longer + opening[len(marker) :],)))
            more.append(Edit(block.end - 1, block.end, (longer,)))
    return more


def splice(text: str, edits: Iterable[Edit]) -> str:
    """The text with these lines replaced; new lines end as the file's first line does."""
    source = text.split("\n")
    newline_end = "\r" if source[0].endswith("\r") else ""
    for edit in sorted(edits, reverse=True):
        source[edit.line - 1 : edit.end - 1] = [line + newline_end for line in edit.lines]
    return "\n".join(source)
