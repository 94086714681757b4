"""cut and tr: parts of lines, and characters for characters."""

from __future__ import annotations

from collections.abc import Iterator

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.fs.content import Content
from docgen.fs.errors import FsError
from docgen.shell.applet import Options
from docgen.shell.applets.support.inputs import read_operand, read_piece, split_lines
from docgen.shell.applets.support.output import encoded
from docgen.shell.applets.support.quoting import quoted
from docgen.shell.applets.support.tool import (
    GNU,
    Refusal,
    complain_of_usage,
    flag,
    missing_operand,
    on_host,
    refused,
    tool,
    value,
)
from docgen.shell.process import Process

_MOST = 1 << 40
"""The end of a range without one."""

Ranges = list[tuple[int, int]]


def cut(p: Process, options: Options) -> Steps[int]:
    given = [key for key in ("bytes", "characters", "fields") if key in options]
    if not given:
        words = "you must specify a list of bytes, characters, or fields"
        if on_host(p):
            return (yield from complain_of_usage(p, words, 1))
        raise Refusal("expected a list of bytes, characters, or fields")
    ranges = _ranges(p, options.get(given[0]) or "", given[0])
    failed = False
    for name in options.operands or ("-",):
        try:
            data = (yield from read_operand(p, name)).to_bytes()
        except FsError as error:
            failed = True
            told = name if on_host(p) else f"can't open '{name}'"
            yield from p.complain(f"{told}: {error.errno.value}")
            continue
        made = b"".join(_cut_lines(options, given[0], ranges, data))
        yield from p.out(Content.of(made))
    return int(failed)


def _ranges(p: Process, text: str, kind: str) -> Ranges:
    found: Ranges = []
    for part in text.replace(" ", ",").split(","):
        first, dash, last = part.partition("-")
        if (first and not first.isdigit()) or (last and not last.isdigit()) or not (first or last):
            what = "field" if kind == "fields" else "byte/character position"
            raise Refusal(f"invalid {what} value {quoted(p, part)}")
        left = int(first) if first else 1
        right = int(last) if last else (_MOST if dash else left)
        if left < 1 or right < 1:
            what = "fields" if kind == "fields" else "byte/character positions"
            raise Refusal(f"{what} are numbered from 1")
        if right < left:
            raise Refusal("invalid decreasing range")
        found.append((left, right))
    return found


def _cut_lines(options: Options, kind: str, ranges: Ranges, data: bytes) -> Iterator[bytes]:
    delimiter = encoded(options.get("delimiter", "\t") or "\0")
    if len(delimiter) > 1:
        raise Refusal("the delimiter must be a single character")
    between = encoded(options.get("output-delimiter") or "") or delimiter
    for line in split_lines(data):
        if kind != "fields":
            picked = (chr(byte) for at, byte in enumerate(line, 1) if _in(ranges, at))
            yield "".join(picked).encode("latin-1") + b"\n"
            continue
        parts = line.split(delimiter)
        if len(parts) == 1:
            if "only-delimited" not in options:
                yield line + b"\n"
            continue
        yield between.join(part for at, part in enumerate(parts, 1) if _in(ranges, at)) + b"\n"


def _in(ranges: Ranges, at: int) -> bool:
    return any(left <= at <= right for left, right in ranges)


_CLASSES = {
    "upper": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "lower": "abcdefghijklmnopqrstuvwxyz",
    "digit": "0123456789",
    "space": "\t\n\v\f\r ",
    "blank": "\t ",
    "punct": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    "xdigit": "0123456789ABCDEFabcdef",
}
_CLASSES["alpha"] = _CLASSES["upper"] + _CLASSES["lower"]
_CLASSES["alnum"] = _CLASSES["digit"] + _CLASSES["alpha"]
_CLASSES["graph"] = "".join(map(chr, range(33, 127)))
_CLASSES["print"] = " " + _CLASSES["graph"]
_CLASSES["cntrl"] = "".join(map(chr, range(32))) + "\x7f"
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


def tr(p: Process, options: Options) -> Steps[int]:
    words = options.operands
    delete, squeeze = "delete" in options, "squeeze-repeats" in options
    if not words:
        return (yield from missing_operand(p))
    if len(words) == 1 and not delete and not squeeze:
        told = f"missing operand after {quoted(p, words[0])}"
        yield from p.complain(told)
        yield from p.err("Two strings must be given when translating.\n")
        return (yield from complain_of_usage(p, "", 1))
    first = _set(words[0])
    if "complement" in options:
        first = bytes(byte for byte in range(256) if byte not in first)
    second = _set(words[1]) if len(words) > 1 else b""
    table = None if delete or not second else _table(first, second, "truncate-set1" in options)
    gone = first if delete else b""
    squeezed = (second or first) if squeeze else b""
    last = -1
    while True:
        piece = yield from read_piece(p.fds[0])
        if not piece.size:
            return 0
        data = piece.to_bytes().translate(table, gone)
        if squeezed:
            data, last = _squeeze(data, squeezed, last)
        yield from p.out(Content.of(data))


def _set(text: str) -> bytes:
    """The bytes of a set, ranges and classes written out."""
    raw = _tokens(text)
    made = bytearray()
    at = 0
    while at < len(raw):
        if at + 2 < len(raw) and raw[at + 1] == (ord("-"), False):
            left, right = raw[at][0], raw[at + 2][0]
            if right < left:
                told = f"{chr(left)}-{chr(right)}"
                raise Refusal(
                    f"range-endpoints of '{told}' are in reverse collating sequence order"
                )
            made += bytes(range(left, right + 1))
            at += 3
        else:
            made.append(raw[at][0])
            at += 1
    return bytes(made)


def _tokens(text: str) -> list[tuple[int, bool]]:
    """(byte, was it escaped or of a class); only a bare `-` makes a range."""
    found: list[tuple[int, bool]] = []
    at = 0
    while at < len(text):
        if text.startswith("[:", at) and ":]" in text[at:]:
            end = text.index(":]", at)
            name = text[at + 2 : end]
            if name not in _CLASSES:
                raise Refusal(f"invalid character class '{name}'")
            found += [(ord(char), True) for char in _CLASSES[name]]
            at = end + 2
        elif text.startswith("[=", at) or (text[at] == "[" and "*" in text[at + 1 : at + 3]):
            raise NotSimulated(f"tr {text}", "write the characters out")
        elif text[at] == "\\" and at + 1 < len(text):
            size, byte = _escape(text[at + 1 :])
            found.append((byte, True))
            at += 1 + size
        else:
            found += [(byte, False) for byte in encoded(text[at])]
            at += 1
    return found


def _escape(text: str) -> tuple[int, int]:
    if text[0] in _ESCAPES:
        return 1, ord(_ESCAPES[text[0]])
    digits = ""
    for char in text[:3]:
        if char not in "01234567":
            break
        digits += char
    if digits:
        return len(digits), int(digits, 8) & 0xFF
    return 1, encoded(text[0])[0]


def _table(first: bytes, second: bytes, truncate: bool) -> bytes:
    if not second:
        raise Refusal("when not truncating set1, string2 must be non-empty")
    table = bytearray(range(256))
    for at, byte in enumerate(first):
        if at < len(second):
            table[byte] = second[at]
        elif not truncate:
            table[byte] = second[-1]
    return bytes(table)


def _squeeze(data: bytes, these: bytes, last: int) -> tuple[bytes, int]:
    made = bytearray()
    for byte in data:
        if byte == last and byte in these:
            continue
        made.append(byte)
        last = byte
    return bytes(made), last


APPLETS = {
    "cut": tool(
        "cut",
        cut,
        (
            value("b", "bytes"),
            value("c", "characters"),
            value("f", "fields"),
            value("d", "delimiter"),
            flag("s", "only-delimited"),
            flag("n"),
            value("", "output-delimiter", flavours=GNU),
            refused("z", "zero-terminated complement", flavours=GNU),
        ),
    ),
    "tr": tool(
        "tr",
        tr,
        (
            flag("d", "delete"),
            flag("s", "squeeze-repeats"),
            flag("cC", "complement"),
            flag("t", "truncate-set1", flavours=GNU),
        ),
        permute=False,
    ),
}
