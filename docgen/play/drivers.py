"""The storage drivers that a page can name."""

from __future__ import annotations

from collections.abc import Mapping


def driver_names() -> Mapping[str, object]:
    """Every driver of the simulator, in the order of its table."""
    from docgen.store.driver import DRIVERS

    return DRIVERS
