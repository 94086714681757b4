"""The table of storage drivers: two families, and everything else that tells them apart as data.

Every row was compared with Docker 28.5.2 on a real host: sizes, changes, commits, inspect, layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from docgen.frozen import frozen


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
    """Of files and symlinks in the directory, an inode once, directories not."""
    CHANGED = "changed files"
    """Of files and symlinks that differ from the parent, whole (for containers)."""
    UNPACKED = "unpacked files"
    """Of the files in the layer's tar, symlinks not (for image layers)."""
    BLOCKS = "allocated blocks"
    """Of everything in the directory, also of directories and attribute blocks."""
    COPIED_BLOCKS = "allocated blocks of the copy"
    """Of the whole copied tree."""
    WALKED_BLOCKS = "allocated blocks of changed files"
    """Of files and symlinks that differ from the parent."""


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


@frozen
class RootMount:
    """What /proc/mounts of a container says of its root."""

    source: str
    fstype: str
    options: str
    """After `rw` or `ro`; `{layers}` stands for the joined directories of a union."""


@frozen
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
    rw_sizes: SizeRule
    """SIZE of a container."""
    layer_sizes: SizeRule
    """SIZE of an image layer."""
    diffs: DiffRule
    form: Form
    root: str
    """Directory that belongs to the driver alone."""
    home: str
    """Directory that holds one directory for each layer."""
    folders: tuple[tuple[str, int], ...]
    """Directories that are always there, with their modes."""
    content: str
    """Where in a layer's directory the files are."""
    merged: str
    """Where a container's files are seen while it is mounted; `{home}`, `{name}`, `{container}`."""
    mount: RootMount
    backing: str
    """File system it lies on."""
    status: tuple[tuple[str, str], ...]
    """Lines of `docker info` below `Storage Driver:`."""
    deepest: int | None
    """Layers an image may have; None where the driver sets no limit that a page could meet."""
    committed: str = "{id}"
    """Name of a read-only layer's directory below the home."""
    active: str = "{id}"
    """Name of a container's directory below the home."""

    @property
    def is_containerd(self) -> bool:
        return self.keeper is Keeper.CONTAINERD

    @property
    def is_union(self) -> bool:
        return self.family is Family.UNION


_SNAPSHOTTER: Final = (("driver-type", "io.containerd.snapshotter.v1"),)
_CONTAINERD: Final = "/var/lib/containerd/io.containerd.snapshotter.v1."
_ROOTFS: Final = "/var/lib/docker/rootfs/"
_OVERLAY: Final = RootMount("overlay", "overlay", "relatime,{layers}")
_DISK: Final = RootMount("/dev/vda1", "ext4", "relatime")
_BTRFS: Final = RootMount("/dev/vda1", "btrfs", "relatime,ssd,discard=async,space_cache=v2")
_FUSE: Final = RootMount(
    "fuse-overlayfs",
    "fuse.fuse-overlayfs",
    "nodev,noatime,user_id=0,group_id=0,default_permissions,allow_other",
)
_CLASSIC_DEPTH: Final = 125

_ROWS: Final = (
    Driver(
        name="overlayfs",
        shown="overlayfs",
        family=Family.UNION,
        keeper=Keeper.CONTAINERD,
        granule=0,
        whiteouts=Whiteouts.DEVICE,
        rw_sizes=SizeRule.BLOCKS,
        layer_sizes=SizeRule.BLOCKS,
        diffs=DiffRule.WALK,
        form=Form.SNAPSHOTS,
        root=_CONTAINERD + "overlayfs",
        home=_CONTAINERD + "overlayfs/snapshots",
        folders=((_CONTAINERD + "overlayfs", 0o700), (_CONTAINERD + "overlayfs/snapshots", 0o700)),
        content="/fs",
        merged=_ROOTFS + "overlayfs/{container}",
        mount=_OVERLAY,
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
        rw_sizes=SizeRule.APPARENT,
        layer_sizes=SizeRule.APPARENT,
        diffs=DiffRule.UPPER,
        form=Form.OVERLAY2,
        root="/var/lib/docker/overlay2",
        home="/var/lib/docker/overlay2",
        folders=(("/var/lib/docker/overlay2", 0o710), ("/var/lib/docker/overlay2/l", 0o700)),
        content="/diff",
        merged="{home}/{name}/merged",
        mount=_OVERLAY,
        backing="ext4",
        status=(
            ("Backing Filesystem", "extfs"),
            ("Supports d_type", "true"),
            ("Using metacopy", "false"),
            ("Native Overlay Diff", "true"),
            ("userxattr", "false"),
        ),
        deepest=_CLASSIC_DEPTH,
    ),
    Driver(
        name="vfs",
        shown="vfs",
        family=Family.TREE,
        keeper=Keeper.CLASSIC,
        granule=0,
        whiteouts=Whiteouts.NONE,
        rw_sizes=SizeRule.CHANGED,
        layer_sizes=SizeRule.UNPACKED,
        diffs=DiffRule.COMPARE,
        form=Form.TREES,
        root="/var/lib/docker/vfs",
        home="/var/lib/docker/vfs/dir",
        folders=(("/var/lib/docker/vfs", 0o710), ("/var/lib/docker/vfs/dir", 0o710)),
        content="",
        merged="{home}/{name}",
        mount=_DISK,
        backing="ext4",
        status=(),
        deepest=_CLASSIC_DEPTH,
    ),
    Driver(
        name="fuse-overlayfs",
        shown="fuse-overlayfs",
        family=Family.UNION,
        keeper=Keeper.CLASSIC,
        granule=0,
        whiteouts=Whiteouts.DEVICE,
        rw_sizes=SizeRule.CHANGED,
        layer_sizes=SizeRule.APPARENT,
        diffs=DiffRule.COMPARE,
        form=Form.OVERLAY2,
        root="/var/lib/docker/fuse-overlayfs",
        home="/var/lib/docker/fuse-overlayfs",
        folders=(
            ("/var/lib/docker/fuse-overlayfs", 0o710),
            ("/var/lib/docker/fuse-overlayfs/l", 0o700),
        ),
        content="/diff",
        merged="{home}/{name}/merged",
        mount=_FUSE,
        backing="ext4",
        status=(),
        deepest=_CLASSIC_DEPTH,
    ),
    Driver(
        name="btrfs",
        shown="btrfs",
        family=Family.TREE,
        keeper=Keeper.CLASSIC,
        granule=4096,
        whiteouts=Whiteouts.NONE,
        rw_sizes=SizeRule.CHANGED,
        layer_sizes=SizeRule.UNPACKED,
        diffs=DiffRule.COMPARE,
        form=Form.TREES,
        root="/var/lib/docker/btrfs",
        home="/var/lib/docker/btrfs/subvolumes",
        folders=(("/var/lib/docker/btrfs", 0o710), ("/var/lib/docker/btrfs/subvolumes", 0o710)),
        content="",
        merged="{home}/{name}",
        mount=_BTRFS,
        backing="btrfs",
        status=(("Btrfs", ""),),
        deepest=_CLASSIC_DEPTH,
    ),
    Driver(
        name="native",
        shown="native",
        family=Family.TREE,
        keeper=Keeper.CONTAINERD,
        granule=0,
        whiteouts=Whiteouts.NONE,
        rw_sizes=SizeRule.COPIED_BLOCKS,
        layer_sizes=SizeRule.COPIED_BLOCKS,
        diffs=DiffRule.WALK,
        form=Form.TREES,
        root=_CONTAINERD + "native",
        home=_CONTAINERD + "native/snapshots",
        folders=((_CONTAINERD + "native", 0o700), (_CONTAINERD + "native/snapshots", 0o700)),
        content="",
        merged=_ROOTFS + "native/{container}",
        mount=_DISK,
        backing="ext4",
        status=_SNAPSHOTTER,
        deepest=None,
    ),
    Driver(
        name="containerd-btrfs",
        shown="btrfs",
        family=Family.TREE,
        keeper=Keeper.CONTAINERD,
        granule=4096,
        whiteouts=Whiteouts.NONE,
        rw_sizes=SizeRule.WALKED_BLOCKS,
        layer_sizes=SizeRule.WALKED_BLOCKS,
        diffs=DiffRule.WALK,
        form=Form.TREES,
        root=_CONTAINERD + "btrfs",
        home=_CONTAINERD + "btrfs",
        folders=(
            (_CONTAINERD + "btrfs", 0o700),
            (_CONTAINERD + "btrfs/active", 0o700),
            (_CONTAINERD + "btrfs/snapshots", 0o700),
            (_CONTAINERD + "btrfs/view", 0o700),
        ),
        content="",
        merged=_ROOTFS + "btrfs/{container}",
        mount=_BTRFS,
        backing="btrfs",
        status=_SNAPSHOTTER,
        deepest=None,
        committed="snapshots/{id}",
        active="active/{id}",
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
