"""head and tail."""

from __future__ import annotations

from docgen.daemon.runner import Stream
from docgen.daemon.waits import Sleep, Steps
from docgen.diagnostics import NotSimulated
from docgen.frozen import frozen
from docgen.fs.content import EMPTY, Content
from docgen.fs.errors import FsError
from docgen.fs.view import READ
from docgen.shell.applet import Options
from docgen.shell.applets.support.inputs import (
    Lines,
    done_with,
    literal,
    open_input,
    read_piece,
    read_stream,
)
from docgen.shell.applets.support.output import Out
from docgen.shell.applets.support.quoting import always_shell_quoted, quoted
from docgen.shell.applets.support.sizes import parse_size
from docgen.shell.applets.support.times import SECOND
from docgen.shell.applets.support.tool import GNU, Refusal, flag, on_host, refused, tool, value
from docgen.shell.process import Process


@frozen
class _Amount:
    count: int
    bytes: bool
    sign: str
    """`-` with head: all but the last; `+` with tail: from there on."""


def _amount(p: Process, options: Options) -> _Amount:
    for key, text in reversed(options.given):
        if key == "digits":
            return _Amount(_number(p, text.rstrip("cbkmqv"), False), text.endswith("c"), "")
        if key in ("lines", "bytes"):
            in_bytes = key == "bytes"
            sign = text[0] if text[:1] in ("-", "+") else ""
            return _Amount(_number(p, text.removeprefix(sign), in_bytes), in_bytes, sign)
    return _Amount(10, False, "")


def _number(p: Process, text: str, in_bytes: bool) -> int:
    size = parse_size(text, "bkKmMGTPE")
    if size is not None:
        return size
    if on_host(p):
        what = "bytes" if in_bytes else "lines"
        raise Refusal(f"invalid number of {what}: {quoted(p, text)}")
    raise Refusal(f"invalid number '{text}'")


class _Headers:
    """`==> name <==` between the outputs of several files."""

    def __init__(self, p: Process, options: Options) -> None:
        several = self._opened(p, options) > 1
        last = options.last_of("quiet", "verbose")
        self.wanted = last == "verbose" or (several and last != "quiet")
        self.first = True
        self.p = p

    @staticmethod
    def _opened(p: Process, options: Options) -> int:
        """How many files count; busybox's tail leaves out those that it cannot open."""
        if on_host(p) or not _is_tail(p):
            return len(options.operands)
        return sum(name == "-" or p.view.access(name, READ) for name in options.operands)

    def show(self, name: str) -> Steps[None]:
        if not self.wanted:
            return
        shown = "standard input" if name == "-" else name
        yield from self.p.out(("" if self.first else "\n") + f"==> {shown} <==\n")
        self.first = False


def _open(p: Process, name: str) -> Steps[Stream | None]:
    try:
        return (yield from open_input(p, name))
    except FsError as error:
        if on_host(p):
            shown = always_shell_quoted(p, name)
            yield from p.complain(f"cannot open {shown} for reading: {error.errno.value}")
        elif _is_tail(p):
            yield from p.complain(f"can't open '{name}': {error.errno.value}")
        else:
            yield from p.complain(f"{name}: {error.errno.value}")
        return None


def _read_error(p: Process, name: str, error: FsError) -> Steps[int]:
    if on_host(p):
        shown = "standard input" if name == "-" else always_shell_quoted(p, name)
        yield from p.complain(f"error reading {shown}: {error.errno.value}")
    elif _is_tail(p):
        yield from p.complain(f"read error: {error.errno.value}")
    else:
        yield from p.complain(f"{name}: Input/output error")
    return 1


def _is_tail(p: Process) -> bool:
    return p.argv[0].rpartition("/")[2] == "tail"


def head(p: Process, options: Options) -> Steps[int]:
    amount = _amount(p, options)
    end = b"\0" if "zero-terminated" in options else b"\n"
    headers = _Headers(p, options)
    status = 0
    for name in options.operands or ("-",):
        stream = yield from _open(p, name)
        if stream is None:
            status = 1
            headers.first = headers.first and on_host(p)
            continue
        try:
            yield from headers.show(name)
            if amount.sign == "-":
                data = yield from read_stream(p, stream)
                yield from p.out(_without_last(p, data, amount, end))
            elif amount.bytes:
                yield from _head_bytes(p, stream, amount.count)
            else:
                yield from _head_lines(p, stream, amount.count, end)
        except FsError as error:
            status = yield from _read_error(p, name, error)
        finally:
            done_with(p, stream)
    return status


def _head_bytes(p: Process, stream: Stream, count: int) -> Steps[None]:
    while count > 0:
        piece = yield from read_piece(stream, count)
        if not piece.size:
            return
        p.kernel.tick()
        count -= piece.size
        yield from p.out(piece)


def _head_lines(p: Process, stream: Stream, count: int, end: bytes) -> Steps[None]:
    out = Out(p)
    reader = Lines(p, stream, end)
    for _ in range(count):
        line = yield from reader.next()
        if line is None:
            break
        yield from out.put(line)
    yield from out.flush()


def _without_last(p: Process, data: Content, amount: _Amount, end: bytes) -> Content:
    if amount.bytes:
        return data.read(0, max(data.size - amount.count, 0))
    raw = literal(p, data)
    return data.read(0, _start_of_last(raw, amount.count, end))


def _start_of_last(raw: bytes, lines: int, end: bytes) -> int:
    """Where the last `lines` lines begin."""
    at = len(raw)
    if not lines or not at:
        return at
    at -= raw.endswith(end)
    for _ in range(lines):
        at = raw.rfind(end, 0, at)
        if at < 0:
            return 0
    return at + 1


def tail(p: Process, options: Options) -> Steps[int]:
    amount = _amount(p, options)
    end = b"\0" if "zero-terminated" in options else b"\n"
    headers = _Headers(p, options)
    follow = "follow" in options or "F" in options
    if follow and len(options.operands) > 1:
        raise NotSimulated("tail -f with more than one file", "follow one file")
    status = 0
    for name in options.operands or ("-",):
        stream = yield from _open(p, name)
        if stream is None:
            status = 1
            continue
        try:
            yield from headers.show(name)
            data = yield from read_stream(p, stream)
            yield from p.out(_last(p, data, amount, end))
            if follow:
                yield from _follow(p, stream, options)
        except FsError as error:
            status = yield from _read_error(p, name, error)
        finally:
            done_with(p, stream)
    return status


def _last(p: Process, data: Content, amount: _Amount, end: bytes) -> Content:
    if amount.bytes:
        start = amount.count - 1 if amount.sign == "+" else data.size - amount.count
        start = min(max(start, 0), data.size)
        return data.read(start, data.size - start)
    if not data.size:
        return EMPTY
    raw = literal(p, data)
    if amount.sign != "+":
        start = _start_of_last(raw, amount.count, end)
    else:
        start = 0
        for _ in range(amount.count - 1):
            start = raw.find(end, start) + 1
            if not start:
                return EMPTY
    return data.read(start, data.size - start)


def _follow(p: Process, stream: Stream, options: Options) -> Steps[None]:
    """What is appended; looks once a second, and sooner than others' deadlines never."""
    pause = int(float(options.get("sleep-interval") or "1") * SECOND)
    if not _grows(stream):
        return
    while True:
        piece = stream.read(1 << 30)
        if piece.size:
            yield from p.out(piece)
        yield Sleep(p.kernel.clock.now_ns + pause)


def _grows(stream: Stream) -> bool:
    """A pipe that was read to its end gives nothing more; a file may."""
    return hasattr(stream, "seek")


_HEAD = (
    value("n", "lines"),
    value("c", "bytes"),
    flag("q", "quiet silent"),
    flag("v", "verbose"),
    flag("z", "zero-terminated", GNU),
)
_TAIL = (
    *_HEAD,
    flag("f", "follow"),
    flag("F"),
    value("s", "sleep-interval"),
    refused("", "retry", flavours=GNU),
    refused("", "pid", flavours=GNU),
    refused("", "max-unchanged-stats", flavours=GNU),
)

APPLETS = {
    "head": tool("head", head, _HEAD, digits="digits"),
    "tail": tool("tail", tail, _TAIL, digits="digits"),
}
