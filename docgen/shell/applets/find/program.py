"""find: the walk, and what happens at each file."""

from __future__ import annotations

from typing import assert_never

from docgen.daemon.waits import Steps
from docgen.fs.errors import FsError
from docgen.fs.filesystem import Stat
from docgen.fs.nodes import Kind
from docgen.shell.applets.find.expression import (
    And,
    Comma,
    Delete,
    Exec,
    Expression,
    Found,
    Ls,
    Not,
    Or,
    Print,
    Printf,
    Prune,
    Quit,
    Search,
    Test,
)
from docgen.shell.applets.find.output import formatted, listed
from docgen.shell.applets.find.parse import parse
from docgen.shell.applets.support.accounts import Accounts
from docgen.shell.applets.support.output import Out
from docgen.shell.applets.support.quoting import quoted
from docgen.shell.applets.support.tool import on_host, raw_tool
from docgen.shell.process import Process

_ARGUMENT_BYTES = 100_000
"""What `-exec … +` puts into one command line (GNU: 128 KiB less what is kept free)."""
_PATH_BYTES_A_TICK = 16
"""Bytes of a path that are followed for the price of one tick."""


class _Done(Exception):  # noqa: N818 - control flow
    """-quit"""


class _Finder:
    def __init__(self, p: Process, search: Search) -> None:
        self.p = p
        self.gnu = on_host(p)
        self.search = search
        self.out = Out(p)
        self.accounts = Accounts(p.view)
        self.status = 0
        self.pruned = False
        self.gathered: dict[int, list[str]] = {}
        self.commands: dict[int, Exec] = {}

    def run(self) -> Steps[int]:
        try:
            for path in self.search.paths:
                yield from self._walk(path)
        except _Done:
            pass
        for key in self.commands:
            yield from self._run_gathered(key)
        yield from self.out.flush()
        return self.status

    # -- walking -----------------------------------------------------------------------------

    def _walk(self, top: str) -> Steps[None]:
        """A stack of our own; a directory that is left comes back for -depth."""
        search = self.search
        stat = yield from self._stat(top, search.follow != "never")
        if stat is None:
            return
        pending: list[tuple[Found, bool]] = [(self._found(top, top, 0, stat), False)]
        while pending:
            found, left = pending.pop()
            self.p.kernel.tick()
            if left:
                yield from self._visit(found)
                continue
            is_dir = found.stat.kind is Kind.DIR
            late = search.depth_first and is_dir
            self.pruned = False
            if not late:
                yield from self._visit(found)
            pruned = self.pruned and not search.depth_first
            if late:
                pending.append((found, True))
            if not is_dir or pruned or found.depth >= search.most:
                continue
            if search.one_file_system and found.stat.dev != stat.dev:
                continue
            inner: list[tuple[Found, bool]] = []
            for name in (yield from self._names(found.path)):
                path = f"{found.path}{'' if found.path.endswith('/') else '/'}{name}"
                self.p.kernel.tick(len(path) // _PATH_BYTES_A_TICK)
                below = yield from self._stat(path, search.follow == "always")
                if below is not None:
                    inner.append((self._found(path, top, found.depth + 1, below), False))
            pending += reversed(inner)

    def _found(self, path: str, top: str, depth: int, stat: Stat) -> Found:
        name = path.rstrip("/").rpartition("/")[2] or "/"
        return Found(path, name, top, depth, stat)

    def _stat(self, path: str, follow: bool) -> Steps[Stat | None]:
        try:
            return self.p.view.stat(path, follow)
        except FsError as error:
            if follow and self.p.view.exists(path, follow=False):
                return self.p.view.stat(path, follow=False)
            yield from self._complain(path, error)
            return None

    def _names(self, path: str) -> Steps[list[str]]:
        try:
            return self.p.view.listdir(path)
        except FsError as error:
            yield from self._complain(path, error)
            return []

    def _complain(self, path: str, error: FsError) -> Steps[None]:
        self.status = 1
        yield from self.out.flush()
        shown = quoted(self.p, path) if self.gnu else path
        yield from self.p.complain(f"{shown}: {error.errno.value}")

    def _visit(self, found: Found) -> Steps[None]:
        if self.search.least <= found.depth <= self.search.most:
            yield from self._holds(self.search.expression, found)

    # -- evaluating --------------------------------------------------------------------------

    def _holds(self, node: Expression, found: Found) -> Steps[bool]:
        match node:
            case Test(holds):
                return holds(found)
            case Not(inner):
                return not (yield from self._holds(inner, found))
            case And(left, right):
                return (yield from self._holds(left, found)) and (
                    yield from self._holds(right, found)
                )
            case Or(left, right):
                return (yield from self._holds(left, found)) or (
                    yield from self._holds(right, found)
                )
            case Comma(left, right):
                yield from self._holds(left, found)
                return (yield from self._holds(right, found))
            case Prune():
                self.pruned = True
                return True
            case Quit():
                raise _Done
            case _:
                return (yield from self._act(node, found))

    def _act(self, node: Print | Printf | Ls | Delete | Exec, found: Found) -> Steps[bool]:
        match node:
            case Print(end):
                yield from self.out.put(found.path + end)
            case Printf(template):
                yield from self.out.put(formatted(self.p, template, found, self.accounts))
            case Ls():
                yield from self.out.put(listed(self.p, found, self.accounts))
            case Delete():
                return (yield from self._delete(found))
            case Exec():
                return (yield from self._exec(node, found.path))
            case _:
                assert_never(node)
        return True

    def _delete(self, found: Found) -> Steps[bool]:
        if found.path == ".":
            return True
        try:
            if found.stat.kind is Kind.DIR:
                self.p.view.rmdir(found.path)
            else:
                self.p.view.unlink(found.path)
        except FsError as error:
            self.status = 1
            yield from self.out.flush()
            if self.gnu:
                shown = quoted(self.p, found.path)
                yield from self.p.complain(f"cannot delete {shown}: {error.errno.value}")
            else:
                yield from self.p.complain(f"{found.path}: {error.errno.value}")
            return False
        return True

    def _exec(self, node: Exec, path: str) -> Steps[bool]:
        if not node.many:
            words = [word.replace("{}", path) for word in node.words]
            return (yield from self._spawn(words)) == 0
        key = id(node)
        self.commands[key] = node
        paths = self.gathered.setdefault(key, [])
        paths.append(path)
        if sum(len(one) + 1 for one in paths) > _ARGUMENT_BYTES:
            yield from self._run_gathered(key)
        return True

    def _run_gathered(self, key: int) -> Steps[None]:
        paths = self.gathered.pop(key, [])
        if paths:
            node = self.commands[key]
            code = yield from self._spawn([*node.words, *paths])
            if code:
                self.status = 1

    def _spawn(self, words: list[str]) -> Steps[int]:
        if self.gnu:
            yield from self.out.flush()
        try:
            child = self.p.spawn(words)
        except FsError as error:
            shown = quoted(self.p, words[0]) if self.gnu else words[0]
            yield from self.p.complain(f"{shown}: {error.errno.value}")
            return 127
        return (yield from self.p.wait_for(child))


def find(p: Process) -> Steps[int]:
    return (yield from _Finder(p, parse(p)).run())


APPLETS = {"find": raw_tool("find", find)}
