"""Redirections (XCU 2.7): done before a command, undone after it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from docgen.daemon.runner import Stream
from docgen.daemon.waits import Steps
from docgen.fs.content import Content
from docgen.fs.errors import Errno, FsError
from docgen.shell import expand
from docgen.shell.flavour import Flavour
from docgen.shell.streams import Descriptors, Source
from docgen.shell.syntax import HereDocument, Redirect
from docgen.shell.wording import CommandFailed, ShellError, cannot_create, cannot_open

if TYPE_CHECKING:
    from docgen.shell.interpret import Shell

_WRITE = os.O_WRONLY | os.O_CREAT
_FLAGS = {
    "<": os.O_RDONLY,
    "<>": os.O_RDWR | os.O_CREAT,
    ">": _WRITE | os.O_TRUNC,
    ">|": _WRITE | os.O_TRUNC,
    ">>": _WRITE | os.O_APPEND,
}


class Saved:
    """What descriptors were before; `restore` brings them back, `forget` lets the new ones stay."""

    __slots__ = ("_closed", "_fds", "_old")

    def __init__(self, fds: Descriptors) -> None:
        self._fds = fds
        self._old = fds.empty()
        self._closed: set[int] = set()

    def keep(self, number: int) -> None:
        """Remember descriptor `number` as it is, the first time."""
        if number in self._closed or number in self._old:
            return
        if number in self._fds:
            self._old.put(number, self._fds[number])
        else:
            self._closed.add(number)

    def restore(self) -> None:
        for number in self._old.numbers():
            self._fds.put(number, self._old[number])
        for number in self._closed:
            self._fds.close(number)
        self.forget()

    def forget(self) -> None:
        self._old.close_all()
        self._closed.clear()


def redirect(shell: Shell, redirects: Sequence[Redirect]) -> Steps[Saved]:
    """Do them in order. Raises CommandFailed, with everything as it was."""
    saved = Saved(shell.process.fds)
    try:
        for one in redirects:
            shell.line = one.line
            yield from _redirect(shell, one, saved)
    except BaseException:
        saved.restore()
        raise
    return saved


def _redirect(shell: Shell, one: Redirect, saved: Saved) -> Steps[None]:
    fds = shell.process.fds
    target = one.target
    if isinstance(target, HereDocument):
        pieces = yield from expand.chunks(shell, target.parts)
        body = "".join(text for text, _ in pieces)
        saved.keep(one.number)
        fds.put(one.number, Source(Content.of(body.encode("utf-8", "surrogateescape"))))
        return
    name = yield from expand.text(shell, target)
    both = shell.flavour is Flavour.BUSYBOX and one.operator == ">&" and not _is_number(name)
    if both and one.number == 1:  # ash: `>&file` is both streams
        stream = yield from _open(shell, ">", name)
        for number in (1, 2):
            saved.keep(number)
            fds.put(number, stream)
        return
    if one.operator in ("<&", ">&"):
        _duplicate(shell, one, name, saved)
        return
    stream = yield from _open(shell, one.operator, name)
    saved.keep(one.number)
    fds.put(one.number, stream)


def _duplicate(shell: Shell, one: Redirect, name: str, saved: Saved) -> None:
    fds = shell.process.fds
    if name == "-":
        saved.keep(one.number)
        fds.close(one.number)
        return
    if not _is_number(name):
        raise ShellError("Syntax error: Bad fd number")
    if int(name) not in fds:
        raise CommandFailed(f"{name}: Bad file descriptor", shell.redirection_status)
    stream = fds[int(name)]
    saved.keep(one.number)
    fds.put(one.number, stream)


def _is_number(name: str) -> bool:
    return name == "-" or (name.isascii() and name.isdigit() and len(name) < 5)


def _open(shell: Shell, operator: str, name: str) -> Steps[Stream]:
    """Raises CommandFailed in the shell's words."""
    process = shell.process
    flags = _FLAGS[operator]
    if operator == ">" and "C" in shell.options and _is_regular(shell, name):
        flags |= os.O_EXCL
    try:
        return (yield from process.open(name, flags, 0o666))
    except FsError as error:
        say = cannot_open if operator == "<" else cannot_create
        message = say(shell.flavour, name, error)
        raise CommandFailed(message, shell.redirection_status) from None


def _is_regular(shell: Shell, name: str) -> bool:
    """`set -C` protects regular files only."""
    try:
        return shell.process.view.stat(name).kind == "file"
    except FsError as error:
        return error.errno is not Errno.ENOENT
