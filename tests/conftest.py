"""Shared by all rooms. Its place makes modules of this directory importable from the tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# A loaded machine is no fault of the code: nothing here is judged by the time it takes.
settings.register_profile(
    "docgen", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=100
)
settings.load_profile("docgen")
