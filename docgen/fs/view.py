"""What one process sees: the system calls that take a path, under its namespace, user and umask."""

from __future__ import annotations

from docgen.fs import attributes, names, opening
from docgen.fs.attributes import NOW
from docgen.fs.content import Content
from docgen.fs.credentials import EXECUTE, READ, ROOT, WRITE, Credentials, permitted, require
from docgen.fs.errors import Errno, FsError
from docgen.fs.filesystem import FileSystem, Stat, StatFs
from docgen.fs.flags import CREAT, TRUNC, WRONLY, Open
from docgen.fs.namespace import Namespace
from docgen.fs.nodes import Device, Dir, Fifo, File, Meta, Symlink
from docgen.fs.openfile import OpenFile
from docgen.fs.stats import stat_of
from docgen.fs.walk import Walker

__all__ = ["EXECUTE", "NOW", "READ", "ROOT", "WRITE", "Credentials", "Open", "OpenFile", "View"]


class View(Walker):
    """POSIX calls by path, relative paths from the working directory. All raise FsError.

    Reading does not move atime: a page that looked would otherwise change what it looks at.
    """

    def __init__(
        self,
        namespace: Namespace,
        credentials: Credentials = ROOT,
        cwd: str = "/",
        umask: int = 0o022,
        context: object = None,
    ) -> None:
        """`context` is for whoever makes a SyntheticFs that looks different to each process."""
        super().__init__(namespace.table, credentials)
        self.namespace = namespace
        self.umask = umask
        self.context = context
        if cwd != "/":
            self.chdir(cwd)

    def copy(self) -> View:
        """For a child process: the same root, directory, user and umask, without `context`."""
        child = View(self.namespace, self.credentials, umask=self.umask)
        child.root = self.root
        child.here = self.here
        child._hold()
        return child

    def _hold(self) -> None:
        """A working directory that is removed stays, without a name, for who is in it."""
        self.here.mount.fs.pin(self.here.ino)

    # Looking

    def stat(self, path: str, follow: bool = True) -> Stat:
        """stat(2), or lstat(2)."""
        return stat_of(self.table, self.resolve(path, follow))

    def exists(self, path: str, follow: bool = True) -> bool:
        """Whether stat would succeed."""
        try:
            self.resolve(path, follow)
        except FsError:
            return False
        return True

    def is_dir(self, path: str) -> bool:
        """Whether a path leads to a directory."""
        return self.exists(path) and self.is_directory(self.resolve(path))

    def access(self, path: str, mode: int) -> bool:
        """access(2) with READ | WRITE | EXECUTE (0: existence); false for every error."""
        try:
            place = self.resolve(path)
            node = self.node(place)
            if mode & WRITE and isinstance(node, File | Dir | Symlink):
                place.mount.want_write()
        except FsError:
            return False
        if mode & EXECUTE and isinstance(node, File) and "noexec" in place.mount.flags:
            return False
        return permitted(self.credentials, node, mode)

    def listdir(self, path: str) -> list[str]:
        """The names in a directory, sorted, without '.' and '..'. ENOTDIR, EACCES."""
        place = self.resolve(path)
        if not self.is_directory(place):
            raise FsError(Errno.ENOTDIR, path)
        require(self.credentials, self.node(place), READ, path)
        return list(place.mount.fs.readdir(place.ino))

    def readlink(self, path: str) -> str:
        """EINVAL where the path is no symlink."""
        place = self.resolve(path, follow=False)
        if not isinstance(self.node(place), Symlink):
            raise FsError(Errno.EINVAL, path)
        return place.mount.fs.readlink(place.ino, self)

    def realpath(self, path: str) -> str:
        """The canonical absolute path; every part must exist."""
        found = self.find(path)
        place = self.resolve(path)
        if found.parent is None or self.is_directory(place):
            return self.path_of(place)
        return self.path_of(found.parent).rstrip("/") + "/" + found.name

    def statfs(self, path: str) -> StatFs:
        """statfs(2)."""
        return self.resolve(path).mount.fs.statfs()

    def locate(self, path: str) -> tuple[FileSystem, str]:
        """The file system that serves a directory or file, and its path in there (for a bind)."""
        found = self.find(path)
        place = self.resolve(path)
        fs = place.mount.fs
        if self.is_directory(place) or found.parent is None:
            return fs, _inner_path(fs, place.ino)
        return fs, _inner_path(fs, found.parent.ino).rstrip("/") + "/" + found.name

    # The working directory

    def chdir(self, path: str) -> None:
        """ENOTDIR, EACCES without search permission."""
        place = self.resolve(path)
        if not self.is_directory(place):
            raise FsError(Errno.ENOTDIR, path)
        require(self.credentials, self.node(place), EXECUTE, path)
        self.here = place
        self._hold()

    def getcwd(self) -> str:
        """ENOENT where the directory was removed."""
        return self.path_of(self.here)

    def chroot(self, path: str) -> None:
        """Another root for this view and its copies; the working directory becomes it."""
        self.root = self.resolve(path)
        self.here = self.root

    # Files

    def open(self, path: str, flags: int = Open.RDONLY, mode: int = 0o666) -> OpenFile:
        """open(2). `mode` is for a file that is made, before the umask."""
        return opening.open_file(self, path, int(flags), mode & ~self.umask & 0o7777)

    def execute(self, path: str) -> OpenFile:
        """Open a program for execve(2): EACCES without x bit or on a noexec mount, ETXTBSY while it
        is open for writing; until it is closed nobody can open it for writing."""
        return opening.open_program(self, path)

    def read_file(self, path: str) -> Content:
        """All of a file, holes included."""
        file = self.open(path)
        try:
            return file.read(1 << 62) if self._is_device(file) else self._whole(file)
        finally:
            file.close()

    def write_file(self, path: str, content: Content, mode: int = 0o644) -> None:
        """Make or replace a file with this content; its holes stay holes."""
        file = self.open(path, WRONLY | CREAT | TRUNC, mode)
        try:
            if not content.size:
                return
            if self._is_device(file):
                file.write(content)
            else:
                file.place.mount.fs.set_content(file.place.ino, content)
        finally:
            file.close()

    def truncate(self, path: str, size: int) -> None:
        """truncate(2)."""
        opening.truncate(self, path, size)

    def _is_device(self, file: OpenFile) -> bool:
        return isinstance(self.node(file.place), Device)

    def _whole(self, file: OpenFile) -> Content:
        if self.is_directory(file.place):
            raise FsError(Errno.EISDIR)
        return file.content()

    # Names

    def mkdir(self, path: str, mode: int = 0o777) -> None:
        """mkdir(2)."""
        names.make(self, path, Dir(Meta(mode=mode & ~self.umask & 0o1777)))

    def makedirs(self, path: str, mode: int = 0o755) -> None:
        """`mkdir -p`: every missing directory of a path, all with `mode`, whatever the umask."""
        built = "/" if path.startswith("/") else ""
        for part in path.split("/"):
            built += part
            if part and not self.is_dir(built):
                names.make(self, built, Dir(Meta(mode=mode)))
            built += "/" if part else ""

    def symlink(self, target: str, path: str) -> None:
        """symlink(2)."""
        if not target:
            raise FsError(Errno.ENOENT, path)
        names.make(self, path, Symlink(Meta(mode=0o777), target))

    def mknod(self, path: str, mode: int, char: bool, major: int, minor: int) -> None:
        """mknod(2) of a device: root only."""
        names.make(self, path, Device(Meta(mode=mode & ~self.umask & 0o7777), char, major, minor))

    def mkfifo(self, path: str, mode: int = 0o666) -> None:
        """mkfifo(3)."""
        names.make(self, path, Fifo(Meta(mode=mode & ~self.umask & 0o7777)))

    def link(self, old: str, new: str, follow: bool = False) -> None:
        """A hard link. EXDEV across mounts, also between two mounts of one file system."""
        names.link(self, old, new, follow)

    def unlink(self, path: str) -> None:
        """unlink(2). EISDIR for a directory, EBUSY for a mount point."""
        names.unlink(self, path)

    def rmdir(self, path: str) -> None:
        """rmdir(2). ENOTEMPTY, EBUSY for a mount point."""
        names.rmdir(self, path)

    def rename(self, old: str, new: str, replace: bool = True) -> None:
        """rename(2). EXDEV across mounts and, on overlayfs, for directories of lower layers."""
        names.rename(self, old, new, replace)

    # Attributes

    def chmod(self, path: str, mode: int) -> None:
        """chmod(2): of what a symlink points to."""
        attributes.chmod(self.credentials, self.resolve(path), mode)

    def chown(
        self, path: str, uid: int | None = None, gid: int | None = None, follow: bool = True
    ) -> None:
        """chown(2), or lchown(2); None leaves one as it is."""
        attributes.chown(self.credentials, self.resolve(path, follow), uid, gid)

    def utimens(
        self,
        path: str,
        atime_ns: int | None = NOW,
        mtime_ns: int | None = NOW,
        follow: bool = True,
    ) -> None:
        """utimensat(2): NOW for the present time, None to leave one as it is."""
        attributes.utimens(self.credentials, self.resolve(path, follow), atime_ns, mtime_ns)

    def getxattr(self, path: str, name: str, follow: bool = True) -> bytes:
        """ENODATA where there is none of this name."""
        return attributes.get_xattr(self.resolve(path, follow), name)

    def listxattr(self, path: str, follow: bool = True) -> list[str]:
        """Names, sorted."""
        return attributes.list_xattrs(self.credentials, self.resolve(path, follow))

    def setxattr(self, path: str, name: str, value: bytes, follow: bool = True) -> None:
        """EOPNOTSUPP for other names than user., trusted. and security."""
        attributes.set_xattr(self.credentials, self.resolve(path, follow), name, value)

    def removexattr(self, path: str, name: str, follow: bool = True) -> None:
        """ENODATA where there is none of this name."""
        attributes.set_xattr(self.credentials, self.resolve(path, follow), name, None)


def _inner_path(fs: FileSystem, ino: int) -> str:
    """The path of a directory in its own file system."""
    parts: list[str] = []
    while ino != fs.root:
        where = fs.where(ino)
        if where is None:
            raise FsError(Errno.ENOENT)
        parts.append(where[1])
        ino = where[0]
    return "/" + "/".join(reversed(parts))
