"""Tokens of a template (text/template/parse/lex.go)."""

from __future__ import annotations

from collections.abc import Iterator

from docgen.shell.docker.quoting import quote
from docgen.shell.docker.template.tokens import Kind, Token

KEYWORDS = frozenset(
    ("block", "break", "continue", "define", "else", "end", "if", "range", "template", "with")
)
_SPACES = " \t\r\n"
_TERMINATORS = frozenset(_SPACES + ".,|:)(")
_QUOTES = {'"': Kind.STRING, "'": Kind.CHARACTER}
_UNTERMINATED = {'"': "unterminated quoted string", "'": "unterminated character constant"}


class Lexer:
    """Iterates over the tokens; the last one is EOF or ERROR."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._line = 1
        self._counted = 0

    def _token(self, kind: Kind, start: int, text: str | None = None) -> Token:
        self._line += self._text.count("\n", self._counted, start)
        self._counted = max(self._counted, start)
        return Token(
            kind, start, self._text[start : self._at] if text is None else text, self._line
        )

    def _error(self, message: str) -> Token:
        return self._token(Kind.ERROR, min(self._at, len(self._text)), message)

    def __iter__(self) -> Iterator[Token]:
        while True:
            yield from self._literal_text()
            if self._at >= len(self._text):
                yield self._token(Kind.EOF, self._at)
                return
            start = self._at
            self._at += 2
            if self._opens_trim():
                self._at += 2
            if self._text.startswith("/*", self._at):
                failed = self._comment()
                if failed is not None:
                    yield failed
                    return
                continue
            yield self._token(Kind.LEFT, start, "{{")
            self._depth = 0
            for token in self._action():
                yield token
                if token.kind is Kind.ERROR:
                    return

    def _opens_trim(self) -> bool:
        return self._text.startswith("-", self._at) and self._text[self._at + 1 :][:1] in tuple(
            _SPACES
        )

    def _literal_text(self) -> Iterator[Token]:
        start = self._at
        left = self._text.find("{{", start)
        self._at = len(self._text) if left < 0 else left
        text = self._text[start : self._at]
        if left >= 0:
            self._at += 2
            if self._opens_trim():
                text = text.rstrip(_SPACES)
            self._at -= 2
        if text:
            yield self._token(Kind.TEXT, start, text)

    def _closing(self) -> int:
        """Length of the right delimiter here, trim marker included; 0 where there is none."""
        if self._text.startswith("}}", self._at):
            return 2
        spaced = self._text[self._at : self._at + 4]
        return 4 if len(spaced) == 4 and spaced[0] in _SPACES and spaced[1:] == "-}}" else 0

    def _close(self, length: int) -> None:
        self._at += length
        if length == 4:
            while self._at < len(self._text) and self._text[self._at] in _SPACES:
                self._at += 1

    def _comment(self) -> Token | None:
        end = self._text.find("*/", self._at)
        if end < 0:
            return self._error("unclosed comment")
        self._at = end + 2
        length = self._closing()
        if not length:
            return self._error("comment ends before closing delimiter")
        self._close(length)
        return None

    def _action(self) -> Iterator[Token]:
        while True:
            length = self._closing()
            if length:
                if self._depth:
                    yield self._error("unclosed left paren")
                    return
                start = self._at
                self._at += length
                token = self._token(Kind.RIGHT, start, "}}")
                self._at = start
                self._close(length)
                yield token
                return
            yield self._inside()

    def _inside(self) -> Token:
        if self._at >= len(self._text):
            return self._error("unclosed action")
        start, letter = self._at, self._text[self._at]
        self._at += 1
        if letter in _SPACES:
            return self._space(start)
        if letter in _QUOTES:
            return self._quoted(start, letter)
        if letter == "`":
            return self._raw_string(start)
        following = self._text[self._at : self._at + 1]
        is_field = letter == "." and following and not following.isdigit()
        if letter == "$" or is_field:
            return self._field_or_variable(start, letter)
        if letter in "+-." or letter.isdigit():
            return self._number(start)
        if letter == "_" or letter.isalpha():
            return self._word(start)
        return self._symbol(start, letter)

    def _symbol(self, start: int, letter: str) -> Token:
        if letter == ":":
            if not self._text.startswith("=", self._at):
                return self._error("expected :=")
            self._at += 1
            return self._token(Kind.DECLARE, start)
        if letter == "(":
            self._depth += 1
            return self._token(Kind.LEFT_PAREN, start)
        if letter == ")":
            self._depth -= 1
            if self._depth < 0:
                return self._error("unexpected right paren")
            return self._token(Kind.RIGHT_PAREN, start)
        if letter in "|=":
            return self._token(Kind.PIPE if letter == "|" else Kind.ASSIGN, start)
        if letter.isascii() and letter.isprintable():
            return self._token(Kind.CHAR, start)
        return self._error(f"unrecognized character in action: {_code_point(letter)}")

    def _space(self, start: int) -> Token:
        while (
            self._at < len(self._text) and self._text[self._at] in _SPACES and not self._closing()
        ):
            self._at += 1
        return self._token(Kind.SPACE, start)

    def _quoted(self, start: int, end: str) -> Token:
        while self._at < len(self._text):
            letter = self._text[self._at]
            self._at += 1
            if letter == end:
                return self._token(_QUOTES[end], start)
            if letter == "\\" and self._text[self._at : self._at + 1] not in ("", "\n"):
                self._at += 1
            elif letter in "\\\n":
                break
        return self._error(_UNTERMINATED[end])

    def _raw_string(self, start: int) -> Token:
        end = self._text.find("`", self._at)
        if end < 0:
            return self._error("unterminated raw quoted string")
        self._at = end + 1
        return self._token(Kind.RAW_STRING, start)

    def _alphanumeric(self) -> None:
        while self._at < len(self._text):
            letter = self._text[self._at]
            if letter != "_" and not letter.isalnum():
                return
            self._at += 1

    def _terminated(self) -> bool:
        rest = self._text[self._at : self._at + 2]
        return not rest or rest[0] in _TERMINATORS or rest == "}}"

    def _bad_character(self) -> Token:
        return self._error(f"bad character {_code_point(self._text[self._at])}")

    def _field_or_variable(self, start: int, letter: str) -> Token:
        if letter == "." and self._terminated():
            return self._token(Kind.DOT, start)
        self._alphanumeric()
        if not self._terminated():
            return self._bad_character()
        return self._token(Kind.VARIABLE if letter == "$" else Kind.FIELD, start)

    def _word(self, start: int) -> Token:
        self._alphanumeric()
        if not self._terminated():
            return self._bad_character()
        word = self._text[start : self._at]
        if word in KEYWORDS:
            return self._token(Kind.KEYWORD, start)
        if word == "nil":
            return self._token(Kind.NIL, start)
        return self._token(Kind.BOOL if word in ("true", "false") else Kind.IDENTIFIER, start)

    def _number(self, start: int) -> Token:
        """scanNumber: it takes too much, too; the parser looks again."""
        self._at = start
        self._accept("+-")
        digits = "0123456789_"
        if self._accept("0"):
            for marks, base in (("xX", 16), ("oO", 8), ("bB", 2)):
                if self._accept(marks):
                    digits = "0123456789abcdefABCDEF_"[: {16: 23, 8: 8, 2: 2}[base]] + "_"
                    break
        self._accept_run(digits)
        if self._accept("."):
            self._accept_run(digits)
        if len(digits) == 11 and self._accept("eE"):
            self._accept("+-")
            self._accept_run("0123456789_")
        self._accept("i")
        following = self._text[self._at : self._at + 1]
        if following == "_" or following.isalnum():
            self._at += 1
            return self._error(f"bad number syntax: {quote(self._text[start : self._at])}")
        return self._token(Kind.NUMBER, start)

    def _accept(self, letters: str) -> bool:
        taken = self._at < len(self._text) and self._text[self._at] in letters
        self._at += taken
        return taken

    def _accept_run(self, letters: str) -> None:
        while self._accept(letters):
            pass


def _code_point(letter: str) -> str:
    return f"U+{ord(letter):04X} '{letter}'"
