"""grep reads files and prints what it selects."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from docgen.daemon.runner import Stream
from docgen.daemon.waits import Steps
from docgen.frozen import frozen
from docgen.fs.errors import FsError
from docgen.fs.nodes import Kind
from docgen.shell.applet import Options
from docgen.shell.applets.grep.matcher import Matcher
from docgen.shell.applets.support.inputs import Lines, done_with, open_input
from docgen.shell.applets.support.output import Out, encoded
from docgen.shell.applets.support.tool import on_host
from docgen.shell.pattern import Pattern
from docgen.shell.process import Process


@frozen
class Style:
    invert: bool
    count: bool
    names: str
    """`with` (-l), `without` (-L) or empty: whole lines."""
    quiet: bool
    numbers: bool
    only: bool
    offsets: bool
    filenames: bool
    end: bytes
    name_end: bytes
    limit: int | None
    before: int
    after: int
    text: bool
    """Binary files count as text (-a); busybox has no other way."""
    skip_binary: bool
    label: str


_Line = tuple[int, int, bytes]
"""Number, offset in bytes, text."""


@dataclass(slots=True)
class _State:
    """Where the reading of one file stands."""

    earlier: deque[_Line]
    """Lines that become context when a match follows."""
    number: int = 0
    offset: int = 0
    selected: int = 0
    after: int = 0
    """Lines of context that are still to be printed."""
    printed: int = 0
    """Number of the line that was printed last."""
    binary: bool = False


class Scan:
    def __init__(self, p: Process, options: Options, matcher: Matcher, style: Style) -> None:
        self.p = p
        self.gnu = on_host(p)
        self.options = options
        self.matcher = matcher
        self.style = style
        self.out = Out(p)
        self.found = False
        self.failed = False
        self.separate = False

    def file(self, name: str) -> Steps[None]:
        try:
            if name != "-" and self.p.view.stat(name).kind is Kind.DIR:
                yield from self._is_directory(name)
                return
            stream = yield from open_input(self.p, name)
        except FsError as error:
            yield from self.complain(name, error)
            return
        try:
            selected = yield from self._stream(name, stream)
        except FsError as error:
            yield from self.complain(name, error)
            return
        finally:
            done_with(self.p, stream)
        if selected != (self.style.names == "without"):
            self.found = True

    def complain(self, name: str, error: FsError) -> Steps[None]:
        self.failed = True
        if "no-messages" not in self.options:
            yield from self.out.flush()
            yield from self.p.complain(f"{name}: {error.errno.value}")

    def _is_directory(self, name: str) -> Steps[None]:
        if self.gnu and self.options.get("directories") != "skip":
            yield from self.out.flush()
            yield from self.p.complain(f"{name}: Is a directory")
            self.failed = self.failed or "no-messages" not in self.options
            if self.style.count and not self.style.quiet:
                yield from self.out.put(self._prefix(name, 0, 0, b":") + b"0\n")
        self.found = self.found or self.style.names == "without"

    def _shown(self, name: str) -> bytes:
        return encoded(self.style.label if name == "-" else name)

    def _stream(self, name: str, stream: Stream) -> Steps[bool]:
        """Whether a line was selected."""
        style = self.style
        state = _State(deque(maxlen=style.before or 1))
        reader = Lines(self.p, stream, style.end)
        while style.limit is None or state.selected < style.limit or state.after > 0:
            raw = yield from reader.next()
            if raw is None:
                break
            state.number += 1
            line = raw.removesuffix(style.end)
            if not style.text and b"\0" in raw and style.end == b"\n":
                state.binary = True
            hit = self.matcher.matches(line) is not style.invert
            if hit and style.limit is not None and state.selected >= style.limit:
                break
            state.selected += hit
            if hit and (style.quiet or style.names or (state.binary and not style.count)):
                break
            if not style.count:
                yield from self._show(name, state, line, hit)
            state.offset += len(raw)
        yield from self._summary(name, state.selected, state.binary)
        return state.selected > 0

    def _show(self, name: str, state: _State, line: bytes, hit: bool) -> Steps[None]:
        """A line that was read: printed, kept as context, or forgotten."""
        here = (state.number, state.offset, line)
        if hit:
            for piece in self._selected(name, here, state.earlier, state.printed):
                yield from self.out.put(piece)
            state.printed, state.after = state.number, self.style.after
            state.earlier.clear()
        elif state.after > 0:
            state.after -= 1
            yield from self.out.put(self._whole(name, here, b"-"))
            state.printed = state.number
        elif self.style.before:
            state.earlier.append(here)

    def _selected(
        self,
        name: str,
        here: _Line,
        earlier: deque[_Line],
        printed: int,
    ) -> Iterator[bytes]:
        style = self.style
        if style.before or style.after:
            first = earlier[0][0] if earlier else here[0]
            if (printed and first > printed + 1) or (not printed and self.separate):
                yield b"--\n"
            self.separate = True
            for context in earlier:
                yield self._whole(name, context, b"-")
        if not style.only:
            yield self._whole(name, here, b":")
        elif not style.invert:
            number, offset, line = here
            for start, end in self.matcher.spans(line):
                if end > start:
                    prefix = self._prefix(name, number, offset + start, b":")
                    yield prefix + line[start:end] + style.end

    def _whole(self, name: str, here: _Line, mark: bytes) -> bytes:
        if self.style.only and mark == b"-":
            return b""
        number, offset, line = here
        return self._prefix(name, number, offset, mark) + line + self.style.end

    def _prefix(self, name: str, number: int, offset: int, mark: bytes) -> bytes:
        style = self.style
        prefix = b""
        if style.filenames:
            prefix += self._shown(name) + (style.name_end or mark)
        if style.numbers and number:
            prefix += b"%d" % number + mark
        if style.offsets and number:
            prefix += b"%d" % offset + mark
        return prefix

    def _summary(self, name: str, selected: int, binary: bool) -> Steps[None]:
        style = self.style
        if style.quiet:
            return
        if style.names:
            if (selected > 0) is (style.names == "with"):
                yield from self.out.put(self._shown(name) + (style.name_end or b"\n"))
        elif style.count:
            prefix = self._shown(name) + (style.name_end or b":") if style.filenames else b""
            yield from self.out.put(prefix + b"%d\n" % selected)
        elif binary and selected and not style.skip_binary:
            shown = self._shown(name).decode("utf-8", "surrogateescape")
            yield from self.out.flush()
            yield from self.p.complain(f"{shown}: binary file matches")


def walk(p: Process, options: Options, grep: Scan, top: str, implicit: bool) -> Steps[None]:
    """A tree in order of names; symlinks below the top are followed with -R only."""
    follow = "dereference-recursive" in options
    included = [Pattern([(text, False)]) for text in options.all("include")]
    excluded = [Pattern([(text, False)]) for text in options.all("exclude")]
    excluded_dirs = [Pattern([(text, False)]) for text in options.all("exclude-dir")]
    pending = [top]
    while pending:
        path = pending.pop()
        p.kernel.tick()
        name = path.rpartition("/")[2]
        try:
            stat = p.view.stat(path, follow=follow or path == top)
        except FsError as error:
            yield from grep.complain(path, error)
            continue
        if stat.kind is Kind.DIR:
            if path != top and any(one.matches(name) for one in excluded_dirs):
                continue
            try:
                inner = p.view.listdir(path)
            except FsError as error:
                yield from grep.complain(path, error)
                continue
            prefix = "" if implicit and path == top and on_host(p) else path.rstrip("/") + "/"
            pending += [prefix + one for one in reversed(inner)]
            continue
        if stat.kind is not Kind.FILE and path != top:
            continue
        if included and not any(one.matches(name) for one in included):
            continue
        if any(one.matches(name) for one in excluded):
            continue
        yield from grep.file(path)
