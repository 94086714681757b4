"""What a person sees when docgen itself is at fault."""

from __future__ import annotations

import platform
import sys
import traceback
from importlib.metadata import version

import click


def tell_crash(error: Exception) -> None:
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = "/".join(last.filename.replace("\\", "/").split("/")[-3:])
    click.echo(
        f"docgen {version('docgen')} failed, and that is its own fault, not your page's.\n"
        f"  {type(error).__name__}: {error}\n"
        f"  at {place}:{last.lineno}, Python {platform.python_version()}, {sys.platform}\n"
        "Please report it with the page and the command; DOCGEN_DEBUG=1 shows the whole traceback.",
        err=True,
    )
