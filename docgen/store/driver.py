"""The table of storage drivers: two families, and everything else that tells them apart as data.

Truth: rows marked ENGINE were compared with Docker 28.5.2 on a real host.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Family(StrEnum):
    UNION = "union"
    """A layer is a difference; a mount joins them; a written file is copied up whole."""
    TREE = "tree"
    """A layer is a whole tree, begun as a copy of its parent; plain POSIX, no whiteouts."""


class Keeper(StrEnum):
    """Who keeps images and layers: dockerd itself, or containerd (the image store since 29)."""

    CLASSIC = "classic"
    CONTAINERD = "containerd"


class Whiteouts(StrEnum):
    """How a deleted lower file is marked on disk."""

    DEVICE = "character device 0/0"
    NONE = "none"


class SizeRule(StrEnum):
    """What SIZE counts."""

    APPARENT = "apparent bytes"
    """Of files and symlinks in the upper directory, an inode once, directories not (overlay2)."""
    DIFFERENCE = "changed files"
    """Of the files that differ from the parent, whole (drivers without an upper directory)."""
    BLOCKS = "allocated blocks"
    """Of everything in the upper directory, directories and attribute blocks too (containerd)."""
    COPIED_BLOCKS = "allocated blocks of the copy"
    """Of the whole copied tree (containerd's native)."""


class DiffRule(StrEnum):
    """What a commit takes for changed."""

    UPPER = "upper directory as it is"
    """Native diff: also what was copied up and then left equal."""
    COMPARE = "comparison by attributes"
    """go-archive: mode, owner, device, size, mtime, capability."""
    WALK = "comparison by attributes, then content"
    """containerd (continuity): also content, where both times have no fraction of a second."""


class Form(StrEnum):
    """The shape of the driver's directories."""

    OVERLAY2 = "overlay2"
    SNAPSHOTS = "snapshots"
    TREES = "trees"


@dataclass(frozen=True, slots=True)
class Driver:
    """One row."""

    name: str
    """As a page's front matter names it."""
    shown: str
    """As `docker info` names it."""
    family: Family
    keeper: Keeper
    granule: int
    """Bytes copied by the first write to a lower file: 0 for the whole file, else one unit."""
    whiteouts: Whiteouts
    sizes: SizeRule
    diffs: DiffRule
    form: Form
    home: str
    """Directory that holds one directory for each layer."""
    content: str
    """Where in such a directory the files are."""
    merged: str
    """Where a container's files are seen while it is mounted; `{home}`, `{name}`, `{container}`."""
    backing: str
    """File system it lies on."""
    status: tuple[tuple[str, str], ...]
    """Lines of `docker info` below `Storage Driver:`."""
    deepest: int | None
    """Layers an image may have; None where the driver sets no limit that a page could meet."""

    @property
    def is_containerd(self) -> bool:
        return self.keeper is Keeper.CONTAINERD

    @property
    def is_union(self) -> bool:
        return self.family is Family.UNION


_SNAPSHOTTER: Final = (("driver-type", "io.containerd.snapshotter.v1"),)
_CONTAINERD: Final = "/var/lib/containerd/io.containerd.snapshotter.v1."
_ROOTFS: Final = "/var/lib/docker/rootfs/"

_ROWS: Final = (
    Driver(
        name="overlayfs",
        shown="overlayfs",
        family=Family.UNION,
        keeper=Keeper.CONTAINERD,
        granule=0,
        whiteouts=Whiteouts.DEVICE,
        sizes=SizeRule.BLOCKS,
        diffs=DiffRule.WALK,
        form=Form.SNAPSHOTS,
        home=_CONTAINERD + "overlayfs/snapshots",
        content="/fs",
        merged=_ROOTFS + "overlayfs/{container}",
        backing="ext4",
        status=_SNAPSHOTTER,
        deepest=None,
    ),
    Driver(
        name="overlay2",
        shown="overlay2",
        family=Family.UNION,
        keeper=Keeper.CLASSIC,
        granule=0,
        whiteouts=Whiteouts.DEVICE,
        sizes=SizeRule.APPARENT,
        diffs=DiffRule.UPPER,
        form=Form.OVERLAY2,
        home="/var/lib/docker/overlay2",
        content="/diff",
        merged="{home}/{name}/merged",
        backing="ext4",
        status=(
            ("Backing Filesystem", "extfs"),
            ("Supports d_type", "true"),
            ("Using metacopy", "false"),
            ("Native Overlay Diff", "true"),
            ("userxattr", "false"),
        ),
        deepest=125,
    ),
    Driver(
        name="vfs",
        shown="vfs",
        family=Family.TREE,
        keeper=Keeper.CLASSIC,
        granule=0,
        whiteouts=Whiteouts.NONE,
        sizes=SizeRule.DIFFERENCE,
        diffs=DiffRule.COMPARE,
        form=Form.TREES,
        home="/var/lib/docker/vfs/dir",
        content="",
        merged="{home}/{name}",
        backing="ext4",
        status=(),
        deepest=125,
    ),
)


def table(rows: Iterable[Driver]) -> Mapping[str, Driver]:
    """Rows by name. ValueError where a name stands twice."""
    found: dict[str, Driver] = {}
    for row in rows:
        if row.name in found:
            raise ValueError(f"two storage drivers are called {row.name}")
        found[row.name] = row
    return MappingProxyType(found)


DRIVERS: Final = table(_ROWS)
"""By name, the default first."""
