"""Checking pages in several processes. What is told, and in which order, does not depend on their
number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from docgen.upkeep.check import Checked, check_page
from docgen.upkeep.project import PageFile, find_pages
from docgen.upkeep.workshop import Workshop, simulated_workshop

CHUNK = 8
"""Pages that a process takes at one time."""


def check_in_parallel(paths: Iterable[Path], jobs: int) -> Iterator[Checked]:
    """As `check_pages`, on the simulator. Raises FileNotFoundError for a path that is not there."""
    pages = find_pages(paths)
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(_check, pages, chunksize=CHUNK)


@cache
def _workshop() -> Workshop:
    """One in each process."""
    return simulated_workshop()


def _check(page: PageFile) -> Checked:
    return check_page(page, _workshop())
