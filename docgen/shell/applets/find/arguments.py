"""What find's tests are made of, and the numbers they take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from docgen.frozen import frozen
from docgen.shell.applets.find.expression import Found
from docgen.shell.applets.support.tool import Refusal, on_host
from docgen.shell.process import Process

Holds = Callable[[Found], bool]
Maker = Callable[[Process, str], Holds]

UNITS: Final = {"b": 512, "c": 1, "w": 2, "k": 1 << 10, "M": 1 << 20, "G": 1 << 30}


@frozen
class Number:
    """`5`, `+5`, `-5`."""

    sign: str
    value: int

    def holds(self, number: int) -> bool:
        if self.sign == "+":
            return number > self.value
        return number < self.value if self.sign == "-" else number == self.value


def read_number(p: Process, test: str, text: str) -> Number:
    sign = text[0] if text[:1] in ("+", "-") else ""
    digits = text.removeprefix(sign)
    if not digits.isascii() or not digits.isdigit() or len(digits) > 15:
        raise Refusal(_bad_argument(p, test, text))
    return Number(sign, int(digits))


def _bad_argument(p: Process, test: str, text: str) -> str:
    if on_host(p):
        return f"invalid argument `{text}' to `{test}'"
    return f"invalid number '{text}'"
