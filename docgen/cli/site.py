"""`docgen build` and `docgen serve`: MkDocs with the project's own configuration, nothing else."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Any

import click

from docgen.cli.common import WRONG, fail
from docgen.diagnostics import PageError
from docgen.upkeep.project import find_project

CONFIGURATION = "mkdocs.yml"


def build_site(site_dir: Path | None) -> None:
    from mkdocs.commands.build import build
    from mkdocs.exceptions import Abort, ConfigurationError

    given: dict[str, Any] = {"strict": True}
    if site_dir is not None:
        given["site_dir"] = str(site_dir.resolve())
    _log_to_stderr()
    try:
        config = _configuration(given)
        config.plugins.on_startup(command="build", dirty=False)
        try:
            build(config)
        finally:
            config.plugins.on_shutdown()
    except (Abort, ConfigurationError) as error:
        click.echo(str(error), err=True)
        sys.exit(WRONG)
    click.echo(f"{os.path.relpath(config.site_dir)}: built")


def serve_site(address: str) -> None:
    from mkdocs.commands.serve import serve
    from mkdocs.exceptions import Abort, ConfigurationError

    _log_to_stderr()
    try:
        serve(str(_file()), dev_addr=address)
    except (Abort, ConfigurationError) as error:
        click.echo(str(error), err=True)
        sys.exit(WRONG)


def weave_site(out: Path) -> None:
    """Exits 1 where a page cannot be woven, 2 where `out` holds something already."""
    from docgen.site.finished import finished_files
    from docgen.site.library import Library
    from docgen.upkeep.files import write_whole
    from docgen.upkeep.workshop import simulated_workshop

    project = find_project(Path())
    if project is None:
        raise click.UsageError("there is no project here or above")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise click.BadParameter(f"{out.as_posix()} is not empty", param_hint="--out")
    try:
        files = list(finished_files(Library(project, simulated_workshop())))
    except PageError as error:
        fail(error.diagnostics)
    for path, text in files:
        file = out / path
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, text.encode())
    click.echo(f"{out.as_posix()}: {len(files)} files written")


def _configuration(given: dict[str, Any]) -> Any:
    from mkdocs.config import load_config

    return load_config(config_file=str(_file()), **given)


def _file() -> Path:
    project = find_project(Path())
    file = project.root / CONFIGURATION if project else Path(CONFIGURATION)
    if not file.is_file():
        raise click.UsageError(f"there is no {CONFIGURATION} here or above")
    return file


def _log_to_stderr() -> None:
    """What MkDocs warns of is for the person at the terminal."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    logger = logging.getLogger("mkdocs")
    logger.setLevel(logging.WARNING)
    logger.addHandler(handler)
