"""Builtins that take in: read getopts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from docgen import limits
from docgen.daemon.runner import Stream
from docgen.daemon.waits import Steps, Until
from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.fs.content import Content
from docgen.fs.errors import FsError
from docgen.fs.openfile import SEEK_CUR, OpenFile
from docgen.shell.fields import DEFAULT_IFS
from docgen.shell.flavour import Flavour
from docgen.shell.lexer import is_name
from docgen.shell.wording import BareFailure, CommandFailed

if TYPE_CHECKING:
    from docgen.shell.interpret import Shell

_CHUNK = 4096
Letter = tuple[str, bool]
"""A character and whether a backslash protects it from splitting."""


@runtime_checkable
class _Returnable(Protocol):
    """A stream that takes back what was read too much."""

    def unread(self, data: Content) -> None: ...


def read(shell: Shell, argv: list[str]) -> Steps[int]:
    """`read [-r] [-p prompt] names`: one line of standard input; status 1 at its end."""
    raw, names = _read_options(shell, argv)
    for name in names:
        if not is_name(name):
            raise _bad_name(shell, name)
    letters, complete = yield from _logical_line(shell, raw=raw)
    ifs = shell.variables.get("IFS")
    values = split_line(letters, len(names), DEFAULT_IFS if ifs is None else ifs)
    for name, value in zip(names, values, strict=True):
        if name in shell.variables.readonly():
            raise CommandFailed(f"{name}: is read only")
        shell.assign(name, value)
    return 0 if complete else 1


def _bad_name(shell: Shell, name: str) -> CommandFailed:
    if shell.flavour is Flavour.HOST:
        return CommandFailed(f"{name}: bad variable name")
    return BareFailure(f"{shell.applet_name}: read: '{name}': bad variable name\n", 1)


def _read_options(shell: Shell, argv: list[str]) -> tuple[bool, list[str]]:
    """A prompt (`-p`) is only shown on a terminal, and there is none."""
    raw, at = False, 1
    while at < len(argv) and argv[at].startswith("-") and argv[at] != "-":
        word = argv[at]
        at += 1
        if word == "--":
            break
        if word == "-r":
            raw = True
        elif word == "-p" and at < len(argv):
            at += 1
        elif shell.flavour is Flavour.BUSYBOX and word[1] in "tnsdua":
            raise NotSimulated(
                f"read {word[:2]} is not simulated", "read whole lines: read -r name"
            )
        else:
            say = "Illegal" if shell.flavour is Flavour.HOST else "illegal"
            raise CommandFailed(f"{say} option {word[:2]}")
    names = argv[at:]
    if not names and shell.flavour is Flavour.HOST:
        raise CommandFailed("arg count")
    return raw, names or ["REPLY"]


def _logical_line(shell: Shell, *, raw: bool) -> Steps[tuple[list[Letter], bool]]:
    """A line, with continued lines joined where backslashes count; was its newline there?"""
    letters: list[Letter] = []
    while True:
        data, complete = yield from _physical_line(shell)
        text = data.replace(b"\0", b"").decode("utf-8", "surrogateescape")
        if raw:
            return [(letter, False) for letter in text], complete
        escaped = False
        for letter in text:
            if escaped or letter != "\\":
                letters.append((letter, escaped))
                escaped = False
            else:
                escaped = True
        if not (escaped and complete):
            return letters, complete


def _physical_line(shell: Shell) -> Steps[tuple[bytes, bool]]:
    """Up to a newline and no further: the rest belongs to others."""
    try:
        stream = shell.process.fds[0]
    except FsError:
        return b"", False
    at_once = _CHUNK if isinstance(stream, OpenFile | _Returnable) else 1
    pieces: list[bytes] = []
    size = 0
    while True:
        if not stream.readable():
            yield Until(stream.readable)
        piece = stream.read(at_once)
        shell.spend(0)
        if not piece.size:
            return b"".join(pieces), False
        data = piece.to_bytes()
        end = data.find(b"\n")
        if end >= 0:
            _give_back(stream, piece.read(end + 1, piece.size))
            pieces.append(data[:end])
            return b"".join(pieces), True
        pieces.append(data)
        size += len(data)
        if size > limits.VARIABLE_BYTES:
            raise LimitExceeded("read meets a line that is too long", "use another tool")


def _give_back(stream: Stream, rest: Content) -> None:
    if not rest.size:
        return
    if isinstance(stream, OpenFile):
        stream.seek(-rest.size, SEEK_CUR)
    elif isinstance(stream, _Returnable):
        stream.unread(rest)


def split_line(letters: Sequence[Letter], count: int, ifs: str) -> list[str]:
    """The values of `count` variables; the last takes the rest of the line (XCU read)."""
    white = frozenset(letter for letter in ifs if letter in DEFAULT_IFS)
    hard = frozenset(ifs) - white
    at, end = 0, len(letters)

    def is_in(where: int, which: frozenset[str]) -> bool:
        return where < end and not letters[where][1] and letters[where][0] in which

    while is_in(at, white):
        at += 1
    values: list[str] = []
    for _ in range(count - 1):
        start = at
        while at < end and not is_in(at, white) and not is_in(at, hard):
            at += 1
        values.append("".join(letter for letter, _ in letters[start:at]))
        while is_in(at, white):
            at += 1
        if is_in(at, hard):
            at += 1
            while is_in(at, white):
                at += 1
    values.append(_rest(letters[at:], white, hard))
    return values


def _rest(letters: Sequence[Letter], white: frozenset[str], hard: frozenset[str]) -> str:
    """Without white space at its end; and without one delimiter, if it is one field with that."""
    end = len(letters)

    def trimmed(end: int) -> int:
        while end and not letters[end - 1][1] and letters[end - 1][0] in white:
            end -= 1
        return end

    end = trimmed(end)
    if end and not letters[end - 1][1] and letters[end - 1][0] in hard:
        inner = trimmed(end - 1)
        if not any(one in white or one in hard for one, kept in letters[:inner] if not kept):
            end = inner
    return "".join(letter for letter, _ in letters[:end])


def getopts(shell: Shell, argv: list[str]) -> Steps[int]:
    """`getopts optstring name [words]`, with OPTIND and OPTARG."""
    if len(argv) < 3:
        usage = "Usage: getopts optstring var [arg...]"
        ash = "usage: getopts optstring var [arg]"
        raise CommandFailed(usage if shell.flavour is Flavour.HOST else ash)
    letters, name = argv[1], argv[2]
    words = tuple(argv[3:]) if len(argv) > 3 else shell.positional
    silent = letters.startswith(":")
    index = shell.variables.get("OPTIND") or "1"
    at = max(int(index) if index.isdigit() else 1, 1)
    inside = shell.option_position
    if not inside:
        word = words[at - 1] if at <= len(words) else ""
        if len(word) < 2 or word[0] != "-" or word == "--":
            _set_option(shell, name, "?", at + (word == "--"), 0)
            shell.variables.unset("OPTARG")
            return 1
        at, inside = at + 1, 1
    # OPTIND names the word after the cluster while letters of the cluster are left.
    word = words[at - 2]
    letter, inside = word[inside], inside + 1
    rest = inside if inside < len(word) else 0
    found = letters.find(letter) if letter != ":" else -1
    if found < 0:
        yield from _bad_option(shell, name, letter, at, rest, silent)
    elif letters[found + 1 : found + 2] != ":":
        shell.variables.unset("OPTARG")
        _set_option(shell, name, letter, at, rest)
    elif rest:
        shell.assign("OPTARG", word[inside:])
        _set_option(shell, name, letter, at, 0)
    elif at <= len(words):
        shell.assign("OPTARG", words[at - 1])
        _set_option(shell, name, letter, at + 1, 0)
    else:
        yield from _missing_argument(shell, name, letter, at, silent)
    return 0


def _set_option(shell: Shell, name: str, value: str, index: int, position: int) -> None:
    shell.assign("OPTIND", str(index))
    shell.option_position = position
    shell.assign(name, value)


def _bad_option(
    shell: Shell, name: str, letter: str, index: int, position: int, silent: bool
) -> Steps[None]:
    if silent:
        shell.assign("OPTARG", letter)
    else:
        yield from shell.say(f"Illegal option -{letter}\n")
        shell.variables.unset("OPTARG")
    _set_option(shell, name, "?", index, position)


def _missing_argument(
    shell: Shell, name: str, letter: str, index: int, silent: bool
) -> Steps[None]:
    if silent:
        shell.assign("OPTARG", letter)
        _set_option(shell, name, ":", index, 0)
        return
    yield from shell.say(f"No arg for -{letter} option\n")
    shell.variables.unset("OPTARG")
    _set_option(shell, name, "?", index, 0)
