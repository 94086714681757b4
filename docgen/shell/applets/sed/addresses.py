"""The addresses in front of a sed command."""

from __future__ import annotations

from docgen.shell.applets.regex import (
    REGCOMP_BASIC,
    REGCOMP_EXTENDED,
    SED_BASIC,
    SED_EXTENDED,
    Regex,
    RegexError,
    compile_regex,
)
from docgen.shell.applets.sed.reader import Reader
from docgen.shell.applets.sed.script import Address, Count, Last, Line, Match, Multiple, Step


class Addresses(Reader):
    """Lines, expressions, steps and ranges."""

    def _addresses(self) -> tuple[Address | None, Address | None]:
        first = self._address()
        if first is None:
            return None, None
        self._skip_blanks()
        if self._peek() != b",":
            if first == Line(0) and self.gnu:
                self.bad("invalid usage of line address 0")
            return first, None
        self.at += 1
        self._skip_blanks()
        second = self._range_end()
        if second is None:
            self.at += self.at < len(self.text)
            self.bad("unexpected `,'", "no address after comma")
        if first == Line(0) and not isinstance(second, Match):
            self.bad("invalid usage of line address 0")
        return first, second

    def _address(self) -> Address | None:
        char = self._peek()
        if char.isdigit():
            number = self._digits()
            if self._peek() == b"~" and self.gnu:
                self.at += 1
                return Step(number, self._digits())
            return Line(number)
        if char == b"$":
            self.at += 1
            return Last()
        if char == b"/" or char == b"\\":
            self.at += 1
            delimiter = b"/" if char == b"/" else self._next()
            pattern = self._delimited(delimiter, regex=True)
            if pattern is None:
                self.at = len(self.text)
                self.bad("unterminated address regex", f"unmatched '{delimiter.decode('latin-1')}'")
            return Match(self._compiled(pattern, self._address_flags()))
        return None

    def _address_flags(self) -> str:
        flags = ""
        while self._peek() in (b"I", b"M") and self._peek():
            flags += self._next().decode()
        return flags

    def _range_end(self) -> Address | None:
        if self.gnu and self._peek() in (b"+", b"~") and self._peek():
            kind = self._next()
            number = self._digits()
            return Count(number) if kind == b"+" else Multiple(number)
        if self._peek() == b"+":
            self.at += 1
            return Count(self._digits())
        return self._address()

    def _compiled(self, pattern: bytes, flags: str) -> Regex | None:
        if not pattern:
            return None
        dialect = SED_EXTENDED if self.extended else SED_BASIC
        if not self.gnu:
            dialect = REGCOMP_EXTENDED if self.extended else REGCOMP_BASIC
        try:
            return compile_regex(
                pattern,
                dialect,
                ignore_case="I" in flags,
                multiline="M" in flags,
                utf8=self.utf8,
            )
        except RegexError as error:
            shown = pattern.decode("utf-8", "replace")
            self.bad(str(error), f"bad regex '{shown}': {error}")
