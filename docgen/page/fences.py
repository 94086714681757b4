"""Finds the fences at column 0; everything else of a page is text.

A backtick or tilde fence at column 0 opens in every context of CommonMark but one (a raw HTML
block, which a scenario may not have), so a line scan finds exactly what a full Markdown parser
finds; a test compares both. It is a scan and not a parser because a cold `docgen run` should not
pay for importing one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docgen.frozen import frozen

BLANKS = " \t"


@frozen
class Text:
    line: int
    end: int
    dangling: int = 0
    """A fence indented by one to three blanks that the text leaves open: whether the next line at
    column 0 belongs to it depends on what stands around it, so a page must not have one."""


@frozen
class Fence:
    line: int
    """Of the opening marker."""
    end: int
    """After the closing marker."""
    marker: str
    info: str
    """What follows the marker, as written."""
    closed: bool

    @property
    def body(self) -> tuple[int, int]:
        """First line of the body, and the line after its last one."""
        return self.line + 1, self.end - (1 if self.closed else 0)


def marker_of(line: str) -> str:
    """The run of backticks or tildes at the start of a line, where it can open a fence; '' else."""
    for character in "`~":
        rest = line.lstrip(character)
        length = len(line) - len(rest)
        if length >= 3 and not (character == "`" and "`" in rest):
            return character * length
    return ""


def closes(line: str, marker: str) -> bool:
    """CommonMark: at most three spaces, the same character, at least as many, nothing else."""
    stripped = line.lstrip(" ")
    run = stripped.rstrip(BLANKS)
    return len(line) - len(stripped) <= 3 and len(run) >= len(marker) and not run.strip(marker[0])


def scan(lines: Sequence[str], first: int = 1) -> Iterator[Text | Fence]:
    """All regions from line `first` on, in order, without gaps."""
    here = text_from = first
    last = len(lines)
    indented: tuple[int, str] = (0, "")
    while here <= last:
        marker = marker_of(lines[here - 1])
        if not marker:
            indented = _indented(lines[here - 1], here, indented)
            here += 1
            continue
        if text_from < here:
            yield Text(text_from, here, indented[0])
            indented = (0, "")
        end = here + 1
        while end <= last and not closes(lines[end - 1], marker):
            end += 1
        closed = end <= last
        yield Fence(
            here, end + 1 if closed else end, marker, lines[here - 1][len(marker) :], closed
        )
        here = text_from = end + 1
    if text_from <= last:
        yield Text(text_from, last + 1)


def _indented(line: str, number: int, inside: tuple[int, str]) -> tuple[int, str]:
    """The indented fence that is open after this line: its line and marker."""
    opened, marker = inside
    if opened:
        return (0, "") if closes(line, marker) else inside
    stripped = line.lstrip(" ")
    marker = marker_of(stripped) if 1 <= len(line) - len(stripped) <= 3 else ""
    return (number, marker) if marker else inside
