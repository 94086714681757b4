"""What a scenario page may not hold, since a page is untrusted input and becomes a part of a site.

The rules are stricter than any Markdown dialect, so that a page which passes is harmless in all
of them: outside of fences at column 0 no raw HTML, whatever its indentation; code spans count
only when they end in their line.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence

from docgen.page.complaints import Complaints

SCHEMES = ("javascript:", "vbscript:", "data:text/html")
AUTOLINKS = ("https://", "http://", "mailto:")
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
BACKTICKS = re.compile("`+")
ATTRIBUTES = re.compile("[{][^{}]*[}]")
EVENT = re.compile("(?<![A-Za-z])(on[a-z]+)[ \t]*=", re.IGNORECASE)
TAG = re.compile("<[A-Za-z/!?]")


def is_unsafe_character(character: str) -> bool:
    """A character that changes how text around it reads, or that XML cannot hold."""
    code = ord(character)
    if code < 0x20:
        return character not in "\t\n"
    return (
        0x7F <= code < 0xA0
        or character in BIDI
        or 0xD800 <= code <= 0xDFFF
        or code in (0xFFFE, 0xFFFF)
    )


def check_characters(lines: Sequence[str], complaints: Complaints) -> None:
    for number, line in enumerate(lines, start=1):
        if line.isascii() and line.isprintable():
            continue
        for column, character in enumerate(line, start=1):
            if is_unsafe_character(character):
                complaints.add(
                    number,
                    column,
                    f"the character U+{ord(character):04X}",
                    "printable text",
                    "remove it; a command can make it with printf, an output can skip it with [..]",
                )
                break


def outside_code(line: str) -> Iterator[tuple[int, str]]:
    """The parts of a line outside of code spans that begin and end in it, each with its offset."""
    runs = [(found.start(), len(found.group())) for found in BACKTICKS.finditer(line)]
    by_length: dict[int, deque[int]] = {}
    for start, length in runs:
        by_length.setdefault(length, deque()).append(start)
    here = 0
    for start, length in runs:
        later = by_length[length]
        while later and later[0] <= start:
            later.popleft()
        if start >= here and later:
            yield here, line[here:start]
            here = later[0] + length
    yield here, line[here:]


def check_prose(lines: Sequence[str], first: int, end: int, complaints: Complaints) -> None:
    """Refuses raw HTML, script links and event attributes on these lines."""
    for number in range(first, end):
        line = lines[number - 1]
        if not any(sign in line for sign in "<:{&"):
            continue
        for offset, part in outside_code(line):
            _check_tags(part, number, offset, complaints)
            _check_links(part, number, offset, complaints)
            _check_attributes(part, number, offset, complaints)


def _check_tags(part: str, line: int, offset: int, complaints: Complaints) -> None:
    for found in TAG.finditer(part):
        if not part[found.start() + 1 : found.start() + 10].lower().startswith(AUTOLINKS):
            complaints.add(
                line,
                offset + found.start() + 1,
                "raw HTML",
                "Markdown only",
                "put it into a code span or a fence at column 0, or write &lt;",
            )
            return


def _check_links(part: str, line: int, offset: int, complaints: Complaints) -> None:
    plain = "".join(c for c in _unescaped(part) if c > " " and c != "\\").lower()
    for scheme in SCHEMES:
        if scheme in plain:
            at = max(part.lower().find(scheme), 0)
            complaints.add(
                line, offset + at + 1, f"'{scheme}'", "a link to a page", "put it into a code span"
            )
            return


def _unescaped(part: str) -> str:
    """Without entities, also doubly written ones."""
    if "&" not in part:
        return part
    from html import unescape  # its table of names is large, and few pages need it

    return unescape(unescape(part))


def _check_attributes(part: str, line: int, offset: int, complaints: Complaints) -> None:
    """`{ onclick=… }`: Markdown dialects with attribute lists make event handlers of it."""
    for found in ATTRIBUTES.finditer(part):
        handler = EVENT.search(found.group())
        if handler:
            column = offset + found.start() + handler.start(1) + 1
            name = handler.group(1)
            remedy = "remove it, or use a code span"
            complaints.add(line, column, f"the event attribute '{name}'", "", remedy)
            return
