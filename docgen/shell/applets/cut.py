"""cut: parts of lines."""

from __future__ import annotations

from collections.abc import Callable

from docgen.daemon.waits import Steps
from docgen.fs.errors import Errno, FsError
from docgen.shell.applet import Options
from docgen.shell.applets.support.inputs import Lines, cannot_open, done_with, open_input
from docgen.shell.applets.support.output import Out, encoded
from docgen.shell.applets.support.quoting import quoted
from docgen.shell.applets.support.tool import (
    BOX,
    GNU,
    Refusal,
    complain_of_usage,
    flag,
    on_host,
    refuse_usage_text,
    refused,
    tool,
    value,
)
from docgen.shell.process import Process

_FOREVER = 1 << 60


def cut(p: Process, options: Options) -> Steps[int]:
    kinds = [key for key in ("bytes", "characters", "fields") if key in options]
    if not kinds:
        if not on_host(p):
            raise Refusal("expected a list of bytes, characters, or fields")
        message = "you must specify a list of bytes, characters, or fields"
        return (yield from complain_of_usage(p, message, 1))
    if len(kinds) > 1 or len(options.all(kinds[0])) > 1:
        if not on_host(p):
            refuse_usage_text(p)
        return (yield from complain_of_usage(p, "only one list may be specified", 1))
    ranges = yield from _ranges(p, options.get(kinds[0]) or "", kinds[0] == "fields")
    if ranges is None:
        return 1
    by_field = kinds[0] == "fields"
    delimiter = yield from _delimiter(p, options, by_field)
    if delimiter is None:
        return 1
    joined = options.get("output-delimiter", options.get("O"))
    separator = encoded(joined) if joined is not None else delimiter
    if "complement" in options:
        ranges = _complement(ranges)
    end = b"\0" if "zero-terminated" in options else b"\n"
    only, gnu = "only-delimited" in options, on_host(p)
    glue = separator if joined is not None else b""

    def shown(line: bytes) -> bytes | None:
        if by_field:
            return _cut_fields(line, ranges, delimiter, separator, only, gnu)
        return glue.join(line[low - 1 : high] for low, high in ranges if low <= len(line))

    return (yield from _cut_files(p, options.operands or ("-",), shown, end))


def _cut_files(
    p: Process, names: tuple[str, ...], shown: Callable[[bytes], bytes | None], end: bytes
) -> Steps[int]:
    out, status = Out(p), 0
    for name in names:
        try:
            stream = yield from open_input(p, name)
            reader = Lines(p, stream, end)
            while (raw := (yield from reader.next())) is not None:
                line = shown(raw.removesuffix(end))
                if line is not None:
                    yield from out.put(line + end)
            done_with(p, stream)
        except FsError as error:
            if error.errno is Errno.EISDIR and not on_host(p):
                continue
            status = 1
            yield from out.flush()
            yield from cannot_open(p, name, error)
    yield from out.flush()
    return status


def _delimiter(p: Process, options: Options, by_field: bool) -> Steps[bytes | None]:
    text = options.get("delimiter")
    if text is None:
        if "only-delimited" in options and not by_field and on_host(p):
            message = "suppressing non-delimited lines makes sense\n\tonly when operating on fields"
            yield from complain_of_usage(p, message, 1)
            return None
        return b"\t"
    if not by_field and on_host(p):
        message = "an input delimiter may be specified only when operating on fields"
        yield from complain_of_usage(p, message, 1)
        return None
    raw = encoded(text)
    if len(raw) > 1:
        if not on_host(p):
            return raw[:1]
        yield from complain_of_usage(p, "the delimiter must be a single character", 1)
        return None
    return raw or b"\0"


def _ranges(p: Process, text: str, by_field: bool) -> Steps[list[tuple[int, int]] | None]:
    what = "field value" if by_field else "byte or character position"
    positions = "fields" if by_field else "byte/character positions"
    found: list[tuple[int, int]] = []
    for part in text.replace(" ", ",").split(","):
        low, dash, high = part.partition("-")
        problem = ""
        if not _is_number(low) or not _is_number(high):
            problem = f"invalid {what} {quoted(p, part)}"
        elif part == "-":
            problem = "invalid range with no endpoint: -"
        elif low == "0" or part == "" or (high == "0" and dash):
            problem = f"{positions} are numbered from 1"
        elif dash and low and high and int(high) < int(low):
            problem = "invalid decreasing range"
        if problem:
            if not on_host(p):
                numeric = _is_number(low) and _is_number(high)
                raise Refusal(f"invalid range {text}" if numeric else f"invalid number '{part}'")
            yield from complain_of_usage(p, problem, 1)
            return None
        first = int(low or "1")
        found.append((first, (int(high) if high else _FOREVER) if dash else first))
    return _merged(found)


def _is_number(text: str) -> bool:
    return text == "" or (text.isascii() and text.isdigit() and len(text) < 18)


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _complement(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    gaps, at = [], 1
    for low, high in ranges:
        if at < low:
            gaps.append((at, low - 1))
        at = high + 1
    return [*gaps, (at, _FOREVER)] if at < _FOREVER else gaps


def _cut_fields(
    line: bytes,
    ranges: list[tuple[int, int]],
    delimiter: bytes,
    separator: bytes,
    only: bool,
    gnu: bool,
) -> bytes | None:
    if delimiter not in line:
        return None if only and (line or gnu) else line
    fields = line.split(delimiter)
    picked: list[bytes] = []
    for low, high in ranges:
        picked += fields[low - 1 : high]
    return separator.join(picked)


_OPTIONS = (
    value("b", "bytes"),
    value("c", "characters"),
    value("f", "fields"),
    value("d", "delimiter"),
    flag("s", "only-delimited"),
    flag("n"),
    value("", "output-delimiter", GNU),
    value("O", "", BOX),
    flag("", "complement", GNU),
    flag("z", "zero-terminated", GNU),
    refused("D", "", flavours=BOX),
    refused("F", "", flavours=BOX),
)

APPLETS = {"cut": tool("cut", cut, _OPTIONS)}
