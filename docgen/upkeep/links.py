"""Links between pages and to files: every relative target exists.

The site shows `content/` at its root and `scenarios/` below `/scenarios/`, while an editor or
GitHub shows the files where they lie; a link is good where it leads somewhere in one of both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from docgen.diagnostics import Diagnostic
from docgen.page.blocks import Prose, Scenario
from docgen.page.fences import Text, scan
from docgen.page.safety import outside_code
from docgen.upkeep.project import CONTENT, SCENARIOS, PageFile

INLINE = re.compile(r"\]\([ \t]*<?([^()<>\s]+)")
REFERENCE = re.compile(r"^ {0,3}\[(?!\^)[^\]\[]+\]:[ \t]*<?([^<>\s]+)")
ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|/|#")


def broken_links(page: PageFile, scenario: Scenario) -> Iterator[Diagnostic]:
    for line, column, target in _links(scenario):
        path = unquote(target.split("#")[0].split("?")[0])
        if ELSEWHERE.match(target) or not path or _exists(page, path):
            continue
        found = f"a link to '{target}', which is not there"
        remedy = "write the path from this page to the file"
        yield Diagnostic(page.shown, line, column, found, "", remedy)


def _links(scenario: Scenario) -> Iterator[tuple[int, int, str]]:
    for block in scenario.blocks:
        if not isinstance(block, Prose):
            continue
        for region in scan(scenario.lines[: block.end - 1], block.line):
            if isinstance(region, Text):
                yield from _in_lines(scenario.lines, region.line, region.end)


def _in_lines(lines: Sequence[str], first: int, end: int) -> Iterator[tuple[int, int, str]]:
    for number in range(first, end):
        line = lines[number - 1]
        if "](" not in line and "]:" not in line:
            continue
        for offset, part in outside_code(line):
            patterns = (INLINE, REFERENCE) if offset == 0 else (INLINE,)
            for pattern in patterns:
                for found in pattern.finditer(part):
                    yield number, offset + found.start(1) + 1, found.group(1)


def _exists(page: PageFile, path: str) -> bool:
    if (page.file.parent / path).exists():
        return True
    if page.project is None:
        return False
    root = page.project.root
    inside = page.path.removeprefix(f"{CONTENT}/")
    target = _joined(inside.rsplit("/", 1)[0] if "/" in inside else "", path)
    return target is not None and any(one.exists() for one in _places(root, target))


def _places(root: Path, target: str) -> Iterator[Path]:
    """Where a path of the site can lie on the disk."""
    yield root / target if target.startswith(f"{SCENARIOS}/") else root / CONTENT / target


def _joined(directory: str, path: str) -> str | None:
    """A path of the site; None where it leaves it."""
    parts = [part for part in directory.split("/") if part]
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
