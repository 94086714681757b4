"""The views: each turns the steps of a story into scenes that share one layout.

The view `NAME` is the function `NAME` of the module `NAME` beside this file; a module is loaded
when its view is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Final

from docgen.draw.scene import Scene
from docgen.draw.sheet import Ask
from docgen.draw.story import Story

View = Callable[[Story, Sequence[int], Ask], list[Scene]]
"""Scenes of one size for the given steps; what stays the same stays in its place."""

_NAMES: Final = ("layers", "changes", "disk", "lookup", "lifetime", "host", "sizes", "blocks")


class _Views(Mapping[str, View]):
    """Looks like a dict from name to view."""

    def __getitem__(self, name: str) -> View:
        if name not in _NAMES:
            raise KeyError(name)
        view: View = getattr(import_module(f"{__name__}.{name}"), name)
        return view

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


VIEWS: Final[Mapping[str, View]] = _Views()
