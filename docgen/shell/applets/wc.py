"""wc."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.frozen import frozen
from docgen.fs.content import Content
from docgen.fs.errors import Errno, FsError
from docgen.fs.nodes import Kind
from docgen.shell.applet import Options
from docgen.shell.applets.support.inputs import literal, read_operand, stat_of_input
from docgen.shell.applets.support.quoting import is_utf8, shell_quoted
from docgen.shell.applets.support.tool import GNU, flag, on_host, refused, tool
from docgen.shell.process import Process


@frozen
class _Counts:
    lines: int = 0
    words: int = 0
    chars: int = 0
    bytes: int = 0
    longest: int = 0

    def plus(self, other: _Counts) -> _Counts:
        return _Counts(
            self.lines + other.lines,
            self.words + other.words,
            self.chars + other.chars,
            self.bytes + other.bytes,
            max(self.longest, other.longest),
        )


_COLUMNS = ("lines", "words", "chars", "bytes", "max-line-length")


def wc(p: Process, options: Options) -> Steps[int]:
    wanted = [key for key in _COLUMNS if key in options] or ["lines", "words", "bytes"]
    names = options.operands or ("-",)
    rows: list[tuple[_Counts, str]] = []
    failures: dict[int, str] = {}
    failed = False
    for name in names:
        try:
            content = yield from read_operand(p, name)
            counts = _count(p, content, wanted, is_utf8(p) and on_host(p))
        except FsError as error:
            failures[len(rows)] = _failure(p, name, error)
            failed = True
            if error.errno is not Errno.EISDIR:
                continue
            counts = _Counts()
        rows.append((counts, name if options.operands else ""))
    width = _width(p, wanted, names)
    for index, (counts, name) in enumerate(rows):
        yield from p.err(failures.pop(index, ""))
        yield from p.out(_row(counts, name, wanted, width))
    yield from p.err("".join(failures.values()))
    if len(names) > 1:
        total = _Counts()
        for counts, _ in rows:
            total = total.plus(counts)
        yield from p.out(_row(total, "total", wanted, width))
    return int(failed)


def _failure(p: Process, name: str, error: FsError) -> str:
    shown = shell_quoted(p, name) if on_host(p) else name
    return f"{p.name}: {shown}: {error.errno.value}\n"


def _count(p: Process, content: Content, wanted: list[str], utf8: bool) -> _Counts:
    if wanted == ["bytes"]:
        return _Counts(bytes=content.size)
    raw = literal(p, content)
    chars = sum(byte & 0xC0 != 0x80 for byte in raw) if utf8 else len(raw)
    longest = 0
    if "max-line-length" in wanted:
        longest = max((_length(line, utf8) for line in raw.split(b"\n")), default=0)
    return _Counts(raw.count(b"\n"), len(raw.split()), chars, len(raw), longest)


def _length(line: bytes, utf8: bool) -> int:
    text = line.decode("utf-8" if utf8 else "ascii", "replace").expandtabs()
    return sum(char.isprintable() and char != "\ufffd" for char in text)


def _width(p: Process, wanted: list[str], names: tuple[str, ...]) -> int:
    """GNU: as wide as the sum of the files' sizes, 7 where a size is unknown; busybox: 9."""
    if len(wanted) == 1 and len(names) == 1:
        return 1
    if not on_host(p):
        return 9
    total = 0
    for name in names:
        try:
            stat = stat_of_input(p, name)
        except FsError:
            continue
        if stat is None or stat.kind is not Kind.FILE:
            return 7
        total += stat.size
    return len(str(total))


def _row(counts: _Counts, name: str, wanted: list[str], width: int) -> str:
    values = {
        "lines": counts.lines,
        "words": counts.words,
        "chars": counts.chars,
        "bytes": counts.bytes,
        "max-line-length": counts.longest,
    }
    row = " ".join(f"{values[key]:{width}d}" for key in wanted)
    return f"{row} {name}\n" if name else f"{row}\n"


_OPTIONS = (
    flag("c", "bytes"),
    flag("m", "chars"),
    flag("l", "lines"),
    flag("w", "words"),
    flag("L", "max-line-length"),
    refused("", "files0-from", flavours=GNU),
)

APPLETS = {"wc": tool("wc", wc, _OPTIONS)}
