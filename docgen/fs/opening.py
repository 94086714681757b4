"""open(2), truncate(2) and the opening half of execve(2), with the kernel's order of checks."""

from __future__ import annotations

from docgen.fs import names
from docgen.fs.content import EMPTY
from docgen.fs.credentials import EXECUTE, READ, WRITE, require
from docgen.fs.errors import Errno, FsError
from docgen.fs.flags import (
    ACCESS_MODE,
    CREAT,
    DIRECTORY,
    EXCL,
    NOFOLLOW,
    RDWR,
    TRUNC,
    WRONLY,
)
from docgen.fs.mounts import Place
from docgen.fs.nodes import S_ISVTX, Dir, Fifo, File, Node, Symlink
from docgen.fs.openfile import OpenFile, check_openable, drop_privileges
from docgen.fs.walk import Follow, Walker

_WANTED = {0: READ, WRONLY: WRITE, RDWR: READ | WRITE}


def open_file(walker: Walker, path: str, flags: int, mode: int) -> OpenFile:
    """open(2); `mode` is that of a file to be made, the umask applied."""
    if flags & CREAT:
        if flags & DIRECTORY:
            raise FsError(Errno.EINVAL, path)
        made = _create(walker, path, flags, mode)
        if made is not None:
            return OpenFile(walker, made, flags)
    place = walker.resolve(path, not flags & NOFOLLOW)
    node = walker.node(place)
    if isinstance(node, Dir) and flags & CREAT:
        raise FsError(Errno.EISDIR, path)
    if flags & CREAT and _others_in_sticky(walker, path, flags, node):
        raise FsError(Errno.EACCES, path)
    if flags & DIRECTORY and not isinstance(node, Dir):
        raise FsError(Errno.ENOTDIR, path)
    _may_open(walker, place, flags, path)
    return OpenFile(walker, place, flags)


def _create(walker: Walker, path: str, flags: int, mode: int) -> Place | None:
    """The new file where the path names none yet; None where there is one to be opened."""
    exclusive = bool(flags & EXCL)
    follow = Follow.NO if exclusive or flags & NOFOLLOW else Follow.YES
    found = walker.find(path, follow, creating=True)
    if found.place is not None:
        if exclusive:
            raise FsError(Errno.EEXIST, path)
        return None
    parent = found.parent
    if parent is None or walker.removed(parent):
        raise FsError(Errno.ENOENT, path)
    parent.mount.want_write()
    require(walker.credentials, walker.node(parent), WRITE | EXECUTE, path)
    made = File(names.new_meta(walker, parent, mode, is_dir=False))
    return Place(parent.mount, parent.mount.fs.make(parent.ino, found.name, made))


def _others_in_sticky(walker: Walker, path: str, flags: int, node: Node) -> bool:
    """may_create_in_sticky of the kernel, with fs.protected_regular and fs.protected_fifos 0: with
    CREAT nobody, not even root, opens another one's symlink or device in a directory like /tmp."""
    if isinstance(node, File | Dir | Fifo):
        return False
    parent = walker.find(path, Follow.NO if flags & NOFOLLOW else Follow.YES).parent
    if parent is None:
        return False
    meta, mine = walker.node(parent).meta, walker.credentials.uid
    both = S_ISVTX | 0o002
    return meta.mode & both == both and node.meta.uid not in (meta.uid, mine)


def _may_open(walker: Walker, place: Place, flags: int, path: str) -> None:
    """may_open of the kernel, then the copy-up and the truncation that opening brings."""
    node = walker.node(place)
    wanted = _WANTED[flags & ACCESS_MODE] | (WRITE if flags & TRUNC else 0)
    if isinstance(node, Symlink):
        raise FsError(Errno.ELOOP, path)
    if isinstance(node, Dir) and wanted & WRITE:
        raise FsError(Errno.EISDIR, path)
    regular = isinstance(node, File)
    if regular and wanted & WRITE and place.mount.fs.read_only:
        raise FsError(Errno.EROFS, path)
    if regular and flags & TRUNC:
        place.mount.want_write()
    require(walker.credentials, node, wanted, path)
    check_openable(place)
    if regular and wanted & WRITE:
        _prepare(place, path)
        if flags & TRUNC:
            drop_privileges(place, walker.credentials)
            place.mount.fs.set_content(place.ino, EMPTY)


def _prepare(place: Place, path: str) -> None:
    """A regular file is about to be written."""
    if place.mount.fs.executing[place.ino]:
        raise FsError(Errno.ETXTBSY, path)
    place.mount.want_write()
    place.mount.fs.prepare_write(place.ino)


def truncate(walker: Walker, path: str, size: int) -> None:
    """truncate(2): EISDIR, EINVAL for what is no file or for a negative size."""
    if size < 0:
        raise FsError(Errno.EINVAL, path)
    place = walker.resolve(path)
    node = walker.node(place)
    if not isinstance(node, File):
        raise FsError(Errno.EISDIR if isinstance(node, Dir) else Errno.EINVAL, path)
    if place.mount.fs.read_only:
        raise FsError(Errno.EROFS, path)
    require(walker.credentials, node, WRITE, path)
    place.mount.want_write()
    _prepare(place, path)
    drop_privileges(place, walker.credentials)
    place.mount.fs.truncate(place.ino, size)


def open_program(walker: Walker, path: str) -> OpenFile:
    """The file that execve(2) runs, held against writers until it is closed."""
    place = walker.resolve(path)
    node = walker.node(place)
    if not isinstance(node, File) or "noexec" in place.mount.flags:
        raise FsError(Errno.EACCES, path)
    require(walker.credentials, node, EXECUTE, path)
    if place.mount.fs.writers[place.ino]:
        raise FsError(Errno.ETXTBSY, path)
    return OpenFile(walker, place, 0, executes=True)
