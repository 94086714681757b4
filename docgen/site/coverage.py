"""The coverage page: what of docker and of the small programs is simulated, from the registries
that the simulator itself runs on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from docgen.shell.applets import APPLETS
from docgen.shell.docker.registry import Covered, Support, coverage
from docgen.shell.flavour import Flavour

HEAD = """\
---
title: What is simulated
search: {exclude: true}
---

# What is simulated

Made from the tables that the simulator runs on. What is **refused** ends a page's check before its
first step, with what would do instead; nothing is ignored. *No effect* means that the flag is read,
and that it changes nothing about storage.

"""


def coverage_page() -> str:
    """Markdown."""
    return HEAD + "\n".join([*_docker(), "", *_programs()]) + "\n"


def _docker() -> Iterator[str]:
    yield "## docker"
    yield ""
    yield "| command | simulated | no effect | refused |"
    yield "|---|---|---|---|"
    refused = []
    for command, rows in groupby(coverage(), key=lambda row: row.command):
        covered = list(rows)
        if covered[0].support is Support.REFUSED:
            refused.append(command)
            continue
        flags = covered[1:]
        cells = (_flags(flags, support) for support in Support)
        yield f"| `{command}` | {' | '.join(cells)} |"
    yield ""
    yield "Refused as a whole: " + ", ".join(f"`{command}`" for command in refused) + "."


def _flags(rows: Iterable[Covered], support: Support) -> str:
    shown = [f"`{row.flag.replace('|', chr(92) + '|')}`" for row in rows if row.support is support]
    return " ".join(shown) or "–"


def _programs() -> Iterator[str]:
    yield "## Programs"
    yield ""
    yield "The host has GNU's, as Debian 12; containers have busybox's. The shell is dash, or ash."
    yield ""
    for flavour, where in ((Flavour.HOST, "On the host"), (Flavour.BUSYBOX, "In containers")):
        names = sorted(name for name, applet in APPLETS.items() if flavour in applet.flavours)
        yield f"**{where}:** " + " ".join(f"`{name}`" for name in names)
        yield ""
    yield "| program | refused options |"
    yield "|---|---|"
    for name in sorted(APPLETS):
        options = [option for option in APPLETS[name].options if not option.modelled]
        words = [word for option in options for word in _words(option.short, option.long)]
        if words:
            yield f"| `{name}` | {' '.join(f'`{word}`' for word in words)} |"


def _words(short: str, long: str) -> Iterator[str]:
    yield from (f"-{letter}" for letter in short)
    yield from (f"--{name}" for name in long.split())
