"""`$((…))`: 64-bit integers, as dash has them; busybox ash adds `++`, `--`, `**` and the comma."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Protocol

from docgen import limits
from docgen.diagnostics import LimitExceeded
from docgen.shell.flavour import Flavour

_TOKEN = re.compile(
    r"[ \t\n]*(?:(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)|([A-Za-z_][A-Za-z0-9_]*)"
    r"|(<<=|>>=|\+\+|--|\*\*|&&|\|\||<<|>>|<=|>=|==|!=|[-+*/%&|^]=|[-+*/%&|^<>=!~?:(),]))"
)
_BLANK = re.compile(r"[ \t\n]*")
_NUMBER = re.compile(r"[ \t\n]*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)[ \t\n]*")
_BINARY = {
    "*": 10,
    "/": 10,
    "%": 10,
    "+": 9,
    "-": 9,
    "<<": 8,
    ">>": 8,
    "<": 7,
    "<=": 7,
    ">": 7,
    ">=": 7,
    "==": 6,
    "!=": 6,
    "&": 5,
    "^": 4,
    "|": 3,
    "&&": 2,
    "||": 1,
}
_POWER = 11
_ASSIGNMENTS = frozenset({"=", "*=", "/=", "%=", "+=", "-=", "<<=", ">>=", "&=", "^=", "|="})
_ASH_ONLY = frozenset({"++", "--", "**"})


class ArithmeticError_(Exception):  # noqa: N801, N818 - Python has an ArithmeticError
    """What is wrong: `expecting primary`, `division by zero`, `number TEXT`."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Names(Protocol):
    """The variables that an expression reads and sets."""

    def arithmetic_value(self, name: str) -> str: ...

    def assign(self, name: str, value: str) -> None: ...


def evaluate(text: str, names: Names, flavour: Flavour, depth: int = 0) -> int:
    """The value of an expression. Raises ArithmeticError_; LimitExceeded when nested too deep."""
    return _Evaluator(text, names, flavour, depth).whole()


def number_of(text: str) -> int | None:
    """A whole text as a C constant (decimal, 0octal, 0xhex); None when it is none."""
    found = _NUMBER.fullmatch(text)
    if not found:
        return 0 if _BLANK.fullmatch(text) else None
    return _wrap(-_constant(found[2]) if found[1] == "-" else _constant(found[2]))


def _constant(digits: str) -> int:
    if digits[:2] in ("0x", "0X"):
        return int(digits, 16)
    if len(digits) > 30:  # beyond 64 bits anyway: the largest value, as strtoimax(3) says
        return (1 << 63) - 1
    return min(int(digits, 8 if digits[0] == "0" else 10), (1 << 63) - 1)


def _wrap(value: int) -> int:
    return (value + (1 << 63)) % (1 << 64) - (1 << 63)


class _Evaluator:
    def __init__(self, text: str, names: Names, flavour: Flavour, depth: int) -> None:
        self._text = text
        self._names = names
        self._flavour = flavour
        self._depth = depth
        self._at = 0
        self._number: str | None = None
        self._name: str | None = None
        self._operator = ""
        self._advance()

    def _advance(self) -> None:
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            self._number = self._name = None
            rest = self._text[self._at :]
            self._operator = "" if _BLANK.fullmatch(rest) else "?!"
            return
        self._number, self._name, operator = found.groups()
        self._at = found.end()
        self._operator = operator or ""
        if self._flavour is Flavour.HOST and self._operator in _ASH_ONLY:
            self._operator = self._operator[0]
            self._at -= 1

    def _take(self, operator: str) -> bool:
        if self._operator == operator and self._number is None and self._name is None:
            self._advance()
            return True
        return False

    def whole(self) -> int:
        value = self._assignment(live=True)
        while self._flavour is Flavour.BUSYBOX and self._take(","):
            value = self._assignment(live=True)
        if self._operator or self._number is not None or self._name is not None:
            raise ArithmeticError_("expecting EOF")
        return value

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > limits.SYNTAX_DEPTH:
            raise LimitExceeded(
                f"an expression is nested deeper than {limits.SYNTAX_DEPTH}", "split it up"
            )

    def _assignment(self, *, live: bool) -> int:
        """`name = value`, `name += value`; else a conditional expression."""
        name = self._name
        if name is not None:
            before = self._at
            self._advance()
            operator = self._operator
            if operator in _ASSIGNMENTS and self._number is None and self._name is None:
                return self._assign(name, operator, live=live)
            self._at, self._number, self._name, self._operator = before, None, name, ""
        return self._conditional(live=live)

    def _assign(self, name: str, operator: str, *, live: bool) -> int:
        self._advance()
        self._enter()
        value = self._assignment(live=live)
        self._depth -= 1
        if operator != "=":
            value = self._apply(operator[:-1], self._value(name, live=live), value, live=live)
        if live:
            self._names.assign(name, str(value))
        return value

    def _conditional(self, *, live: bool) -> int:
        value = self._binary(1, live=live)
        if not self._take("?"):
            return value
        self._enter()
        yes = self._assignment(live=live and value != 0)
        if not self._take(":"):
            raise ArithmeticError_("expecting ':'")
        no = self._conditional(live=live and value == 0)
        self._depth -= 1
        return yes if value else no

    def _binary(self, lowest: int, *, live: bool) -> int:
        left = self._unary(live=live)
        while self._number is None and self._name is None:
            operator = self._operator
            level = _POWER if operator == "**" else _BINARY.get(operator, 0)
            if level < lowest:
                break
            self._advance()
            skip = (operator == "&&" and not left) or (operator == "||" and left != 0)
            right = self._binary(level + 1, live=live and not skip)
            left = self._apply(operator, left, right, live=live and not skip)
        return left

    def _unary(self, *, live: bool) -> int:
        self._enter()
        value = self._unary_inside(live=live)
        self._depth -= 1
        return value

    def _unary_inside(self, *, live: bool) -> int:
        if self._take("-"):
            return _wrap(-self._unary(live=live))
        if self._take("+"):
            return self._unary(live=live)
        if self._take("!"):
            return int(not self._unary(live=live))
        if self._take("~"):
            return ~self._unary(live=live)
        for step, operator in ((1, "++"), (-1, "--")):
            if self._take(operator):
                name = self._name
                if name is None:
                    raise ArithmeticError_("expecting primary")
                self._advance()
                return self._step(name, step, live=live)
        return self._primary(live=live)

    def _primary(self, *, live: bool) -> int:
        if self._number is not None:
            value = _constant(self._number)
            self._advance()
            return _wrap(value)
        if self._name is not None:
            name = self._name
            self._advance()
            for step, operator in ((1, "++"), (-1, "--")):
                if self._take(operator):
                    return self._step(name, step, live=live) - step
            return self._value(name, live=live)
        if self._take("("):
            value = self._assignment(live=live)
            if not self._take(")"):
                raise ArithmeticError_("expecting ')'")
            return value
        raise ArithmeticError_("expecting primary")

    def _step(self, name: str, step: int, *, live: bool) -> int:
        value = _wrap(self._value(name, live=live) + step)
        if live:
            self._names.assign(name, str(value))
        return value

    def _value(self, name: str, *, live: bool) -> int:
        if not live:
            return 0
        text = self._names.arithmetic_value(name)
        value = number_of(text)
        if value is not None:
            return value
        if self._flavour is Flavour.HOST:
            raise ArithmeticError_(f"number {text}")
        self._enter()
        value = evaluate(text, self._names, self._flavour, self._depth)
        self._depth -= 1
        return value

    def _apply(self, operator: str, left: int, right: int, *, live: bool) -> int:
        if operator in ("/", "%"):
            # ash divides even where the value is not wanted: $((1 || 1/0))
            live = live or self._flavour is Flavour.BUSYBOX
            return _divide(operator, left, right) if live else 0
        if operator == "**":
            return _power(left, right)
        return _wrap(int(_OPERATIONS[operator](left, right)))


def _divide(operator: str, left: int, right: int) -> int:
    """C's division: towards zero."""
    if right == 0:
        raise ArithmeticError_("division by zero")
    quotient = abs(left) // abs(right)
    if (left < 0) != (right < 0):
        quotient = -quotient
    return _wrap(quotient if operator == "/" else left - quotient * right)


def _power(base: int, exponent: int) -> int:
    if exponent < 0:
        raise ArithmeticError_("exponent less than 0")
    return _wrap(pow(base, exponent, 1 << 64))


_OPERATIONS: Mapping[str, Callable[[int, int], int]] = {
    "*": lambda a, b: a * b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "<<": lambda a, b: a << (b & 63),
    ">>": lambda a, b: a >> (b & 63),
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "&": lambda a, b: a & b,
    "^": lambda a, b: a ^ b,
    "|": lambda a, b: a | b,
    "&&": lambda a, b: bool(a) and bool(b),
    "||": lambda a, b: bool(a) or bool(b),
}
