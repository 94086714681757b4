"""`docgen check` and `docgen update`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from docgen.cli.common import WRONG
from docgen.upkeep.check import Checked, check_pages
from docgen.upkeep.report import FORMATS, summary
from docgen.upkeep.update import Updated, update_pages
from docgen.upkeep.workshop import simulated_workshop


def check_all(paths: Sequence[Path], form: str, jobs: int) -> None:
    """Errors go to stderr; a format that a program reads goes to stdout."""
    try:
        pages = tuple(_checked(paths, jobs))
    except FileNotFoundError as error:
        raise click.UsageError(f"{error}: there is no such page") from None
    click.echo(FORMATS[form](pages), nl=False, err=form == "text")
    click.echo(summary(pages), err=form != "text")
    if any(page.diagnostics for page in pages):
        sys.exit(WRONG)


def _checked(paths: Sequence[Path], jobs: int) -> Iterator[Checked]:
    if jobs == 1:
        return check_pages(paths, simulated_workshop())
    from docgen.upkeep.parallel import check_in_parallel

    return check_in_parallel(paths, jobs)


def update_all(paths: Sequence[Path], diff: bool) -> None:
    try:
        pages = tuple(_updated(paths, diff))
    except FileNotFoundError as error:
        raise click.UsageError(f"{error}: there is no such page") from None
    faults = [one for page in pages for one in page.diagnostics]
    for one in faults:
        click.echo(str(one), err=True)
    changed = sum(page.changed for page in pages)
    would = " would be" if diff else ""
    click.echo(f"{changed} of {len(pages)} pages{would} changed", err=diff)
    if faults:
        sys.exit(WRONG)


def _updated(paths: Sequence[Path], diff: bool) -> list[Updated]:
    pages = []
    for page in update_pages(paths, simulated_workshop(), write=not diff):
        if page.changed:
            click.echo(page.diff() if diff else f"{page.path}: written", nl=not diff)
        pages.append(page)
    return pages
