"""Whole pages of docker commands, as recorded on a real engine, on the simulator."""

from __future__ import annotations

import pytest
from masks import Mask
from transcripts import HERE, entries

from docgen.daemon.host import Host
from docgen.shell.session import Session

PAGES = sorted(path.name for path in (HERE / "recorded").glob("*.txt"))


@pytest.mark.parametrize("page", PAGES)
def test_as_recorded(page: str) -> None:
    session = Session(Host("overlayfs", page))
    real, ours = Mask(), Mask()
    for entry in entries(f"recorded/{page}"):
        done = session.run(entry.command)
        expected = (real(entry.out), real(entry.err), entry.status)
        assert (ours(done.stdout), ours(done.stderr), done.exit) == expected, (
            f"{page}:{entry.line}: {entry.command}"
        )
