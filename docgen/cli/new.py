"""`docgen new`: a scenario that already passes, to be changed into one's own."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

import click

from docgen.upkeep.files import write_whole
from docgen.upkeep.project import SCENARIOS, find_project

NAME = re.compile(r"[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)*")

PAGE = Template("""\
---
title: $title
summary: What this page shows, in one sentence.
drivers: [overlayfs]
---

Say what the reader is about to see. Every command below runs; what it prints is checked.

```console
$$ docker run -d --name web -v notes:/notes busybox sleep infinity
[..]
$$ docker exec web sh -c 'echo inside > /inside; echo kept > /notes/kept'
$$ docker rm -f web
web
```

The file in the container's writable layer went with the container. The volume stayed:

```console
$$ docker run --rm -v notes:/notes busybox cat /notes/kept
kept
$$ docker run --rm busybox cat /inside
cat: can't open '/inside': No such file or directory
[1]
```
""")


def write_new(name: str) -> None:
    """Exits 2 for a bad or taken name."""
    name = name.removesuffix(".md").removeprefix(f"{SCENARIOS}/")
    if not NAME.fullmatch(name):
        told = f"'{name}': use a-z, 0-9 and -, with / for directories"
        raise click.BadParameter(told, param_hint="NAME")
    project = find_project(Path())
    root = project.root if project else Path().resolve()
    file = root / SCENARIOS / f"{name}.md"
    shown = file.relative_to(root).as_posix()
    if file.exists():
        raise click.BadParameter(f"{shown} exists already", param_hint="NAME")
    file.parent.mkdir(parents=True, exist_ok=True)
    title = name.rsplit("/", 1)[-1].replace("-", " ").capitalize()
    write_whole(file, PAGE.substitute(title=title).encode())
    click.echo(f"{shown}: written")
    click.echo(f"Next: docgen run {shown}, then change it, docgen update {shown}")
