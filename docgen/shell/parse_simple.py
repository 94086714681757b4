"""Simple commands: assignments, words, redirections; and the functions that look like one."""

from __future__ import annotations

from abc import abstractmethod

from docgen.shell.flavour import Flavour
from docgen.shell.lexer import Kind, is_name
from docgen.shell.lookahead import Lookahead
from docgen.shell.reserved import SPECIAL_BUILTINS
from docgen.shell.syntax import (
    Assignment,
    Command,
    Function,
    HereDocument,
    Redirect,
    Simple,
    Text,
    Word,
)

_ASH_WORDS = frozenset({"[[", "function"})
_IMPLIED = {"<": 0, "<>": 0, "<&": 0, "<<": 0, "<<-": 0, ">": 1, ">>": 1, ">|": 1, ">&": 1}
"""The descriptor that a redirection means where none is written."""


class SimpleCommands(Lookahead):
    """Everything that a word, an assignment or a redirection begins."""

    @abstractmethod
    def command(self) -> Command:
        """Any command: a function's body."""

    def simple(self) -> Command:
        start = self.peek()
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while True:
            token = self.peek()
            if token.kind is Kind.REDIRECTION:
                redirects.append(self._redirect())
            elif token.word is not None:
                self.take()
                assignment = None if words else assignment_of(token.word)
                if assignment is not None:
                    assignments.append(assignment)
                else:
                    words.append(token.word)
            elif len(words) == 1 and not assignments and not redirects and self.sees("("):
                return self._function(words[0])
            else:
                break
        if self.flavour is Flavour.BUSYBOX and words and words[0].bare in _ASH_WORDS:
            raise self.refuse(f"{words[0].bare} is not simulated", "write it as POSIX has it")
        place = self.place(start.at)
        return Simple(tuple(assignments), tuple(words), tuple(redirects), *place)

    def _function(self, word: Word) -> Function:
        self.take()
        self.expect(")")
        name = word.bare
        if name is None or not is_name(name) or name in SPECIAL_BUILTINS:
            raise self.error("Bad function name")
        self.skip_newlines()
        self.enter()
        body = self.command()
        self.leave()
        return Function(name, body, word.line)

    def redirects(self) -> tuple[Redirect, ...]:
        """Those behind a compound command; nothing else may follow it."""
        redirects: list[Redirect] = []
        while self.peek().kind is Kind.REDIRECTION:
            redirects.append(self._redirect())
        return tuple(redirects)

    def _redirect(self) -> Redirect:
        token = self.take()
        number = _IMPLIED[token.text] if token.number < 0 else token.number
        target = self.peek()
        if target.word is None:
            raise self.unexpected()
        self.take()
        line = self.line(token.at)
        if token.text not in ("<<", "<<-"):
            return Redirect(number, token.text, target.word, line)
        document = HereDocument(
            _delimiter(self.text[target.at : self.at], target.word),
            strip_tabs=token.text == "<<-",
            expand=not any(isinstance(p, Text) and p.quoted for p in target.word.parts),
        )
        self.expect_document(document)
        return Redirect(number, "<<", document, line)


def assignment_of(word: Word) -> Assignment | None:
    """`name=value`, where the name and the `=` are not quoted."""
    first = word.parts[0] if word.parts else None
    if not isinstance(first, Text) or first.quoted:
        return None
    name, equals, rest = first.text.partition("=")
    if not equals or not is_name(name):
        return None
    parts = (Text(rest), *word.parts[1:]) if rest else word.parts[1:]
    return Assignment(name, Word(parts, word.line, word.column + len(name) + 1))


def _delimiter(source: str, word: Word) -> str:
    """Quotes are removed from a here-document's delimiter, but nothing in it is expanded."""
    literal = word.literal
    return source if literal is None else literal
