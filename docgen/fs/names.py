"""Making, linking, moving and removing names: the checks of the kernel's namei.c, in its order."""

from __future__ import annotations

from docgen.fs.credentials import (
    EXECUTE,
    WRITE,
    inherited,
    may_hard_link,
    permitted,
    require,
    sticky_forbids,
)
from docgen.fs.errors import Errno, FsError
from docgen.fs.mounts import Place
from docgen.fs.nodes import Device, Dir, Meta, Node, is_whiteout, with_meta
from docgen.fs.walk import Follow, Found, Last, Walker


def new_meta(walker: Walker, parent: Place, mode: int, is_dir: bool) -> Meta:
    """Owner, group and mode of a new inode (the umask is applied already)."""
    who = walker.credentials
    mode, gid = inherited(who, walker.node(parent).meta, mode, is_dir)
    return Meta(mode=mode, uid=who.uid, gid=gid)


def make(walker: Walker, path: str, node: Node) -> Place:
    """mkdir, mknod, symlink: a new inode under a new name; its attributes but the mode are set
    here."""
    is_dir = isinstance(node, Dir)
    found = walker.find(path, Follow.PARENT)
    parent = _new_name(walker, found, path, is_dir)
    _may_create(walker, parent, path)
    if isinstance(node, Device) and _no_device(walker, parent, node):
        raise FsError(Errno.EPERM, path)
    made = with_meta(node, new_meta(walker, parent, node.meta.mode, is_dir))
    return Place(parent.mount, parent.mount.fs.make(parent.ino, found.name, made))


def _no_device(walker: Walker, parent: Place, node: Device) -> bool:
    """Devices are for root (CAP_MKNOD). The one that is a whiteout everybody may make, but nobody
    on overlayfs."""
    if is_whiteout(node):
        return bool(parent.mount.fs.hidden_xattrs)
    return not walker.credentials.privileged


def _new_name(walker: Walker, found: Found, path: str, is_dir: bool) -> Place:
    """filename_create: the directory of a name that is not taken, on a writable mount."""
    if found.parent is None or found.place is not None:
        raise FsError(Errno.EEXIST, path)
    if (found.slash and not is_dir) or walker.removed(found.parent):
        raise FsError(Errno.ENOENT, path)
    found.parent.mount.want_write()
    return found.parent


def _may_create(walker: Walker, parent: Place, path: str) -> None:
    require(walker.credentials, walker.node(parent), WRITE | EXECUTE, path)


def link(walker: Walker, old: str, new: str, follow: bool = False) -> None:
    """link(2): a second name for an existing inode."""
    source = walker.resolve(old, follow)
    found = walker.find(new, Follow.PARENT)
    parent = _new_name(walker, found, new, is_dir=False)
    if source.mount is not parent.mount:
        raise FsError(Errno.EXDEV, new)
    node = walker.node(source)
    if not may_hard_link(walker.credentials, node):
        raise FsError(Errno.EPERM, new)
    _may_create(walker, parent, new)
    if isinstance(node, Dir):
        raise FsError(Errno.EPERM, new)
    parent.mount.fs.link(source.ino, parent.ino, found.name)


def unlink(walker: Walker, path: str) -> None:
    """unlink(2)."""
    found = walker.find(path, Follow.PARENT)
    if found.parent is None:
        raise FsError(Errno.EISDIR, path)
    found.parent.mount.want_write()
    victim = _existing(found, path)
    if found.slash:
        raise FsError(Errno.EISDIR if walker.is_directory(victim) else Errno.ENOTDIR, path)
    _may_delete(walker, found.parent, victim, False, path)
    _not_mounted(walker, found, path)
    victim.mount.fs.unlink(found.parent.ino, found.name)


_RMDIR_ERRORS = {
    Last.DOT: Errno.EINVAL,
    Last.DOTDOT: Errno.ENOTEMPTY,
    Last.ROOT: Errno.EBUSY,
}


def rmdir(walker: Walker, path: str) -> None:
    """rmdir(2)."""
    found = walker.find(path, Follow.PARENT)
    if found.parent is None:
        raise FsError(_RMDIR_ERRORS[found.last], path)
    found.parent.mount.want_write()
    victim = _existing(found, path)
    _may_delete(walker, found.parent, victim, True, path)
    _not_mounted(walker, found, path)
    victim.mount.fs.rmdir(found.parent.ino, found.name)


def rename(walker: Walker, old: str, new: str, replace: bool = True) -> None:
    """rename(2); without `replace` as RENAME_NOREPLACE."""
    source = walker.find(old, Follow.PARENT)
    target = walker.find(new, Follow.PARENT)
    old_dir, new_dir = source.base, target.base
    if old_dir.mount is not new_dir.mount:
        raise FsError(Errno.EXDEV, new)
    if source.last is not Last.NAME or target.last is not Last.NAME:
        taken = source.last is Last.NAME and not replace
        raise FsError(Errno.EEXIST if taken else Errno.EBUSY, new)
    old_dir.mount.want_write()
    moved = _existing(source, old)
    if target.place is not None and not replace:
        raise FsError(Errno.EEXIST, new)
    is_dir = walker.is_directory(moved)
    if not is_dir and (source.slash or target.slash):
        raise FsError(Errno.ENOTDIR, old if source.slash else new)
    _no_ancestor(moved, old_dir, target.place, new_dir, new)
    if target.place == moved:
        return
    _may_delete(walker, old_dir, moved, is_dir, old)
    if target.place is None:
        _may_create(walker, new_dir, new)
    else:
        _may_delete(walker, new_dir, target.place, is_dir, new)
    if is_dir and old_dir != new_dir:
        require(walker.credentials, walker.node(moved), WRITE, old)
    _not_mounted(walker, source, old)
    _not_mounted(walker, target, new)
    moved.mount.fs.rename((old_dir.ino, source.name), (new_dir.ino, target.name))


def _existing(found: Found, path: str) -> Place:
    if found.place is None:
        raise FsError(Errno.ENOENT, path)
    return found.place


def _no_ancestor(
    moved: Place, old_dir: Place, target: Place | None, new_dir: Place, path: str
) -> None:
    """A directory cannot go below itself (EINVAL), nor replace one that it lies in (ENOTEMPTY)."""
    if old_dir == new_dir:
        return
    if moved.ino in _line(new_dir):
        raise FsError(Errno.EINVAL, path)
    if target is not None and target.ino in _line(old_dir):
        raise FsError(Errno.ENOTEMPTY, path)


def _line(place: Place) -> set[int]:
    """A directory and all above it, in its file system."""
    fs, ino = place.mount.fs, place.ino
    found = {ino}
    where = fs.where(ino)
    while where is not None:
        found.add(where[0])
        where = fs.where(where[0])
    return found


def _may_delete(walker: Walker, parent: Place, victim: Place, is_dir: bool, path: str) -> None:
    """may_delete of the kernel: EACCES, EPERM by the sticky bit, ENOTDIR or EISDIR."""
    who, directory, node = walker.credentials, walker.node(parent), walker.node(victim)
    if not permitted(who, directory, WRITE | EXECUTE):
        raise FsError(Errno.EACCES, path)
    if sticky_forbids(who, directory.meta, node.meta):
        raise FsError(Errno.EPERM, path)
    if isinstance(node, Dir) != is_dir:
        raise FsError(Errno.ENOTDIR if is_dir else Errno.EISDIR, path)


def _not_mounted(walker: Walker, found: Found, path: str) -> None:
    """A mount point is busy."""
    if found.parent is None:
        return
    mount, ino = found.parent
    if walker.table.is_mount_point(mount.fs, (ino, found.name)):
        raise FsError(Errno.EBUSY, path)
