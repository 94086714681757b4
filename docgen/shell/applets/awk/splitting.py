"""Records into fields, texts into pieces."""

from __future__ import annotations

from collections.abc import Callable

from docgen.shell.applets.regex import Regex

Compile = Callable[[bytes], Regex]


def split_fields(text: bytes, separator: bytes, compile_regex: Compile) -> list[bytes]:
    """FS: a blank means runs of white space, one character itself, more a regular expression."""
    if not text:
        return []
    if separator == b" ":
        return text.split()
    if not separator:
        return [text[at : at + 1] for at in range(len(text))]
    if len(separator) == 1 and separator != b"\\":
        return text.split(separator)
    return split_regex(text, compile_regex(separator))


def split_regex(text: bytes, regex: Regex) -> list[bytes]:
    """Empty matches do not separate."""
    if not text:
        return []
    subject = regex.on(text)
    pieces: list[bytes] = []
    at = start = 0
    while at <= len(text):
        span = subject.find(at)
        if span is None:
            break
        if span[1] == span[0]:
            at = span[0] + 1
            continue
        pieces.append(text[start : span[0]])
        start = at = span[1]
    return [*pieces, text[start:]]
