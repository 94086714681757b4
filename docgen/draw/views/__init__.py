"""The views: each turns the steps of a story into scenes that share one layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from docgen.draw.scene import Scene
from docgen.draw.sheet import Ask
from docgen.draw.story import Story
from docgen.draw.views.changes import changes
from docgen.draw.views.disk import disk
from docgen.draw.views.host import host
from docgen.draw.views.layers import layers
from docgen.draw.views.lifetime import lifetime
from docgen.draw.views.lookup import lookup
from docgen.draw.views.sizes import sizes

View = Callable[[Story, Sequence[int], Ask], list[Scene]]
"""Scenes of one size for the given steps; what stays the same stays in its place."""

VIEWS: Final[Mapping[str, View]] = {
    "layers": layers,
    "changes": changes,
    "disk": disk,
    "lookup": lookup,
    "lifetime": lifetime,
    "host": host,
    "sizes": sizes,
}
