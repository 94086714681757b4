"""`docgen draw`: one state of a page, as a file or in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

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
    """At twice the size, in light colours, with the fonts of this machine.

    Raises UsageError where the optional renderer or a font is missing.
    """
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise click.UsageError(
            "PNG needs one more package: pip install 'docgen[png]'; .svg and .txt need none"
        ) from None
    from docgen.draw.flat import flat_style
    from docgen.draw.svg import svg

    def rendered(text: str) -> bytes:
        return bytes(svg_to_bytes(svg_string=text, zoom=PNG_ZOOM, monospace_family=MONOSPACED))

    if rendered(_PROBE.format("x")) == rendered(_PROBE.format("")):
        raise click.UsageError(
            "PNG needs a font, and this machine has none: install one (fonts-dejavu, say)"
        )
    return rendered(svg(scene, uid="docgen", standalone=True, style=flat_style()))


PNG_ZOOM: Final = 2
MONOSPACED: Final = "DejaVu Sans Mono"
"""What `monospace` is, where the fonts that the style names are missing."""
_PROBE: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">'
    '<text y="16" font-family="monospace">{}</text></svg>'
)

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
    fonts = ", with the fonts of this machine" if out.suffix == ".png" else ""
    click.echo(f"{out.as_posix()}: written{fonts}")


def _one_of(option: str, given: str, known: object) -> None:
    names = list(known)  # type: ignore[call-overload]
    if given not in names:
        raise click.BadParameter(f"'{given}' is none of: {', '.join(names)}", param_hint=option)
