"""Where a Docker Engine comes from: unpacked Debian packages in a cache outside the project.

Nothing of the system changes. The packages come from the machine's own Debian source, another
suite; a machine without one is told what is missing.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from docgen.frozen import frozen

PACKAGES = ("docker.io", "docker-cli", "containerd", "docker-buildx", "docker-compose")
SUITE = "forky"
DEBIAN_SOURCES = Path("/etc/apt/sources.list.d/debian.sources")


class EngineMissing(Exception):  # noqa: N818 - says what is missing on this machine
    """A real engine cannot be had here; the text says why and what to install."""


@frozen
class Engine:
    """Binaries of one engine, ready to be linked into a throw-away host."""

    version: str
    root: Path


def cache() -> Path:
    base = os.environ.get("DOCGEN_CACHE") or os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "docgen" / "engines"


def current_engine() -> Engine:
    """Docker 28.5.2 (Debian's packages of it), fetched on first use. Raises EngineMissing."""
    root = cache() / SUITE
    if not (root / "usr/sbin/dockerd").exists():
        _unpack(_download(root.with_suffix(".debs")), root)
    version = _version(root)
    return Engine(version, root)


def _version(root: Path) -> str:
    out = _call([str(root / "usr/sbin/dockerd"), "--version"])
    return out.split("version ", 1)[1].split("+", 1)[0].split(",", 1)[0].strip()


def _download(into: Path) -> list[Path]:
    uri = _debian_uri()
    for folder in ("lists/partial", "cache/archives/partial"):
        (into / folder).mkdir(parents=True, exist_ok=True)
    source = into / "source.list"
    keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    source.write_text(f"deb [signed-by={keyring}] {uri} {SUITE} main\n")
    options = [
        f"-oDir::Etc::sourcelist={source}",
        "-oDir::Etc::sourceparts=-",
        f"-oDir::State::lists={into / 'lists'}",
        f"-oDir::Cache={into / 'cache'}",
        # A frozen mirror's list outlives its promise; its signature is checked all the same.
        "-oAcquire::Check-Valid-Until=false",
    ]
    _call(["apt-get", *options, "update"])
    _call(["apt-get", *options, "download", *PACKAGES], cwd=into)
    return sorted(into.glob("*.deb"))


def _debian_uri() -> str:
    if not DEBIAN_SOURCES.exists():
        raise EngineMissing(
            f"{DEBIAN_SOURCES} is not there; a Debian machine is needed for a real engine"
        )
    lines = DEBIAN_SOURCES.read_text().splitlines()
    uris = [line.split(":", 1)[1].split()[0] for line in lines if line.startswith("URIs:")]
    if not uris:
        raise EngineMissing(f"no URIs line in {DEBIAN_SOURCES}")
    return uris[0]


def fetch(package: str, into: Path) -> None:
    """One package of the machine's own Debian, unpacked into a folder, once."""
    if into.exists():
        return
    debs = into.with_suffix(".deb.d")
    debs.mkdir(parents=True, exist_ok=True)
    _call(["apt-get", "download", package], cwd=debs)
    _unpack(sorted(debs.glob("*.deb")), into)


def _unpack(packages: list[Path], root: Path) -> None:
    for package in packages:
        _call(["dpkg", "-x", str(package), str(root)])


def _call(argv: list[str], cwd: Path | None = None) -> str:
    try:
        done = subprocess.run(argv, cwd=cwd, check=True, capture_output=True, text=True)
    except FileNotFoundError as missing:
        raise EngineMissing(f"{argv[0]} is not installed; install it or use --host") from missing
    except subprocess.CalledProcessError as failed:
        raise EngineMissing(
            f"{' '.join(argv[:2])} failed: {failed.stderr.strip()[-300:]}"
        ) from failed
    return done.stdout
