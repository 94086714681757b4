"""What the two shells say when something is wrong: dash 0.5.12 as `sh`, busybox ash 1.35."""

from __future__ import annotations

import re

from docgen.fs.errors import Errno, FsError
from docgen.shell.flavour import Flavour
from docgen.shell.reserved import RESERVED
from docgen.shell.syntax import ShellSyntaxError

_MISSING = frozenset({Errno.ENOENT, Errno.ENOTDIR})
_TOKENS = frozenset({"end of file", "newline", "word", "redirection"})


class ShellError(Exception):
    """Ends a non-interactive shell: expansion errors, errors in special builtins (XCU 2.8.1)."""

    def __init__(self, message: str, status: int = 2) -> None:
        super().__init__(message)
        self.message = message
        """'' where all has been said already."""
        self.status = status


class CommandFailed(Exception):  # noqa: N818 - the shell goes on
    """A regular builtin or a redirection failed; the shell says why and goes on with `status`."""

    def __init__(self, message: str, status: int = 2, *, fatal: bool = True) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.fatal = fatal
        """In a special builtin: it ends the shell."""


class BareFailure(CommandFailed):
    """The same, with a message that is printed as it stands, without the shell's name."""


def prefix(flavour: Flavour, name: str, line: int, command: str) -> str:
    """What stands before a message. `command`: the builtin, `.` file or script at work."""
    if flavour is Flavour.HOST:
        return f"{name}: {line}: " + (f"{command}: " if command else "")
    inner = f"{command}: " if command and command != name else ""
    return f"{name}: {inner}" + (f"line {line}: " if command else "")


def syntax_error(flavour: Flavour, error: ShellSyntaxError) -> str:
    """dash: `Syntax error: "fi" unexpected (expecting "then")`."""
    text = error.found
    if text[0].isupper():
        if flavour is Flavour.HOST:
            return f"Syntax error: {text}"
        keep = text.startswith("EOF")
        return "syntax error: " + (text if keep else text[0].lower() + text[1:])
    token = text if text in _TOKENS else f'"{text}"'
    expected = error.expected if error.expected == "word" else f'"{error.expected}"'
    more = f" (expecting {expected})" if error.expected else ""
    if flavour is Flavour.HOST:
        return f"Syntax error: {token} unexpected{more}"
    return f"syntax error: unexpected {token}{more}"


def cannot_open(flavour: Flavour, path: str, error: FsError) -> str:
    """A redirection that reads."""
    if flavour is Flavour.HOST:
        return f"cannot open {path}: {_reason(error, 'No such file')}"
    return f"can't open {path}: {_reason(error, 'no such file')}"


def cannot_create(flavour: Flavour, path: str, error: FsError) -> str:
    """A redirection that writes."""
    if flavour is Flavour.HOST:
        return f"cannot create {path}: {_reason(error, 'Directory nonexistent')}"
    return f"can't create {path}: {_reason(error, 'nonexistent directory')}"


def _reason(error: FsError, missing: str) -> str:
    return missing if error.errno in _MISSING else error.errno.value


def cannot_execute(error: FsError) -> tuple[str, int]:
    """Why a command did not start, and its status."""
    if error.errno in _MISSING:
        return "not found", 127
    status = 127 if error.errno in (Errno.ELOOP, Errno.ENAMETOOLONG) else 126
    return error.errno.value, status


def quoted(text: str) -> str:
    """As ash's trace shows a word: in single quotes where needed."""
    plain = text.isascii() and all(one.isalnum() or one in "_-./:+,@%^]" for one in text)
    if plain and text not in RESERVED:
        return text
    return single_quoted(text)


def single_quoted(text: str) -> str:
    """Always in single quotes; runs of single quotes in double ones, as dash and ash write it."""
    out: list[str] = []
    for plain, quotes in re.findall(r"([^']*)('*)", text)[: 1 if not text else None]:
        if plain or quotes or not text:
            out.append(f"'{plain}'" + (f'"{quotes}"' if quotes else ""))
    return "".join(out)
