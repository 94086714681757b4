"""cat."""

from __future__ import annotations

from dataclasses import dataclass

from docgen.daemon.runner import Stream
from docgen.daemon.waits import Steps
from docgen.fs.errors import Errno, FsError
from docgen.fs.nodes import Kind
from docgen.fs.openfile import OpenFile
from docgen.shell.applet import Options
from docgen.shell.applets.support.inputs import Lines, done_with, open_input, read_piece
from docgen.shell.applets.support.output import Out
from docgen.shell.applets.support.quoting import shell_quoted
from docgen.shell.applets.support.tool import GNU, flag, on_host, tool
from docgen.shell.process import Process

_PIECE = 1 << 30


@dataclass(slots=True)
class _Style:
    number: bool
    number_full: bool
    ends: bool
    tabs: bool
    visible: bool
    squeeze: bool
    adds_newline: bool
    """busybox with -n or -b: the last line gets its newline."""
    line: int = 0
    empty_before: bool = False
    at_start: bool = True

    @property
    def plain(self) -> bool:
        return not (self.number or self.ends or self.tabs or self.visible or self.squeeze)


def cat(p: Process, options: Options) -> Steps[int]:
    style = _Style(
        number="number" in options or "number-nonblank" in options,
        number_full="number-nonblank" not in options,
        ends=any(key in options for key in ("show-ends", "show-all", "e")),
        tabs=any(key in options for key in ("show-tabs", "show-all", "t")),
        visible=any(key in options for key in ("show-nonprinting", "show-all", "e", "t")),
        squeeze="squeeze-blank" in options,
        adds_newline=not on_host(p) and ("number" in options or "number-nonblank" in options),
    )
    status = 0
    for name in options.operands or ("-",):
        try:
            stream = yield from open_input(p, name)
        except FsError as error:
            status = yield from _complain(p, name, error)
            continue
        if on_host(p) and _feeds_itself(p, stream):
            yield from p.complain(f"{shell_quoted(p, name)}: input file is output file")
            status = 1
        else:
            status |= yield from _copy(p, name, stream, style)
        done_with(p, stream)
    return status


def _complain(p: Process, name: str, error: FsError) -> Steps[int]:
    """The two wordings: busybox tells that opening failed."""
    if on_host(p):
        yield from p.complain(f"{shell_quoted(p, name)}: {error.errno.value}")
    elif error.errno is Errno.EISDIR:
        yield from p.complain("read error: Is a directory")
    else:
        yield from p.complain(f"can't open '{name}': {error.errno.value}")
    return 1


def _feeds_itself(p: Process, stream: Stream) -> bool:
    """GNU refuses what would merely fill the disk: the rest of the file that it writes to."""
    if 1 not in p.fds:
        return False
    out = p.fds[1]
    if not (isinstance(stream, OpenFile) and isinstance(out, OpenFile)):
        return False
    one, other = stream.stat(), out.stat()
    same = (one.dev, one.ino) == (other.dev, other.ino) and one.kind is Kind.FILE
    return same and stream.pos < one.size


def _copy(p: Process, name: str, stream: Stream, style: _Style) -> Steps[int]:
    reader = Lines(p, stream)
    out = Out(p)
    while True:
        try:
            if style.plain:
                piece = yield from read_piece(stream, _PIECE)
            else:
                line = yield from reader.next()
        except FsError as error:
            yield from out.flush()
            return (yield from _complain(p, name, error))
        if style.plain:
            if not piece.size:
                return 0
            p.kernel.tick()
            yield from out.pass_on(piece)
        elif line is None:
            yield from out.flush()
            return 0
        else:
            yield from out.put(_shown(line, style))


def _shown(line: bytes, style: _Style) -> bytes:
    ended = line.endswith(b"\n")
    body = line[:-1] if ended else line
    empty = ended and not body and style.at_start
    if empty and style.squeeze and style.empty_before:
        return b""
    style.empty_before = empty
    prefix = b""
    if style.number and style.at_start and (body or style.number_full):
        style.line += 1
        prefix = b"%6d\t" % style.line
    style.at_start = ended
    if style.visible or style.tabs:
        body = b"".join(_visible(byte, style) for byte in body)
    ending = b"\n" if ended or style.adds_newline else b""
    return prefix + body + (b"$" if style.ends and ended else b"") + ending


def _visible(byte: int, style: _Style) -> bytes:
    if byte == 9:
        return b"^I" if style.tabs else b"\t"
    if not style.visible:
        return bytes([byte])
    prefix = b""
    if byte >= 128:
        prefix, byte = b"M-", byte - 128
    if byte < 32:
        return prefix + b"^" + bytes([byte + 64])
    return prefix + (b"^?" if byte == 127 else bytes([byte]))


_OPTIONS = (
    flag("A", "show-all"),
    flag("b", "number-nonblank"),
    flag("e"),
    flag("E", "show-ends", GNU),
    flag("n", "number"),
    flag("s", "squeeze-blank", GNU),
    flag("t"),
    flag("T", "show-tabs", GNU),
    flag("u"),
    flag("v", "show-nonprinting"),
)

APPLETS = {"cat": tool("cat", cat, _OPTIONS)}
