"""`tar x` and `tar t`"""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.fs.content import Content
from docgen.fs.errors import Errno, FsError
from docgen.fs.flags import Open
from docgen.fs.nodes import Kind
from docgen.shell.applets.support.times import SECOND
from docgen.shell.applets.tar.header import Member
from docgen.shell.applets.tar.task import Task


class Extractor:
    def __init__(self, task: Task, archive: Content, wanted: tuple[str, ...]) -> None:
        self.task = task
        self.archive = archive
        self.wanted = wanted
        self.seen: set[str] = set()
        self.directories: list[tuple[str, Member]] = []
        self.strip = int(task.options.get("strip-components") or "0")

    def chosen(self, member: Member) -> bool:
        """Whether the operands name it, or a directory that it lies in."""
        if self.task.is_excluded(member.name):
            return False
        if not self.wanted:
            return True
        name = member.name.rstrip("/")
        for one in self.wanted:
            plain = one.rstrip("/")
            if name == plain or name.startswith(plain + "/"):
                self.seen.add(one)
                return True
        return False

    def missing(self) -> Steps[None]:
        for one in self.wanted:
            if one in self.seen:
                continue
            text = "Not found in archive" if self.task.gnu else "not found in archive"
            yield from self.task.complain(f"{one}: {text}")

    def extract(self, member: Member) -> Steps[None]:
        task = self.task
        name = yield from task.without_slash(member.name)
        if ".." in name.split("/"):
            raise NotSimulated(
                f"tar extracting a member named {name}", "make an archive without .."
            )
        if self.strip:
            name = "/".join(name.rstrip("/").split("/")[self.strip :])
            if not name:
                return
        if "verbose" in task.options:
            yield from task.tell(member, task.options.count("verbose") > 1)
        path = name.rstrip("/") or "."
        if "to-stdout" in task.options:
            if member.kind is Kind.FILE:
                yield from task.out.flush()
                yield from task.p.out(self.archive.read(member.at, member.size))
            return
        try:
            yield from self._make(path, member)
        except FsError as error:
            yield from self._failed(path, member, error)

    def _make(self, path: str, member: Member) -> Steps[None]:
        view = self.task.view
        parent = path.rpartition("/")[0]
        if parent and not view.is_dir(parent):
            self._parents(parent)
        if member.kind is Kind.DIR and not member.hard_link:
            if not view.is_dir(path):
                view.mkdir(path, member.mode & 0o777 | 0o700)
            self.directories.append((path, member))
            return
        if view.exists(path, follow=False):
            if "keep-old-files" in self.task.options:
                if self.task.gnu:
                    raise FsError(Errno.EEXIST, path)
                return
            view.unlink(path)
        if member.hard_link:
            target = yield from self.task.without_slash(member.target, "hard link targets")
            if self.strip:
                target = "/".join(target.split("/")[self.strip :])
            view.link(target, path)
            return
        self._new(path, member)
        self._attributes(path, member)

    def _parents(self, path: str) -> None:
        view = self.task.view
        built = ""
        for part in path.split("/"):
            built = f"{built}/{part}" if built else part
            if built and not view.is_dir(built):
                view.mkdir(built, 0o777)

    def _new(self, path: str, member: Member) -> None:
        view = self.task.view
        match member.kind:
            case Kind.SYMLINK:
                view.symlink(member.target, path)
            case Kind.FIFO:
                view.mkfifo(path, member.mode)
            case Kind.CHAR | Kind.BLOCK:
                view.mknod(path, member.mode, member.kind is Kind.CHAR, *member.device)
            case _:
                file = view.open(path, Open.WRONLY | Open.CREAT | Open.EXCL, member.mode & 0o777)
                try:
                    file.write(self.archive.read(member.at, member.size))
                finally:
                    file.close()

    def _attributes(self, path: str, member: Member) -> None:
        task = self.task
        root = task.view.credentials.privileged
        owner = task.options.last_of("no-same-owner", "same-owner")
        if (root and owner != "no-same-owner") or owner == "same-owner":
            uid, gid = member.uid, member.gid
            if "numeric-owner" not in task.options:
                uid = _named(member.user, task.accounts.uid, uid)
                gid = _named(member.group, task.accounts.gid, gid)
            task.view.chown(path, uid, gid, follow=False)
        if member.kind is not Kind.SYMLINK:
            keeps = task.options.last_of("no-same-permissions", "same-permissions")
            exact = keeps == "same-permissions" or (root and keeps is None)
            mode = member.mode if exact else member.mode & ~task.view.umask & 0o777
            task.view.chmod(path, mode)
        if "touch" not in task.options:
            when = member.mtime * SECOND
            now = task.p.kernel.clock.now_ns
            task.view.utimens(path, now if task.gnu else when, when, follow=False)

    def finish(self) -> Steps[None]:
        """Directories get their attributes last, since what is put into them changes their time."""
        for path, member in reversed(self.directories):
            try:
                self._attributes(path, member)
            except FsError as error:
                yield from self._failed(path, member, error)
        yield from self.missing()

    def _failed(self, path: str, member: Member, error: FsError) -> Steps[None]:
        text = error.errno.value
        if not self.task.gnu:
            verb = {Kind.DIR: "make dir", Kind.SYMLINK: "create symlink"}.get(member.kind, "open")
            yield from self.task.complain(f"can't {verb} '{path}': {text}")
            return
        if error.errno in (Errno.ENOSPC, Errno.EDQUOT):
            yield from self.task.complain(f"{path}: Wrote only 0 of {member.size} bytes")
            return
        verbs = {Kind.DIR: "mkdir", Kind.FIFO: "mkfifo", Kind.CHAR: "mknod", Kind.BLOCK: "mknod"}
        verb = verbs.get(member.kind, "open")
        if member.kind is Kind.SYMLINK:
            verb = f"create symlink to '{member.target}'"
        elif member.hard_link:
            verb = f"hard link to '{member.target}'"
        yield from self.task.complain(f"{path}: Cannot {verb}: {text}")


def _named(name: str, find: object, number: int) -> int:
    """Names count before numbers."""
    assert callable(find)
    found = find(name) if name else None
    return found if isinstance(found, int) else number
