"""execve(2): from a path to its program. A program is a file; what it does hangs on its bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docgen.frozen import frozen
from docgen.fs.content import Content
from docgen.fs.errors import Errno, FsError
from docgen.fs.nodes import Kind
from docgen.fs.view import View
from docgen.shell.applet import Program
from docgen.shell.flavour import Flavour

X_OK = 1
_LONGEST_INTERPRETER_LINE = 256
_INTERPRETER_DEPTH = 5
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""What dash, ash and docker assume where PATH is not set."""


@frozen
class Executable:
    """What the bytes with one digest do."""

    name: str
    run: Program
    flavour: Flavour
    loader: str = ""
    """The dynamic loader that must exist in the process's view; '' for a static program."""
    applets: frozenset[str] = frozenset()
    """What its shell runs without looking for a file (busybox: FEATURE_SH_STANDALONE)."""


@frozen
class Loaded:
    """The outcome of execve: which program, with which argv."""

    executable: Executable
    argv: tuple[str, ...]


def find_program(view: View, name: str, path: str) -> str:
    """Where execvp(3) and shells find `name`: a word with a slash is a path already.

    Raises FsError(EACCES) where only unusable files were found, FsError(ENOENT) else.
    """
    if "/" in name:
        return name
    refused = False
    for directory in path.split(":") if name else ():
        candidate = f"{directory}/{name}" if directory else name
        try:
            stat = view.stat(candidate)
        except FsError:
            continue
        if stat.kind is not Kind.FILE:
            continue
        # Root may execute what has any x bit: no second walk for the everyday case.
        if stat.mode & 0o111 and (view.credentials.uid == 0 or view.access(candidate, X_OK)):
            return candidate
        refused = True
    raise FsError(Errno.EACCES if refused else Errno.ENOENT, name)


def load(view: View, path: str, argv: Sequence[str], programs: Mapping[str, Executable]) -> Loaded:
    """execve(2) of `path`. Raises FsError (ENOENT, EACCES, ENOEXEC, ETXTBSY, ELOOP …)."""
    words = tuple(argv)
    for _ in range(_INTERPRETER_DEPTH):
        file = view.execute(path)
        content = file.content()
        file.close()
        line = _interpreter_line(content)
        if line is None:
            return Loaded(_by_digest(view, path, content, programs), words)
        interpreter, argument = line
        words = (interpreter, *argument, path, *words[1:])
        path = interpreter
    raise FsError(Errno.ELOOP, path)


def _interpreter_line(content: Content) -> tuple[str, tuple[str, ...]] | None:
    """`#!/bin/sh -e` → ("/bin/sh", ("-e",)); all after the first blank is one argument."""
    if content.is_sealed or content.size < 2 or content.read(0, 2).to_bytes() != b"#!":
        return None
    head = content.read(0, _LONGEST_INTERPRETER_LINE).to_bytes()
    line = head.partition(b"\n")[0][2:].decode("utf-8", "surrogateescape").strip(" \t")
    if not line:
        raise FsError(Errno.ENOEXEC)
    interpreter, _, argument = line.replace("\t", " ").partition(" ")
    argument = argument.strip()
    return interpreter, ((argument,) if argument else ())


def _by_digest(
    view: View, path: str, content: Content, programs: Mapping[str, Executable]
) -> Executable:
    found = programs.get(content.sha256()) if content.is_sealed else None
    if found is None:
        raise FsError(Errno.ENOEXEC, path)
    if found.loader and not view.exists(found.loader):
        raise FsError(Errno.ENOENT, path)
    return found
