"""What sort compares: keys, their letters, and a value for each order (coreutils sort.c)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from docgen.diagnostics import NotSimulated
from docgen.frozen import frozen
from docgen.shell.applet import Options
from docgen.shell.applets.ls.gather import version_key
from docgen.shell.applets.support.output import decoded
from docgen.shell.applets.support.quoting import quoted
from docgen.shell.applets.support.times import MONTHS
from docgen.shell.applets.support.tool import Refusal, on_host
from docgen.shell.process import Process

_NUMBER = re.compile(rb"[ \t]*(-?)(\d*)(?:\.(\d*))?")
_GENERAL = re.compile(rb"[ \t]*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_ORDERS = "nghMVR"


@frozen
class Key:
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


def keys_of(p: Process, options: Options) -> list[Key]:
    letters = "".join(_LETTERS.get(key, "") for key, _ in options.given)
    for text in options.all("sort"):
        letters += {"numeric": "n", "general-numeric": "g", "human-numeric": "h"}.get(
            text, {"month": "M", "version": "V"}.get(text, "")
        )
    general = _with_letters(Key(), letters)
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


def _with_letters(key: Key, letters: str) -> Key:
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


def _key(p: Process, text: str) -> Key:
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
    key = _with_letters(Key((field, int((found[2] or "1")[:9])), stop, own=bool(letters)), letters)
    return replace(key, blanks="b" in found[3], blanks_at_end="b" in (found[6] or ""))


def is_plain(keys: list[Key]) -> bool:
    return keys == [Key()] or keys == [Key(reverse=True)]


Compare = Callable[[bytes, bytes], int]


def comparison(keys: list[Key], tab: bytes | None) -> Compare:
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


def _cut(line: bytes, key: Key, tab: bytes | None) -> bytes:
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


def _extractor(key: Key) -> Callable[[bytes], object]:
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


def _folded(text: bytes, key: Key) -> bytes:
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
