"""echo(1) with options: the program of GNU and busybox, the builtin of ash."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docgen.shell.printf import Stop, unescape

_OPTIONS = re.compile(r"-[neE]+")


def echo_text(words: Sequence[str], *, ash: bool) -> str:
    """What `echo WORDS` prints: `-n`, `-e` and `-E` are options, escapes count after `-e` only."""
    escapes, newline = False, True
    while words and _OPTIONS.fullmatch(words[0]):
        newline = newline and "n" not in words[0]
        for letter in words[0][1:]:
            escapes = letter == "e" or (escapes and letter != "E")
        words = words[1:]
    return joined_text(words, escapes=escapes, newline=newline, ash=ash)


def joined_text(words: Sequence[str], *, escapes: bool, newline: bool, ash: bool) -> str:
    """The words behind the options; `\\c` ends the text, newline and all."""
    text = " ".join(words)
    if escapes:
        try:
            text = unescape(text, argument=True, ash=ash)
        except Stop as stop:
            return stop.text
    return text + "\n" if newline else text
