"""The kinds of fences that docgen reads: one reader each, and the table of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from docgen.frozen import frozen
from docgen.page.blocks import Block, Condition, Console, Diagram, FileBlock, Mode
from docgen.page.complaints import Complaints, nearest
from docgen.page.console import read_commands
from docgen.page.fences import Fence
from docgen.page.info import Info, Option, Word

MODES: Mapping[str, Mode] = {"setup": Mode.SETUP, "norun": Mode.NORUN}
CONSOLE_OPTIONS = ("when", "fails")
DIAGRAM_OPTIONS = ("scenario", "step", "driver", "level", "width")
FILE_OPTIONS = ("file", "mode")


@frozen
class PageText:
    lines: Sequence[str]
    complaints: Complaints
    readers: Mapping[str, Callable[[PageText, Fence, Info], Block]]
    """By the first word of a fence; more than `diagram` only where the page runs."""

    @property
    def runs(self) -> bool:
        return self.readers is READERS

    def text(self, line: int, end: int) -> str:
        return "\n".join(self.lines[line - 1 : end - 1])


def _check_options(page: PageText, fence: Fence, info: Info, known: Sequence[str]) -> None:
    for option in info.options:
        if option.key not in known:
            page.complaints.add(
                fence.line,
                option.column,
                f"unknown option '{option.key}'",
                "",
                nearest(option.key, known),
            )


def _refuse_words(page: PageText, fence: Fence, words: Sequence[Word], remedy: str) -> None:
    for word in words:
        page.complaints.add(fence.line, word.column, f"unknown word '{word.text}'", "", remedy)


def _read_console(page: PageText, fence: Fence, info: Info) -> Block:
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


def _condition(page: PageText, fence: Fence, when: Option) -> Condition | None:
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


def _read_diagram(page: PageText, fence: Fence, info: Info) -> Block:
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


def read_file(page: PageText, fence: Fence, info: Info) -> Block:
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


def _file_path(page: PageText, fence: Fence, option: Option) -> str:
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


READERS: Mapping[str, Callable[[PageText, Fence, Info], Block]] = {
    "console": _read_console,
    "diagram": _read_diagram,
}
DRAWN: Mapping[str, Callable[[PageText, Fence, Info], Block]] = {"diagram": _read_diagram}
