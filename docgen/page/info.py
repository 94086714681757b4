"""The info string of a fence: words, then key=value with bare or quoted values, each with its
column.
"""

from __future__ import annotations

from docgen.frozen import frozen
from docgen.page.complaints import Complaints

BLANKS = " \t"
QUOTES = "\"'"


@frozen
class Word:
    text: str
    column: int


@frozen
class Option:
    key: str
    value: str
    column: int
    """Of the key."""
    value_column: int
    """Of the value's first character."""


@frozen
class Info:
    words: tuple[Word, ...]
    options: tuple[Option, ...]

    def word(self, index: int) -> str:
        return self.words[index].text if index < len(self.words) else ""

    def option(self, key: str) -> Option | None:
        return next((one for one in self.options if one.key == key), None)

    def value(self, key: str) -> str:
        option = self.option(key)
        return option.value if option else ""


def parse_info(text: str, line: int, column: int, complaints: Complaints) -> Info:
    """Reads `text`, which starts at `column` of its line."""
    words: list[Word] = []
    options: list[Option] = []
    here = 0
    while here < len(text):
        if text[here] in BLANKS:
            here += 1
            continue
        start = here
        while here < len(text) and text[here] not in BLANKS + "=" + QUOTES:
            here += 1
        name = text[start:here]
        if here < len(text) and text[here] == "=" and name:
            value_at = here + 1
            value, here = _value(text, value_at, line, column, complaints)
            if any(one.key == name for one in options):
                complaints.add(
                    line, column + start, f"'{name}' is given twice", "", "keep one of them"
                )
            quoted = value_at < len(text) and text[value_at] in QUOTES
            options.append(Option(name, value, column + start, column + value_at + quoted))
        else:
            while here < len(text) and text[here] not in BLANKS:
                here += 1
            words.append(Word(text[start:here], column + start))
    return Info(tuple(words), tuple(options))


def _value(text: str, at: int, line: int, column: int, complaints: Complaints) -> tuple[str, int]:
    """The value that starts at `at`, and where it ends."""
    if at < len(text) and text[at] in QUOTES:
        end = text.find(text[at], at + 1)
        if end < 0:
            found = f"the quote {text[at]} is not closed"
            complaints.add(line, column + at, found, "", f"end the value with {text[at]}")
            return text[at + 1 :], len(text)
        return text[at + 1 : end], end + 1
    end = at
    while end < len(text) and text[end] not in BLANKS:
        end += 1
    return text[at:end], end
