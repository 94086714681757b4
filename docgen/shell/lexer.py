"""Characters to tokens: operators, words, here-documents (XCU 2.3 and 2.7)."""

from __future__ import annotations

import re
from abc import abstractmethod
from enum import Enum
from typing import NamedTuple

from docgen.shell.expansions import Expansions
from docgen.shell.flavour import Flavour
from docgen.shell.quoting import merged
from docgen.shell.syntax import HereDocument, Part, Text, Word

_OPERATOR = re.compile(r"&&|\|\||;;|<<-?|<&|<>|>>|>\||>&|[|&;()<>]")
_REDIRECTIONS = frozenset({"<", ">", ">>", ">|", "<>", "<&", ">&", "<<", "<<-"})
_IO_NUMBER = re.compile(r"[0-9](?=[<>])")
_PLAIN = re.compile(r"[^ \t\n\\'\"$`|&;()<>]+")
_PLAIN_WORD = re.compile(r"[^ \t\n\\'\"$`|&;()<>]+(?=[ \t\n|&;()<>]|\Z)")
_PLAIN_DOCUMENT = re.compile(r"[^\\$`]+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BLANKS = re.compile(r"[ \t]+")
_ASH_EXTENSION = re.compile(r"&>|[<>]\(|\$'")
"""What busybox ash understands beyond POSIX and dash does not; not modelled."""


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


class Lexer(Expansions):
    """Reads token by token."""

    def __init__(self, text: str, flavour: Flavour, *, first_line: int = 1, depth: int = 0) -> None:
        super().__init__(text, flavour, first_line=first_line, depth=depth)
        self._documents: list[HereDocument] = []

    @abstractmethod
    def lexer_of(self, text: str, first_line: int) -> Lexer:
        """For a text of its own: the lines of a here-document."""

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

    def word(self) -> Word:
        """A word that begins here."""
        start = self.at
        parts: list[Part] = []
        while self.at < len(self.text):
            plain = _PLAIN.match(self.text, self.at)
            if plain:
                self.at = plain.end()
                parts.append(Text(plain.group()))
            elif self.text[self.at] in " \t\n|&;()<>" or not self.special(parts):
                break
        return Word(merged(parts), *self.place(start))

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
            inner.quoted_piece(parts, _PLAIN_DOCUMENT, "$`\\")
        return merged(parts)


def is_name(text: str) -> bool:
    """May it be a variable?"""
    return _NAME.fullmatch(text) is not None
