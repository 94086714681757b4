"""Reads a page: text to Scenario, with every fault of the page told at once."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.limits import PAGE_BYTES, STEPS
from docgen.page.blocks import Block, Console, FrontMatter, Prose, Scenario
from docgen.page.complaints import Complaints
from docgen.page.fences import Fence, Text, scan
from docgen.page.frontmarks import front_matter_end
from docgen.page.info import parse_info
from docgen.page.kinds import DRAWN, READERS, PageText, read_file
from docgen.page.safety import check_characters, check_prose


def source_lines(text: str) -> tuple[str, ...]:
    """The lines of a page without their ends (LF or CR LF), without a byte order mark."""
    lines = text.removeprefix("\ufeff").split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    return tuple(line.removesuffix("\r") for line in lines)


def read(path: str, text: str) -> Scenario:
    """Raises PageError with everything that is wrong with the page."""
    complaints = Complaints(path)
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > PAGE_BYTES:
        complaints.add(
            0, 0, f"a page of {size} bytes", f"at most {PAGE_BYTES}", "split it into several pages"
        )
        complaints.raise_any()
    lines = source_lines(text)
    check_characters(lines, complaints)
    body = front_matter_end(lines)
    front = FrontMatter()
    if body == 0:
        complaints.add(
            1,
            1,
            "front matter without an end",
            "a line '---'",
            "close it, or remove the first line",
        )
        body = 1
    elif body > 1:
        from docgen.page.front import read_front_matter  # only here YAML is needed

        front = read_front_matter(lines, body, complaints)
    page = PageText(lines, complaints, READERS)
    blocks = tuple(_block(page, region) for region in scan(lines, body))
    _check_steps(blocks, complaints)
    complaints.raise_any()
    return Scenario(
        path, front, front.title or _heading(blocks) or _stem(path), blocks, body, lines
    )


def read_content(path: str, text: str) -> Scenario:
    """A page that does not run: only its diagrams are read, all else is prose, HTML included.

    Raises PageError. Its front matter is the site's and not looked at.
    """
    complaints = Complaints(path)
    lines = source_lines(text)
    page = PageText(lines, complaints, DRAWN)
    body = front_matter_end(lines) or 1
    blocks = tuple(_block(page, region) for region in scan(lines, body))
    complaints.raise_any()
    title = _heading(blocks) or _stem(path)
    return Scenario(path, FrontMatter(), title, blocks, body, lines)


def _block(page: PageText, region: Text | Fence) -> Block:
    if isinstance(region, Text):
        if page.runs:
            check_prose(page.lines, region.line, region.end, page.complaints)
        _check_nested(page, region)
        if region.dangling and page.runs:
            page.complaints.add(
                region.dangling,
                1,
                "an indented fence without an end",
                "a closing line with the same indentation",
                "close it, or move both of its lines to column 0",
            )
        return Prose(region.line, region.end, page.text(region.line, region.end))
    words = region.info.split(None, 1)
    kind = words[0] if words else ""
    reader = page.readers.get(kind)
    if reader is None and not (page.runs and _names_a_file(region.info)):
        return Prose(region.line, region.end, page.text(region.line, region.end))
    if not region.closed:
        page.complaints.add(
            region.line,
            1,
            "a fence without an end",
            f"a line {region.marker}",
            "close it where its text ends",
        )
    info = parse_info(region.info, region.line, len(region.marker) + 1, page.complaints)
    return (reader or read_file)(page, region, info)


def _names_a_file(info: str) -> bool:
    return parse_info(info, 0, 0, Complaints("")).option("file") is not None


def _check_nested(page: PageText, region: Text) -> None:
    """Fences that would run if they stood at column 0 must not be silently dead."""
    for number in range(region.line, region.end):
        line = page.lines[number - 1]
        rest = line.lstrip(" \t>*+-0123456789.)")
        marker = rest[:3]
        if rest == line or marker not in ("```", "~~~"):
            continue
        info = rest.lstrip(marker[0]).split(None, 1)
        names_file = page.runs and _names_a_file(" ".join(info))
        if info and (info[0] in page.readers or names_file):
            kind = info[0] if info[0] in page.readers else "file"
            page.complaints.add(
                number,
                len(line) - len(rest) + 1,
                f"a {kind} fence inside a list, quote or tab",
                "a fence at column 0",
                "move it to the start of the line, outside of the list, quote or tab",
            )


def _check_steps(blocks: Sequence[Block], complaints: Complaints) -> None:
    commands = [one for block in blocks if isinstance(block, Console) for one in block.commands]
    if len(commands) > STEPS:
        complaints.add(
            commands[STEPS].line,
            1,
            f"{len(commands)} commands",
            f"at most {STEPS}",
            "split it into several pages",
        )


def _heading(blocks: Sequence[Block]) -> str:
    for block in blocks:
        if isinstance(block, Prose):
            for line in block.text.split("\n"):
                if line.startswith("# "):
                    return line[2:].strip().rstrip("#").strip()
    return ""


def _stem(path: str) -> str:
    name = path.rsplit("/", 1)[-1]
    return name.removesuffix(".md")
