"""Compound commands: groups, conditions and loops (XCU 2.9.4)."""

from __future__ import annotations

from abc import abstractmethod

from docgen.shell.lexer import Kind, is_name
from docgen.shell.parse_simple import SimpleCommands
from docgen.shell.syntax import (
    Arm,
    Case,
    Command,
    For,
    Group,
    If,
    Script,
    Subshell,
    While,
    Word,
)


class CompoundCommands(SimpleCommands):
    """Each method is called behind the word that begins its command."""

    @abstractmethod
    def commands(self, end: str) -> Script:
        """A list inside a compound command: at least one command, up to a closing token.

        `end` is the token that a complaint about the end of the file asks for.
        """

    def _subshell(self, line: int) -> Command:
        body = self.commands(")")
        self.expect(")")
        return Subshell(body, self.redirects(), line)

    def _group(self, line: int) -> Command:
        body = self.commands("}")
        self.expect("}")
        return Group(body, self.redirects(), line)

    def _if(self, line: int) -> Command:
        branches: list[tuple[Script, Script]] = []
        while True:
            condition = self.commands("then")
            self.expect("then")
            branches.append((condition, self.commands("fi")))
            if not self.accept("elif"):
                break
        otherwise = self.commands("fi") if self.accept("else") else None
        self.expect("fi")
        return If(tuple(branches), otherwise, self.redirects(), line)

    def _while(self, line: int) -> Command:
        return self._loop(line, until=False)

    def _until(self, line: int) -> Command:
        return self._loop(line, until=True)

    def _loop(self, line: int, *, until: bool) -> Command:
        condition = self.commands("do")
        body = self._do()
        return While(condition, body, until, self.redirects(), line)

    def _do(self) -> Script:
        self.expect("do")
        body = self.commands("done")
        self.expect("done")
        return body

    def _for(self, line: int) -> Command:
        token = self.take()
        if token.kind is not Kind.WORD or not is_name(token.text):
            raise self.error("Bad for loop variable", at=token.at)
        words: tuple[Word, ...] | None = None
        self.skip_newlines()
        if self.accept("in"):
            words = self._for_words()
        else:
            self.accept(";")
        self.skip_newlines()
        body = self._do()
        return For(token.text, words, body, self.redirects(), line)

    def _for_words(self) -> tuple[Word, ...]:
        words: list[Word] = []
        while (word := self.peek().word) is not None:
            self.take()
            words.append(word)
        if self.peek().kind is not Kind.NEWLINE and not self.sees(";"):
            raise self.unexpected()
        self.take()
        return tuple(words)

    def _case(self, line: int) -> Command:
        subject = self.peek().word
        if subject is None:
            raise self.unexpected("word")
        self.take()
        self.skip_newlines()
        self.expect("in")
        arms: list[Arm] = []
        self.skip_newlines()
        while not self.accept("esac"):
            arms.append(self._arm())
            self.skip_newlines()
        return Case(subject, tuple(arms), self.redirects(), line)

    def _arm(self) -> Arm:
        self.accept("(")
        patterns: list[Word] = []
        while True:
            word = self.peek().word
            if word is None:
                raise self.unexpected(")")
            self.take()
            patterns.append(word)
            if not self.accept("|"):
                break
        self.expect(")")
        self.skip_newlines()
        body = Script(()) if self.sees(";;", "esac") else self.commands(";;")
        if not self.accept(";;") and not self.sees("esac"):
            raise self.unexpected(";;")
        return Arm(tuple(patterns), body)


COMPOUND = {
    "(": CompoundCommands._subshell,
    "{": CompoundCommands._group,
    "if": CompoundCommands._if,
    "while": CompoundCommands._while,
    "until": CompoundCommands._until,
    "for": CompoundCommands._for,
    "case": CompoundCommands._case,
}
