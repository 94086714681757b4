"""`test` and `[`: the grammar and the complaints of dash and busybox, which share their origin."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum

from docgen import limits
from docgen.diagnostics import LimitExceeded
from docgen.fs.errors import FsError
from docgen.fs.filesystem import Stat
from docgen.fs.view import EXECUTE, READ, WRITE, View
from docgen.shell.flavour import Flavour

_INTEGER = re.compile(r"[ \t\n]*[-+]?[0-9]+[ \t\n]*")


class TestError(Exception):
    """The expression is wrong: the text after `test: `; status 2."""

    __test__ = False

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class _Kind(Enum):
    UNARY = "unary"
    BINARY = "binary"
    NOT = "!"
    AND = "-a"
    OR = "-o"
    OPEN = "("
    CLOSE = ")"
    OPERAND = "operand"
    END = "end"


_UNARY = frozenset(f"-{letter}" for letter in "rwxefdcbpugkshLSGOntz")
_NUMERIC: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda a, b: a == b,
    "-ne": lambda a, b: a != b,
    "-gt": lambda a, b: a > b,
    "-ge": lambda a, b: a >= b,
    "-lt": lambda a, b: a < b,
    "-le": lambda a, b: a <= b,
}
_TEXTUAL: dict[str, Callable[[str, str], bool]] = {
    "=": lambda a, b: a == b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
}
_FILES = frozenset({"-nt", "-ot", "-ef"})
_KINDS = {"-f": "file", "-d": "dir", "-c": "char", "-b": "block", "-p": "fifo", "-S": "socket"}
_BITS = {"-u": 0o4000, "-g": 0o2000, "-k": 0o1000}


def evaluate_test(view: View, words: Sequence[str], flavour: Flavour) -> bool:
    """The truth of the words between `[` and `]`. Raises TestError."""
    return _Test(view, words, flavour).run() if words else False


class _Test:
    def __init__(self, view: View, words: Sequence[str], flavour: Flavour) -> None:
        self._view = view
        self._words = list(words)
        self._flavour = flavour
        self._at = 0
        self._depth = 0

    def run(self) -> bool:
        words = self._words
        kind: _Kind | None = None
        negated = False
        if self._flavour is Flavour.BUSYBOX and len(words) <= 2:
            if len(words) == 1:
                return bool(words[0])
            if words[0] == "!":
                return not words[1]
        if len(words) == 3 and self._is_binary(words[1]):
            kind = _Kind.OPERAND
        elif len(words) in (3, 4):
            if words[0] == "(" and words[-1] == ")":
                self._words = words[1:-1]
            elif words[0] == "!" and self._flavour is Flavour.HOST:
                self._words, negated = words[1:], True
        value = self._or(self._kind(0) if kind is None else kind) != negated
        left = self._words[self._at + 1 :] if self._at < len(self._words) else []
        if left:
            if self._flavour is Flavour.HOST:
                word = self._words[self._at]
                raise TestError(f"{word}: unexpected operator" if word else "unexpected operator")
            raise TestError(f"{left[0]}: unknown operand" if left[0] else "unknown operand")
        return value

    def _is_binary(self, word: str) -> bool:
        if word == "==" and self._flavour is Flavour.HOST:
            return False
        return word in _NUMERIC or word in _TEXTUAL or word in _FILES

    def _word(self, at: int) -> str | None:
        return self._words[at] if at < len(self._words) else None

    def _kind(self, at: int) -> _Kind:
        """What the word at a place is, given what stands around it."""
        word = self._word(at)
        if word is None:
            return _Kind.END
        if word in _UNARY:
            return _Kind.OPERAND if self._is_operand(at) else _Kind.UNARY
        if self._is_binary(word):
            return _Kind.BINARY
        if word == "(" and self._word(at + 1) is None and self._flavour is Flavour.HOST:
            return _Kind.OPERAND
        simple = {"!": _Kind.NOT, "-a": _Kind.AND, "-o": _Kind.OR, "(": _Kind.OPEN}
        return simple.get(word, _Kind.CLOSE if word == ")" else _Kind.OPERAND)

    def _is_operand(self, at: int) -> bool:
        following, then = self._word(at + 1), self._word(at + 2)
        if following is None:
            return True
        if then == ")" and self._flavour is Flavour.BUSYBOX:
            return False
        return then is not None and self._is_binary(following)

    def _or(self, kind: _Kind) -> bool:
        value = False
        while True:
            value = self._and(kind) or value
            if self._kind(self._at + 1) is not _Kind.OR:
                return value
            self._at += 2
            kind = self._kind(self._at)

    def _and(self, kind: _Kind) -> bool:
        value = True
        while True:
            value = self._not(kind) and value
            if self._kind(self._at + 1) is not _Kind.AND:
                return value
            self._at += 2
            kind = self._kind(self._at)

    def _not(self, kind: _Kind) -> bool:
        value = True
        while kind is _Kind.NOT:
            kind = self._kind(self._at + 1)
            if kind is not _Kind.END:
                self._at += 1
            elif self._flavour is Flavour.BUSYBOX:
                return value  # ash: a last `!` stands for truth
            value = not value
        return self._primary(kind) == value

    def _primary(self, kind: _Kind) -> bool:
        if kind is _Kind.END:
            if self._flavour is Flavour.BUSYBOX:
                raise TestError("argument expected")
            return False
        if kind is _Kind.OPEN:
            return self._parentheses()
        word = self._words[self._at]
        if kind is _Kind.UNARY:
            self._at += 1
            argument = self._word(self._at)
            if argument is None:
                raise TestError(f"{word}: argument expected")
            return self._unary(word, argument)
        operator = self._word(self._at + 1)
        if operator is not None and self._is_binary(operator):
            return self._binary(word, operator)
        return bool(word)

    def _parentheses(self) -> bool:
        self._depth += 1
        if self._depth > limits.SYNTAX_DEPTH:
            raise LimitExceeded("test is nested too deep", "use several tests")
        self._at += 1
        kind = self._kind(self._at)
        empty = kind is _Kind.CLOSE and self._flavour is Flavour.HOST
        value = False if empty else self._or(kind)
        if not empty:
            self._at += 1
            if self._kind(self._at) is not _Kind.CLOSE:
                raise TestError("closing paren expected")
        self._depth -= 1
        return value

    def _binary(self, left: str, operator: str) -> bool:
        self._at += 2
        right = self._word(self._at)
        if right is None:
            raise TestError(f"{operator}: argument expected")
        if operator in _TEXTUAL:
            return _TEXTUAL[operator](left, right)
        if operator in _NUMERIC:
            return _NUMERIC[operator](self._number(left), self._number(right))
        return self._compare_files(left, operator, right)

    def _number(self, text: str) -> int:
        if not _INTEGER.fullmatch(text) or len(text) > 40:
            if self._flavour is Flavour.HOST:
                raise TestError(f"Illegal number: {text}")
            raise TestError(f"{text}: bad number" if text else "bad number")
        return int(text)

    def _compare_files(self, left: str, operator: str, right: str) -> bool:
        one, other = self._stat(left), self._stat(right)
        if one is None or other is None:
            return False
        if operator == "-ef":
            return (one.dev, one.ino) == (other.dev, other.ino)
        newer, older = (one, other) if operator == "-nt" else (other, one)
        unit = 1 if self._flavour is Flavour.HOST else 1_000_000_000  # busybox sees whole seconds
        return newer.mtime_ns // unit > older.mtime_ns // unit

    def _stat(self, path: str, *, follow: bool = True) -> Stat | None:
        try:
            return self._view.stat(path, follow=follow)
        except FsError:
            return None

    def _unary(self, operator: str, argument: str) -> bool:
        match operator:
            case "-z":
                return not argument
            case "-n":
                return bool(argument)
            case "-t":
                return False
            case "-r":
                return self._view.access(argument, READ)
            case "-w":
                return self._view.access(argument, WRITE)
            case "-x":
                return self._view.access(argument, EXECUTE)
            case "-h" | "-L":
                link = self._stat(argument, follow=False)
                return link is not None and link.kind == "symlink"
        stat = self._stat(argument)
        return stat is not None and self._holds(operator, stat)

    def _holds(self, operator: str, stat: Stat) -> bool:
        if operator in _KINDS:
            return stat.kind == _KINDS[operator]
        if operator in _BITS:
            return bool(stat.mode & _BITS[operator])
        match operator:
            case "-s":
                return stat.size > 0
            case "-O":
                return stat.uid == self._view.credentials.uid
            case "-G":
                return stat.gid == self._view.credentials.gid
            case _:
                return True
