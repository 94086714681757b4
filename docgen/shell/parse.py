"""Recursive descent over the shell grammar (XCU 2.10), with dash's own order of complaints."""

from __future__ import annotations

from collections.abc import Iterator

from docgen.shell.flavour import Flavour
from docgen.shell.lexer import Kind, Lexer, Token, is_name
from docgen.shell.syntax import (
    AndOr,
    Arm,
    Assignment,
    Case,
    Command,
    For,
    Function,
    Group,
    HereDocument,
    If,
    Pipeline,
    Redirect,
    Script,
    ShellSyntaxError,
    Simple,
    Subshell,
    Text,
    While,
    Word,
)

RESERVED = frozenset(
    [
        "!",
        "{",
        "}",
        "case",
        "do",
        "done",
        "elif",
        "else",
        "esac",
        "fi",
        "for",
        "if",
        "in",
        "then",
        "until",
        "while",
    ]
)
_CLOSING = frozenset(["}", "do", "done", "elif", "else", "esac", "fi", "then", ";;", ")"])
"""Tokens that end a list of commands without belonging to it."""
_ASH_WORDS = frozenset({"[[", "function"})
SPECIAL_BUILTINS = frozenset(
    [
        ".",
        ":",
        "break",
        "continue",
        "eval",
        "exec",
        "exit",
        "export",
        "readonly",
        "return",
        "set",
        "shift",
        "times",
        "trap",
        "unset",
    ]
)
_IMPLIED = {"<": 0, "<>": 0, "<&": 0, "<<": 0, "<<-": 0, ">": 1, ">>": 1, ">|": 1, ">&": 1}
"""The descriptor that a redirection means where none is written."""


def parse(text: str, flavour: Flavour = Flavour.HOST) -> Script:
    """The whole text. Raises ShellSyntaxError, NotSimulated (LimitExceeded: nested too deep)."""
    return Script(tuple(item for line in parse_lines(text, flavour) for item in line.items))


def parse_lines(
    text: str, flavour: Flavour = Flavour.HOST, first_line: int = 1
) -> Iterator[Script]:
    """Complete command after complete command: what comes before a syntax error runs."""
    return Parser(text, flavour, first_line=first_line).lines()


class Parser(Lexer):
    def __init__(self, text: str, flavour: Flavour, *, first_line: int = 1, depth: int = 0) -> None:
        super().__init__(text, flavour, first_line=first_line, depth=depth)
        self._ahead: Token | None = None

    # -- tokens ------------------------------------------------------------------------------

    def _peek(self) -> Token:
        if self._ahead is None:
            self._ahead = self.next()
        return self._ahead

    def _take(self) -> Token:
        token = self._peek()
        self._ahead = None
        return token

    def _is(self, *texts: str) -> bool:
        """Is the next token one of these operators or reserved words?"""
        token = self._peek()
        return token.text in texts and token.kind is not Kind.REDIRECTION

    def _accept(self, text: str) -> bool:
        if self._is(text):
            self._take()
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._accept(text):
            raise self._unexpected(text)

    def _unexpected(self, expected: str = "") -> ShellSyntaxError:
        token = self._peek()
        found = token.text if token.kind is Kind.OPERATOR else token.kind.value
        if token.kind is Kind.WORD and token.text in RESERVED:
            found = token.text
        return self.error(found, expected, at=token.at)

    def _skip_newlines(self) -> None:
        while self._peek().kind is Kind.NEWLINE:
            self._take()

    @property
    def exhausted(self) -> bool:
        """Nothing is left behind the line that `lines` gave last."""
        nothing_ahead = self._ahead is None or self._ahead.kind is Kind.END
        return nothing_ahead and self.at >= len(self.text)

    # -- lists -------------------------------------------------------------------------------

    def lines(self) -> Iterator[Script]:
        while True:
            self._skip_newlines()
            if self._peek().kind is Kind.END:
                return
            items: list[AndOr] = []
            while self._peek().kind not in (Kind.NEWLINE, Kind.END):
                items.append(self._and_or())
                if not items[-1].background and not self._accept(";"):
                    break
            if self._peek().kind not in (Kind.NEWLINE, Kind.END):
                raise self._unexpected()
            if self._peek().kind is Kind.NEWLINE:
                self._take()  # reads the here-documents of this line before it runs
            yield Script(tuple(items))

    def _list(self, end: str) -> Script:
        """A list inside a compound command: at least one command, up to a closing token.

        `end` is the token that a complaint about the end of the file asks for.
        """
        self.enter()
        items: list[AndOr] = []
        while True:
            self._skip_newlines()
            if self._peek().kind is Kind.END:
                raise self._unexpected(end)
            if items and self._closes():
                break
            items.append(self._and_or())
            if not items[-1].background and not self._accept(";"):
                if self._peek().kind is Kind.NEWLINE:
                    continue
                break
        self.leave()
        return Script(tuple(items))

    def _closes(self) -> bool:
        token = self._peek()
        return token.text in _CLOSING and token.kind is not Kind.REDIRECTION

    def _and_or(self) -> AndOr:
        first = self._pipeline()
        rest: list[tuple[str, Pipeline]] = []
        while self._is("&&", "||"):
            operator = self._take().text
            self._skip_newlines()
            rest.append((operator, self._pipeline()))
        return AndOr(first, tuple(rest), background=self._accept("&"))

    def _pipeline(self) -> Pipeline:
        negated = self._accept("!")
        commands = [self._command()]
        while self._accept("|"):
            self._skip_newlines()
            commands.append(self._command())
        return Pipeline(tuple(commands), negated)

    # -- commands ----------------------------------------------------------------------------

    def _command(self) -> Command:
        token = self._peek()
        if token.kind in (Kind.WORD, Kind.OPERATOR):
            compound = _COMPOUND.get(token.text)
            if compound is not None:
                self._take()
                return compound(self, self.line(token.at))
            if token.text in RESERVED or token.kind is Kind.OPERATOR:
                raise self._unexpected()
        elif token.kind is not Kind.REDIRECTION:
            raise self._unexpected()
        return self._simple()

    def _redirects(self) -> tuple[Redirect, ...]:
        """Those behind a compound command; nothing else may follow it."""
        redirects: list[Redirect] = []
        while self._peek().kind is Kind.REDIRECTION:
            redirects.append(self._redirect())
        return tuple(redirects)

    def _redirect(self) -> Redirect:
        token = self._take()
        number = _IMPLIED[token.text] if token.number < 0 else token.number
        target = self._peek()
        if target.word is None:
            raise self._unexpected()
        self._take()
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

    def _simple(self) -> Command:
        start = self._peek()
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while True:
            token = self._peek()
            if token.kind is Kind.REDIRECTION:
                redirects.append(self._redirect())
            elif token.word is not None:
                self._take()
                assignment = None if words else assignment_of(token.word)
                if assignment is not None:
                    assignments.append(assignment)
                else:
                    words.append(token.word)
            elif len(words) == 1 and not assignments and not redirects and self._is("("):
                return self._function(words[0])
            else:
                break
        if self.flavour is Flavour.BUSYBOX and words and words[0].bare in _ASH_WORDS:
            raise self.refuse(f"{words[0].bare} is not simulated", "write it as POSIX has it")
        place = self.place(start.at)
        return Simple(tuple(assignments), tuple(words), tuple(redirects), *place)

    def _function(self, word: Word) -> Function:
        self._take()
        self._expect(")")
        name = word.bare
        if name is None or not is_name(name) or name in SPECIAL_BUILTINS:
            raise self.error("Bad function name")
        self._skip_newlines()
        self.enter()
        body = self._command()
        self.leave()
        return Function(name, body, word.line)

    # -- compound commands -------------------------------------------------------------------

    def _subshell(self, line: int) -> Command:
        body = self._list(")")
        self._expect(")")
        return Subshell(body, self._redirects(), line)

    def _group(self, line: int) -> Command:
        body = self._list("}")
        self._expect("}")
        return Group(body, self._redirects(), line)

    def _if(self, line: int) -> Command:
        branches: list[tuple[Script, Script]] = []
        while True:
            condition = self._list("then")
            self._expect("then")
            branches.append((condition, self._list("fi")))
            if not self._accept("elif"):
                break
        otherwise = self._list("fi") if self._accept("else") else None
        self._expect("fi")
        return If(tuple(branches), otherwise, self._redirects(), line)

    def _while(self, line: int) -> Command:
        return self._loop(line, until=False)

    def _until(self, line: int) -> Command:
        return self._loop(line, until=True)

    def _loop(self, line: int, *, until: bool) -> Command:
        condition = self._list("do")
        body = self._do()
        return While(condition, body, until, self._redirects(), line)

    def _do(self) -> Script:
        self._expect("do")
        body = self._list("done")
        self._expect("done")
        return body

    def _for(self, line: int) -> Command:
        token = self._take()
        if token.kind is not Kind.WORD or not is_name(token.text):
            raise self.error("Bad for loop variable", at=token.at)
        words: tuple[Word, ...] | None = None
        self._skip_newlines()
        if self._accept("in"):
            words = self._for_words()
        else:
            self._accept(";")
        self._skip_newlines()
        body = self._do()
        return For(token.text, words, body, self._redirects(), line)

    def _for_words(self) -> tuple[Word, ...]:
        words: list[Word] = []
        while (word := self._peek().word) is not None:
            self._take()
            words.append(word)
        if self._peek().kind is not Kind.NEWLINE and not self._is(";"):
            raise self._unexpected()
        self._take()
        return tuple(words)

    def _case(self, line: int) -> Command:
        subject = self._peek().word
        if subject is None:
            raise self._unexpected("word")
        self._take()
        self._skip_newlines()
        self._expect("in")
        arms: list[Arm] = []
        self._skip_newlines()
        while not self._accept("esac"):
            arms.append(self._arm())
            self._skip_newlines()
        return Case(subject, tuple(arms), self._redirects(), line)

    def _arm(self) -> Arm:
        self._accept("(")
        patterns: list[Word] = []
        while True:
            word = self._peek().word
            if word is None:
                raise self._unexpected(")")
            self._take()
            patterns.append(word)
            if not self._accept("|"):
                break
        self._expect(")")
        self._skip_newlines()
        body = Script(()) if self._is(";;", "esac") else self._list(";;")
        if not self._accept(";;") and not self._is("esac"):
            raise self._unexpected(";;")
        return Arm(tuple(patterns), body)

    # -- texts within texts ------------------------------------------------------------------

    def nested(self) -> Script:
        outer, self._ahead = self._ahead, None
        self._skip_newlines()
        script = Script(()) if self._is(")") else self._list(")")
        self._expect(")")
        self._ahead = outer
        return script

    def script_of(self, text: str, first_line: int) -> Script:
        inner = Parser(text, self.flavour, first_line=first_line, depth=self.depth)
        return Script(tuple(item for line in inner.lines() for item in line.items))

    def lexer_of(self, text: str, first_line: int) -> Lexer:
        return Parser(text, self.flavour, first_line=first_line, depth=self.depth)


_COMPOUND = {
    "(": Parser._subshell,
    "{": Parser._group,
    "if": Parser._if,
    "while": Parser._while,
    "until": Parser._until,
    "for": Parser._for,
    "case": Parser._case,
}


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
