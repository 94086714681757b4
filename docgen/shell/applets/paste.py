"""paste: lines of files side by side."""

from __future__ import annotations

from docgen.daemon.runner import Stream
from docgen.daemon.waits import Steps
from docgen.fs.errors import Errno, FsError
from docgen.shell.applet import Options
from docgen.shell.applets.support.inputs import Lines, cannot_open, done_with, open_input
from docgen.shell.applets.support.output import Out, encoded
from docgen.shell.applets.support.tool import Refusal, flag, on_host, tool, value
from docgen.shell.applets.tr import one_char
from docgen.shell.process import Process


def paste(p: Process, options: Options) -> Steps[int]:
    delimiters = _delimiters(options.get("delimiters"))
    if options.get("delimiters") == "" and not on_host(p):
        raise Refusal("-d '' is not supported")
    names = options.operands or ("-",)
    streams: list[tuple[str, Stream]] = []
    status = 0
    for name in names:
        try:
            streams.append((name, (yield from open_input(p, name))))
        except FsError as error:
            yield from cannot_open(p, name, error)
            if "serial" not in options or not on_host(p):
                return 1
            status = 1
    readers: dict[int, Lines] = {}
    for _, stream in streams:
        readers.setdefault(id(stream), Lines(p, stream))
    ordered = [readers[id(stream)] for _, stream in streams]
    out = Out(p)
    try:
        if "serial" in options:
            yield from _serial(out, ordered, delimiters)
        else:
            yield from _parallel(out, ordered, delimiters, on_host(p))
    except FsError as error:
        if error.errno is not Errno.EISDIR:
            raise
        yield from p.complain(f"{names[0]}: {error.errno.value}")
        status = 1
    for _, stream in streams:
        done_with(p, stream)
    yield from out.flush()
    return status


def _delimiters(text: str | None) -> list[bytes]:
    if text is None:
        return [b"\t"]
    found: list[bytes] = []
    raw = encoded(text)
    at = 0
    while at < len(raw):
        if raw[at : at + 2] == b"\\0":
            found.append(b"")
            at += 2
            continue
        byte, at = one_char(raw, at)
        found.append(bytes((byte,)))
    return found or [b""]


def _serial(out: Out, readers: list[Lines], delimiters: list[bytes]) -> Steps[None]:
    for reader in readers:
        index = 0
        line = yield from reader.next()
        while line is not None:
            yield from out.put(line.removesuffix(b"\n"))
            line = yield from reader.next()
            if line is not None:
                yield from out.put(delimiters[index % len(delimiters)])
                index += 1
        yield from out.put(b"\n")


def _parallel(out: Out, readers: list[Lines], delimiters: list[bytes], gnu: bool) -> Steps[None]:
    while True:
        row: list[bytes | None] = []
        for reader in readers:
            line = yield from reader.next()
            row += [line]
        if all(line is None for line in row):
            return
        yield from out.put(_row(row, delimiters) if gnu else _busybox_row(row, delimiters))


def _row(row: list[bytes | None], delimiters: list[bytes]) -> bytes:
    text = b""
    for index, line in enumerate(row):
        if index:
            text += delimiters[(index - 1) % len(delimiters)]
        text += (line or b"").removesuffix(b"\n")
    return text + b"\n"


def _busybox_row(row: list[bytes | None], delimiters: list[bytes]) -> bytes:
    """A file at its end gives neither text nor delimiter; the last file gives the newline."""
    text = b""
    used = 0
    for index, line in enumerate(row):
        if line is None:
            continue
        text += line.removesuffix(b"\n")
        if index == len(row) - 1:
            text += b"\n"
        else:
            text += delimiters[used % len(delimiters)]
            used += 1
    return text


_OPTIONS = (value("d", "delimiters"), flag("s", "serial"))

APPLETS = {"paste": tool("paste", paste, _OPTIONS)}
