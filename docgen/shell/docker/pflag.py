"""How docker reads flags: spf13/pflag's grammar and error texts.

A word may be None: it is only known when the command runs. It is taken for what its place says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from docgen.frozen import frozen
from docgen.shell.docker.interface import HELP_FLAG, Flag, Interface
from docgen.shell.docker.quoting import quote
from docgen.shell.docker.units import ram_in_bytes

Word = str | None
Validator = Callable[[str], str]
"""Returns the value to keep; raises ValueError with the text after the colon."""


class FlagError(Exception):
    """The flags are wrong; the text is pflag's own."""

    def __init__(self, message: str, index: int) -> None:
        super().__init__(message)
        self.message = message
        self.index = index


@frozen
class Given:
    """One flag that was given."""

    flag: Flag
    value: Word
    index: int
    """Of its word on the command line."""
    by_letter: bool = False


@frozen
class Parsed:
    """Flags in the order they were given, and the rest."""

    given: tuple[Given, ...] = ()
    arguments: tuple[Word, ...] = ()
    positions: tuple[int, ...] = ()
    """Index of each argument on the command line."""

    def __contains__(self, name: str) -> bool:
        """Was it given? (pflag: Changed)"""
        return any(one.flag.name == name for one in self.given)

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(one.value or "" for one in self.given if one.flag.name == name)

    def get(self, name: str, default: str = "") -> str:
        """The value that was given last."""
        values = self.all(name)
        return values[-1] if values else default

    def on(self, name: str, default: bool = False) -> bool:
        """A switch."""
        return go_bool(self.get(name, "true" if default else "false"))

    def number(self, name: str, default: int = 0) -> int:
        value = self.get(name)
        return int(value, 0) if value else default


@dataclass(slots=True)
class _Reader:
    interface: Interface
    words: Sequence[Word]
    validators: Mapping[str, Validator]
    at: int = 0
    given: list[Given] = field(default_factory=list)

    def take(self, flag: Flag, value: Word, index: int) -> None:
        if value is not None:
            value = self._checked(flag, value, index)
        self.given.append(Given(flag, value, index))

    def _checked(self, flag: Flag, value: str, index: int) -> str:
        check = self.validators.get(flag.name) or _BY_TYPE.get(flag.type)
        if check is None:
            return value
        try:
            return check(value)
        except ValueError as error:
            message = f"invalid argument {quote(value)} for {quote(flag.shown)} flag: {error}"
            raise FlagError(message, index) from None


def parse(
    interface: Interface,
    words: Sequence[Word],
    *,
    interspersed: bool = True,
    validators: Mapping[str, Validator] | None = None,
    start: int = 0,
) -> Parsed:
    """Read `words[start:]`. Raises FlagError."""
    reader = _Reader(interface, words, validators or {}, start)
    arguments: list[Word] = []
    positions: list[int] = []
    while reader.at < len(words):
        index, word = reader.at, words[reader.at]
        reader.at += 1
        if word == "--":
            arguments += words[reader.at :]
            positions += range(reader.at, len(words))
            break
        if word is None or len(word) < 2 or word[0] != "-":
            arguments.append(word)
            positions.append(index)
            if not interspersed:
                arguments += words[reader.at :]
                positions += range(reader.at, len(words))
                break
        elif word.startswith("--"):
            _long(reader, word, index)
        else:
            _cluster(reader, word, index)
    return Parsed(tuple(reader.given), tuple(arguments), tuple(positions))


def _long(reader: _Reader, word: str, index: int) -> None:
    name, equals, value = word[2:].partition("=")
    if not name or name[0] in "-=":
        raise FlagError(f"bad flag syntax: {word}", index)
    flag = reader.interface.flag(name) or (HELP_FLAG if name == "help" else None)
    if flag is None:
        raise FlagError(f"unknown flag: --{name}", index)
    if equals:
        reader.take(flag, value, index)
    elif not flag.type:
        reader.take(flag, "true", index)
    else:
        reader.take(flag, _following(reader, f"flag needs an argument: {word}", index), index)


def _cluster(reader: _Reader, word: str, index: int) -> None:
    letters = word[1:]
    while letters:
        flag = reader.interface.short_flag(letters[0])
        if flag is None and letters[0] == "h":
            reader.given.append(Given(HELP_FLAG, "true", index, by_letter=True))
            letters = letters[1:]
            continue
        if flag is None:
            raise FlagError(f"unknown shorthand flag: '{letters[0]}' in -{letters}", index)
        if len(letters) > 2 and letters[1] == "=":
            reader.take(flag, letters[2:], index)
            return
        if not flag.type:
            reader.take(flag, "true", index)
            letters = letters[1:]
            continue
        if len(letters) > 1:
            reader.take(flag, letters[1:], index)
        else:
            missing = f"flag needs an argument: '{letters}' in -{letters}"
            reader.take(flag, _following(reader, missing, index), index)
        return


def _following(reader: _Reader, missing: str, index: int) -> Word:
    if reader.at >= len(reader.words):
        raise FlagError(missing, index)
    reader.at += 1
    return reader.words[reader.at - 1]


_TRUE = frozenset(("1", "t", "T", "TRUE", "true", "True"))
_FALSE = frozenset(("0", "f", "F", "FALSE", "false", "False"))
_INTEGER = re.compile(r"[+-]?(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:/[1-9][0-9]*)?")
_DURATION = re.compile(r"[+-]?(?:0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|ms|s|m|h)){1,9})")
_LONGEST_NUMBER = 40


def go_bool(text: str) -> bool:
    """strconv.ParseBool. Raises ValueError with its text."""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueError(f"strconv.ParseBool: parsing {quote(text)}: invalid syntax")


def _boolean(text: str) -> str:
    return "true" if go_bool(text) else "false"


def _integer(text: str) -> str:
    if len(text) > _LONGEST_NUMBER or not _INTEGER.fullmatch(text):
        raise ValueError(f"strconv.ParseInt: parsing {quote(text)}: invalid syntax")
    if not -(2**63) <= go_int(text) < 2**63:
        raise ValueError(f"strconv.ParseInt: parsing {quote(text)}: value out of range")
    return str(go_int(text))


def go_int(text: str) -> int:
    """strconv.ParseInt(text, 0, 64) of a well-formed number."""
    digits = text.lstrip("+-")
    base = 16 if digits[:2] in ("0x", "0X") else 8 if digits[0] == "0" and len(digits) > 1 else 10
    return -int(digits, base) if text[0] == "-" else int(digits, base)


def _bytes(text: str) -> str:
    return str(ram_in_bytes(text))


def _duration(text: str) -> str:
    if len(text) > _LONGEST_NUMBER or not _DURATION.fullmatch(text):
        kind = "missing unit in duration" if text.isdigit() else "invalid duration"
        raise ValueError(f"time: {kind} {quote(text)}")
    return text


def _decimal(text: str) -> str:
    if len(text) > _LONGEST_NUMBER or not _DECIMAL.fullmatch(text):
        raise ValueError(f"failed to parse {text} as a rational number")
    return text


def _filter(text: str) -> str:
    """opts.FilterOpt: `name=value`; names are lower-cased, both sides trimmed."""
    if not text:
        return text
    if "=" not in text:
        raise ValueError("bad format of filter (expected name=value)")
    name, _, value = text.partition("=")
    return f"{name.strip().lower()}={value.strip()}"


_BY_TYPE: Mapping[str, Validator] = {
    "": _boolean,
    "int": _integer,
    "bytes": _bytes,
    "duration": _duration,
    "decimal": _decimal,
    "filter": _filter,
}
