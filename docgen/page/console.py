"""The body of a console fence: `$ ` starts a command, `> ` continues it, the rest is promised
output.

`[n]` alone on the last line of an output is the exit status. Blank lines that end an output do
not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docgen.page.blocks import CONTINUATION, PROMPT, Command
from docgen.page.complaints import Complaints


@dataclass(slots=True)
class _Cursor:
    lines: Sequence[str]
    here: int
    """Line number of the next line to be read."""
    end: int

    def line(self) -> str:
        return self.lines[self.here - 1]

    def at(self, prompt: str) -> bool:
        """The next line starts with this prompt (which may stand alone, its blank stripped by an
        editor).
        """
        if self.here >= self.end:
            return False
        return self.line().startswith(prompt) or self.line() == prompt.rstrip()


def read_commands(
    lines: Sequence[str], first: int, end: int, complaints: Complaints
) -> tuple[Command, ...]:
    """The commands of the body that stands on lines `first` to `end` (exclusive) of the page."""
    cursor = _Cursor(lines, first, end)
    _skip_until_command(cursor, complaints)
    commands: list[Command] = []
    while cursor.here < end:
        commands.append(_read_command(cursor, complaints))
    if not commands and not complaints.found:
        complaints.add(
            first - 1,
            1,
            "a console fence without a command",
            "a line that starts with '$ '",
            "add one, or remove it",
        )
    return tuple(commands)


def _skip_until_command(cursor: _Cursor, complaints: Complaints) -> None:
    told = False
    while cursor.here < cursor.end and not cursor.at(PROMPT):
        if cursor.line().strip() and not told:
            told = True
            complaints.add(
                cursor.here,
                1,
                "output before the first command",
                "a line that starts with '$ '",
                "write '$ ' before the command, or name the fence differently if nothing is to run",
            )
        cursor.here += 1


def _read_command(cursor: _Cursor, complaints: Complaints) -> Command:
    line = cursor.here
    words = [cursor.line()[len(PROMPT) :]]
    cursor.here += 1
    while cursor.at(CONTINUATION):
        words.append(cursor.line()[len(CONTINUATION) :])
        cursor.here += 1
    text = "\n".join(words)
    if not text.strip():
        complaints.add(
            line, 1, "an empty command", "a command after '$ '", "write one, or remove the line"
        )
    output_line = cursor.here
    while cursor.here < cursor.end and not cursor.at(PROMPT):
        cursor.here += 1
    output = list(cursor.lines[output_line - 1 : cursor.here - 1])
    while output and not output[-1].strip():
        output.pop()
    status = exit_status(output[-1]) if output else None
    if status is not None:
        output.pop()
        if status > 255:
            complaints.add(
                output_line + len(output),
                1,
                f"exit status {status}",
                "a number from 0 to 255",
                "write the status that the shell shows, or '[..]' for a line of output",
            )
    return Command(line, text, tuple(output), output_line, status, cursor.here)


def exit_status(line: str) -> int | None:
    """The n of a line that is `[n]` and nothing else."""
    inside = line.strip()
    if len(inside) < 3 or len(inside) > 12 or inside[0] != "[" or inside[-1] != "]":
        return None
    digits = inside[1:-1]
    return int(digits) if digits.isascii() and digits.isdigit() else None
