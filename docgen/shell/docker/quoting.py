"""Strings as Go quotes them."""

from __future__ import annotations


def quote(text: str) -> str:
    """Go's %q for a string."""
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    parts = [
        escapes.get(letter) or (letter if letter.isprintable() else _unprintable(letter))
        for letter in text
    ]
    return '"' + "".join(parts) + '"'


def _unprintable(letter: str) -> str:
    named = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\v": "\\v"}
    code = ord(letter)
    if letter in named:
        return named[letter]
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
