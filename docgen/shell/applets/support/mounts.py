"""Which mount serves a path, and which mounts a process sees."""

from __future__ import annotations

from docgen.fs.mounts import MountEntry
from docgen.fs.view import View


def mount_of(view: View, path: str) -> MountEntry:
    """The mount as /proc/mounts shows it: an on-disk projection counts as what it lies in.

    Raises FsError.
    """
    entry = view.resolve(path).mount
    while entry.hidden and entry.parent is not None:
        entry = entry.parent
    return entry


def visible_mounts(view: View) -> list[MountEntry]:
    """In the order of /proc/mounts."""
    return [entry for entry in view.namespace.mounts() if not entry.hidden]
