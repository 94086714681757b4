"""od, hexdump, xxd, base64: bytes made visible."""

from __future__ import annotations

import base64 as coding
import binascii
import re
from collections.abc import Callable

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.fs.errors import FsError
from docgen.shell.applet import Options
from docgen.shell.applets.support.inputs import literal, read_operand
from docgen.shell.applets.support.output import Out
from docgen.shell.applets.support.quoting import quoted, shell_quoted
from docgen.shell.applets.support.sizes import parse_size
from docgen.shell.applets.support.tool import (
    BOX,
    GNU,
    Refusal,
    complain_of_usage,
    flag,
    on_host,
    refused,
    tool,
    value,
)
from docgen.shell.process import Process

_NAMED = {0: "\\0", 7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r"}
_TYPE = re.compile(r"([xdouca])([1248CSIL]?)")
_SIZES = {"": 4, "C": 1, "S": 2, "I": 4, "L": 8}


def _char(byte: int) -> str:
    if byte in _NAMED:
        return _NAMED[byte].rjust(4)
    return f"   {chr(byte)}" if 32 <= byte < 127 else f" {byte:03o}"


def _unit(kind: str, size: int) -> Callable[[bytes], str]:
    """How one group of bytes is shown, with the blank in front of it."""
    if kind == "c":
        return lambda raw: _char(raw[0])
    widths = {"x": 2 * size, "o": {1: 3, 2: 6, 4: 11, 8: 22}[size]}
    if kind in widths:
        wide = widths[kind]
        return lambda raw: " " + format(int.from_bytes(raw, "little"), f"0{wide}{kind}")
    wide = {1: 4, 2: 6, 4: 11, 8: 20}[size] if kind == "d" else {1: 3, 2: 5, 4: 10, 8: 20}[size]
    signed = kind == "d"
    return lambda raw: " " + str(int.from_bytes(raw, "little", signed=signed)).rjust(wide)


def _od_format(options: Options) -> tuple[str, int]:
    found = ("o", 2)
    shorthands = {"b": ("o", 1), "c": ("c", 1), "d": ("u", 2), "o": ("o", 2), "s": ("d", 2)} | {
        "x": ("x", 2)
    }
    given = 0
    for key, text in options.given:
        if key in shorthands:
            found = shorthands[key]
            given += 1
        elif key == "format":
            match = _TYPE.fullmatch(text)
            if match is None or match[1] == "a":
                raise NotSimulated(f"od -t {text}", "use x1, x2, o1, d1, u1 or c")
            size = int(match[2]) if match[2].isdigit() else _SIZES[match[2]]
            found = (match[1], 1 if match[1] == "c" else size)
            given += 1
    if given > 1:
        raise NotSimulated("od with several formats at a time", "call it once for each")
    return found


def od(p: Process, options: Options) -> Steps[int]:
    kind, size = _od_format(options)
    raw, status = yield from _input(p, options, "read-bytes", "skip-bytes")
    skip = parse_size(options.get("skip-bytes") or "0") or 0
    width = int(options.get("width") or 16)
    radix = options.get("address-radix") or "o"
    addresses = {"o": "07o", "x": "06x", "d": "07d"}
    unit = _unit(kind, size)

    def address(at: int) -> str:
        return "" if radix == "n" else format(at + skip, addresses[radix])

    out = Out(p)
    before = None
    starred = False
    for at in range(0, len(raw), width):
        row = raw[at : at + width]
        if row == before and len(row) == width and "output-duplicates" not in options:
            if not starred:
                yield from out.put("*\n")
            starred = True
            continue
        before, starred = row, False
        padded = row + bytes(-len(row) % size)
        cells = [unit(padded[n : n + size]) for n in range(0, len(padded), size)]
        yield from out.put(address(at) + "".join(cells) + "\n")
    if radix != "n":
        yield from out.put(address(len(raw)) + "\n")
    yield from out.flush()
    return status


def _input(p: Process, options: Options, limit_key: str, skip_key: str) -> Steps[tuple[bytes, int]]:
    """All operands one after the other, cut by -N and -j."""
    skip = parse_size(options.get(skip_key) or "0") or 0
    limit = options.get(limit_key)
    parts, status = [], 0
    for name in options.operands or ("-",):
        try:
            content = yield from read_operand(p, name)
        except FsError as error:
            status = 1
            shown = shell_quoted(p, name) if on_host(p) else name
            yield from p.complain(f"{shown}: {error.errno.value}")
            continue
        wanted = content.size if limit is None else (parse_size(limit) or 0) + skip
        parts.append(literal(p, content.read(0, wanted)))
    raw = b"".join(parts)[skip:]
    return (raw if limit is None else raw[: parse_size(limit) or 0]), status


def hexdump(p: Process, options: Options) -> Steps[int]:
    raw, status = yield from _input(p, options, "n", "s")
    skip = parse_size(options.get("s") or "0") or 0
    canonical = "C" in options
    out = Out(p)
    before = None
    starred = False
    for at in range(0, len(raw), 16):
        row = raw[at : at + 16]
        if row == before and len(row) == 16 and "v" not in options:
            if not starred:
                yield from out.put("*\n")
            starred = True
            continue
        before, starred = row, False
        shown = _canonical(row) if canonical else _words(row, options)
        yield from out.put(f"{at + skip:0{8 if canonical else 7}x}{shown}\n")
    if raw:
        yield from out.put(f"{len(raw) + skip:0{8 if canonical else 7}x}\n")
    yield from out.flush()
    return status


def _canonical(row: bytes) -> str:
    left = " ".join(f"{byte:02x}" for byte in row[:8])
    right = " ".join(f"{byte:02x}" for byte in row[8:])
    text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
    return f"  {left:<23}  {right:<23}  |{text}|"


def _words(row: bytes, options: Options) -> str:
    if "b" in options:
        return "".join(f" {byte:03o}" for byte in row).ljust(64)
    if "c" in options:
        return "".join(_char(byte) for byte in row).ljust(64)
    kinds = {"d": "  {:05d}", "o": " {:06o}", "x": "   {:04x}"}
    form = next((kinds[key] for key in kinds if key in options), " {:04x}")
    padded = row + bytes(len(row) % 2)
    cells = [
        form.format(int.from_bytes(padded[n : n + 2], "little")) for n in range(0, len(padded), 2)
    ]
    return "".join(cells).ljust(8 * len(form.format(0)))


def xxd(p: Process, options: Options) -> Steps[int]:
    raw, status = yield from _input(p, options, "l", "s")
    skip = parse_size(options.get("s") or "0") or 0
    out = Out(p)
    if "p" in options:
        columns = int(options.get("c") or 30)
        for at in range(0, len(raw), columns):
            yield from out.put(raw[at : at + columns].hex() + "\n")
        yield from out.flush()
        return status
    columns = int(options.get("c") or 16)
    group = int(options.get("g") or 2) or columns
    wide = 2 * columns + -(-columns // group)
    for at in range(0, len(raw), columns):
        row = raw[at : at + columns]
        cells = [row[n : n + group].hex() for n in range(0, len(row), group)]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        yield from out.put(f"{at + skip:08x}: {' '.join(cells).ljust(wide)} {text}\n")
    yield from out.flush()
    return status


def base64(p: Process, options: Options) -> Steps[int]:
    if len(options.operands) > 1:
        told = quoted(p, options.operands[1])
        return (yield from complain_of_usage(p, f"extra operand {told}", 1))
    name = options.operands[0] if options.operands else "-"
    try:
        raw = literal(p, (yield from read_operand(p, name)))
    except FsError as error:
        shown = shell_quoted(p, name) if on_host(p) else name
        what = "read error" if on_host(p) and error.errno.name == "EISDIR" else shown
        raise Refusal(f"{what}: {error.errno.value}") from None
    if "decode" in options:
        return (yield from _decode(p, raw, "ignore-garbage" in options))
    text = coding.b64encode(raw)
    width = int(options.get("wrap") or 76) if options.get("wrap") != "0" else 0
    if width:
        pieces = [text[at : at + width] for at in range(0, len(text), width)]
        text = b"".join(piece + b"\n" for piece in pieces)
    yield from p.out(text)
    return 0


def _decode(p: Process, raw: bytes, lenient: bool) -> Steps[int]:
    plain = raw.replace(b"\n", b"")
    if lenient:
        plain = re.sub(rb"[^A-Za-z0-9+/=]", b"", plain)
    try:
        yield from p.out(coding.b64decode(plain, validate=True))
    except binascii.Error:
        raise Refusal("invalid input" if on_host(p) else "truncated input") from None
    return 0


_OD = (
    *(flag(letter) for letter in "bcdosx"),
    value("t", "format"),
    value("A", "address-radix"),
    value("N", "read-bytes"),
    value("j", "skip-bytes"),
    value("w", "width"),
    flag("v", "output-duplicates"),
    refused("afhilS", ""),
    refused("", "strings endian traditional", flavours=GNU),
)

APPLETS = {
    "od": tool("od", od, _OD),
    "hexdump": tool(
        "hexdump",
        hexdump,
        (
            *(flag(letter) for letter in "bcdoxCv"),
            value("n"),
            value("s"),
            refused("ef", ""),
        ),
        flavours=BOX,
    ),
    "xxd": tool(
        "xxd",
        xxd,
        (flag("p"), value("g"), value("c"), value("l"), value("s"), refused("rio", "")),
        flavours=BOX,
    ),
    "base64": tool(
        "base64",
        base64,
        (
            flag("d", "decode"),
            value("w", "wrap"),
            flag("i", "ignore-garbage", GNU),
        ),
    ),
}
