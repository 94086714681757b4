"""The command line. Commands are declared here; what they do is imported when they are called."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import click

PAGE: Final = click.Path(path_type=Path)
CRASHED: Final = 70
"""EX_SOFTWARE of sysexits.h: neither the pages nor the call are wrong, docgen is."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="docgen")
def cli() -> None:
    """Show where container data lives: Markdown pages with docker commands that run."""


@cli.command()
@click.argument("name")
def new(name: str) -> None:
    """Write a scenario that already passes, as scenarios/NAME.md."""
    from docgen.cli.new import write_new

    write_new(name)


@cli.command()
@click.argument("page", type=PAGE)
@click.option("--json", "as_json", is_flag=True, help="Print the recording, as the schema says.")
@click.option("--step", type=click.IntRange(1), help="Show this step only.")
@click.option("--driver", help="Storage driver; default: the page's first.")
@click.option("--view", default="layers", show_default=True, help="View of the diagrams.")
@click.option("--no-diagrams", is_flag=True, help="Show the commands and outputs alone.")
def run(
    page: Path, as_json: bool, step: int | None, driver: str | None, view: str, no_diagrams: bool
) -> None:
    """Run a page and show its steps; promised output is not checked."""
    from docgen.cli.run import run_page

    run_page(page, as_json=as_json, step=step, driver=driver, view="" if no_diagrams else view)


@cli.command()
@click.argument("paths", type=PAGE, nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "github", "junit", "json"]),
    default="text",
    show_default=True,
    help="How errors are told.",
)
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes.")
def check(paths: tuple[Path, ...], form: str, jobs: int) -> None:
    """Check promised output, exit statuses, diagrams, recordings and links of pages."""
    from docgen.cli.check import check_all

    check_all(paths, form, jobs)


@cli.command()
@click.argument("paths", type=PAGE, nargs=-1)
@click.option("--diff", is_flag=True, help="Show what would be written, and write nothing.")
def update(paths: tuple[Path, ...], diff: bool) -> None:
    """Write outputs and ASCII diagrams into pages."""
    from docgen.cli.check import update_all

    update_all(paths, diff)


@cli.command()
@click.argument("page", type=PAGE)
@click.option("--view", default="layers", show_default=True)
@click.option("--step", type=click.IntRange(0), help="State after this step; default: the last.")
@click.option("--target", default="", help="What the view is of: a container, say.")
@click.option("--driver", help="Storage driver; default: the page's first.")
@click.option("--level", default="simple", show_default=True, help="simple or full.")
@click.option("--width", type=click.IntRange(40, 160), help="Columns; default 72.")
@click.option("--out", type=PAGE, help="A .svg, .txt or .png file; default: the terminal.")
def draw(
    page: Path,
    view: str,
    step: int | None,
    target: str,
    driver: str | None,
    level: str,
    width: int | None,
    out: Path | None,
) -> None:
    """Draw one state of a page."""
    from docgen.cli.draw import draw_page

    draw_page(page, view, step, target, driver, level, width, out)


@cli.command()
@click.option("--site-dir", type=PAGE, help="Where to; default: as mkdocs.yml says.")
def build(site_dir: Path | None) -> None:
    """Build the site, as `mkdocs build --strict` does."""
    from docgen.cli.site import build_site

    build_site(site_dir)


@cli.command()
@click.option("--address", default="127.0.0.1:8000", show_default=True)
def serve(address: str) -> None:
    """Show the site while you write; pages are run again when they change."""
    from docgen.cli.site import serve_site

    serve_site(address)


@cli.command()
@click.argument("paths", type=PAGE, nargs=-1)
@click.option("--driver", help="Storage driver; default: all of each page that can run here.")
@click.option("--record", is_flag=True, help="Keep the engine's answers beside the pages.")
def verify(paths: tuple[Path, ...], driver: str | None, record: bool) -> None:
    """Run pages on throw-away real Docker hosts and compare: output, exit, storage. Needs root.

    Runs the pages' commands as root on this machine: only for pages that you trust.
    """
    from docgen.cli.verify import verify_pages

    verify_pages(paths, driver, record)


@cli.command()
@click.option(
    "--out", type=PAGE, required=True, help="A directory that does not exist, or is empty."
)
def weave(out: Path) -> None:
    """Write finished Markdown, with all pictures in it, for any site generator."""
    from docgen.cli.site import weave_site

    weave_site(out)


def main() -> None:
    """The `docgen` program. Exit status: 0 fine, 1 pages are wrong, 2 the call is wrong."""
    try:
        cli.main(prog_name="docgen")
    except BrokenPipeError:
        # The reader of our output has seen enough: `docgen run page.md | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if os.environ.get("DOCGEN_DEBUG"):
            raise
        from docgen.cli.crash import tell_crash

        tell_crash(error)
        sys.exit(CRASHED)
