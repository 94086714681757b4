"""The files of sed: those it reads line by line, and those its script writes."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.daemon.runner import Stream
from docgen.daemon.waits import Steps
from docgen.fs.errors import Errno, FsError
from docgen.fs.flags import Open
from docgen.fs.nodes import Kind
from docgen.shell.applets.support.inputs import Lines, done_with, literal, open_input, read_operand
from docgen.shell.applets.support.output import Out, decoded, encoded
from docgen.shell.applets.support.tool import Refusal, on_host
from docgen.shell.process import Process

_SPECIAL = {"/dev/stdout": 1, "/dev/stderr": 2}


class Files:
    """Input files as one stream of lines, and where output goes. Implements World."""

    def __init__(self, p: Process, names: Sequence[str], end: bytes) -> None:
        self.p = p
        self.gnu = on_host(p)
        self.names = list(names)
        self.end = end
        self.name = b"-"
        self.status = 0
        self.out = Out(p)
        self.missing_newline = False
        self._stream: Stream | None = None
        self._lines: Lines | None = None
        self._written: dict[str, tuple[Out, Stream]] = {}
        self._read_lines: dict[bytes, Lines | None] = {}

    def tick(self, count: int) -> None:
        self.p.kernel.tick(count)

    def next_line(self) -> Steps[tuple[bytes, bool] | None]:
        while True:
            if self._lines is None and not (yield from self._open_next()):
                return None
            assert self._lines is not None
            line = yield from self._lines.next()
            if line is not None:
                has_end = line.endswith(self.end)
                return (line.removesuffix(self.end), has_end)
            self._close_input()

    def is_last(self) -> Steps[bool]:
        while True:
            if self._lines is not None:
                if not (yield from self._lines.peek_end()):
                    return False
                self._close_input()
            if not (yield from self._open_next()):
                return True

    def _open_next(self) -> Steps[bool]:
        while self.names:
            name = self.names.pop(0)
            try:
                stream = yield from open_input(self.p, name)
                if name != "-" and self.p.view.stat(name).kind is Kind.DIR:
                    raise FsError(Errno.EISDIR)
            except FsError as error:
                yield from self._cannot_read(name, error)
                continue
            self._stream = stream
            self._lines = Lines(self.p, stream, self.end)
            self.name = encoded(name)
            return True
        return False

    def _cannot_read(self, name: str, error: FsError) -> Steps[None]:
        self.status = 2 if self.gnu else 1
        yield from self.out.flush()
        if error.errno is Errno.EISDIR:
            if self.gnu:
                raise Refusal(f"read error on {name}: Is a directory", 4)
            self.status = 0
        elif self.gnu:
            yield from self.p.complain(f"can't read {name}: {error.errno.value}")
        else:
            yield from self.p.complain(f"{name}: {error.errno.value}")

    def _close_input(self) -> None:
        if self._stream is not None:
            done_with(self.p, self._stream)
        self._stream = self._lines = None

    def put(self, data: bytes, newline: bool = True) -> Steps[None]:
        """A missing newline of the last line stays missing, unless more follows."""
        if self.missing_newline:
            yield from self.out.put(self.end)
        self.missing_newline = not newline
        yield from self.out.put(data + (self.end if newline else b""))

    def put_text(self, text: bytes) -> Steps[None]:
        """The text of a, i, c, or a file of r, as it stands."""
        if not text:
            return
        if self.missing_newline:
            yield from self.out.put(self.end)
        self.missing_newline = False
        yield from self.out.put(text)

    def write_to(self, name: str, data: bytes, newline: bool) -> Steps[None]:
        raw = data + (self.end if newline else b"")
        if name == "/dev/stdout":
            yield from self.out.put(raw)
        elif name == "/dev/stderr":
            yield from self.p.err(raw)
        else:
            yield from self._written[name][0].put(raw)

    def create(self, names: Sequence[str]) -> Steps[None]:
        """Every file of a w command, empty, before the first line is read."""
        for name in names:
            if name in _SPECIAL:
                continue
            try:
                stream = yield from self.p.open(name, Open.WRONLY | Open.CREAT | Open.TRUNC, 0o666)
            except FsError as error:
                if self.gnu:
                    raise Refusal(f"couldn't open file {name}: {error.errno.value}", 4) from None
                raise Refusal(f"can't open '{name}': {error.errno.value}") from None
            number = self.p.fds.add(stream, 10)
            self._written[name] = (Out(self.p, number), stream)

    def read_whole(self, name: bytes) -> Steps[bytes]:
        """The file of an r command; one that cannot be read is empty."""
        path = "-" if name == b"/dev/stdin" else decoded(name)
        try:
            content = yield from read_operand(self.p, path)
        except FsError:
            return b""
        return literal(self.p, content)

    def read_line_of(self, name: bytes) -> Steps[bytes | None]:
        if name not in self._read_lines:
            try:
                stream = yield from open_input(self.p, decoded(name))
                self._read_lines[name] = Lines(self.p, stream, self.end)
            except FsError:
                self._read_lines[name] = None
        reader = self._read_lines[name]
        if reader is None:
            return None
        line = yield from reader.next()
        return None if line is None else line.removesuffix(self.end)

    def finish(self) -> Steps[None]:
        yield from self.out.flush()
        for out, _ in self._written.values():
            yield from out.flush()
