"""sort and uniq, in the C locale's order of bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from typing import Any

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.fs.content import Content
from docgen.fs.errors import FsError
from docgen.shell.applet import Options
from docgen.shell.applets.support.inputs import read_operand, split_lines
from docgen.shell.applets.support.output import encoded
from docgen.shell.applets.support.quoting import quoted
from docgen.shell.applets.support.tool import GNU, Refusal, flag, on_host, refused, tool, value
from docgen.shell.process import Process

_NUMBER = re.compile(rb"[ \t]*(-?[0-9]*(?:\.[0-9]*)?)")
_HUMAN = re.compile(rb"[ \t]*(-?[0-9]*(?:\.[0-9]*)?)([KkMGTPEZY]?)")
_UNITS = b"\0KMGTPEZY"
_PLACE = re.compile(r"(\d+)(?:\.(\d+))?([bdfghiMnrV]*)")


@dataclass(frozen=True, slots=True)
class _Place:
    """One end of a key: field and character, both from 1; 0 characters mean the field's end."""

    field: int
    char: int


@dataclass(frozen=True, slots=True)
class _Key:
    start: _Place
    end: _Place | None
    kinds: frozenset[str]
    """Letters: n h f b d g r."""


def sort(p: Process, options: Options) -> Steps[int]:
    end = b"\0" if "zero-terminated" in options else b"\n"
    lines: list[bytes] = []
    for name in options.operands or ("-",):
        try:
            content = yield from read_operand(p, name)
        except FsError as error:
            how = "cannot read" if on_host(p) else ""
            told = f"{how}: {name}" if how else name
            raise Refusal(f"{told}: {error.errno.value}", 2) from None
        lines += split_lines(content.to_bytes(), end)
    order = _order(p, options)
    if "check" in options:
        return (yield from _check(p, options, lines, order))
    p.kernel.tick(1 + len(lines) // 100)
    lines.sort(key=cmp_to_key(order))
    if "unique" in options:
        same = _order(p, options, unique=True)
        lines = [one for at, one in enumerate(lines) if not at or same(lines[at - 1], one)]
    data = b"".join(line + end for line in lines)
    where = options.get("output")
    if where is None:
        yield from p.out(Content.of(data))
    else:
        p.view.write_file(where, Content.of(data), 0o666 & ~p.view.umask)
    return 0


Order = Callable[[bytes, bytes], int]


def _order(p: Process, options: Options, *, unique: bool = False) -> Order:
    kinds = frozenset(
        letter
        for letter, key in (
            ("n", "numeric-sort"),
            ("h", "human-numeric-sort"),
            ("f", "ignore-case"),
            ("b", "ignore-leading-blanks"),
            ("r", "reverse"),
            ("d", "dictionary-order"),
            ("V", "version-sort"),
        )
        if key in options
    )
    keys = [_key(p, text, kinds) for text in options.all("key")]
    if not keys:
        keys = [_Key(_Place(1, 1), None, kinds)]
        whole = True
    else:
        whole = False
    separator = options.get("field-separator")
    between = encoded(separator) if separator is not None else None
    last_resort = not unique and "stable" not in options and "unique" not in options
    backwards = "r" in kinds

    def compare(left: bytes, right: bytes) -> int:
        for key in keys:
            one = left if whole else _cut(left, key, between)
            two = right if whole else _cut(right, key, between)
            found = _compare(one, two, key.kinds)
            if found:
                return found
        if not last_resort:
            return 0
        found = (left > right) - (left < right)
        return -found if backwards else found

    return compare


def _key(p: Process, text: str, kinds: frozenset[str]) -> _Key:
    first, _, second = text.partition(",")
    start, own = _place(p, text, first, 1)
    if start.field == 0:
        words = f"-: invalid field specification {quoted(p, text)}"
        raise Refusal(
            words.replace("-: ", "")
            if not on_host(p)
            else f"field number is zero: invalid field specification {quoted(p, text)}",
            2,
        )
    end = None
    if second:
        end, more = _place(p, text, second, 0)
        own |= more
    return _Key(start, end, own or kinds)


def _place(p: Process, whole: str, text: str, char: int) -> tuple[_Place, frozenset[str]]:
    found = _PLACE.fullmatch(text)
    if found is None:
        raise Refusal(
            f"invalid number at field start: invalid count at start of {quoted(p, whole)}", 2
        )
    letters = frozenset(found[3])
    if letters - frozenset("bdfhnrV"):
        raise NotSimulated(f"sort key {whole}", "use the letters b, d, f, h, n, r or V in a key")
    return _Place(int(found[1]), int(found[2]) if found[2] else char), letters


def _cut(line: bytes, key: _Key, separator: bytes | None) -> bytes:
    bounds = _fields(line, separator)
    start = _offset(line, bounds, key.start, skip="b" in key.kinds)
    if key.end is None:
        return line[start:]
    if key.end.field > len(bounds):
        return line[start:]
    left, right = bounds[key.end.field - 1]
    if not key.end.char:
        return line[start:right]
    if "b" in key.kinds:
        left = _after_blanks(line, left)
    return line[start : min(left + key.end.char, len(line))]


def _fields(line: bytes, separator: bytes | None) -> list[tuple[int, int]]:
    if separator is None:
        return [found.span() for found in re.finditer(rb"[ \t]*[^ \t]+|[ \t]+$", line)]
    bounds, here = [], 0
    while True:
        at = line.find(separator, here)
        if at < 0:
            bounds.append((here, len(line)))
            return bounds
        bounds.append((here, at))
        here = at + len(separator)


def _offset(line: bytes, bounds: Sequence[tuple[int, int]], place: _Place, *, skip: bool) -> int:
    if place.field > len(bounds):
        return len(line)
    left = bounds[place.field - 1][0]
    if skip:
        left = _after_blanks(line, left)
    return min(left + place.char - 1, len(line))


def _after_blanks(line: bytes, at: int) -> int:
    while at < len(line) and line[at] in b" \t":
        at += 1
    return at


def _compare(left: bytes, right: bytes, kinds: frozenset[str]) -> int:
    if "n" in kinds:
        found = _sign(_number(left), _number(right))
    elif "h" in kinds:
        found = _sign(_human(left), _human(right))
    elif "V" in kinds:
        found = _sign(_version(left), _version(right))
    else:
        found = _sign(_text(left, kinds), _text(right, kinds))
    return -found if "r" in kinds else found


def _sign(left: Any, right: Any) -> int:
    """Two values of one type that has an order."""
    return int(left > right) - int(left < right)


def _number(text: bytes) -> Fraction:
    found = _NUMBER.match(text)
    assert found is not None
    digits = found[1].decode().rstrip(".")
    return Fraction(digits) if any(char.isdigit() for char in digits) else Fraction(0)


def _human(text: bytes) -> tuple[int, Fraction]:
    found = _HUMAN.match(text)
    assert found is not None
    number = _number(found[1])
    unit = _UNITS.index(found[2].upper() or b"\0")
    if not number:
        return 0, number
    return (unit, number) if number > 0 else (-unit, number)


def _version(text: bytes) -> list[tuple[bytes, int]]:
    return [(word, int(digits or 0)) for word, digits in re.findall(rb"([^0-9]*)([0-9]*)", text)]


def _text(text: bytes, kinds: frozenset[str]) -> bytes:
    if "b" in kinds:
        text = text.lstrip(b" \t")
    if "d" in kinds:
        text = bytes(char for char in text if chr(char).isalnum() or char in b" \t")
    return text.upper() if "f" in kinds else text


def _check(p: Process, options: Options, lines: list[bytes], order: Order) -> Steps[int]:
    least = 0 if "unique" in options else 1
    for at in range(1, len(lines)):
        if order(lines[at - 1], lines[at]) >= least:
            name = (options.operands or ("-",))[0]
            shown = lines[at].decode("utf-8", "surrogateescape")
            if on_host(p):
                yield from p.complain(
                    f"{name}: {at + 1}: disorder: {shown}".replace(f"{name}: ", f"{name}:", 1)
                )
            return 1
    return 0


def uniq(p: Process, options: Options) -> Steps[int]:
    names = options.operands
    name = names[0] if names else "-"
    try:
        content = yield from read_operand(p, name)
    except FsError as error:
        told = name if on_host(p) else f"can't open '{name}'"
        raise Refusal(f"{told}: {error.errno.value}") from None
    rows: list[tuple[int, bytes]] = []
    for line in split_lines(content.to_bytes()):
        if rows and _same(options, rows[-1][1], line):
            rows[-1] = (rows[-1][0] + 1, rows[-1][1])
        else:
            rows.append((1, line))
    made = []
    for count, line in rows:
        if ("repeated" in options and count < 2) or ("unique" in options and count > 1):
            continue
        made.append((b"%7d " % count if "count" in options else b"") + line + b"\n")
    data = Content.of(b"".join(made))
    if len(names) > 1:
        p.view.write_file(names[1], data, 0o666 & ~p.view.umask)
    else:
        yield from p.out(data)
    return 0


def _same(options: Options, left: bytes, right: bytes) -> bool:
    return _compared(options, left) == _compared(options, right)


def _compared(options: Options, line: bytes) -> bytes:
    fields = int(options.get("skip-fields") or 0)
    if fields:
        found = re.match(rb"(?:[ \t]*[^ \t]+){0,%d}" % min(fields, 1000), line)
        line = line[found.end() :] if found else b""
    line = line[int(options.get("skip-chars") or 0) :]
    return line.upper() if "ignore-case" in options else line


APPLETS = {
    "sort": tool(
        "sort",
        sort,
        (
            flag("n", "numeric-sort"),
            flag("h", "human-numeric-sort"),
            flag("r", "reverse"),
            flag("u", "unique"),
            flag("f", "ignore-case"),
            flag("b", "ignore-leading-blanks"),
            flag("d", "dictionary-order"),
            flag("V", "version-sort"),
            flag("s", "stable"),
            flag("c", "check"),
            flag("z", "zero-terminated"),
            value("k", "key"),
            value("t", "field-separator"),
            value("o", "output"),
            refused("gMimCRST", "general-numeric-sort month-sort merge random-sort files0-from"),
        ),
        status=2,
    ),
    "uniq": tool(
        "uniq",
        uniq,
        (
            flag("c", "count"),
            flag("d", "repeated"),
            flag("u", "unique"),
            flag("i", "ignore-case"),
            value("f", "skip-fields"),
            value("s", "skip-chars"),
            refused("Dwz", "all-repeated group check-chars zero-terminated", flavours=GNU),
        ),
    ),
}
