"""Go's quoted strings and characters, read (strconv.Unquote)."""

from __future__ import annotations

_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_DIGITS = {"x": (2, 16), "u": (4, 16), "U": (8, 16)}


def unquote(source: str) -> str | None:
    """strconv.Unquote of a quoted string or character; None where Go says `invalid syntax`."""
    end, body = source[0], source[1:-1]
    parts: list[str] = []
    at = 0
    while at < len(body):
        letter = body[at]
        at += 1
        if letter != "\\":
            parts.append(letter)
            continue
        letter = body[at : at + 1]
        at += 1
        if letter in (end, "\\"):
            parts.append(letter)
        elif letter in _ESCAPES:
            parts.append(_ESCAPES[letter])
        else:
            length, base = _DIGITS.get(letter, (3, 8))
            start = at if letter in _DIGITS else at - 1
            digits = body[start : start + length]
            if len(digits) < length or not set(digits) <= set(
                "0123456789abcdefABCDEF"[: 22 if base == 16 else 8]
            ):
                return None
            code = int(digits, base)
            if code > 0x10FFFF or 0xD800 <= code < 0xE000:
                return None
            parts.append(chr(code))
            at = start + length
    return "".join(parts)
