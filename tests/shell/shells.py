"""The real shells, as oracles: what dash and busybox ash do with a text."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from docgen.shell.flavour import Flavour

DASH = shutil.which("dash")
BUSYBOX = shutil.which("busybox")
ORACLES = {Flavour.HOST: DASH, Flavour.BUSYBOX: BUSYBOX}
NAMES = {Flavour.HOST: "dash", Flavour.BUSYBOX: "busybox"}


def need(flavour: Flavour) -> str:
    """The real shell's path; skips the test, with its reason, where there is none."""
    path = ORACLES[flavour]
    if path is None:
        pytest.skip(f"no {NAMES[flavour]} on this machine to compare with")
    return path


def real(flavour: Flavour, script: str, directory: Path, *options: str) -> tuple[str, str, int]:
    """stdout, stderr and status of `sh -c script` in an empty directory that is shown as /w."""
    done = subprocess.run(
        ["sh", *options, "-c", script],
        executable=need(flavour),
        cwd=directory,
        env={"PATH": "/usr/bin:/bin", "HOME": "/root"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=20,
        check=False,
    )
    status = done.returncode if done.returncode >= 0 else 128 - done.returncode
    return _shown(done.stdout, directory), _shown(done.stderr, directory), status


def _shown(data: bytes, directory: Path) -> str:
    return data.decode("utf-8", "surrogateescape").replace(str(directory), "/w")
