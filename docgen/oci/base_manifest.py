"""The committed description of a base image whose bytes are not shipped: entries, seal, digests.

`data/NAME.json` is written by `tools/make_base_image.py` from Debian's package. Everything an
image id depends on follows from it; only the one sealed file's bytes are missing.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pkgutil import get_data
from typing import Any, Final

from docgen.frozen import frozen
from docgen.oci.config import (
    DEFAULT_PATH,
    LAYER_TYPE,
    Descriptor,
    History,
    ImageConfig,
    RunConfig,
    manifest_bytes,
)
from docgen.oci.tarform import Member, Type

NAMES: Final = ("busybox",)
"""Base images that are described here."""


@frozen
class Seal:
    """A file that is known by size and hash only."""

    path: str
    size: int
    sha256: str
    package: str
    """The Debian package that holds its bytes, with version and architecture."""


@frozen
class Entry:
    """One name of the image."""

    member: Member
    data: bytes = b""
    """Content of a small file."""
    sealed: bool = False
    """The one file whose bytes are not here."""


@frozen
class BaseManifest:
    name: str
    """`busybox:latest`."""
    created_ns: int
    """Time of the image and of all its entries."""
    created_by: str
    seal: Seal
    entries: tuple[Entry, ...]
    """Sorted as the layer's tar holds them; hard links after the name they link to."""
    diff_id: str
    """True sha256 of the canonical tar with the true bytes."""
    tar_size: int

    def config(self) -> ImageConfig:
        return ImageConfig(
            config=RunConfig(env=(DEFAULT_PATH,), cmd=("sh",)),
            diff_ids=(self.diff_id,),
            history=(History(self.created_ns, self.created_by),),
            created_ns=self.created_ns,
        )

    def manifest(self) -> bytes:
        layer = Descriptor(LAYER_TYPE, self.diff_id, self.tar_size)
        return manifest_bytes(self.config().to_bytes(), (layer,))


@cache
def base_manifest(name: str) -> BaseManifest:
    """The manifest of one of `NAMES`. Raises KeyError for another name."""
    if name not in NAMES:
        raise KeyError(name)
    return parse(json.loads(get_data(__package__, f"data/{name}.json") or b""))


def parse(data: Mapping[str, Any]) -> BaseManifest:
    """A manifest from its JSON."""
    seal = Seal(**data["seal"])
    return BaseManifest(
        name=data["name"],
        created_ns=data["created"] * 10**9,
        created_by=data["created_by"],
        seal=seal,
        entries=tuple(_entries(data["entries"], data["links"], seal, data["created"])),
        diff_id=data["diff_id"],
        tar_size=data["tar_size"],
    )


def _entries(
    rows: list[dict[str, Any]], links: Mapping[str, list[str]], seal: Seal, mtime: int
) -> Iterator[Entry]:
    """Rows and hard links in the order of the tar: depth first, names as bytes."""
    plain = {row["path"]: row for row in rows}
    source: dict[str, str] = {}
    leader: dict[str, str] = {}
    for first, others in links.items():
        names = sorted([first, *others])
        source |= dict.fromkeys(names, first)
        leader |= dict.fromkeys(names, names[0])
    for path in sorted({*plain, *leader}, key=lambda one: one.encode().split(b"/")):
        row = plain[source.get(path, path)]
        if leader.get(path, path) != path:
            yield Entry(_member(path, row, Type.HARD_LINK, mtime, link=leader[path]))
            continue
        kind = _TYPES[row["kind"]]
        data, sealed = _data(row), row["path"] == seal.path
        size = seal.size if sealed else len(data)
        target = row.get("target", "")
        yield Entry(_member(path, row, kind, mtime, size=size, link=target), data, sealed)


_TYPES: Final = {"dir": Type.DIR, "file": Type.FILE, "symlink": Type.SYMLINK}


def _member(
    path: str, row: Mapping[str, Any], kind: Type, mtime: int, *, size: int = 0, link: str = ""
) -> Member:
    mode, uid, gid = int(row["mode"], 8), row.get("uid", 0), row.get("gid", 0)
    return Member(path, kind, mode, uid, gid, size=size, mtime=mtime, link=link)


def _data(row: Mapping[str, Any]) -> bytes:
    if "base64" in row:
        return base64.b64decode(row["base64"])
    return str(row.get("text", "")).encode("utf-8")
