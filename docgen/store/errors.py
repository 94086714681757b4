"""What a storage driver refuses."""

from __future__ import annotations


class StoreError(Exception):
    """The driver's own words; the daemon passes them on."""
