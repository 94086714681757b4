"""awk source into tokens. Whether `/` divides depends on what stands before it."""

from __future__ import annotations

import re
from typing import Final

from docgen.frozen import frozen

_KEYWORDS: Final = """
BEGIN END function func if else while for do break continue next nextfile exit return delete in
getline print printf
"""
KEYWORDS: Final = frozenset(_KEYWORDS.split())
_BUILTINS: Final = """
length substr index split sub gsub match sprintf sin cos atan2 exp log sqrt int rand srand tolower
toupper system close fflush
"""
BUILTINS: Final = frozenset(_BUILTINS.split())
BUSYBOX_BUILTINS: Final = BUILTINS | frozenset(
    {"and", "or", "xor", "lshift", "rshift", "compl", "strftime", "systime", "mktime", "gensub"}
)
_OPERATORS: Final = (
    *("**=", "&&", "||", "==", "!=", "<=", ">=", "++", "--", "+=", "-=", "*=", "/=", "%=", "^="),
    *(">>", "!~", "**", "{", "}", "(", ")", "[", "]", ";", ",", "+", "-", "*", "/", "%", "^", "!"),
    *("<", ">", "|", "?", ":", "~", "$", "="),
)
_NUMBER: Final = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_BUSYBOX_NUMBER: Final = re.compile(r"0[xX][0-9a-fA-F]+|0[0-7]+(?![0-9.eE])")
_WORD: Final = re.compile(r"[A-Za-z_]\w*")
_OPERAND_BEFORE: Final = frozenset(
    {"number", "string", "name", "builtin", ")", "]", "$", "++", "--"}
)
_ESCAPES: Final = {"n": 10, "t": 9, "r": 13, "a": 7, "b": 8, "f": 12, "v": 11, "\\": 92, '"': 34}
_ESCAPES_SLASH: Final = _ESCAPES | {"/": 47}


class AwkSyntaxError(Exception):
    """`near` is the token at fault, `line` its line."""

    def __init__(self, near: str, line: int) -> None:
        super().__init__(near)
        self.near = near
        self.line = line


@frozen
class Token:
    kind: str
    """`number`, `string`, `regex`, `name`, `function` (a name before `(`), `builtin`, `newline`,
    `end`, a keyword or an operator."""
    text: str
    line: int
    value: bytes = b""
    number: float = 0.0


def tokens(source: str, gnu: bool) -> list[Token]:
    """Raises AwkSyntaxError."""
    return _Lexer(source, gnu).run()


class _Lexer:
    def __init__(self, source: str, gnu: bool) -> None:
        self.source = source
        self.gnu = gnu
        self.at = 0
        self.line = 1
        self.found: list[Token] = []

    def run(self) -> list[Token]:
        while self._skip():
            self._token()
        self._add("end", "end of file")
        return self.found

    def _skip(self) -> bool:
        """Blanks, comments and continued lines."""
        while self.at < len(self.source):
            char = self.source[self.at]
            if char in " \t\r":
                self.at += 1
            elif char == "#":
                stop = self.source.find("\n", self.at)
                self.at = len(self.source) if stop < 0 else stop
            elif self.source.startswith("\\\n", self.at):
                self.at += 2
                self.line += 1
            else:
                return True
        return False

    def _add(self, kind: str, text: str, value: bytes = b"", number: float = 0.0) -> None:
        self.found.append(Token(kind, text, self.line, value, number))

    def _token(self) -> None:
        char = self.source[self.at]
        if char == "\n":
            self._add("newline", "\n")
            self.at += 1
            self.line += 1
        elif char == '"':
            self._string()
        elif char.isdigit() or (char == "." and self.source[self.at + 1 : self.at + 2].isdigit()):
            self._number()
        elif _WORD.match(self.source, self.at):
            self._word()
        elif char == "/" and not self._operand_before():
            self._regex()
        else:
            self._operator()

    def _operand_before(self) -> bool:
        return bool(self.found) and self.found[-1].kind in _OPERAND_BEFORE

    def _number(self) -> None:
        if not self.gnu:
            special = _BUSYBOX_NUMBER.match(self.source, self.at)
            if special:
                self.at = special.end()
                digits = special[0]
                base = 16 if digits[1:2] in ("x", "X") else 8
                self._add("number", digits, number=float(int(digits, base)))
                return
        found = _NUMBER.match(self.source, self.at)
        assert found is not None
        self.at = found.end()
        self._add("number", found[0], number=float(found[0]))

    def _word(self) -> None:
        found = _WORD.match(self.source, self.at)
        assert found is not None
        self.at = found.end()
        word = found[0]
        builtins = BUILTINS if self.gnu else BUSYBOX_BUILTINS
        if word in KEYWORDS:
            self._add("function" if word == "func" else word, word)
        elif word in builtins:
            self._add("builtin", word)
        elif self.source.startswith("(", self.at):
            self._add("call", word)
        else:
            self._add("name", word)

    def _string(self) -> None:
        start = self.at
        self.at += 1
        value = bytearray()
        while True:
            char = self.source[self.at : self.at + 1]
            if char in ("", "\n"):
                raise AwkSyntaxError(self.source[start : self.at], self.line)
            self.at += 1
            if char == '"':
                break
            if char == "\\":
                value += self._escape()
            else:
                value += char.encode("utf-8", "surrogateescape")
        self._add("string", self.source[start : self.at], bytes(value))

    def _escape(self) -> bytes:
        char = self.source[self.at : self.at + 1]
        self.at += 1
        if char in _ESCAPES_SLASH:
            return bytes((_ESCAPES_SLASH[char],))
        if char and char in "01234567":
            stop = self.at
            while stop < self.at + 2 and self.source[stop : stop + 1] in tuple("01234567"):
                stop += 1
            number = int(self.source[self.at - 1 : stop], 8)
            self.at = stop
            return bytes((number & 0xFF,))
        if char == "\n":
            self.line += 1
            return b""
        return b"\\" + char.encode("utf-8", "surrogateescape")

    def _regex(self) -> None:
        start = self.at
        self.at += 1
        value = bytearray()
        in_bracket = False
        while True:
            char = self.source[self.at : self.at + 1]
            if char in ("", "\n"):
                raise AwkSyntaxError(self.source[start : self.at], self.line)
            self.at += 1
            if char == "/" and not in_bracket:
                break
            if char == "\\":
                value += self._regex_escape()
                continue
            if char == "[" and not in_bracket:
                in_bracket = True
                value += b"["
                for extra in ("^", "]"):
                    if self.source.startswith(extra, self.at):
                        value += extra.encode()
                        self.at += 1
                continue
            in_bracket = in_bracket and char != "]"
            value += char.encode("utf-8", "surrogateescape")
        self._add("regex", self.source[start : self.at], bytes(value))

    def _regex_escape(self) -> bytes:
        char = self.source[self.at : self.at + 1]
        self.at += 1
        if char == "/":
            return b"/"
        if char in ("n", "t", "r", "f", "v", "a"):
            return bytes((_ESCAPES[char],))
        return b"\\" + char.encode("utf-8", "surrogateescape")

    def _operator(self) -> None:
        for operator in _OPERATORS:
            if operator.startswith("**") and self.gnu:
                continue
            if self.source.startswith(operator, self.at):
                self.at += len(operator)
                self._add({"**": "^", "**=": "^="}.get(operator, operator), operator)
                return
        raise AwkSyntaxError(self.source[self.at], self.line)
