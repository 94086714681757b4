"""The characters of a sed script."""

from __future__ import annotations

from typing import NoReturn

from docgen.shell.applets.support.tool import Refusal


class Reader:
    """Where one is in a script, and what is wrong there."""

    def __init__(self, text: bytes, *, gnu: bool, extended: bool, utf8: bool, origin: str) -> None:
        """`origin`: how GNU names the script in its complaints."""
        self.text = text
        self.gnu = gnu
        self.extended = extended
        self.utf8 = utf8
        self.origin = origin
        self.at = 0

    def bad(self, message: str, busybox: str = "") -> NoReturn:
        if self.gnu:
            raise Refusal(f"{self.origin}, char {min(self.at, len(self.text))}: {message}")
        raise Refusal(busybox or message)

    def _peek(self) -> bytes:
        return self.text[self.at : self.at + 1]

    def _next(self) -> bytes:
        char = self._peek()
        self.at += 1
        return char

    def _skip_separators(self) -> bool:
        while self._peek() and self._peek() in b" \t\n;\r\v\f":
            self.at += 1
        return self.at < len(self.text)

    def _skip_blanks(self) -> None:
        while self._peek() and self._peek() in b" \t":
            self.at += 1

    def _digits(self) -> int:
        start = self.at
        while self._peek().isdigit():
            self.at += 1
        return int(self.text[start : self.at][:12] or b"0")

    def _delimited(self, delimiter: bytes, *, regex: bool) -> bytes | None:
        """Text up to the delimiter; None where it never comes. `\\n` is a newline, an escaped
        delimiter stands for itself."""
        out = bytearray()
        while self.at < len(self.text):
            char = self._next()
            if char == delimiter:
                return bytes(out)
            if char == b"\\":
                char = self._next()
                if not char:
                    return None
                if char == delimiter:
                    out += char if char not in b".*[]^$+?(){}|&" or not regex else b"\\" + char
                    if regex and char in b".*[]^$+?(){}|&":
                        out[-2:] = char
                elif char == b"n" and regex:
                    out += b"\n"
                else:
                    out += b"\\" + char
            elif char == b"[" and regex:
                out += char
                self._bracket(out)
            elif char == b"\n" and regex and not self.gnu:
                return None
            else:
                out += char
        return None

    def _bracket(self, out: bytearray) -> None:
        """Inside a bracket expression the delimiter is ordinary; `\\n` is still a newline."""
        start = self.at
        stop = self.at + (self._peek() == b"^")
        stop += self.text[stop : stop + 1] == b"]"
        while self.text[stop : stop + 1] not in (b"]", b"", b"\n"):
            opening = self.text[stop : stop + 2]
            if opening in (b"[:", b"[.", b"[="):
                close = self.text.find(opening[1:] + b"]", stop + 2)
                stop = close + 2 if close > 0 else stop + 1
            else:
                stop += 1
        if self.text[stop : stop + 1] != b"]":
            self.at = len(self.text)
            return
        inside = self.text[start : stop + 1].replace(b"\\n", b"\n")
        if self.gnu:
            inside = inside.replace(b"\\t", b"\t").replace(b"\\]", b"\\]")
        out += inside
        self.at = stop + 1

    def _to_end_of_line(self) -> bytes:
        stop = self.text.find(b"\n", self.at)
        stop = len(self.text) if stop < 0 else stop
        line = self.text[self.at : stop]
        self.at = stop
        return line
