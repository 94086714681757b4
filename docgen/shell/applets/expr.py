"""expr."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from docgen import limits
from docgen.daemon.waits import Steps
from docgen.diagnostics import LimitExceeded
from docgen.shell.applets.regex import SED_BASIC, RegexError, compile_regex
from docgen.shell.applets.support.output import decoded, encoded
from docgen.shell.applets.support.quoting import quoted
from docgen.shell.applets.support.tool import (
    Refusal,
    complain_of_usage,
    on_host,
    raw_tool,
    refuse_usage_text,
)
from docgen.shell.process import Process

_NUMBER = re.compile(r"-?[0-9]+")
_ORDER: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    "=": lambda order: order == 0,
    "==": lambda order: order == 0,
    "!=": lambda order: order != 0,
    ">=": lambda order: order >= 0,
    ">": lambda order: order > 0,
}


def expr(p: Process) -> Steps[int]:
    words = p.argv[2:] if p.argv[1:2] == ("--",) else p.argv[1:]
    if not words:
        if not on_host(p):
            refuse_usage_text(p)
        return (yield from complain_of_usage(p, "missing operand", 2))
    value = _Evaluator(p, words).run()
    yield from p.out(value + "\n")
    return 1 if _is_null(value) else 0


def _is_null(value: str) -> bool:
    return value == "" or re.fullmatch(r"-?0+", value) is not None


class _Evaluator:
    def __init__(self, p: Process, words: Sequence[str]) -> None:
        self.p = p
        self.words = words
        self.at = 0
        self.depth = 0

    def run(self) -> str:
        value = self._or()
        if self.at < len(self.words):
            self._syntax(f"unexpected argument {quoted(self.p, self.words[self.at])}")
        return value

    def _syntax(self, detail: str) -> None:
        if on_host(self.p):
            raise Refusal(f"syntax error: {detail}", 2)
        raise Refusal("syntax error", 2)

    def _take(self, *words: str) -> str:
        if self.at < len(self.words) and self.words[self.at] in words:
            self.at += 1
            return self.words[self.at - 1]
        return ""

    def _or(self) -> str:
        left = self._and()
        while self._take("|"):
            right = self._and()
            left = left if not _is_null(left) else (right if not _is_null(right) else "0")
        return left

    def _and(self) -> str:
        left = self._comparison()
        while self._take("&"):
            right = self._comparison()
            if _is_null(left) or _is_null(right):
                left = "0"
        return left

    def _comparison(self) -> str:
        left = self._sum()
        while operator := self._take(*_ORDER):
            right = self._sum()
            one: int | str = left
            other: int | str = right
            if _NUMBER.fullmatch(left) and _NUMBER.fullmatch(right):
                one, other = self._number(left), self._number(right)
                order = (one > other) - (one < other)
            else:
                order = (left > right) - (left < right)
            left = "1" if _ORDER[operator](order) else "0"
        return left

    def _sum(self) -> str:
        left = self._product()
        while operator := self._take("+", "-"):
            one, other = self._number(left), self._number(self._product())
            left = str(one + other if operator == "+" else one - other)
        return left

    def _product(self) -> str:
        left = self._match()
        while operator := self._take("*", "/", "%"):
            one, other = self._number(left), self._number(self._match())
            if operator != "*" and other == 0:
                raise Refusal("division by zero", 2)
            quotient = abs(one) // abs(other) if other else 0
            quotient = quotient if (one < 0) == (other < 0) else -quotient
            left = str({"*": one * other, "/": quotient}.get(operator, one - other * quotient))
        return left

    def _number(self, text: str) -> int:
        if not _NUMBER.fullmatch(text):
            raise Refusal("non-integer argument" if on_host(self.p) else "non-numeric argument", 2)
        if len(text) > 1000:
            raise LimitExceeded("expr with a number of more than 1000 digits", "use smaller ones")
        return int(text)

    def _match(self) -> str:
        left = self._function()
        while self._take(":"):
            left = self._matched(left, self._function())
        return left

    def _matched(self, text: str, pattern: str) -> str:
        try:
            regex = compile_regex(encoded(pattern), SED_BASIC)
        except RegexError as error:
            raise Refusal(str(error), 2) from None
        raw = encoded(text)
        subject = regex.on(raw)
        end = subject.longest(0)
        if end is None:
            return "" if regex.groups else "0"
        if not regex.groups:
            return str(len(decoded(raw[:end])))
        group = subject.groups((0, end))[1]
        return decoded(raw[group[0] : group[1]]) if group else ""

    def _function(self) -> str:
        name = self._take("match", "substr", "index", "length", "+", "quote")
        match name:
            case "":
                return self._primary()
            case "+" | "quote":
                return self._operand()
            case "match":
                return self._matched(self._function(), self._function())
            case "length":
                return str(len(self._function()))
            case "index":
                text, letters = self._function(), self._function()
                found = [text.index(letter) + 1 for letter in letters if letter in text]
                return str(min(found, default=0))
            case _:
                text = self._function()
                start, size = self._function(), self._function()
                if not _NUMBER.fullmatch(start) or not _NUMBER.fullmatch(size):
                    return ""
                first, count = int(start[:9]), int(size[:9])
                return text[first - 1 : first - 1 + count] if first > 0 and count > 0 else ""

    def _primary(self) -> str:
        if not self._take("("):
            return self._operand()
        self.depth += 1
        if self.depth > limits.SYNTAX_DEPTH:
            raise LimitExceeded("expr with so many parentheses", "use several exprs")
        value = self._or()
        if not self._take(")"):
            self._syntax("expecting ')'" + self._after())
        self.depth -= 1
        return value

    def _operand(self) -> str:
        if self.at >= len(self.words):
            self._syntax(f"missing argument{self._after()}")
        word = self.words[self.at]
        if word == ")":
            self._syntax(f"unexpected {quoted(self.p, word)}")
        self.at += 1
        return word

    def _after(self) -> str:
        return f" after {quoted(self.p, self.words[self.at - 1])}" if self.at else ""


APPLETS = {"expr": raw_tool("expr", expr, status=2)}
