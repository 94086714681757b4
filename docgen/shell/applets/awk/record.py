"""The current record: $0 and its fields, each made from the other only when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.diagnostics import LimitExceeded
from docgen.shell.applets.awk.splitting import split_fields
from docgen.shell.applets.awk.values import Input, Value

if TYPE_CHECKING:
    from docgen.shell.applets.awk.machine import Machine

_MOST_FIELDS = 32_767
"""mawk's limit."""


class Record:
    def __init__(self, awk: Machine) -> None:
        self._awk = awk
        self._text: bytes | None = b""
        self._fields: list[Value] | None = []
        self._separator = b" "

    def set(self, text: bytes) -> None:
        """A new $0; FS counts as it is now."""
        self._text = text
        self._fields = None
        self._separator = self._awk.special("FS")

    def text(self) -> bytes:
        if self._text is None:
            fields = self._fields or []
            parts = [self._awk.text(value) for value in fields]
            self._text = self._awk.special("OFS").join(parts)
        return self._text

    def _split(self) -> list[Value]:
        if self._fields is None:
            assert self._text is not None
            separator = self._separator
            if not self._awk.special("RS") and separator != b" ":
                separator = b"[\n]|" + (b"[%s]" % separator if len(separator) == 1 else separator)
            pieces = split_fields(self._text, separator, self._awk.regex)
            self._fields = [Input(piece) for piece in pieces]
        return self._fields

    def count(self) -> float:
        return float(len(self._split()))

    def field(self, index: int) -> Value:
        if index == 0:
            return Input(self.text())
        fields = self._split()
        return fields[index - 1] if index <= len(fields) else None

    def set_field(self, index: int, value: Value) -> None:
        if index == 0:
            self.set(self._awk.text(value))
            return
        fields = self._split()
        if index > len(fields):
            self.resize(index)
            fields = self._split()
        fields[index - 1] = value
        self._text = None

    def resize(self, count: int) -> None:
        """NF = count"""
        if count > _MOST_FIELDS:
            raise LimitExceeded(f"an awk record of {count} fields", f"at most {_MOST_FIELDS} fit")
        fields = self._split()
        del fields[max(count, 0) :]
        fields += [b""] * (count - len(fields))
        self._text = None
