"""`docgen draw`: one state of a page, as a file or in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from docgen.cli.common import chosen_driver, fail, load, play_page
from docgen.diagnostics import Diagnostic, NotSimulated
from docgen.draw.ascii import ascii as as_text
from docgen.draw.picture import LEVELS, picture
from docgen.draw.scene import Scene
from docgen.draw.sheet import WIDE
from docgen.draw.views import VIEWS


def _text(scene: Scene) -> bytes:
    return f"{as_text(scene).rstrip()}\n".encode()


def _svg(scene: Scene) -> bytes:
    from docgen.draw.svg import svg

    return svg(scene, uid="docgen", standalone=True).encode()


def _png(scene: Scene) -> bytes:
    """Raises ClickException where the optional renderer is not installed."""
    try:
        import resvg_py
    except ImportError:
        raise click.UsageError(
            "PNG needs one more package: pip install 'docgen[png]'; .svg and .txt need none"
        ) from None
    return bytes(resvg_py.svg_to_bytes(svg_string=_svg(scene).decode()))


WRITERS: Mapping[str, Callable[[Scene], bytes]] = {".txt": _text, ".svg": _svg, ".png": _png}


def draw_page(
    path: Path,
    view: str,
    step: int | None,
    target: str,
    driver: str | None,
    level: str,
    width: int | None,
    out: Path | None,
) -> None:
    _one_of("--view", view, VIEWS)
    _one_of("--level", level, LEVELS)
    writer = None
    if out is not None:
        _one_of("--out", out.suffix, WRITERS)
        writer = WRITERS[out.suffix]
    page, scenario = load(path)
    recording = play_page(page, scenario, chosen_driver(scenario, driver))
    steps = len(recording.steps)
    number = steps if step is None else step
    if number > steps:
        raise click.BadParameter(f"the page has {steps} steps", param_hint="--step")
    try:
        scene = picture(recording, number, view, target, level, width or WIDE)
    except NotSimulated as error:
        fail([Diagnostic(page.shown, 0, 0, error.what, "", error.instead)])
    if out is None or writer is None:
        click.echo(as_text(scene, colour=sys.stdout.isatty()))
        return
    from docgen.upkeep.files import write_whole

    write_whole(out, writer(scene))
    click.echo(f"{out.as_posix()}: written")


def _one_of(option: str, given: str, known: object) -> None:
    names = list(known)  # type: ignore[call-overload]
    if given not in names:
        raise click.BadParameter(f"'{given}' is none of: {', '.join(names)}", param_hint=option)
