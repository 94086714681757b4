"""Modes as people write them: `644`, `u+rwX,go-w` (chmod(1p))."""

from __future__ import annotations

from typing import Final

from docgen.frozen import frozen

_WHO: Final = {"u": 0o4700, "g": 0o2070, "o": 0o1007, "a": 0o7777}
_SHIFT: Final = {"u": 6, "g": 3, "o": 0}
_PERMISSIONS: Final = {"r": 0o444, "w": 0o222, "x": 0o111, "s": 0o6000, "t": 0o1000}


@frozen
class Change:
    """One `u+rw`; `who` 0 where none was named and the umask decides."""

    who: int
    operator: str
    bits: int
    copy: str = ""
    """`u`, `g`, `o`: the bits are that class's."""
    conditional: bool = False
    """An `X` is among the permissions."""
    explicit: int = 0o7777
    """Special bits that a directory loses too (octal modes of at most four digits keep them)."""


Mode = tuple[Change, ...]


def parse_mode(text: str) -> Mode | None:
    """None where it is no mode."""
    if text and all(char in "01234567" for char in text):
        bits = int(text, 8)
        if bits > 0o7777:
            return None
        explicit = 0o7777 if len(text) > 4 else 0o1777 | bits
        return (Change(0o7777, "=", bits, explicit=explicit),)
    changes: list[Change] = []
    for clause in text.split(","):
        parsed = _clause(clause)
        if parsed is None:
            return None
        changes += parsed
    return tuple(changes)


def _clause(clause: str) -> list[Change] | None:
    at = 0
    who = 0
    while at < len(clause) and clause[at] in _WHO:
        who |= _WHO[clause[at]]
        at += 1
    changes = []
    while at < len(clause):
        operator = clause[at]
        if operator not in "+-=":
            return None
        at += 1
        start = at
        while at < len(clause) and clause[at] not in "+-=":
            at += 1
        change = _change(who, operator, clause[start:at])
        if change is None:
            return None
        changes.append(change)
    return changes or None


def _change(who: int, operator: str, letters: str) -> Change | None:
    if letters in _SHIFT:
        return Change(who, operator, 0, copy=letters)
    if any(letter not in "rwxXst" for letter in letters):
        return None
    bits = 0
    for letter in letters:
        bits |= _PERMISSIONS.get(letter, 0)
    return Change(who, operator, bits, conditional="X" in letters)


def apply_mode(mode: int, changes: Mode, is_dir: bool, umask: int) -> int:
    """The new permission bits."""
    for change in changes:
        bits = change.bits
        if change.copy:
            copied = mode >> _SHIFT[change.copy] & 7
            bits = copied << 6 | copied << 3 | copied
        if change.conditional and (is_dir or mode & 0o111):
            bits |= 0o111
        affected = change.who or 0o7777
        bits &= affected if change.who else ~umask
        match change.operator:
            case "+":
                mode |= bits
            case "-":
                mode &= ~bits
            case _:
                keep = ~affected & 0o7777 if change.who else umask
                if is_dir:
                    keep |= 0o6000 & ~(change.bits if change.explicit == 0o7777 else 0)
                    keep &= ~(0o6000 & ~change.explicit) | 0o6000
                mode = mode & keep | bits
    return mode & 0o7777
