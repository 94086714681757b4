"""The right side of `s`: reading it, and filling it with a match."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.shell.applets.regex import Span
from docgen.shell.applets.sed.script import Piece

_ESCAPES = {"n": b"\n", "t": b"\t", "f": b"\f", "v": b"\v", "a": b"\a", "r": b"\r"}
_HEX = b"0123456789abcdefABCDEF"


def pieces(raw: bytes, gnu: bool) -> tuple[Piece, ...]:
    """Literal text, `&`, `\\1`, and GNU's case conversions."""
    found: list[Piece] = []
    literal = bytearray()
    at = 0

    def flush() -> None:
        if literal:
            found.append(Piece(bytes(literal)))
            literal.clear()

    while at < len(raw):
        char = chr(raw[at])
        at += 1
        if char == "&":
            flush()
            found.append(Piece(group=0))
            continue
        if char != "\\" or at == len(raw):
            literal.append(ord(char))
            continue
        char = chr(raw[at])
        at += 1
        if char.isdigit():
            flush()
            found.append(Piece(group=int(char)))
        elif gnu and char in "ULulE":
            flush()
            found.append(Piece(case=char))
        elif gnu and char == "x" and raw[at : at + 1] and raw[at] in _HEX:
            digits = (
                raw[at : at + 2]
                if raw[at + 1 : at + 2] and raw[at + 1] in _HEX
                else (raw[at : at + 1])
            )
            literal.append(int(digits, 16))
            at += len(digits)
        elif char in _ESCAPES:
            literal += _ESCAPES[char]
        else:
            literal.append(ord(char))
    flush()
    return tuple(found)


def unescaped(pattern: bytes, gnu: bool) -> bytes:
    """Escapes of a pattern that stand for one byte: `\\t`, and GNU's `\\xHH`."""
    out = bytearray()
    at = 0
    while at < len(pattern):
        if pattern[at] != 92 or at + 1 >= len(pattern):
            out.append(pattern[at])
            at += 1
            continue
        letter = chr(pattern[at + 1])
        if letter in "tfva" or (letter == "r"):
            out += _ESCAPES[letter]
            at += 2
        elif (
            gnu
            and letter == "x"
            and all(c in _HEX for c in pattern[at + 2 : at + 4])
            and (len(pattern) >= at + 4)
        ):
            byte = bytes((int(pattern[at + 2 : at + 4], 16),))
            out += b"\\" + byte if byte in b".*[]^$\\+?(){}|" else byte
            at += 4
        else:
            out += pattern[at : at + 2]
            at += 2
    return bytes(out)


def filled(parts: Sequence[Piece], text: bytes, groups: Sequence[Span | None]) -> bytes:
    """The replacement for one match."""
    out = bytearray()
    lasting, once = "", ""
    for piece in parts:
        if piece.case:
            if piece.case in "ul":
                once = piece.case
            else:
                lasting = "" if piece.case == "E" else piece.case
                once = ""
            continue
        chunk = piece.text
        if piece.group is not None:
            span = groups[piece.group] if piece.group < len(groups) else None
            chunk = text[span[0] : span[1]] if span else b""
        if lasting:
            chunk = chunk.upper() if lasting == "U" else chunk.lower()
        if once and chunk:
            first = chunk[:1].upper() if once == "u" else chunk[:1].lower()
            chunk = first + chunk[1:]
            once = ""
        out += chunk
    return bytes(out)
