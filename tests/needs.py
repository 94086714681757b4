"""What some tests need of the machine.

A missing thing skips them with its name; with DOCGEN_REQUIRE=1 it fails them, so that CI cannot
pass by leaving out.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest


def need(condition: bool, what: str) -> None:
    if condition:
        return
    if os.environ.get("DOCGEN_REQUIRE"):
        pytest.fail(f"needs {what}, and DOCGEN_REQUIRE says that it must be there")
    pytest.skip(f"needs {what}")


def root() -> None:
    need(os.geteuid() == 0, "root")


def program(name: str) -> str:
    found = shutil.which(name)
    need(found is not None, f"the program {name}")
    return str(found)


def chromium() -> str:
    return program("chromium")


def real_engine() -> object:
    """Docker 28.5.2, fetched on first use."""
    from docgen.real.engines import Engine, EngineMissing, current_engine

    root()
    for name in ("unshare", "nsenter", "mkfs.ext4", "runc"):
        program(name)
    need(Path("/proc/filesystems").read_text().find("overlay") >= 0, "the kernel's overlayfs")
    engine: Engine | None = None
    why = ""
    try:
        engine = current_engine()
    except EngineMissing as missing:
        why = str(missing)
    need(engine is not None, f"a real Docker Engine ({why})")
    return engine
