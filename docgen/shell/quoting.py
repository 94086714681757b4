"""Backslashes, single and double quotes (XCU 2.2)."""

from __future__ import annotations

import re
from abc import abstractmethod
from itertools import groupby

from docgen.shell.source import Source
from docgen.shell.syntax import Part, Text

_PLAIN_QUOTED = re.compile(r"[^\\\"$`]+")


class Quoting(Source):
    """Reads the quoted pieces of a word; who inherits reads what is expanded in them."""

    @abstractmethod
    def expansion(self, parts: list[Part], *, quoted: bool) -> None:
        """What begins at a `$` or a backquote."""

    def special(self, parts: list[Part]) -> bool:
        """A quoting or expansion that begins here, outside of double quotes. False: none does."""
        letter = self.text[self.at]
        if letter == "\\":
            self._backslash(parts)
        elif letter == "'":
            self._single_quotes(parts)
        elif letter == '"':
            self.double_quotes(parts)
        elif letter in "$`":
            self.expansion(parts, quoted=False)
        else:
            return False
        return True

    def _backslash(self, parts: list[Part]) -> None:
        if self.text.startswith("\\\n", self.at):
            self.at += 2
            return
        letter = self.text[self.at + 1 : self.at + 2]
        parts.append(Text(letter or "\\", quoted=True))
        self.at += 2

    def _single_quotes(self, parts: list[Part]) -> None:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise self.error("Unterminated quoted string")
        parts.append(Text(self.text[self.at + 1 : end], quoted=True))
        self.at = end + 1

    def double_quotes(self, parts: list[Part]) -> None:
        start = self.at
        self.at += 1
        inner: list[Part] = []
        while self.at < len(self.text):
            if self.text[self.at] == '"':
                self.at += 1
                parts += inner or [Text("", quoted=True)]
                return
            self.quoted_piece(inner, _PLAIN_QUOTED, '$`"\\')
        raise self.error("Unterminated quoted string", at=start)

    def quoted_piece(self, parts: list[Part], plain: re.Pattern[str], escapable: str) -> None:
        """One piece of a text in which only `$`, backquote and some escapes are special."""
        found = plain.match(self.text, self.at)
        if found:
            self.at = found.end()
            parts.append(Text(found.group(), quoted=True))
        elif self.text[self.at] == "\\":
            letter = self.text[self.at + 1 : self.at + 2]
            self.at += 2
            if letter != "\n":
                kept = letter if letter and letter in escapable else "\\" + letter
                parts.append(Text(kept, quoted=True))
        elif self.text[self.at] in "$`":
            self.expansion(parts, quoted=True)
        else:
            parts.append(Text(self.text[self.at], quoted=True))
            self.at += 1


def merged(parts: list[Part]) -> tuple[Part, ...]:
    """Neighbouring texts of one kind become one."""
    if len(parts) == 1:
        return (parts[0],)
    runs: list[Part] = []
    for quoted, run in groupby(parts, lambda one: one.quoted if isinstance(one, Text) else None):
        if quoted is None:
            runs += run
        else:
            runs.append(Text("".join(one.text for one in run if isinstance(one, Text)), quoted))
    return tuple(runs)
