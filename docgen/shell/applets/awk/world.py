"""What surrounds a running awk program: input, files that getline reads and print writes."""

from __future__ import annotations

from docgen.daemon.runner import Stream
from docgen.daemon.waits import Steps
from docgen.fs.errors import FsError
from docgen.fs.flags import Open
from docgen.shell.applets.regex import Regex
from docgen.shell.applets.support.inputs import done_with, longer, open_input, read_piece
from docgen.shell.applets.support.output import Out, decoded
from docgen.shell.process import Process


class Records:
    """A stream cut into records by RS."""

    def __init__(self, p: Process, stream: Stream) -> None:
        self.p = p
        self.stream = stream
        self._data = b""
        self._ended = False

    def next(self, separator: bytes, regex: Regex | None) -> Steps[bytes | None]:
        """The next record without its separator; None at the end."""
        self.p.kernel.tick()
        if not separator:
            return (yield from self._paragraph())
        while True:
            found = self._find(separator, regex)
            if found is not None:
                start, end = found
                record, self._data = self._data[:start], self._data[end:]
                return record
            if self._ended:
                record, self._data = self._data, b""
                return record or None
            yield from self._more()

    def _find(self, separator: bytes, regex: Regex | None) -> tuple[int, int] | None:
        if regex is None:
            at = self._data.find(separator)
            return None if at < 0 else (at, at + len(separator))
        span = regex.on(self._data).find(0)
        if span is None or span[0] == span[1] or (span[1] == len(self._data) and not self._ended):
            return None
        return span

    def _more(self) -> Steps[None]:
        piece = yield from read_piece(self.stream)
        self._ended = piece.size == 0
        self._data = longer(self.p, self._data, piece)

    def _paragraph(self) -> Steps[bytes | None]:
        """RS is empty: records are separated by empty lines."""
        while not self._ended:
            yield from self._more()
        self._data = self._data.lstrip(b"\n")
        if not self._data:
            return None
        record, _, rest = self._data.partition(b"\n\n")
        self._data = rest
        return record.removesuffix(b"\n")


class World:
    def __init__(self, p: Process) -> None:
        self.p = p
        self.out = Out(p)
        self._written: dict[bytes, tuple[Out, int]] = {}
        self._read: dict[bytes, Records] = {}

    def reader(self, name: bytes) -> Steps[Records | None]:
        """For getline < name; None where it cannot be opened."""
        if name not in self._read:
            try:
                stream = yield from open_input(self.p, decoded(name))
            except FsError:
                return None
            self._read[name] = Records(self.p, stream)
        return self._read[name]

    def writer(self, name: bytes, append: bool) -> Steps[Out]:
        """For print > name: opened once, written until the end. Raises FsError."""
        if name in (b"/dev/stdout", b"-"):
            return self.out
        if name not in self._written:
            if name == b"/dev/stderr":
                self._written[name] = (Out(self.p, 2), 2)
            else:
                how = Open.WRONLY | Open.CREAT | (Open.APPEND if append else Open.TRUNC)
                stream = yield from self.p.open(decoded(name), how, 0o666)
                number = self.p.fds.add(stream, 10)
                self._written[name] = (Out(self.p, number), number)
        return self._written[name][0]

    def close(self, name: bytes) -> Steps[bool]:
        """close(name): whether something was open under it."""
        found = False
        if name in self._written:
            out, number = self._written.pop(name)
            yield from out.flush()
            if number > 2:
                self.p.fds.close(number)
            found = True
        if name in self._read:
            done_with(self.p, self._read.pop(name).stream)
            found = True
        return found

    def flush(self) -> Steps[None]:
        yield from self.out.flush()
        for out, _ in self._written.values():
            yield from out.flush()
