"""printf(1) as dash and busybox have it, and the escapes of echo and %b."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from docgen import limits
from docgen.diagnostics import LimitExceeded
from docgen.shell.flavour import Flavour
from docgen.shell.pattern import as_bytes, as_text

_DIRECTIVE = re.compile(r"(%([-+ #0]*)(\*|[0-9]+)?(?:\.(\*|[0-9]*))?)([hlLjzt]*)(.?)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([abcefnrtv\\])|x([0-9a-fA-F]{1,2})|0([0-7]{0,3})|([1-7][0-7]{0,2}))")
_SIMPLE = {
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    "'": "'",
    '"': '"',
}
_INTEGER = re.compile(r"[ \t\n]*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)")
_FLOAT = re.compile(
    r"[ \t\n]*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?(?:inf|nan)"
)
_WIDEST = 100_000


class Stop(Exception):  # noqa: N818 - control flow
    """`\\c`: nothing is written after it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class FormatError(Exception):
    """A wrong directive: the text of the complaint, and what was printed before."""

    def __init__(self, message: str, printed: str) -> None:
        super().__init__(message)
        self.message = message
        self.printed = printed


@dataclass(slots=True)
class Printed:
    """What printf writes, and what it complains about (status 1 then)."""

    text: str
    complaints: list[str] = field(default_factory=list)


def unescape(text: str, *, argument: bool, ash: bool) -> str:
    """Backslash escapes; `argument`: of echo and %b, where `\\0ooo` is octal and `\\c` stops.

    Raises Stop.
    """
    if "\\" not in text:
        return text
    out: list[str] = []
    at = 0
    for found in _ESCAPE.finditer(text):
        simple, hexadecimal, zero, octal = found.groups()
        out.append(text[at : found.start()])
        at = found.end()
        if simple == "c":
            if argument or ash:
                raise Stop("".join(out))
            out.append("\\c")
        elif simple is not None:
            out.append(_SIMPLE[simple])
        elif hexadecimal is not None:
            out.append(_byte(int(hexadecimal, 16)) if ash else found.group())
        elif zero is not None:
            out.append(_zero(zero, argument=argument))
        elif octal is not None:
            out.append(_byte(int(octal, 8)))
        else:
            out.append(found.group())
    out.append(text[at:])
    return "".join(out)


def _zero(digits: str, *, argument: bool) -> str:
    """`\\0101` in an argument is one character, in a format it is `\\010` and a `1`."""
    if argument or len(digits) < 3:
        return _byte(int(digits or "0", 8))
    return _byte(int(digits[:2], 8)) + digits[2:]


def _byte(value: int) -> str:
    return bytes((value & 0xFF,)).decode("utf-8", "surrogateescape")


def printf(template: str, arguments: Sequence[str], flavour: Flavour) -> Printed:
    """The whole output; the template is used again while arguments are left. Raises FormatError."""
    formatter = _Formatter(template, list(arguments), flavour)
    with suppress(Stop):
        formatter.run()
    return Printed("".join(formatter.out), formatter.complaints)


class _Formatter:
    def __init__(self, template: str, arguments: list[str], flavour: Flavour) -> None:
        self._template = template
        self._arguments = arguments
        self._taken = 0
        self._flavour = flavour
        self._ash = flavour is Flavour.BUSYBOX
        self._size = 0
        self.out: list[str] = []
        self.complaints: list[str] = []

    def run(self) -> None:
        while True:
            before = self._taken
            self._once()
            if self._taken >= len(self._arguments) or self._taken == before:
                return

    def _once(self) -> None:
        at = 0
        template = self._template
        while at < len(template):
            percent = template.find("%", at)
            end = len(template) if percent < 0 else percent
            self._literal(template[at:end])
            at = end
            if at < len(template):
                found = _DIRECTIVE.match(template, at)
                assert found is not None
                at = found.end()
                self._directive(found)

    def _literal(self, text: str) -> None:
        try:
            self._put(unescape(text, argument=False, ash=self._ash))
        except Stop as stop:
            self._put(stop.text)
            raise

    def _put(self, text: str) -> None:
        self._size += len(text)
        if self._size > limits.VARIABLE_BYTES:
            raise LimitExceeded("printf prints too much at once", "use head, dd or a loop")
        self.out.append(text)

    def _next(self) -> str | None:
        self._taken += 1
        at = self._taken - 1
        return self._arguments[at] if at < len(self._arguments) else None

    def _directive(self, found: re.Match[str]) -> None:
        head, flags, width, precision, sizes, kind = found.groups()
        if sizes and not self._ash:
            kind = ""
        if kind == "%" and not flags and width is None and precision is None:
            self._put("%")
            return
        wide = self._size_of(width)
        exact = None if precision is None else self._size_of(precision or "0")
        if wide is not None and wide < 0:
            flags, wide = flags + "-", -wide
        if kind in "diouxX" and kind:
            text = self._integer(flags, exact, kind)
        elif kind in "eEfFgG" and kind:
            text = self._float(flags, exact, kind)
        elif kind == "s":
            text = as_bytes(self._next() or "")[:exact]
        elif kind == "c":
            text = as_bytes(self._next() or "\0")[:1]
        elif kind == "b":
            text = self._escaped(exact)
        else:
            raise FormatError(self._invalid(head, found), "".join(self.out))
        padded = _padded(text, flags, wide, number=kind in "diouxXeEfFgG", exact=exact)
        self._put(as_text(padded))

    def _invalid(self, head: str, found: re.Match[str]) -> str:
        if self._ash:
            return f"{head}{self._template[found.end(5) :]}: invalid format"
        letter = (found[5] + found[6])[:1]
        return f"{head}{letter}: invalid directive" if letter else "missing format character"

    def _size_of(self, text: str | None) -> int | None:
        if text is None:
            return None
        value = self._number(self._next()) if text == "*" else int(text[:9])
        if abs(value) > _WIDEST:
            raise LimitExceeded(f"printf with a width of {value}", "use a smaller one")
        return value

    def _escaped(self, exact: int | None) -> str:
        try:
            return as_bytes(unescape(self._next() or "", argument=True, ash=self._ash))[:exact]
        except Stop as stop:
            self._put(stop.text)
            raise

    def _complain(self, text: str, *, partly: bool = False) -> None:
        if self._ash:
            self.complaints.append(f"invalid number '{text}'")
        else:
            what = "not completely converted" if partly else "expected numeric value"
            self.complaints.append(f"{text}: {what}")

    def _number(self, text: str | None) -> int:
        if not text:
            if self._ash:
                self._complain("")
            return 0
        if text[0] in "'\"":
            return ord(text[1]) if len(text) > 1 else 0
        found = _INTEGER.match(text)
        if found is None:
            self._complain(text)
            return 0
        sign, digits = found.groups()
        if found.end() < len(text):
            self._complain(text, partly=True)
            if self._ash:
                return 0
        base = 16 if digits[:2] in ("0x", "0X") else 8 if digits[0] == "0" else 10
        value = int(digits[:40], base)
        return -value if sign == "-" else value

    def _integer(self, flags: str, exact: int | None, kind: str) -> str:
        value = self._number(self._next())
        if kind in "di":
            value = max(min(value, (1 << 63) - 1), -(1 << 63))
            sign = "-" if value < 0 else "+" if "+" in flags else " " if " " in flags else ""
            digits = str(abs(value))
        else:
            value &= (1 << 64) - 1
            digits = format(value, {"u": "d"}.get(kind, kind))
            sign = {"x": "0x", "X": "0X", "o": "0"}.get(kind, "") if "#" in flags and value else ""
        if exact is not None:
            digits = digits.rjust(exact, "0") if exact or value else ""
        return sign + digits

    def _float(self, flags: str, exact: int | None, kind: str) -> str:
        text = self._next() or "0"
        found = _FLOAT.fullmatch(text)
        if found is None:
            self._complain(text)
            return self._shown(0.0, flags, exact, kind)
        return self._shown(float(text), flags, exact, kind)

    @staticmethod
    def _shown(value: float, flags: str, exact: int | None, kind: str) -> str:
        sign = "+" if "+" in flags else " " if " " in flags else ""
        return format(
            value, f"{sign}{'#' if '#' in flags else ''}.{6 if exact is None else exact}{kind}"
        )


def _padded(text: str, flags: str, wide: int | None, *, number: bool, exact: int | None) -> str:
    if wide is None or len(text) >= wide:
        return text
    if "-" in flags:
        return text.ljust(wide)
    if "0" in flags and number and exact is None:
        sign = re.match(r"[-+ ]?(?:0[xX](?=[0-9a-fA-F]))?", text)
        at = sign.end() if sign else 0
        return text[:at] + text[at:].rjust(wide - at, "0")
    return text.rjust(wide)
