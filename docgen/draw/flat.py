"""The style of pictures for renderers that know neither CSS variables nor media queries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from docgen.draw.svg import stylesheet

_VARIABLE: Final = re.compile(r"(--[a-z-]+):([^;}]+);?")
_USE: Final = re.compile(r"var\((--[a-z-]+)(?:,([^()]*))?\)")
_FONT: Final = re.compile(r"font:(\d+px) ([^;}]+)")


@lru_cache(maxsize=1)
def flat_style() -> str:
    """The light colours, written out wherever they are used."""
    css = "".join(rule for rule in _rules(stylesheet(alone=True)) if not rule.startswith("@"))
    colours = dict(_VARIABLE.findall(css))

    def value(found: re.Match[str]) -> str:
        return str(colours.get(found[1], found[2] or ""))

    css = _USE.sub(value, _VARIABLE.sub("", css))
    return _FONT.sub(r"font-size:\1;font-family:\2", css)


def _rules(css: str) -> Iterator[str]:
    """The rules of the outermost level; one for a medium holds its own."""
    depth = start = 0
    for at, sign in enumerate(css):
        depth += (sign == "{") - (sign == "}")
        if sign == "}" and not depth:
            yield css[start : at + 1]
            start = at + 1
