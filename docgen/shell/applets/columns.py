"""cut, tr, paste."""

from __future__ import annotations

from collections.abc import Callable

from docgen.daemon.runner import Stream
from docgen.daemon.waits import Steps
from docgen.fs.errors import Errno, FsError
from docgen.shell.applet import Options
from docgen.shell.applets.support.inputs import (
    Lines,
    done_with,
    literal,
    open_input,
    read_piece,
)
from docgen.shell.applets.support.output import Out, encoded
from docgen.shell.applets.support.quoting import quoted, shell_quoted
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


def _cannot_open(p: Process, name: str, error: FsError) -> Steps[None]:
    shown = shell_quoted(p, name) if on_host(p) else name
    yield from p.complain(f"{shown}: {error.errno.value}")


# -- cut -------------------------------------------------------------------------------------


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
            yield from _cannot_open(p, name, error)
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


# -- tr --------------------------------------------------------------------------------------


_CLASSES: dict[str, Callable[[int], bool]] = {
    "alpha": lambda c: chr(c).isalpha() and c < 128,
    "digit": lambda c: 48 <= c <= 57,
    "alnum": lambda c: chr(c).isalnum() and c < 128,
    "upper": lambda c: 65 <= c <= 90,
    "lower": lambda c: 97 <= c <= 122,
    "space": lambda c: c in b" \t\n\r\f\v",
    "blank": lambda c: c in b" \t",
    "punct": lambda c: 33 <= c <= 126 and not chr(c).isalnum(),
    "cntrl": lambda c: c < 32 or c == 127,
    "print": lambda c: 32 <= c <= 126,
    "graph": lambda c: 33 <= c <= 126,
    "xdigit": lambda c: c in b"0123456789abcdefABCDEF",
}
_ESCAPES = {"n": 10, "t": 9, "r": 13, "a": 7, "b": 8, "f": 12, "v": 11, "\\": 92}


def tr(p: Process, options: Options) -> Steps[int]:
    operands = options.operands
    deleting, squeezing = "delete" in options, "squeeze-repeats" in options
    problem = _tr_problem(p, operands, deleting, squeezing)
    if problem is not None:
        return (yield from complain_of_usage(p, problem, 1))
    first = _set(p, operands[0])
    if "complement" in options:
        inside = set(first)
        first = [c for c in range(256) if c not in inside]
    second = _set(p, operands[1], len(first)) if len(operands) > 1 else []
    table, doomed, squeezed = _plan(p, first, second, options)
    out = Out(p)
    last = -1
    while True:
        piece = yield from read_piece(p.fds[0])
        if not piece.size:
            break
        p.kernel.tick()
        data = literal(p, piece).translate(table, doomed)
        if squeezed:
            kept = bytearray()
            for byte in data:
                if byte != last or byte not in squeezed:
                    kept.append(byte)
                last = byte
            data = bytes(kept)
        yield from out.put(data)
    yield from out.flush()
    return 0


def _tr_problem(
    p: Process, operands: tuple[str, ...], deleting: bool, squeezing: bool
) -> str | None:
    if not operands:
        return "missing operand"
    if len(operands) == 1 and not deleting and not squeezing:
        told = quoted(p, operands[0])
        return f"missing operand after {told}\nTwo strings must be given when translating."
    if len(operands) == 1 and deleting and squeezing:
        told = quoted(p, operands[0])
        return (
            f"missing operand after {told}\n"
            "Two strings must be given when both deleting and squeezing repeats."
        )
    if len(operands) == 2 and deleting and not squeezing:
        told = quoted(p, operands[1])
        return (
            f"extra operand {told}\n"
            "Only one string may be given when deleting without squeezing repeats."
        )
    if len(operands) > 2:
        return f"extra operand {quoted(p, operands[2])}"
    return None


def _plan(
    p: Process, first: list[int], second: list[int], options: Options
) -> tuple[bytes, bytes, frozenset[int]]:
    """Translation table, bytes to delete, bytes whose repeats are squeezed."""
    table = bytearray(range(256))
    if "delete" in options:
        squeezed = frozenset(second) if "squeeze-repeats" in options else frozenset()
        return bytes(table), bytes(sorted(set(first))), squeezed
    if second:
        if "truncate-set1" in options:
            first = first[: len(second)]
        for index, byte in enumerate(first):
            table[byte] = second[min(index, len(second) - 1)]
    elif len(options.operands) > 1 and on_host(p):
        raise Refusal("when not truncating set1, string2 must be non-empty")
    squeezed = frozenset()
    if "squeeze-repeats" in options:
        squeezed = frozenset(second or first)
    return bytes(table), b"", squeezed


def _set(p: Process, text: str, wanted: int = 0) -> list[int]:
    """The bytes of a set; `[x*]` is filled up to `wanted`."""
    raw = encoded(text)
    found: list[int] = []
    fill: tuple[int, int] | None = None
    at = 0
    while at < len(raw):
        special = _class(p, raw, at)
        if special is not None:
            chars, at = special
            found += chars
            continue
        repeat = _repeat(raw, at) if on_host(p) else None
        if repeat is not None:
            byte, count, at = repeat
            if count:
                found += [byte] * count
            else:
                fill = (len(found), byte)
            continue
        low, at = _tr_char(raw, at)
        if raw[at : at + 1] == b"-" and at + 1 < len(raw):
            high, at = _tr_char(raw, at + 1)
            if high < low:
                raise Refusal(
                    f"range-endpoints of '{chr(low)}-{chr(high)}' are in reverse "
                    "collating sequence order"
                )
            found += range(low, high + 1)
        else:
            found.append(low)
    if fill is not None:
        place, byte = fill
        found[place:place] = [byte] * max(wanted - len(found), 0)
    return found


def _class(p: Process, raw: bytes, at: int) -> tuple[list[int], int] | None:
    if raw[at : at + 2] == b"[=" and raw[at + 3 : at + 5] == b"=]":
        return [raw[at + 2]], at + 5
    if raw[at : at + 2] != b"[:":
        return None
    stop = raw.find(b":]", at)
    if stop < 0:
        return None
    name = raw[at + 2 : stop].decode("latin-1")
    member = _CLASSES.get(name)
    if member is None:
        if not on_host(p):
            return None
        raise Refusal(f"invalid character class {quoted(p, name)}")
    order = [c for c in range(256) if member(c)]
    return order, stop + 2


def _repeat(raw: bytes, at: int) -> tuple[int, int, int] | None:
    """`[x*]`, `[x*5]`, `[x*010]`: byte, count (0: as many as are needed), index behind it."""
    if raw[at : at + 1] != b"[" or at + 1 >= len(raw):
        return None
    byte, star = _tr_char(raw, at + 1)
    stop = raw.find(b"]", star)
    if raw[star : star + 1] != b"*" or stop < 0:
        return None
    digits = raw[star + 1 : stop]
    if digits and not digits.isdigit():
        return None
    count = int(digits, 8 if digits.startswith(b"0") else 10) if digits else 0
    return byte, min(count, 65536), stop + 1


def _tr_char(raw: bytes, at: int) -> tuple[int, int]:
    if raw[at] != 92 or at + 1 >= len(raw):
        return raw[at], at + 1
    letter = chr(raw[at + 1])
    if letter in "01234567":
        stop = at + 1
        while stop < min(at + 4, len(raw)) and chr(raw[stop]) in "01234567":
            stop += 1
        number = int(raw[at + 1 : stop], 8)
        if number > 255:
            stop -= 1
            number = int(raw[at + 1 : stop], 8)
        return number, stop
    return _ESCAPES.get(letter, raw[at + 1]), at + 2


# -- paste -----------------------------------------------------------------------------------


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
            yield from _cannot_open(p, name, error)
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
        byte, at = _tr_char(raw, at)
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


_CUT = (
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
_TR = (
    flag("cC", "complement"),
    flag("d", "delete"),
    flag("s", "squeeze-repeats"),
    flag("t", "truncate-set1", GNU),
)

APPLETS = {
    "cut": tool("cut", cut, _CUT),
    "tr": tool("tr", tr, _TR, permute=False),
    "paste": tool("paste", paste, (value("d", "delimiters"), flag("s", "serial"))),
}
