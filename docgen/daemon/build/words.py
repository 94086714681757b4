"""Words of a Dockerfile: quotes and variables (BuildKit frontend/dockerfile/shell)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from docgen.diagnostics import NotSimulated
from docgen.limits import SYNTAX_DEPTH
from docgen.oci.gojson import encode

_DIGITS: Final = frozenset("0123456789")
_NAME: Final = _DIGITS | frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_SPECIAL: Final = frozenset("@*#?-$!0")


class WordError(Exception):
    """The text is BuildKit's."""


def expand(text: str, env: Mapping[str, str], *, raw: bool = False, document: bool = False) -> str:
    """Replace variables and take away quotes. `raw` keeps quotes and unset variables (names of
    steps), `document` keeps quotes (here-documents). Raises WordError."""
    try:
        return _Expander(env, raw=raw, document=document).word(text)
    except WordError as error:
        raise WordError(f"failed to process {go_quote(text)}: {error}") from error


def unset_names(text: str, env: Mapping[str, str], *, document: bool = False) -> tuple[str, ...]:
    """The variables that a word asks for and that are not there, each once."""
    expander = _Expander(env, document=document)
    with suppress(WordError, NotSimulated):
        expander.word(text)
    return tuple(dict.fromkeys(expander.unset))


def go_quote(text: str) -> str:
    """Go's %q."""
    whole = encode(text).decode("utf-8", "surrogateescape")
    for code, letter in (("\\u003c", "<"), ("\\u003e", ">"), ("\\u0026", "&")):
        whole = whole.replace(code, letter)
    return whole


def legacy_pair(text: str) -> tuple[str, str] | None:
    """`ENV A two words`, the old form; None for `A=1 B=2`."""
    words = quoted_words(text)
    if not words or "=" in words[0]:
        return None
    key, *value = text.split(maxsplit=1)
    return key, value[0] if value else ""


def split(text: str, env: Mapping[str, str]) -> list[str]:
    """Words at blanks outside quotes, each expanded (EXPOSE, FROM …)."""
    return [expand(word, env) for word in quoted_words(text)]


def quoted_words(text: str) -> list[str]:
    """Words at blanks outside quotes; quotes and escapes stay (parseWords)."""
    words, current, quote = [], "", ""
    index = 0
    while index < len(text):
        char = text[index]
        if char == "\\" and index + 1 < len(text) and quote != "'":
            current += text[index : index + 2]
            index += 2
            continue
        if quote:
            quote = "" if char == quote else quote
            current += char
        elif char in "'\"":
            quote = char
            current += char
        elif char.isspace():
            if current:
                words.append(current)
            current = ""
        else:
            current += char
        index += 1
    return [*words, current] if current else words


def json_words(text: str) -> tuple[str, ...] | None:
    """The exec form `["a", "b"]`; None where it is not one (then it is the shell form)."""
    if not text.startswith("["):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        return None
    return tuple(found)


class _Expander:
    def __init__(
        self,
        env: Mapping[str, str],
        *,
        raw: bool = False,
        document: bool = False,
        depth: int = 0,
        unset: list[str] | None = None,
    ) -> None:
        if depth > SYNTAX_DEPTH:
            raise NotSimulated("variables nested so deeply", "use a simpler expression")
        self._env = env
        self.unset = [] if unset is None else unset
        """Variables that were asked for and are not there."""
        self._raw = raw
        self._document = document
        self._depth = depth

    def word(self, text: str) -> str:
        found, index = "", 0
        while index < len(text):
            char = text[index]
            if char == "'" and not self._document:
                part, index = self._single(text, index)
            elif char == '"' and not self._document:
                part, index = self._double(text, index)
            elif char == "$":
                part, index = self._dollar(text, index)
            elif char == "\\":
                part, index = self._escaped(text, index)
            else:
                part, index = char, index + 1
            found += part
        return found

    @staticmethod
    def _escaped(text: str, index: int) -> tuple[str, int]:
        return text[index + 1 : index + 2], index + 2

    def _single(self, text: str, index: int) -> tuple[str, int]:
        end = text.find("'", index + 1)
        if end < 0:
            raise WordError("unexpected end of statement while looking for matching single-quote")
        inner = text[index + 1 : end]
        return (f"'{inner}'" if self._raw else inner), end + 1

    def _double(self, text: str, index: int) -> tuple[str, int]:
        found, at = "", index + 1
        while at < len(text):
            char = text[at]
            if char == '"':
                return (f'"{found}"' if self._raw else found), at + 1
            if char == "$":
                part, at = self._dollar(text, at)
            elif char == "\\" and text[at + 1 : at + 2] in ('"', "$", "\\"):
                part, at = self._escaped(text, at)
            else:
                part, at = char, at + 1
            found += part
        raise WordError("unexpected end of statement while looking for matching double-quote")

    def _dollar(self, text: str, index: int) -> tuple[str, int]:
        after = text[index + 1 : index + 2]
        if after == "{":
            return self._braces(text, index)
        end = index + 1
        if after and after in _SPECIAL:
            end += 1
        elif after in _DIGITS:
            while end < len(text) and text[end] in _DIGITS:
                end += 1
        else:
            while end < len(text) and text[end] in _NAME:
                end += 1
        name = text[index + 1 : end]
        return (self._value(name, text[index:end]) if name else "$"), end

    def _value(self, name: str, shown: str) -> str:
        if name in self._env:
            return self._env[name]
        self.unset.append(name)
        return shown if self._raw else ""

    def _braces(self, text: str, index: int) -> tuple[str, int]:
        end = _closing(text, index + 2)
        inner = text[index + 2 : end]
        length = 0
        while length < len(inner) and inner[length] in _NAME:
            length += 1
        name, rest = inner[:length], inner[length:]
        if not name:
            raise WordError("syntax error: bad substitution")
        return self._modified(name, rest, text[index : end + 1]), end + 1

    def _modified(self, name: str, rest: str, shown: str) -> str:
        if not rest:
            return self._value(name, shown)
        colon = rest.startswith(":")
        operator, word = (rest[1:2], rest[2:]) if colon else (rest[:1], rest[1:])
        value = self._env.get(name)
        if value is None:
            self.unset.append(name)
        present = bool(value) if colon else value is not None
        alternative = _Expander(
            self._env,
            raw=self._raw,
            document=self._document,
            depth=self._depth + 1,
            unset=self.unset,
        )
        if value is None and self._raw and operator in ("-", "+", "?"):
            return f"${{{name}{':' if colon else ''}{operator}{alternative.word(word)}}}"
        match operator:
            case "-":
                return (value or "") if present else alternative.word(word)
            case "+":
                return alternative.word(word) if present else ""
            case "?":
                if not present:
                    raise WordError(f"{name}: {word or 'is not allowed to be unset'}")
                return value or ""
            case "#" | "%" | "/":
                raise NotSimulated(
                    f"{shown} in a Dockerfile", "use ${name}, ${name:-word} or ${name:+word}"
                )
            case _:
                raise WordError(f"unsupported modifier ({rest[:2]}) in substitution")


def _closing(text: str, start: int) -> int:
    depth = 1
    for index in range(start, len(text)):
        if text[index] == "{":
            depth += 1
        elif text[index] == "}":
            depth -= 1
            if not depth:
                return index
    raise WordError("syntax error: missing '}'")
