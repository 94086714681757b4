"""What a system call can answer instead of a result: the kernel's names, glibc's words."""

from __future__ import annotations

from enum import Enum


class Errno(Enum):
    """The error's name is errno.h's, its value is what glibc's strerror(3) says."""

    EPERM = "Operation not permitted"
    ENOENT = "No such file or directory"
    ESRCH = "No such process"
    EINTR = "Interrupted system call"
    EIO = "Input/output error"
    ENXIO = "No such device or address"
    E2BIG = "Argument list too long"
    ENOEXEC = "Exec format error"
    EBADF = "Bad file descriptor"
    ECHILD = "No child processes"
    EAGAIN = "Resource temporarily unavailable"
    ENOMEM = "Cannot allocate memory"
    EACCES = "Permission denied"
    EBUSY = "Device or resource busy"
    EEXIST = "File exists"
    EXDEV = "Invalid cross-device link"
    ENODEV = "No such device"
    ENOTDIR = "Not a directory"
    EISDIR = "Is a directory"
    EINVAL = "Invalid argument"
    EMFILE = "Too many open files"
    ENOTTY = "Inappropriate ioctl for device"
    ETXTBSY = "Text file busy"
    EFBIG = "File too large"
    ENOSPC = "No space left on device"
    ESPIPE = "Illegal seek"
    EROFS = "Read-only file system"
    EMLINK = "Too many links"
    EPIPE = "Broken pipe"
    ERANGE = "Numerical result out of range"
    ENAMETOOLONG = "File name too long"
    ENOSYS = "Function not implemented"
    ENOTEMPTY = "Directory not empty"
    ELOOP = "Too many levels of symbolic links"
    ENODATA = "No data available"
    EOPNOTSUPP = "Operation not supported"
    EOVERFLOW = "Value too large for defined data type"
    ESTALE = "Stale file handle"
    EDQUOT = "Disk quota exceeded"
    ECONNREFUSED = "Connection refused"


class FsError(Exception):
    """A system call failed. `path` is the path as the caller wrote it, where one is known."""

    def __init__(self, errno: Errno, path: str | None = None) -> None:
        self.errno = errno
        self.path = path
        super().__init__(errno, path)

    def __str__(self) -> str:
        words = self.errno.value
        return words if self.path is None else f"{self.path}: {words}"
