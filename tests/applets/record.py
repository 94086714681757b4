"""Asks the real tools and writes `golden/`: python tests/applets/record.py [NAME…]

Run it as root on Debian 12 with busybox-static and mawk; `Oracle` keeps the machine safe.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench import oracle_missing
from fixture import HERE, cases, names, real

from docgen.shell.flavour import Flavour


def answers(name: str, flavour: Flavour) -> list[str]:
    """The transcripts of the real tools."""
    found = []
    for case in cases(name):
        if flavour in case.flavours:
            with tempfile.TemporaryDirectory() as scratch:
                directory = Path(scratch) / "w"
                directory.mkdir()
                found.append(real(case, flavour, directory))
    return found


def main(wanted: list[str]) -> None:
    missing = oracle_missing()
    if missing:
        sys.exit(missing)
    for name in wanted or names():
        for flavour in Flavour:
            place = HERE / "golden" / flavour.value / f"{name}.txt"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text("".join(answers(name, flavour)))


if __name__ == "__main__":
    main(sys.argv[1:])
