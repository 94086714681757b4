"""One line of comma-separated values as Go reads it (encoding/csv), with its error texts."""

from __future__ import annotations


def read_csv(text: str) -> list[str]:
    """encoding/csv of one line, as far as people write it: quotes around a whole field."""
    line = text.partition("\n")[0]
    if not line:
        raise ValueError("EOF")
    fields: list[str] = []
    at = 0
    while True:
        value, at = _csv_field(line, at)
        fields.append(value)
        if at >= len(line):
            return fields
        at += 1


def _csv_field(line: str, at: int) -> tuple[str, int]:
    """The field at `at` and where its comma (or the end) is."""
    if not line.startswith('"', at):
        end = line.find(",", at)
        end = len(line) if end < 0 else end
        bare = line.find('"', at, end)
        if bare >= 0:
            raise _csv_error(line[:bare], 'bare " in non-quoted-field')
        return line[at:end], end
    parts: list[str] = []
    at += 1
    while True:
        end = line.find('"', at)
        if end < 0:
            raise _csv_error(line, 'extraneous or missing " in quoted-field')
        parts.append(line[at:end])
        at = end + 1
        if at >= len(line) or line[at] == ",":
            return "".join(parts), at
        if line[at] != '"':
            raise _csv_error(line[:end], 'extraneous or missing " in quoted-field')
        parts.append('"')
        at += 1


def _csv_error(before: str, what: str) -> ValueError:
    return ValueError(f"parse error on line 1, column {len(before.encode()) + 1}: {what}")
