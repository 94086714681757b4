"""Who asks, and whether the mode bits let them.

Root holds the capabilities that Docker leaves to a container: CHOWN, DAC_OVERRIDE, FOWNER, FSETID,
MKNOD.
"""

from __future__ import annotations

from typing import Final

from docgen.frozen import frozen
from docgen.fs.errors import Errno, FsError
from docgen.fs.nodes import S_ISGID, S_ISUID, S_ISVTX, Dir, File, Meta, Node

READ: Final = 4
WRITE: Final = 2
EXECUTE: Final = 1
"""Run a file; search a directory."""


@frozen
class Credentials:
    """A process's user and groups."""

    uid: int = 0
    gid: int = 0
    groups: tuple[int, ...] = ()
    """Supplementary groups."""

    @property
    def privileged(self) -> bool:
        return self.uid == 0

    def in_group(self, gid: int) -> bool:
        return gid == self.gid or gid in self.groups

    def owns(self, meta: Meta) -> bool:
        """May do what only an owner may (or root, by CAP_FOWNER)."""
        return self.uid in (0, meta.uid)


ROOT: Final = Credentials()


def permitted(who: Credentials, node: Node, wanted: int) -> bool:
    """generic_permission of the kernel: the class of bits that applies decides alone."""
    meta = node.meta
    if who.uid == 0:
        runnable = isinstance(node, Dir) or meta.mode & 0o111
        return bool(runnable) or not wanted & EXECUTE
    if who.uid == meta.uid:
        granted = meta.mode >> 6
    elif who.in_group(meta.gid):
        granted = meta.mode >> 3
    else:
        granted = meta.mode
    return granted & wanted == wanted


def require(who: Credentials, node: Node, wanted: int, path: str | None = None) -> None:
    """EACCES where the bits do not grant what is wanted."""
    if not permitted(who, node, wanted):
        raise FsError(Errno.EACCES, path)


def sticky_forbids(who: Credentials, directory: Meta, victim: Meta) -> bool:
    """In a sticky directory only the owner of the file or of the directory may remove a name."""
    if not directory.mode & S_ISVTX or who.uid == 0:
        return False
    return who.uid not in (victim.uid, directory.uid)


def may_hard_link(who: Credentials, node: Node) -> bool:
    """fs.protected_hardlinks=1, as Linux distributions set it: who does not own a file may link it
    only where it is a regular one, not set-id, that they may read and write."""
    if who.owns(node.meta):
        return True
    mode = node.meta.mode
    unsafe = mode & S_ISUID or mode & (S_ISGID | 0o010) == S_ISGID | 0o010
    return isinstance(node, File) and not unsafe and permitted(who, node, READ | WRITE)


def inherited(who: Credentials, directory: Meta, mode: int, is_dir: bool) -> tuple[int, int]:
    """Mode and group of a new inode: a setgid directory hands on its group, to directories also
    the bit."""
    if not directory.mode & S_ISGID:
        return mode, who.gid
    if is_dir:
        return mode | S_ISGID, directory.gid
    both = S_ISGID | 0o010
    if mode & both == both and who.uid != 0 and not who.in_group(directory.gid):
        mode &= ~S_ISGID
    return mode, directory.gid


def without_setid(mode: int) -> int:
    """What a write by an ordinary user, or a change of the owner, leaves of the mode."""
    mode &= ~S_ISUID
    return mode & ~S_ISGID if mode & 0o010 else mode
