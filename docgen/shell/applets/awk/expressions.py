"""Expressions of awk, by precedence (POSIX grammar)."""

from __future__ import annotations

from typing import Final

from docgen.diagnostics import NotSimulated
from docgen.shell.applets.awk.lexer import AwkSyntaxError, Token
from docgen.shell.applets.awk.nodes import (
    Assign,
    Binary,
    Call,
    Conditional,
    Element,
    Expression,
    FieldOf,
    Getline,
    Grouping,
    In,
    Logical,
    Name,
    Number,
    Pattern,
    Step,
    String,
    Target,
    Unary,
    UserCall,
)
from docgen.shell.applets.awk.reader import TokenReader

_ASSIGNMENTS: Final = frozenset({"=", "+=", "-=", "*=", "/=", "%=", "^="})
_COMPARISONS: Final = frozenset({"<", "<=", "==", "!=", ">", ">="})
_STARTS_OPERAND: Final = frozenset(
    {"number", "string", "regex", "name", "call", "builtin", "$", "!", "(", "-", "+", "++", "--"}
)


class ExpressionParser(TokenReader):
    """Reads one expression."""

    def __init__(self, found: list[Token], gnu: bool) -> None:
        super().__init__(found, gnu)
        self.no_in = False
        self.no_greater = False

    def _list(self, closing: str) -> tuple[Expression, ...]:
        """Comma-separated, up to the closing token (which is left)."""
        flags = self.no_in, self.no_greater
        self.no_in = self.no_greater = False
        items: list[Expression] = []
        self._newlines()
        while not self._sees(closing):
            items.append(self._expression())
            self._newlines()
            if not self._take(","):
                break
            self._newlines()
        self.no_in, self.no_greater = flags
        return tuple(items)

    def _expression(self) -> Expression:
        self._deeper()
        found = self._assignment()
        self.depth -= 1
        return found

    def _assignment(self) -> Expression:
        left = self._conditional()
        if self._sees(*_ASSIGNMENTS) and isinstance(left, Name | FieldOf | Element):
            operator = self._need(*_ASSIGNMENTS).kind
            self._newlines()
            return Assign(operator, left, self._expression())
        return left

    def _conditional(self) -> Expression:
        test = self._or()
        if not self._take("?"):
            return test
        self._newlines()
        yes = self._expression()
        self._newlines()
        self._need(":")
        self._newlines()
        return Conditional(test, yes, self._expression())

    def _or(self) -> Expression:
        left = self._and()
        while self._take("||"):
            self._newlines()
            left = Logical("||", left, self._and())
        return left

    def _and(self) -> Expression:
        left = self._in()
        while self._take("&&"):
            self._newlines()
            left = Logical("&&", left, self._in())
        return left

    def _in(self) -> Expression:
        left = self._match()
        while not self.no_in and self._take("in"):
            items = left.items if isinstance(left, Grouping) else (left,)
            left = In(items, self._need("name").text)
        return left

    def _match(self) -> Expression:
        left = self._comparison()
        while self._sees("~", "!~"):
            operator = self._need("~", "!~").kind
            left = Binary(operator, left, self._comparison())
        return left

    def _comparison(self) -> Expression:
        left = self._concatenation()
        if self._sees(*_COMPARISONS) and not (self.no_greater and self._sees(">")):
            operator = self._need(*_COMPARISONS).kind
            return Binary(operator, left, self._concatenation())
        if self._sees("|") and self.tokens[self.at + 1].kind == "getline":
            raise NotSimulated("awk's `command | getline`", "run the command outside of awk")
        return left

    def _concatenation(self) -> Expression:
        left = self._additive()
        while self._continues():
            left = Binary(" ", left, self._additive())
        return left

    def _continues(self) -> bool:
        if self._sees("in"):
            return False
        if self._sees("+", "-"):
            return False
        return self.token.kind in _STARTS_OPERAND

    def _additive(self) -> Expression:
        left = self._multiplicative()
        while self._sees("+", "-"):
            operator = self._need("+", "-").kind
            left = Binary(operator, left, self._multiplicative())
        return left

    def _multiplicative(self) -> Expression:
        left = self._unary()
        while self._sees("*", "/", "%"):
            operator = self._need("*", "/", "%").kind
            left = Binary(operator, left, self._unary())
        return left

    def _unary(self) -> Expression:
        sign = self._take("!", "-", "+")
        if sign:
            self._deeper()
            operand = self._unary()
            self.depth -= 1
            return Unary(sign.kind, operand)
        return self._power()

    def _power(self) -> Expression:
        left = self._postfix()
        if not self._take("^"):
            return left
        sign = self._take("-", "+", "!")
        self._deeper()
        right = self._power()
        self.depth -= 1
        return Binary("^", left, Unary(sign.kind, right) if sign else right)

    def _postfix(self) -> Expression:
        operand = self._primary()
        if isinstance(operand, Name | FieldOf | Element) and self._sees("++", "--"):
            return Step(self._need("++", "--").kind, operand, prefix=False)
        return operand

    def _primary(self) -> Expression:
        token = self.token
        self.at += 1
        match token.kind:
            case "number":
                return Number(token.number)
            case "string":
                return String(token.value)
            case "regex":
                return Pattern(token.value)
            case "name":
                return self._variable(token.text)
            case "$":
                return self._field()
            case "(":
                return self._grouping()
            case "++" | "--":
                return Step(token.kind, self._target(), prefix=True)
            case "builtin":
                return self._builtin(token.text)
            case "call":
                self._need("(")
                arguments = self._list(")")
                self._need(")")
                return UserCall(token.text, arguments)
            case "getline":
                return self._getline()
            case _:
                self.at -= 1
                raise AwkSyntaxError(token.text, token.line)

    def _variable(self, name: str) -> Expression:
        if not self._take("["):
            return Name(name)
        subscripts = self._list("]")
        self._need("]")
        return Element(name, subscripts)

    def _field(self) -> Expression:
        self._deeper()
        if self._sees("++", "--"):
            operator = self._need("++", "--").kind
            index: Expression = Step(operator, self._target(), prefix=True)
        elif self._sees("-", "+", "!"):
            index = Unary(self._need("-", "+", "!").kind, self._primary())
        else:
            index = self._primary()
        self.depth -= 1
        return FieldOf(index)

    def _target(self) -> Target:
        found = self._primary()
        if not isinstance(found, Name | FieldOf | Element):
            self.at -= 1
            self._fail()
        assert isinstance(found, Name | FieldOf | Element)
        return found

    def _grouping(self) -> Expression:
        items = self._list(")")
        self._need(")")
        if not items:
            self.at -= 1
            self._fail()
        if len(items) == 1:
            return items[0]
        return Grouping(items)

    def _builtin(self, name: str) -> Expression:
        if name == "system":
            raise NotSimulated("awk's system()", "run the command outside of awk")
        if not self._take("("):
            if name != "length":
                self._fail()
            return Call(name, ())
        arguments = self._list(")")
        self._need(")")
        return Call(name, arguments)

    def _getline(self) -> Expression:
        target: Target | None = None
        if self._sees("name", "$"):
            target = self._target()
        source = None
        if self._take("<"):
            source = self._primary_source()
        return Getline(target, source)

    def _primary_source(self) -> Expression:
        return self._postfix()
