"""`tar c`"""

from __future__ import annotations

from dataclasses import replace

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.fs.content import Content
from docgen.fs.errors import FsError
from docgen.fs.filesystem import Stat
from docgen.fs.nodes import Kind
from docgen.shell.applets.support.dates import parse_date
from docgen.shell.applets.support.times import SECOND
from docgen.shell.applets.tar.header import Member, encode, padding
from docgen.shell.applets.tar.task import Task

_GNU_RECORD = 10_240
"""GNU fills the archive up to whole records of 20 blocks."""


class Creator:
    def __init__(self, task: Task, archive: tuple[int, int] | None) -> None:
        """`archive`: device and inode of the archive itself, which is left out."""
        self.task = task
        self.archive = archive
        self.pieces: list[Content] = []
        self.size = 0
        self.linked: dict[tuple[int, int], str] = {}

    def operand(self, name: str) -> Steps[None]:
        task = self.task
        pending = [name]
        top_device: int | None = None
        while pending:
            task.p.kernel.tick()
            path = pending.pop()
            if task.is_excluded(path):
                continue
            try:
                stat = task.view.stat(path, follow="dereference" in task.options)
            except FsError as error:
                if task.gnu:
                    yield from task.complain(f"{path}: Cannot stat: {error.errno.value}")
                else:
                    yield from task.complain(f"{path}: {error.errno.value}")
                continue
            top_device = stat.dev if top_device is None else top_device
            if (stat.dev, stat.ino) == self.archive:
                yield from self._skip_archive(path)
                continue
            yield from self._add(path, stat)
            if stat.kind is Kind.DIR and "no-recursion" not in task.options:
                if "one-file-system" in task.options and stat.dev != top_device:
                    continue
                pending += yield from self._below(path)

    def _below(self, path: str) -> Steps[list[str]]:
        try:
            names = self.task.view.listdir(path)
        except FsError as error:
            if self.task.gnu:
                yield from self.task.complain(f"{path}: Cannot open: {error.errno.value}")
            else:
                yield from self.task.complain(f"can't open '{path}': {error.errno.value}")
            return []
        return [f"{path.rstrip('/')}/{name}" for name in reversed(names)]

    def _skip_archive(self, path: str) -> Steps[None]:
        text = (
            "file is the archive; not dumped" if self.task.gnu else "file is the archive; skipping"
        )
        yield from self.task.out.flush()
        yield from self.task.p.complain(f"{path}: {text}")

    def _add(self, path: str, stat: Stat) -> Steps[None]:
        task = self.task
        name = yield from task.without_slash(path)
        name = name or "./"
        if stat.kind is Kind.DIR and not name.endswith("/"):
            name += "/"
        member = self._member(name, stat)
        content = Content.of(b"")
        if stat.kind is Kind.SYMLINK:
            member = replace(member, target=task.view.readlink(path))
        elif stat.kind is Kind.FILE:
            first = self.linked.setdefault((stat.dev, stat.ino), name) if stat.nlink > 1 else name
            if first != name:
                member = replace(member, target=first, hard_link=True, size=0)
            else:
                try:
                    content = task.view.read_file(path)
                except FsError as error:
                    yield from self._cannot_read(path, error)
                    return
        if "verbose" in task.options:
            yield from task.tell(member, task.options.count("verbose") > 1)
        self._put(Content.of(encode(member)))
        if content.size:
            self._put(content)
            self._put(Content.fill(0, padding(content.size)))

    def _cannot_read(self, path: str, error: FsError) -> Steps[None]:
        if self.task.gnu:
            yield from self.task.complain(f"{path}: Cannot open: {error.errno.value}")
        else:
            yield from self.task.complain(f"can't open '{path}': {error.errno.value}")

    def _put(self, piece: Content) -> None:
        if piece.size:
            self.pieces.append(piece)
            self.size += piece.size

    def _member(self, name: str, stat: Stat) -> Member:
        task = self.task
        uid, user = self._owner(task.options.get("owner"), stat.uid, task.accounts.user_name)
        gid, group = self._owner(task.options.get("group"), stat.gid, task.accounts.group_name)
        if "numeric-owner" in task.options:
            user = group = ""
        mtime = stat.mtime_ns // SECOND
        if task.options.get("mtime") is not None:
            mtime = self._mtime(task.options.get("mtime") or "")
        return Member(
            name,
            stat.kind,
            stat.mode,
            uid,
            gid,
            stat.size if stat.kind is Kind.FILE else 0,
            mtime,
            user,
            group,
            device=stat.rdev,
        )

    def _owner(self, given: str | None, number: int, name_of: object) -> tuple[int, str]:
        """`--owner=NAME`, `--owner=NUMBER`, `--owner=NAME:NUMBER`."""
        assert callable(name_of)
        if given is None:
            return number, str(name_of(number) or "")
        name, colon, digits = given.partition(":")
        if not colon and name.isdigit():
            return int(name), str(name_of(int(name)) or "")
        accounts = self.task.accounts
        known = accounts.uid(name) if name_of == accounts.user_name else accounts.gid(name)
        return int(digits) if digits.isdigit() else known or 0, name

    def _mtime(self, text: str) -> int:
        found = parse_date(text, self.task.p.kernel.clock.now_ns)
        if found is None:
            raise NotSimulated(f"tar --mtime={text}", "write the date as 2026-01-31 or @SECONDS")
        return found // SECOND

    def archive_content(self) -> Content:
        self._put(Content.fill(0, 1024))
        if self.task.gnu:
            self._put(Content.fill(0, -self.size % _GNU_RECORD))
        return Content.join(self.pieces)
