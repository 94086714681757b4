"""What cp, mv and install say: of what they do, and of what they cannot do."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.fs.errors import Errno, FsError
from docgen.fs.filesystem import Stat
from docgen.fs.nodes import Kind
from docgen.shell.applets.copy.plan import Plan
from docgen.shell.applets.support.quoting import always_shell_quoted
from docgen.shell.process import Process

SPECIAL = frozenset({Kind.CHAR, Kind.BLOCK, Kind.FIFO, Kind.WHITEOUT})


class Dangling(FsError):  # noqa: N818 - a kind of system call failure
    """GNU cp does not create through a symlink that points nowhere."""


class Complaints:
    """`status` becomes 1 with the first one."""

    def __init__(self, p: Process, plan: Plan) -> None:
        self.p = p
        self.view = p.view
        self.plan = plan
        self.status = 0
        self._top = ("", "")
        """The operand at work, and where it goes."""

    def _shown(self, path: str) -> str:
        return always_shell_quoted(self.p, path) if self.plan.gnu else f"'{path}'"

    def _complain(self, message: str) -> Steps[None]:
        self.status = 1
        yield from self.p.complain(message)

    def _tell(self, source: str, target: str) -> Steps[None]:
        if self.plan.gnu:
            yield from self.p.out(f"{self._shown(source)} -> {self._shown(target)}\n")
        else:
            yield from self.p.out(f"'{source}' -> '{target}'\n")

    def _omit(self, source: str) -> Steps[None]:
        if self.plan.gnu:
            shown = self._shown(source)
            yield from self._complain(f"-r not specified; omitting directory {shown}")
        else:
            yield from self._complain(f"omitting directory '{source}'")

    def _cannot_stat(self, source: str, error: FsError) -> Steps[None]:
        if self.plan.gnu:
            yield from self._complain(f"cannot stat {self._shown(source)}: {error.errno.value}")
        else:
            yield from self._complain(f"can't stat '{source}': {error.errno.value}")

    def _same(self, source: str, target: str) -> Steps[None]:
        shown = f"{self._shown(source)} and {self._shown(target)}"
        yield from self._complain(f"{shown} are the same file")

    def _just_created(self, source: str, target: str) -> Steps[None]:
        shown = f"{self._shown(target)} with {self._shown(source)}"
        yield from self._complain(f"will not overwrite just-created {shown}")

    def _over_directory(self, source: str, target: str) -> Steps[None]:
        if self.plan.gnu:
            yield from self._complain(
                f"cannot overwrite directory {self._shown(target)} with non-directory"
                + (f" {self._shown(source)}" if self.plan.moving else "")
            )
        else:
            yield from self._complain(f"'{target}' is a directory")

    def _not_onto(self, source: str, target: str) -> Steps[None]:
        if self.plan.gnu:
            shown = f"{self._shown(target)} with directory {self._shown(source)}"
            yield from self._complain(f"cannot overwrite non-directory {shown}")
        else:
            yield from self._complain(f"target '{target}' is not a directory")

    def _into_itself(self, source: str) -> Steps[None]:
        if self.plan.gnu:
            top, target = self._top
            shown = f"{self._shown(top)}, into itself, {self._shown(target)}"
            yield from self._complain(f"cannot copy a directory, {shown}")
        else:
            yield from self._complain(f"recursion detected, omitting directory '{source}'")

    def _cannot_make_directory(self, source: str, target: str, error: FsError) -> Steps[None]:
        unreadable = not self.view.access(source, 4)
        if self.plan.gnu:
            if unreadable:
                text = f"cannot access {self._shown(source)}"
            else:
                text = f"cannot create directory {self._shown(target)}"
            yield from self._complain(f"{text}: {error.errno.value}")
        elif unreadable:
            yield from self._complain(f"can't open '{source}': {error.errno.value}")
        else:
            yield from self._complain(f"can't create directory '{target}': {error.errno.value}")

    def _failed(self, source: str, target: str, stat: Stat, error: FsError) -> Steps[None]:
        yield from self._complain(self._failure(source, target, stat, error))

    def _failure(self, source: str, target: str, stat: Stat, error: FsError) -> str:
        text = error.errno.value
        if isinstance(error, Dangling):
            return f"not writing through dangling symlink {self._shown(target)}"
        if error.errno in (Errno.ENOSPC, Errno.EDQUOT):
            return (
                f"error writing {self._shown(target)}: {text}"
                if self.plan.gnu
                else (f"write error: {text}")
            )
        if self.plan.as_link:
            return self._link_failure(source, target, text)
        if stat.kind is Kind.FILE and not self.view.access(source, 4):
            return (
                f"cannot open {self._shown(source)} for reading: {text}"
                if self.plan.gnu
                else f"can't open '{source}': {text}"
            )
        if stat.kind is Kind.FILE:
            return (
                f"cannot create regular file {self._shown(target)}: {text}"
                if self.plan.gnu
                else f"can't create '{target}': {text}"
            )
        what = {Kind.SYMLINK: "symbolic link", Kind.FIFO: "fifo"}.get(stat.kind, "special file")
        if self.plan.gnu:
            return f"cannot create {what} {self._shown(target)}: {text}"
        return f"can't create {what.replace('symbolic link', 'symlink')} '{target}': {text}"

    def _link_failure(self, source: str, target: str, text: str) -> str:
        if not self.plan.gnu:
            return f"can't create link '{target}': {text}"
        if self.plan.as_link == "symbolic":
            shown = f"{self._shown(target)} to {self._shown(source)}"
            return f"cannot create symbolic link {shown}: {text}"
        return f"cannot create hard link {self._shown(target)} to {self._shown(source)}: {text}"
