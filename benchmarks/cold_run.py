"""P2: `docgen run` of a page of ten commands as a whole process, with its peak memory.

    python benchmarks/cold_run.py

The first row is Python's own start, so that its share can be seen. Goal: 15 times less CPU than the
same page on a disposable real engine, start and stop included (3.4 s), so near 0.25 s.
"""

from __future__ import annotations

import sys

from measure import HERE, PROGRAMS, interleaved, print_processes, process

PAGE = str(HERE / "ten_commands.md")
DOCGEN = str(PROGRAMS / "docgen")


def main() -> None:
    commands = {
        "python -c pass": (sys.executable, "-c", "pass"),
        "docgen --version": (DOCGEN, "--version"),
        "docgen run --no-diagrams ten_commands.md": (DOCGEN, "run", "--no-diagrams", PAGE),
        "docgen run ten_commands.md": (DOCGEN, "run", PAGE),
        "docgen run --json ten_commands.md": (DOCGEN, "run", "--json", PAGE),
    }
    print_processes(
        interleaved({name: lambda c=command: process(c) for name, command in commands.items()})
    )


if __name__ == "__main__":
    main()
