"""Reads a page: text to Scenario, with every fault of the page told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from docgen.limits import PAGE_BYTES, STEPS
from docgen.page.blocks import (
    Block,
    Condition,
    Console,
    Diagram,
    FileBlock,
    FrontMatter,
    Mode,
    Prose,
    Scenario,
)
from docgen.page.complaints import Complaints, nearest
from docgen.page.console import read_commands
from docgen.page.fences import Fence, Text, scan
from docgen.page.front import front_matter_end, read_front_matter
from docgen.page.info import Info, Option, Word, parse_info
from docgen.page.safety import check_characters, check_prose

MODES: Mapping[str, Mode] = {"setup": Mode.SETUP, "norun": Mode.NORUN}
CONSOLE_OPTIONS = ("when", "fails")
DIAGRAM_OPTIONS = ("scenario", "step", "driver", "level", "width", "path")
FILE_OPTIONS = ("file", "mode")


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
        front = read_front_matter(lines, body, complaints)
    page = _Page(lines, complaints)
    blocks = tuple(_block(page, region) for region in scan(lines, body))
    _check_steps(blocks, complaints)
    complaints.raise_any()
    return Scenario(
        path, front, front.title or _heading(blocks) or _stem(path), blocks, body, lines
    )


@dataclass(frozen=True, slots=True)
class _Page:
    lines: Sequence[str]
    complaints: Complaints

    def text(self, line: int, end: int) -> str:
        return "\n".join(self.lines[line - 1 : end - 1])


def _block(page: _Page, region: Text | Fence) -> Block:
    if isinstance(region, Text):
        check_prose(page.lines, region.line, region.end, page.complaints)
        _check_nested(page, region)
        if region.dangling:
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
    reader = READERS.get(kind)
    if reader is None and not _names_a_file(region.info):
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
    return (reader or _read_file)(page, region, info)


def _names_a_file(info: str) -> bool:
    return parse_info(info, 0, 0, Complaints("")).option("file") is not None


def _check_nested(page: _Page, region: Text) -> None:
    """Fences that would run if they stood at column 0 must not be silently dead."""
    for number in range(region.line, region.end):
        line = page.lines[number - 1]
        rest = line.lstrip(" \t>*+-0123456789.)")
        marker = rest[:3]
        if rest == line or marker not in ("```", "~~~"):
            continue
        info = rest.lstrip(marker[0]).split(None, 1)
        if info and (info[0] in READERS or _names_a_file(" ".join(info))):
            kind = info[0] if info[0] in READERS else "file"
            page.complaints.add(
                number,
                len(line) - len(rest) + 1,
                f"a {kind} fence inside a list, quote or tab",
                "a fence at column 0",
                "move it to the start of the line, outside of the list, quote or tab",
            )


def _check_options(page: _Page, fence: Fence, info: Info, known: Sequence[str]) -> None:
    for option in info.options:
        if option.key not in known:
            page.complaints.add(
                fence.line,
                option.column,
                f"unknown option '{option.key}'",
                "",
                nearest(option.key, known),
            )


def _refuse_words(page: _Page, fence: Fence, words: Sequence[Word], remedy: str) -> None:
    for word in words:
        page.complaints.add(fence.line, word.column, f"unknown word '{word.text}'", "", remedy)


def _read_console(page: _Page, fence: Fence, info: Info) -> Block:
    _check_options(page, fence, info, CONSOLE_OPTIONS)
    words = info.words[1:]
    mode = MODES.get(words[0].text, Mode.RUN) if words else Mode.RUN
    known = 1 if mode is not Mode.RUN else 0
    for word in words[known:]:
        _refuse_words(page, fence, [word], nearest(word.text, MODES))
    when = info.option("when")
    condition = _condition(page, fence, when) if when else None
    fails = info.option("fails")
    if fails and not fails.value.strip():
        page.complaints.add(
            fence.line, fails.column, "'fails' without a reason", "", 'write fails="why it fails"'
        )
    first, end = fence.body
    if mode is Mode.NORUN:
        if info.options:
            page.complaints.add(
                fence.line,
                info.options[0].column,
                "an option of a fence that does not run",
                "",
                "remove it",
            )
        return Console(fence.line, fence.end, mode, None, "", (), page.text(first, end))
    commands = read_commands(page.lines, first, end, page.complaints)
    reason = fails.value if fails else ""
    return Console(fence.line, fence.end, mode, condition, reason, commands, page.text(first, end))


def _condition(page: _Page, fence: Fence, when: Option) -> Condition | None:
    negated = "!=" in when.value
    key, _, value = when.value.partition("!=" if negated else "=")
    drivers = tuple(one.strip() for one in value.split(","))
    if key.strip() != "driver" or not all(drivers):
        page.complaints.add(
            fence.line,
            when.value_column,
            f"the condition '{when.value}'",
            "driver=NAME or driver!=NAME",
            'write, say, when="driver=overlay2"',
        )
        return None
    return Condition(drivers, negated)


def _read_diagram(page: _Page, fence: Fence, info: Info) -> Block:
    _check_options(page, fence, info, DIAGRAM_OPTIONS)
    _refuse_words(page, fence, info.words[3:], "write: diagram VIEW [target] [key=value …]")
    if len(info.words) < 2:
        page.complaints.add(
            fence.line,
            len(fence.marker) + 1,
            "a diagram without a view",
            "",
            "write, say, diagram layers",
        )
    for key in ("step", "width"):
        option = info.option(key)
        if option and not (
            option.value.isascii() and option.value.isdigit() and len(option.value) < 6
        ):
            page.complaints.add(
                fence.line,
                option.value_column,
                f"{key} '{option.value}'",
                "a number",
                f"write, say, {key}=3",
            )
    first, end = fence.body
    body = tuple(page.lines[first - 1 : end - 1])
    column = info.words[1].column if len(info.words) > 1 else 1
    options = {one.key: one.value for one in info.options}
    return Diagram(fence.line, fence.end, info.word(1), info.word(2), options, body, column)


def _read_file(page: _Page, fence: Fence, info: Info) -> Block:
    _check_options(page, fence, info, FILE_OPTIONS)
    _refuse_words(page, fence, info.words[1:], 'write: LANGUAGE file="path" mode="755"')
    option = info.option("file")
    path = _file_path(page, fence, option) if option else ""
    mode = info.option("mode")
    bits = 0o644
    if mode:
        if 3 <= len(mode.value) <= 4 and all(c in "01234567" for c in mode.value):
            bits = int(mode.value, 8)
        else:
            page.complaints.add(
                fence.line,
                mode.value_column,
                f"mode '{mode.value}'",
                "three or four octal digits",
                "write mode=755",
            )
    first, end = fence.body
    text = page.text(first, end)
    return FileBlock(
        fence.line, fence.end, path, bits, info.word(0), text + "\n" if first < end else ""
    )


def _file_path(page: _Page, fence: Fence, option: Option) -> str:
    parts = option.value.split("/")
    if option.value.startswith(("/", "~")) or ".." in parts or not parts[-1]:
        page.complaints.add(
            fence.line,
            option.value_column,
            f"the file '{option.value}'",
            "a path below the home directory, without '..'",
            'write, say, file="app/Dockerfile", and copy it elsewhere with a command',
        )
        return ""
    return "/".join(part for part in parts if part not in ("", "."))


READERS: Mapping[str, Callable[[_Page, Fence, Info], Block]] = {
    "console": _read_console,
    "diagram": _read_diagram,
}


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
