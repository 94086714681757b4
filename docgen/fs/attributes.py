"""chmod, chown, utimensat and extended attributes: who may, and what the kernel clears."""

from __future__ import annotations

from typing import Final

from docgen.fs.credentials import WRITE, Credentials, permitted, without_setid
from docgen.fs.errors import Errno, FsError
from docgen.fs.mounts import Place
from docgen.fs.nodes import S_ISGID, S_ISVTX, Dir, File, Meta
from docgen.fs.openfile import CAPABILITY

NOW: Final = -1
"""UTIME_NOW. UTIME_OMIT is None."""


def chmod(who: Credentials, place: Place, mode: int) -> None:
    """EPERM for others than the owner; a group one is not in loses the setgid bit."""
    meta = _prepared(place)
    _require_owner(who, meta)
    if who.uid != 0 and not who.in_group(meta.gid):
        mode &= ~S_ISGID
    _set(place, meta.with_mode(mode & 0o7777))


def chown(who: Credentials, place: Place, uid: int | None, gid: int | None) -> None:
    """EPERM but for root, and for an owner who passes the file to a group of theirs. Set-id bits of
    files go, also when root does it."""
    meta = _prepared(place)
    new_uid, new_gid = meta.uid if uid is None else uid, meta.gid if gid is None else gid
    if who.uid != 0:
        own = who.uid == meta.uid
        giving = uid is not None and not (own and uid == meta.uid)
        grouping = gid is not None and not (own and (who.in_group(gid) or gid == meta.gid))
        if giving or grouping:
            raise FsError(Errno.EPERM)
    mode = meta.mode
    if not isinstance(place.mount.fs.node(place.ino), Dir):
        mode = without_setid(mode)
        if mode != meta.mode:
            _require_owner(who, meta)
        meta = meta.with_xattr(CAPABILITY, None)
    times = (meta.mtime_ns, meta.atime_ns, meta.ctime_ns)
    _set(place, Meta(mode, new_uid, new_gid, *times, meta.xattrs))


def utimens(who: Credentials, place: Place, atime: int | None, mtime: int | None) -> None:
    """Both NOW: owner or whoever may write (EACCES); a given time: only the owner (EPERM)."""
    if atime is None and mtime is None:
        return
    meta = _prepared(place)
    node = place.mount.fs.node(place.ino)
    if atime == mtime == NOW:
        if not who.owns(meta) and not permitted(who, node, WRITE):
            raise FsError(Errno.EACCES)
    else:
        _require_owner(who, meta)
    now = place.mount.fs.clock.tick()
    times = [
        old if new is None else now if new == NOW else new
        for old, new in ((meta.mtime_ns, mtime), (meta.atime_ns, atime))
    ]
    changed = Meta(meta.mode, meta.uid, meta.gid, times[0], times[1], now, meta.xattrs)
    place.mount.fs.set_meta(place.ino, changed)


def get_xattr(place: Place, name: str) -> bytes:
    """ENODATA where there is none."""
    _supported(name)
    hidden = place.mount.fs.hidden_xattrs
    value = place.mount.fs.node(place.ino).meta.xattr(name)
    if value is None or (hidden and name.startswith(hidden)):
        raise FsError(Errno.ENODATA)
    return value


def list_xattrs(who: Credentials, place: Place) -> list[str]:
    """Names, sorted; those of the file system itself are not shown, `trusted.` only to root."""
    hidden = place.mount.fs.hidden_xattrs
    names = [name for name, _ in place.mount.fs.node(place.ino).meta.xattrs]
    shown = [name for name in names if not (hidden and name.startswith(hidden))]
    return [name for name in shown if who.uid == 0 or not name.startswith("trusted.")]


def set_xattr(who: Credentials, place: Place, name: str, value: bytes | None) -> None:
    """Set, or with None remove (ENODATA)."""
    place.mount.want_write()
    _supported(name)
    node = place.mount.fs.node(place.ino)
    if name.startswith("user."):
        if not isinstance(node, File | Dir):
            raise FsError(Errno.EPERM)
        if isinstance(node, Dir) and node.meta.mode & S_ISVTX and not who.owns(node.meta):
            raise FsError(Errno.EPERM)
        if not permitted(who, node, WRITE):
            raise FsError(Errno.EACCES)
    elif who.uid != 0:
        raise FsError(Errno.EPERM)
    if value is None:
        get_xattr(place, name)
    place.mount.fs.prepare_write(place.ino)
    _set(place, node.meta.with_xattr(name, value))


def _supported(name: str) -> None:
    prefixes = ("user.", "trusted.", "security.")
    if not any(name.startswith(prefix) and name != prefix for prefix in prefixes):
        raise FsError(Errno.EOPNOTSUPP)


def _prepared(place: Place) -> Meta:
    """The attributes of an inode on a writable mount."""
    place.mount.want_write()
    return place.mount.fs.node(place.ino).meta


def _set(place: Place, meta: Meta) -> None:
    fs = place.mount.fs
    fs.set_meta(place.ino, meta.changed(fs.clock.tick()))


def _require_owner(who: Credentials, meta: Meta) -> None:
    if not who.owns(meta):
        raise FsError(Errno.EPERM)
