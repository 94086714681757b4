"""sort and uniq."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cmp_to_key
from itertools import pairwise

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.frozen import frozen
from docgen.fs.content import Content
from docgen.fs.errors import FsError
from docgen.fs.flags import Open
from docgen.shell.applet import Options
from docgen.shell.applets.ls.gather import version_key
from docgen.shell.applets.support.inputs import literal, read_operand, split_lines
from docgen.shell.applets.support.output import Out, decoded, encoded
from docgen.shell.applets.support.quoting import quoted, shell_quoted
from docgen.shell.applets.support.times import MONTHS
from docgen.shell.applets.support.tool import (
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

_NUMBER = re.compile(rb"[ \t]*(-?)(\d*)(?:\.(\d*))?")
_GENERAL = re.compile(rb"[ \t]*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_ORDERS = "nghMVR"


@frozen
class _Key:
    """One `-k`, or the whole line."""

    start: tuple[int, int] = (1, 1)
    stop: tuple[int, int] | None = None
    """Field and character; character 0: to the end of the field."""
    order: str = ""
    """`n`, `g`, `h`, `M`, `V`; empty: bytes."""
    blanks: bool = False
    blanks_at_end: bool = False
    dictionary: bool = False
    fold: bool = False
    printable: bool = False
    reverse: bool = False
    own: bool = False
    """It has ordering letters of its own and takes none from the command line."""


def sort(p: Process, options: Options) -> Steps[int]:
    keys = _keys(p, options)
    end = b"\0" if "zero-terminated" in options else b"\n"
    tab = _separator(p, options)
    lines: list[bytes] = []
    names = options.operands or ("-",)
    for name in names:
        try:
            content = yield from read_operand(p, name)
        except FsError as error:
            if error.errno.name == "EISDIR" and not on_host(p):
                continue
            raise Refusal(_cannot_read(p, name, error), 2) from None
        if content.size:
            lines += split_lines(literal(p, content), end)
    p.kernel.tick(len(lines))
    compare = _comparison(keys, tab)
    unique = "unique" in options
    reverse = "reverse" in options
    if "check" in options or "C" in options:
        return (yield from _check(p, options, lines, compare, unique))
    last_resort = not unique and "stable" not in options and not _is_plain(keys)
    ordered = _sorted(lines, compare, last_resort, reverse)
    if unique:
        ordered = _unique(ordered, compare)
    data = b"".join(line + end for line in ordered)
    target = options.get("output")
    if target is None:
        out = Out(p)
        for at in range(0, len(data), 65536):
            yield from out.put(data[at : at + 65536])
        yield from out.flush()
        return 0
    try:
        file = yield from p.open(target, Open.WRONLY | Open.CREAT | Open.TRUNC, 0o666)
        file.write(Content.of(data))
        file.close()
    except FsError as error:
        if on_host(p):
            shown = shell_quoted(p, target)
            raise Refusal(f"open failed: {shown}: {error.errno.value}", 2) from None
        raise Refusal(f"can't open '{target}': {error.errno.value}") from None
    return 0


def _cannot_read(p: Process, name: str, error: FsError) -> str:
    if on_host(p):
        what = "read failed" if error.errno.name == "EISDIR" else "cannot read"
        return f"{what}: {shell_quoted(p, name)}: {error.errno.value}"
    return f"{name}: {error.errno.value}"


def _separator(p: Process, options: Options) -> bytes | None:
    text = options.get("field-separator")
    if text is None:
        return None
    if text == "\\0":
        return b"\0"
    if len(encoded(text)) != 1:
        if text == "":
            raise Refusal("empty tab", 2)
        if on_host(p):
            raise Refusal(f"multi-character tab {quoted(p, text)}", 2)
        raise Refusal("bad -t parameter", 2)
    return encoded(text)


def _keys(p: Process, options: Options) -> list[_Key]:
    letters = "".join(_LETTERS.get(key, "") for key, _ in options.given)
    for text in options.all("sort"):
        letters += {"numeric": "n", "general-numeric": "g", "human-numeric": "h"}.get(
            text, {"month": "M", "version": "V"}.get(text, "")
        )
    general = _with_letters(_Key(), letters)
    keys = [_key(p, text) for text in options.all("key")]
    if not keys:
        return [general]
    return [key if key.own else replace(general, start=key.start, stop=key.stop) for key in keys]


_LETTERS = {
    "numeric-sort": "n",
    "general-numeric-sort": "g",
    "human-numeric-sort": "h",
    "month-sort": "M",
    "version-sort": "V",
    "ignore-leading-blanks": "b",
    "dictionary-order": "d",
    "ignore-case": "f",
    "ignore-nonprinting": "i",
    "reverse": "r",
}


def _with_letters(key: _Key, letters: str) -> _Key:
    order = next((letter for letter in letters if letter in _ORDERS), key.order)
    return replace(
        key,
        order=order,
        blanks=key.blanks or "b" in letters,
        blanks_at_end=key.blanks_at_end or "b" in letters,
        dictionary=key.dictionary or "d" in letters,
        fold=key.fold or "f" in letters,
        printable=key.printable or "i" in letters,
        reverse=key.reverse or "r" in letters,
    )


_KEY = re.compile(r"(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?")


def _key(p: Process, text: str) -> _Key:
    found = _KEY.fullmatch(text)
    if found is None:
        if on_host(p):
            raise Refusal(
                f"invalid number at field start: invalid count at start of {quoted(p, text)}", 2
            )
        raise Refusal("bad field specification")
    field = int(found[1][:9])
    if field == 0:
        if on_host(p):
            raise Refusal(f"field number is zero: invalid field specification {quoted(p, text)}", 2)
        raise Refusal("bad field specification")
    stop = (int(found[4][:9]), int((found[5] or "0")[:9])) if found[4] else None
    letters = found[3] + (found[6] or "")
    unknown = [letter for letter in letters if letter not in "bdfgiMhnRrV"]
    if unknown:
        raise Refusal(
            f"stray character in field spec: invalid field specification {quoted(p, text)}", 2
        )
    key = _with_letters(_Key((field, int((found[2] or "1")[:9])), stop, own=bool(letters)), letters)
    return replace(key, blanks="b" in found[3], blanks_at_end="b" in (found[6] or ""))


def _is_plain(keys: list[_Key]) -> bool:
    return keys == [_Key()] or keys == [_Key(reverse=True)]


_Compare = Callable[[bytes, bytes], int]


def _comparison(keys: list[_Key], tab: bytes | None) -> _Compare:
    extractors = [(key, _extractor(key)) for key in keys]
    cache: dict[bytes, list[object]] = {}

    def values(line: bytes) -> list[object]:
        found = cache.get(line)
        if found is None:
            found = [make(_cut(line, key, tab)) for key, make in extractors]
            cache[line] = found
        return found

    def compare(one: bytes, other: bytes) -> int:
        for (key, _), left, right in zip(extractors, values(one), values(other), strict=True):
            if left != right:
                order = -1 if left < right else 1  # type: ignore[operator]
                return -order if key.reverse else order
        return 0

    return compare


def _sorted(lines: list[bytes], compare: _Compare, last_resort: bool, reverse: bool) -> list[bytes]:
    def full(one: bytes, other: bytes) -> int:
        order = compare(one, other)
        if order or not last_resort:
            return order
        order = (one > other) - (one < other)
        return -order if reverse else order

    return sorted(lines, key=cmp_to_key(full))


def _unique(lines: list[bytes], compare: _Compare) -> list[bytes]:
    kept: list[bytes] = []
    for line in lines:
        if not kept or compare(kept[-1], line):
            kept.append(line)
    return kept


def _check(
    p: Process, options: Options, lines: list[bytes], compare: _Compare, unique: bool
) -> Steps[int]:
    name = options.operands[0] if options.operands else "-"
    for number, (one, other) in enumerate(pairwise(lines), 2):
        order = compare(one, other)
        if order > 0 or (unique and order == 0):
            if "C" not in options:
                text = decoded(other)
                if on_host(p):
                    yield from p.complain(f"{name}:{number}: disorder: {text}")
                else:
                    yield from p.err(f"Check line {number - 1}\n")
            return 1
    return 0


def _cut(line: bytes, key: _Key, tab: bytes | None) -> bytes:
    """The part of a line that a key means."""
    bounds = _fields(line, tab)
    start = _position(line, bounds, key.start, key.blanks, False)
    stop = (
        len(line)
        if key.stop is None
        else _position(line, bounds, key.stop, key.blanks_at_end, True)
    )
    return line[start : max(start, stop)]


def _fields(line: bytes, tab: bytes | None) -> list[tuple[int, int]]:
    """Where fields begin and end; without a separator the blanks in front belong to a field."""
    if tab is not None:
        bounds: list[tuple[int, int]] = []
        at = 0
        while True:
            found = line.find(tab, at)
            if found < 0:
                return [*bounds, (at, len(line))]
            bounds.append((at, found))
            at = found + 1
    return [match.span() for match in re.finditer(rb"[ \t]*[^ \t]+|[ \t]+$", line)]


def _position(
    line: bytes, bounds: list[tuple[int, int]], place: tuple[int, int], blanks: bool, end: bool
) -> int:
    field, char = place
    if field > len(bounds):
        return len(line)
    low, high = bounds[field - 1]
    if end and char == 0:
        return high
    if blanks:
        while low < high and line[low] in b" \t":
            low += 1
    return min(low + char - (0 if end else 1), len(line))


def _extractor(key: _Key) -> Callable[[bytes], object]:
    match key.order:
        case "n":
            return _number
        case "g":
            return _general
        case "h":
            return _human
        case "M":
            return _month
        case "V":
            return lambda text: version_key(decoded(text))
        case "R":
            raise NotSimulated("sort -R", "its order is random: sort without it")
        case _:
            return lambda text: _folded(text, key)


def _folded(text: bytes, key: _Key) -> bytes:
    if key.blanks:
        text = text.lstrip(b" \t")
    if key.dictionary:
        text = bytes(c for c in text if bytes((c,)).isalnum() or c in b" \t")
    if key.printable:
        text = bytes(c for c in text if 32 <= c < 127)
    return text.upper() if key.fold else text


def _number(text: bytes) -> tuple[int, int, bytes]:
    """Compares like the number, of any length: sign, whole part, decimals."""
    found = _NUMBER.match(text)
    assert found is not None
    whole, decimals = int(found[2] or b"0"), (found[3] or b"").rstrip(b"0")
    if not whole and not decimals:
        return 0, 0, b""
    if found[1]:
        return -1, -whole, bytes(255 - c for c in decimals) + b"\xff"
    return 1, whole, decimals


def _general(text: bytes) -> tuple[int, float]:
    found = _GENERAL.match(text)
    return (1, float(found[0])) if found else (0, 0.0)


def _human(text: bytes) -> tuple[int, int, tuple[int, int, bytes]]:
    found = _NUMBER.match(text)
    assert found is not None
    unit = text[found.end() : found.end() + 1].upper()
    power = b"KMGTPEZY".find(unit) + 1 if unit else 0
    number = _number(text)
    return number[0], power * number[0], number


def _month(text: bytes) -> int:
    names = [name.upper() for name in MONTHS]
    word = decoded(text.lstrip(b" \t")[:3]).upper()
    return names.index(word) + 1 if word in names else 0


# -- uniq ------------------------------------------------------------------------------------


def uniq(p: Process, options: Options) -> Steps[int]:
    if len(options.operands) > 2:
        message = f"extra operand {quoted(p, options.operands[2])}"
        return (yield from complain_of_usage(p, message, 1))
    end = b"\0" if "zero-terminated" in options else b"\n"
    source = options.operands[0] if options.operands else "-"
    try:
        content = yield from read_operand(p, source)
        lines = split_lines(literal(p, content), end) if content.size else []
    except FsError as error:
        raise Refusal(_uniq_failure(p, source, error)) from None
    skip_fields, skip_chars = _count(p, options, "skip-fields"), _count(p, options, "skip-chars")
    width = _count(p, options, "check-chars") if "check-chars" in options else None

    def seen(line: bytes) -> bytes:
        for _ in range(skip_fields):
            line = line.lstrip(b" \t")
            line = line[_word_end(line) :]
        line = line[skip_chars:]
        line = line if width is None else line[:width]
        return line.upper() if "ignore-case" in options else line

    groups: list[list[bytes]] = []
    for line in lines:
        p.kernel.tick()
        if groups and seen(groups[-1][0]) == seen(line):
            groups[-1].append(line)
        else:
            groups.append([line])
    data = b"".join(_shown(group, options, end) for group in groups)
    if len(options.operands) < 2 or options.operands[1] == "-":
        yield from p.out(data)
        return 0
    try:
        file = yield from p.open(options.operands[1], Open.WRONLY | Open.CREAT | Open.TRUNC, 0o666)
        file.write(Content.of(data))
        file.close()
    except FsError as error:
        raise Refusal(_uniq_failure(p, options.operands[1], error)) from None
    return 0


def _uniq_failure(p: Process, name: str, error: FsError) -> str:
    if on_host(p):
        if error.errno.name == "EISDIR":
            return f"error reading '{name}'"
        return f"{shell_quoted(p, name)}: {error.errno.value}"
    if error.errno.name == "EISDIR":
        return f"{name}: I/O error"
    return f"can't open '{name}': {error.errno.value}"


def _count(p: Process, options: Options, key: str) -> int:
    text = options.get(key, "0") or ""
    if not text.isascii() or not text.isdigit():
        if on_host(p):
            what = {"skip-fields": "fields to skip", "skip-chars": "bytes to skip"}.get(
                key, "bytes to compare"
            )
            raise Refusal(f"{text}: invalid number of {what}")
        raise Refusal(f"invalid number '{text}'")
    return int(text[:9])


def _word_end(line: bytes) -> int:
    found = re.match(rb"[^ \t]*", line)
    return found.end() if found else 0


def _shown(group: list[bytes], options: Options, end: bytes) -> bytes:
    repeated = len(group) > 1
    if "all-repeated" in options:
        return b"".join(line + end for line in group) if repeated else b""
    if ("repeated" in options and not repeated) or ("unique" in options and repeated):
        return b""
    prefix = b"%7d " % len(group) if "count" in options else b""
    return prefix + group[0] + end


_SORT = (
    flag("b", "ignore-leading-blanks"),
    flag("d", "dictionary-order"),
    flag("f", "ignore-case"),
    flag("g", "general-numeric-sort"),
    flag("h", "human-numeric-sort", GNU),
    flag("i", "ignore-nonprinting"),
    flag("M", "month-sort"),
    flag("n", "numeric-sort"),
    flag("r", "reverse"),
    flag("V", "version-sort"),
    value("", "sort", GNU),
    flag("c", "check"),
    flag("C", flavours=GNU),
    value("k", "key"),
    value("o", "output"),
    flag("s", "stable"),
    value("t", "field-separator"),
    flag("u", "unique"),
    flag("z", "zero-terminated"),
    flag("m", "merge"),
    value("S", "buffer-size", GNU),
    value("T", "temporary-directory"),
    value("", "parallel", GNU),
    refused("R", "random-sort", "its order is random: sort without it", GNU),
    refused("", "random-source", flavours=GNU),
    refused("", "batch-size", flavours=GNU),
    refused("", "compress-program", flavours=GNU),
    refused("", "files0-from", flavours=GNU),
    refused("", "debug", flavours=GNU),
)
_UNIQ = (
    flag("c", "count"),
    flag("d", "repeated"),
    flag("D", "all-repeated", GNU),
    flag("u", "unique"),
    flag("i", "ignore-case"),
    value("f", "skip-fields"),
    value("s", "skip-chars"),
    value("w", "check-chars"),
    flag("z", "zero-terminated"),
    refused("", "group", flavours=GNU),
)

APPLETS = {
    "sort": tool("sort", sort, _SORT, status=2),
    "uniq": tool("uniq", uniq, _UNIQ),
}
