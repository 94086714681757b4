"""The kernel's side of the property tests: runs in a mount namespace of its own, so that nothing
stays mounted when it ends. Reads one case a line (JSON) on stdin, answers one line on stdout."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
from typing import Any

NEW = 1_500_000_000
"""Times after this second are 'now': the test sets only older ones."""
OVERLAY = "trusted.overlay."


class Kernel:
    """System calls, answered as plain data."""

    def __init__(self) -> None:
        self.fds: dict[int, int] = {}
        self.numbers: dict[int, int] = {}

    def stat(self, path: str) -> Any:
        return self.told(os.stat(path))

    def lstat(self, path: str) -> Any:
        return self.told(os.lstat(path))

    def told(self, st: os.stat_result) -> list[Any]:
        """A stat without what differs from run to run; inode numbers by first appearance."""
        is_dir = stat.S_ISDIR(st.st_mode)
        number = self.numbers.setdefault(st.st_ino, len(self.numbers))
        device = [os.major(st.st_rdev), os.minor(st.st_rdev)]
        when = int(st.st_mtime) if st.st_mtime < NEW else "now"
        return [
            stat.filemode(st.st_mode),
            st.st_nlink,
            st.st_uid,
            st.st_gid,
            None if is_dir else st.st_size,
            device,
            number,
            when,
        ]

    def listdir(self, path: str) -> Any:
        return sorted(os.listdir(path))

    def readlink(self, path: str) -> Any:
        return os.readlink(path)

    def read_file(self, path: str) -> Any:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            return os.read(fd, 1 << 16).decode("latin-1")
        finally:
            os.close(fd)

    def write_file(self, path: str, flags: int, mode: int, text: str) -> Any:
        fd = os.open(path, flags | os.O_NONBLOCK, mode)
        try:
            return os.write(fd, text.encode())
        finally:
            os.close(fd)

    def open(self, slot: int, path: str, flags: int, mode: int) -> Any:
        self.close(slot)
        self.fds[slot] = os.open(path, flags | os.O_NONBLOCK, mode)

    def close(self, slot: int) -> Any:
        if slot in self.fds:
            os.close(self.fds.pop(slot))

    def read(self, slot: int, n: int) -> Any:
        return os.read(self.fds[slot], n).decode("latin-1") if slot in self.fds else None

    def write(self, slot: int, text: str) -> Any:
        return os.write(self.fds[slot], text.encode()) if slot in self.fds else None

    def fstat(self, slot: int) -> Any:
        if slot not in self.fds:
            return None
        told = self.told(os.fstat(self.fds[slot]))
        return told[2:6]

    def ftruncate(self, slot: int, n: int) -> Any:
        return os.ftruncate(self.fds[slot], n) if slot in self.fds else None

    def mkdir(self, path: str, mode: int) -> Any:
        os.mkdir(path, mode)

    def rmdir(self, path: str) -> Any:
        os.rmdir(path)

    def unlink(self, path: str) -> Any:
        os.unlink(path)

    def rename(self, old: str, new: str) -> Any:
        os.rename(old, new)

    def link(self, old: str, new: str) -> Any:
        os.link(old, new, follow_symlinks=False)

    def symlink(self, target: str, path: str) -> Any:
        os.symlink(target, path)

    def mkfifo(self, path: str, mode: int) -> Any:
        os.mkfifo(path, mode)

    def mknod(self, path: str, mode: int, major: int, minor: int) -> Any:
        os.mknod(path, stat.S_IFCHR | mode, os.makedev(major, minor))

    def chmod(self, path: str, mode: int) -> Any:
        os.chmod(path, mode)

    def chown(self, path: str, uid: int, gid: int, follow: bool) -> Any:
        os.chown(path, uid, gid, follow_symlinks=follow)

    def utimens(self, path: str, seconds: int | None, follow: bool) -> Any:
        os.utime(path, None if seconds is None else (seconds, seconds), follow_symlinks=follow)

    def truncate(self, path: str, n: int) -> Any:
        os.truncate(path, n)

    def access(self, path: str, mode: int) -> Any:
        return os.access(path, mode, effective_ids=True)

    def setxattr(self, path: str, name: str, value: str) -> Any:
        os.setxattr(path, name, value.encode())

    def removexattr(self, path: str, name: str) -> Any:
        os.removexattr(path, name)

    def listxattr(self, path: str) -> Any:
        return sorted(n for n in os.listxattr(path) if not n.startswith("security."))

    def chdir(self, path: str) -> Any:
        os.chdir(path)

    def getcwd(self) -> Any:
        return os.getcwd()


def become(uid: int, gid: int, groups: list[int]) -> None:
    os.seteuid(0)
    os.setgroups(groups)
    os.setegid(gid)
    os.seteuid(uid)


def run(kernel: Kernel, ops: list[Any], users: list[Any]) -> list[Any]:
    """The answers to some calls, made in the current root."""
    results = []
    for user, name, *args in ops:
        become(*users[user])
        try:
            results.append(["ok", getattr(kernel, name)(*args)])
        except OSError as error:
            results.append(["error", errno.errorcode[error.errno or 0]])
    become(0, 0, [])
    for slot in list(kernel.fds):
        kernel.close(slot)
    return results


def make(full: str, kind: str, more: Any) -> None:
    """One inode of a layer."""
    if kind == "file":
        with open(full, "w") as file:
            file.write(more)
    elif kind == "symlink":
        os.symlink(more, full)
    elif kind == "fifo":
        os.mkfifo(full)
    elif kind == "whiteout":
        os.mknod(full, stat.S_IFCHR, os.makedev(0, 0))
    else:
        os.makedirs(full, exist_ok=True)
        if more:
            os.setxattr(full, OVERLAY + "opaque", b"y")


def build(directory: str, entries: list[Any]) -> None:
    """A layer from [path, kind, mode, uid, gid, second, more]."""
    for path, kind, _mode, uid, gid, _when, more in entries:
        if kind == "link":
            os.link(directory + more, directory + path)
            continue
        make(directory + path, kind, more)
        os.lchown(directory + path, uid, gid)
    for path, kind, mode, _uid, _gid, when, _more in reversed(entries):
        full = directory + path
        if kind not in ("symlink", "link", "whiteout"):
            os.chmod(full, mode)
        if kind != "link":
            os.utime(full, (when, when), follow_symlinks=False)


def dump(directory: str, raw: bool) -> list[Any]:
    """Everything below a directory, sorted by path."""
    kernel, found = Kernel(), []
    pending = ["/"]
    while pending:
        path = pending.pop()
        st = os.lstat(directory + path)
        if raw and stat.S_ISCHR(st.st_mode) and st.st_rdev == 0:
            found.append([path, "whiteout"])
            continue
        told = kernel.told(st)
        text = ""
        if stat.S_ISREG(st.st_mode):
            with open(directory + path, "rb") as file:
                text = file.read().decode("latin-1")
        elif stat.S_ISLNK(st.st_mode):
            text = os.readlink(directory + path)
        elif stat.S_ISDIR(st.st_mode):
            base = path.rstrip("/")
            pending += [f"{base}/{name}" for name in sorted(os.listdir(directory + path))[::-1]]
        names = os.listxattr(directory + path, follow_symlinks=False)
        kept = sorted(n for n in names if not n.startswith("security."))
        if raw:
            kept = [n for n in kept if n != OVERLAY + "nlink" and n != OVERLAY + "uuid"]
        found.append([path, *told, text, kept])
    return found


def bind(source: str, target: str, read_only: bool) -> None:
    subprocess.run(["mount", "--bind", source, target], check=True)
    if read_only:
        subprocess.run(["mount", "-o", "remount,bind,ro", target], check=True)


class Area:
    """The layers of one case on a fresh tmpfs, mounted as Docker mounts them."""

    def __init__(self, path: str, request: dict[str, Any]) -> None:
        self.path = path
        self.request = request
        self.overlay = bool(request["overlay"])
        self.merged = f"{path}/merged" if self.overlay else f"{path}/0"
        for index, entries in enumerate(request["layers"]):
            os.mkdir(f"{path}/{index}")
            build(f"{path}/{index}", entries)
        for name in ("upper", "work", "merged"):
            os.mkdir(f"{path}/{name}")

    def mount(self) -> None:
        if self.overlay:
            depth = len(self.request["layers"])
            lowers = ":".join(f"{self.path}/{index}" for index in reversed(range(depth)))
            upper = f"upperdir={self.path}/upper,workdir={self.path}/work"
            options = f"index=off,lowerdir={lowers},{upper}"
            command = ["mount", "-t", "overlay", "overlay", "-o", options, self.merged]
            subprocess.run(command, check=True)
        for source, target, read_only in self.request["binds"]:
            bind(self.merged + source, self.merged + target, read_only)

    def unmount(self) -> None:
        if self.overlay:
            subprocess.run(["umount", "-l", self.merged], check=True)

    def run(self, kernel: Kernel, ops: list[Any]) -> list[Any]:
        """The calls, with the merged directory as root."""
        home = os.open("/", os.O_RDONLY)
        os.umask(self.request["umask"])
        try:
            os.chroot(self.merged)
            os.chdir("/")
            return run(kernel, ops, self.request["users"])
        finally:
            become(0, 0, [])
            os.fchdir(home)
            os.chroot(".")
            os.close(home)
            os.umask(0o022)


def case(request: dict[str, Any], path: str) -> dict[str, Any]:
    """One case; between its phases the union is unmounted and mounted again."""
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", path], check=True)
    try:
        area, kernel, results = Area(path, request), Kernel(), []
        for ops in request["phases"]:
            area.mount()
            results += area.run(kernel, ops)
            visible = dump(area.merged, raw=False)
            area.unmount()
        upper = dump(f"{path}/upper", raw=True)
        return {"results": results, "visible": visible, "upper": upper}
    finally:
        subprocess.run(["umount", "-l", path], check=True)


def main() -> None:
    area = sys.argv[1]
    os.umask(0o022)
    for line in sys.stdin:
        print(json.dumps(case(json.loads(line), area)), flush=True)


if __name__ == "__main__":
    main()
