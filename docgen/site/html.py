"""HTML for Markdown pages, by Jinja2 templates as dumb serializers. Escaped here, once."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

_LATER_NEWLINES = re.compile(r"(?<=\n)\n")


@cache
def _environment() -> Environment:
    # select_autoescape() would leave `.html.j2` alone, so escaping is switched on for all.
    return Environment(
        loader=PackageLoader("docgen.site"), autoescape=True, undefined=StrictUndefined
    )


def render(template: str, **values: object) -> Markup:
    """One HTML block, without a blank line, so that every Markdown parser takes it whole.

    Within `pre` an empty line stays one: its newline is written as a character reference.
    """
    text = _environment().get_template(template).render(**values).strip("\n")
    return Markup(_LATER_NEWLINES.sub("&#10;", text))
