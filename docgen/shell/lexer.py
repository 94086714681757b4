"""Characters to tokens: operators, words with their parts, here-documents (XCU 2.2 to 2.7)."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_right
from enum import Enum
from itertools import groupby
from typing import NamedTuple

from docgen import limits
from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.shell.flavour import Flavour
from docgen.shell.syntax import (
    Arithmetic,
    HereDocument,
    Parameter,
    Part,
    Script,
    ShellSyntaxError,
    Substitution,
    Text,
    Word,
)

_OPERATOR = re.compile(r"&&|\|\||;;|<<-?|<&|<>|>>|>\||>&|[|&;()<>]")
_REDIRECTIONS = frozenset({"<", ">", ">>", ">|", "<>", "<&", ">&", "<<", "<<-"})
_IO_NUMBER = re.compile(r"[0-9](?=[<>])")
_PLAIN = re.compile(r"[^ \t\n\\'\"$`|&;()<>]+")
_PLAIN_WORD = re.compile(r"[^ \t\n\\'\"$`|&;()<>]+(?=[ \t\n|&;()<>]|\Z)")
_PLAIN_QUOTED = re.compile(r"[^\\\"$`]+")
_PLAIN_DOCUMENT = re.compile(r"[^\\$`]+")
_PLAIN_BRACED = re.compile(r"[^\\'\"$`}]+")
_PLAIN_BRACED_QUOTED = re.compile(r"[^\\\"$`}]+")
_PLAIN_ARITHMETIC = re.compile(r"[^\\\"$`()]+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-]")
_SHORT_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]")
_PARAMETER_OPERATOR = re.compile(r"(:?)([-=?+])|(##?|%%?)")
_BLANKS = re.compile(r"[ \t]+")
_BACKQUOTED = re.compile(r"[^`\\]+")
_ASH_EXTENSION = re.compile(r"&>|[<>]\(|\$'")
"""What busybox ash understands beyond POSIX and dash does not; not modelled."""
MISSING_BRACE = "Missing '}'"
BAD_SUBSTITUTION = "Bad substitution"


class Kind(Enum):
    WORD = "word"
    OPERATOR = "operator"
    REDIRECTION = "redirection"
    NEWLINE = "newline"
    END = "end of file"


class Token(NamedTuple):
    kind: Kind
    text: str
    """The operator; for a word its bare text ('' where something in it is quoted or expanded)."""
    at: int
    """Offset in the text."""
    word: Word | None = None
    number: int = -1
    """The descriptor before a redirection; -1 where none is written."""


class Lexer(ABC):
    """Reads one text from the front. The parser is one: words hold commands, commands words."""

    def __init__(self, text: str, flavour: Flavour, *, first_line: int = 1, depth: int = 0) -> None:
        self.text = text
        self.flavour = flavour
        self.at = 0
        self.depth = depth
        self._first_line = first_line
        self._newlines = [found.start() for found in re.finditer("\n", text)]
        self._documents: list[HereDocument] = []

    @abstractmethod
    def nested(self) -> Script:
        """The commands of a `$(…)`, from here to behind its `)`."""

    @abstractmethod
    def script_of(self, text: str, first_line: int) -> Script:
        """The commands of a text of its own: backquotes, unescaped."""

    @abstractmethod
    def lexer_of(self, text: str, first_line: int) -> Lexer:
        """For a text of its own: the lines of a here-document."""

    # -- positions and errors ----------------------------------------------------------------

    def line(self, at: int) -> int:
        return self._first_line + bisect_right(self._newlines, at - 1)

    def place(self, at: int) -> tuple[int, int]:
        """Line and column, from 1."""
        before = bisect_right(self._newlines, at - 1)
        start = self._newlines[before - 1] if before else -1
        return self._first_line + before, at - start

    def error(self, found: str, expected: str = "", at: int | None = None) -> ShellSyntaxError:
        where = self.at if at is None else at
        return ShellSyntaxError(found, expected, *self.place(where))

    def enter(self) -> None:
        """One level deeper; `leave` it."""
        self.depth += 1
        if self.depth > limits.SYNTAX_DEPTH:
            raise LimitExceeded(
                f"commands are nested deeper than {limits.SYNTAX_DEPTH}",
                "put the inner ones into functions or files",
                *self.place(self.at),
            )

    def refuse(self, what: str, instead: str) -> NotSimulated:
        return NotSimulated(what, instead, *self.place(self.at))

    def leave(self) -> None:
        self.depth -= 1

    # -- tokens ------------------------------------------------------------------------------

    def next(self) -> Token:
        self._skip_blanks()
        at = self.at
        if at >= len(self.text):
            self._read_documents()
            return Token(Kind.END, "", at)
        letter = self.text[at]
        if self.flavour is Flavour.BUSYBOX and (found := _ASH_EXTENSION.match(self.text, at)):
            raise self.refuse(f"{found.group()} is not simulated", "write it as POSIX has it")
        if letter == "\n":
            self.at += 1
            self._read_documents()
            return Token(Kind.NEWLINE, "\n", at)
        if letter in "|&;()<>":
            return self._operator(-1)
        if letter.isdigit() and _IO_NUMBER.match(self.text, at):
            self.at += 1
            return self._operator(int(letter))
        plain = _PLAIN_WORD.match(self.text, at)
        if plain:
            self.at = plain.end()
            text = plain.group()
            return Token(Kind.WORD, text, at, Word((Text(text),), *self.place(at)))
        word = self.word()
        return Token(Kind.WORD, word.bare or "", at, word)

    def _skip_blanks(self) -> None:
        text = self.text
        while self.at < len(text):
            blanks = _BLANKS.match(text, self.at)
            if blanks:
                self.at = blanks.end()
            elif text.startswith("\\\n", self.at):
                self.at += 2
            elif text[self.at] == "#":
                end = text.find("\n", self.at)
                self.at = len(text) if end < 0 else end
            else:
                return

    def _operator(self, number: int) -> Token:
        at = self.at
        found = _OPERATOR.match(self.text, at)
        assert found is not None
        self.at = found.end()
        text = found.group()
        kind = Kind.REDIRECTION if text in _REDIRECTIONS else Kind.OPERATOR
        return Token(kind, text, at, number=number)

    # -- words -------------------------------------------------------------------------------

    def word(self) -> Word:
        """A word that begins here."""
        start = self.at
        parts: list[Part] = []
        while self.at < len(self.text):
            plain = _PLAIN.match(self.text, self.at)
            if plain:
                self.at = plain.end()
                parts.append(Text(plain.group()))
            elif self.text[self.at] in " \t\n|&;()<>" or not self._special(parts):
                break
        return Word(_merged(parts), *self.place(start))

    def _special(self, parts: list[Part]) -> bool:
        """A quoting or expansion that begins here, outside of double quotes. False: none does."""
        letter = self.text[self.at]
        if letter == "\\":
            self._backslash(parts)
        elif letter == "'":
            self._single_quotes(parts)
        elif letter == '"':
            self._double_quotes(parts)
        elif letter in "$`":
            self._expansion(parts, quoted=False)
        else:
            return False
        return True

    def _backslash(self, parts: list[Part]) -> None:
        if self.text.startswith("\\\n", self.at):
            self.at += 2
            return
        letter = self.text[self.at + 1 : self.at + 2]
        parts.append(Text(letter or "\\", quoted=True))
        self.at += 2

    def _single_quotes(self, parts: list[Part]) -> None:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise self.error("Unterminated quoted string")
        parts.append(Text(self.text[self.at + 1 : end], quoted=True))
        self.at = end + 1

    def _double_quotes(self, parts: list[Part]) -> None:
        start = self.at
        self.at += 1
        inner: list[Part] = []
        while self.at < len(self.text):
            if self.text[self.at] == '"':
                self.at += 1
                parts += inner or [Text("", quoted=True)]
                return
            self._quoted_piece(inner, _PLAIN_QUOTED, '$`"\\')
        raise self.error("Unterminated quoted string", at=start)

    def _quoted_piece(self, parts: list[Part], plain: re.Pattern[str], escapable: str) -> None:
        """One piece of a text in which only `$`, backquote and some escapes are special."""
        found = plain.match(self.text, self.at)
        if found:
            self.at = found.end()
            parts.append(Text(found.group(), quoted=True))
        elif self.text[self.at] == "\\":
            letter = self.text[self.at + 1 : self.at + 2]
            self.at += 2
            if letter != "\n":
                kept = letter if letter and letter in escapable else "\\" + letter
                parts.append(Text(kept, quoted=True))
        elif self.text[self.at] in "$`":
            self._expansion(parts, quoted=True)
        else:
            parts.append(Text(self.text[self.at], quoted=True))
            self.at += 1

    # -- expansions --------------------------------------------------------------------------

    def _expansion(self, parts: list[Part], *, quoted: bool) -> None:
        text, at = self.text, self.at
        self.enter()
        if text[at] == "`":
            parts.append(self._backquotes(quoted))
        elif text.startswith("$((", at):
            parts.append(self._arithmetic(quoted))
        elif text.startswith("$(", at):
            self.at += 2
            parts.append(Substitution(self.nested(), quoted))
        elif text.startswith("${", at):
            parts.append(self._braced(quoted))
        else:
            found = _SHORT_PARAMETER.match(text, at + 1)
            if found:
                self.at = found.end()
                parts.append(Parameter(found.group(), quoted=quoted, line=self.line(at)))
            else:
                self.at += 1
                parts.append(Text("$", quoted))
        self.leave()

    def _backquotes(self, quoted: bool) -> Substitution:
        start = self.at
        self.at += 1
        pieces: list[str] = []
        escapable = '$`\\"' if quoted else "$`\\"
        while True:
            found = _BACKQUOTED.match(self.text, self.at)
            if found:
                pieces.append(found.group())
                self.at = found.end()
            elif self.at >= len(self.text):
                raise self.error("EOF in backquote substitution", at=start)
            elif self.text[self.at] == "`":
                self.at += 1
                script = self.script_of("".join(pieces), self.line(start))
                return Substitution(script, quoted)
            else:
                letter = self.text[self.at + 1 : self.at + 2]
                pieces.append(letter if letter and letter in escapable else "\\" + letter)
                self.at += 2

    def _arithmetic(self, quoted: bool) -> Arithmetic:
        line = self.line(self.at)
        self.at += 3
        parts: list[Part] = []
        depth = 0
        while self.at < len(self.text):
            letter = self.text[self.at]
            if letter == "(":
                depth += 1
            elif letter == ")" and depth:
                depth -= 1
            elif letter == ")":
                if not self.text.startswith("))", self.at):
                    break
                self.at += 2
                return Arithmetic(_merged(parts), quoted, line)
            elif letter == '"':
                self.at += 1
                continue
            self._quoted_piece(parts, _PLAIN_ARITHMETIC, "$`\\")
        raise self.error("Missing '))'")

    def _braced(self, quoted: bool) -> Parameter:
        """`${…}`; the text is at its `$`."""
        line = self.line(self.at)
        self.at += 2
        if self.text.startswith("#", self.at):
            length = self._length(quoted, line)
            if length is not None:
                return length
        found = _PARAMETER.match(self.text, self.at)
        if not found:
            return self._bad_substitution(line)
        name = found.group()
        self.at = found.end()
        if self.text.startswith("}", self.at):
            self.at += 1
            return Parameter(name, quoted=quoted, line=line)
        operator = _PARAMETER_OPERATOR.match(self.text, self.at)
        if not operator:
            self._odd_operator()
            return self._bad_substitution(line)
        self.at = operator.end()
        colon, default, trim = operator.groups()
        inside = quoted and not trim
        word = self._braced_word(quoted=inside)
        return Parameter(name, default or trim, bool(colon), word, quoted, line)

    def _length(self, quoted: bool, line: int) -> Parameter | None:
        found = _PARAMETER.match(self.text, self.at + 1)
        if not found or not self.text.startswith("}", found.end()):
            return None
        self.at = found.end() + 1
        return Parameter(found.group(), "length", quoted=quoted, line=line)

    def _bad_substitution(self, line: int) -> Parameter:
        """dash finds it when the word is expanded, ash when it is read."""
        if self.at >= len(self.text):
            raise self.error(MISSING_BRACE)
        if self.flavour is Flavour.BUSYBOX:
            raise self.error(BAD_SUBSTITUTION)
        self._braced_word(quoted=True)
        return Parameter("", "bad", line=line)

    def _odd_operator(self) -> None:
        """`${x:1:2}` and `${x/a/b}`: ash has them, dash does not."""
        if self.text.startswith(":}", self.at):
            raise self.error(MISSING_BRACE)
        letter = self.text[self.at : self.at + 1]
        if self.flavour is Flavour.BUSYBOX and letter in (":", "/") and letter:
            raise self.refuse(
                f"${{x{letter}…}} is not simulated",
                "use the POSIX forms (${x#pattern}, ${x%pattern}), sed or cut",
            )

    def _braced_word(self, *, quoted: bool) -> tuple[Part, ...]:
        """The word after the operator, up to the closing brace."""
        parts: list[Part] = []
        while self.at < len(self.text):
            letter = self.text[self.at]
            if letter == "}":
                self.at += 1
                return _merged(parts)
            if quoted and letter == '"':
                self._double_quotes(parts)
            elif quoted:
                self._quoted_piece(parts, _PLAIN_BRACED_QUOTED, '$`"\\}')
            else:
                self._braced_piece(parts)
        raise self.error(MISSING_BRACE)

    def _braced_piece(self, parts: list[Part]) -> None:
        plain = _PLAIN_BRACED.match(self.text, self.at)
        if plain:
            self.at = plain.end()
            parts.append(Text(plain.group()))
        else:
            self._special(parts)

    # -- here-documents ----------------------------------------------------------------------

    def expect_document(self, document: HereDocument) -> None:
        """Its lines begin after the next newline."""
        self._documents.append(document)

    def _read_documents(self) -> None:
        documents, self._documents = self._documents, []
        for document in documents:
            line = self.line(self.at)
            body = self._document_lines(document)
            if document.expand:
                document.parts = self._document_parts(body, line)
            else:
                document.parts = (Text(body, quoted=True),)

    def _document_lines(self, document: HereDocument) -> str:
        lines: list[str] = []
        while self.at < len(self.text):
            end = self.text.find("\n", self.at)
            end = len(self.text) if end < 0 else end
            line = self.text[self.at : end]
            self.at = min(end + 1, len(self.text))
            if document.strip_tabs:
                line = line.lstrip("\t")
            if line == document.delimiter:
                break
            lines.append(line + "\n" if end < len(self.text) else line)
        return "".join(lines)

    def _document_parts(self, body: str, line: int) -> tuple[Part, ...]:
        inner = self.lexer_of(body, line)
        parts: list[Part] = []
        while inner.at < len(body):
            inner._quoted_piece(parts, _PLAIN_DOCUMENT, "$`\\")
        return _merged(parts)


def _merged(parts: list[Part]) -> tuple[Part, ...]:
    """Neighbouring texts of one kind become one."""
    if len(parts) == 1:
        return (parts[0],)
    merged: list[Part] = []
    for quoted, run in groupby(parts, lambda one: one.quoted if isinstance(one, Text) else None):
        if quoted is None:
            merged += run
        else:
            merged.append(Text("".join(one.text for one in run if isinstance(one, Text)), quoted))
    return tuple(merged)


def is_name(text: str) -> bool:
    """May it be a variable?"""
    return _NAME.fullmatch(text) is not None
