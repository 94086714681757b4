"""Reads transcripts: `$ ` a command, `> ` more of it, its output, `! ` errors, `[n]` the exit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass
class Entry:
    line: int
    command: str
    out: str = ""
    err: str = ""
    status: int = 0


def entries(name: str) -> Iterator[Entry]:
    """The commands of one file. `#` lines before the first are its head; `⏎` no newline, `␍` CR."""
    current: Entry | None = None
    for number, line in enumerate((HERE / name).read_text("utf-8").splitlines(), 1):
        if line.startswith("$ "):
            if current is not None:
                yield current
            current = Entry(number, line[2:])
        elif current is None:
            continue
        elif line.startswith("> ") and not current.out and not current.err:
            current.command += "\n" + line[2:]
        elif line.startswith("! ") or line == "!":
            current.err += line[2:] + "\n"
        elif line.startswith("[") and line.endswith("]") and line[1:-1].isdigit():
            current.status = int(line[1:-1])
        elif line.endswith("⏎"):
            current.out += line[:-1]
        else:
            current.out += line.replace("␍", "\r") + "\n"
    if current is not None:
        yield current
