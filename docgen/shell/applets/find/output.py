"""-printf and -ls."""

from __future__ import annotations

import re

from docgen.diagnostics import NotSimulated
from docgen.fs.nodes import Kind
from docgen.shell.applets.find.expression import Found
from docgen.shell.applets.support.accounts import Accounts
from docgen.shell.applets.support.files import DEVICES, LETTERS, mode_string
from docgen.shell.applets.support.times import HALF_YEAR, SECOND, strftime
from docgen.shell.process import Process

_DIRECTIVE = re.compile(r"%([-#0+ ]*)(\d*)(?:\.(\d+))?([ACTB].|[a-zA-Z%])")
_ESCAPE = re.compile(r"\\([0-7]{1,3}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "0": "\0", "\\": "\\", "a": "\a", "b": "\b", "f": "\f"} | {
    "r": "\r",
    "v": "\v",
}


def formatted(p: Process, template: str, found: Found, accounts: Accounts) -> str:
    """One file under a -printf template."""
    out: list[str] = []
    at = 0
    while at < len(template):
        char = template[at]
        escape = _ESCAPE.match(template, at) if char == "\\" else None
        directive = _DIRECTIVE.match(template, at) if char == "%" else None
        if escape:
            if escape[1] == "c":
                break
            if escape[1].isdigit():
                out.append(chr(int(escape[1], 8) & 255))
            else:
                out.append(_ESCAPES.get(escape[1], escape[0]))
            at = escape.end()
        elif directive:
            out.append(_padded(_value(p, directive[4], found, accounts), directive))
            at = directive.end()
        else:
            out.append(char)
            at += 1
    return "".join(out)


def _padded(text: str, directive: re.Match[str]) -> str:
    flags, width, precision, letter = directive.groups()
    if precision and letter in "pfhPlugM":
        text = text[: int(precision)]
    wide = int(width[:4] or 0)
    if "-" in flags:
        return text.ljust(wide)
    return text.rjust(wide, "0" if "0" in flags and letter.isalpha() else " ")


def _value(p: Process, letter: str, found: Found, accounts: Accounts) -> str:
    stat = found.stat
    if letter[0] in "ATC":
        when = {"A": stat.atime_ns, "T": stat.mtime_ns, "C": stat.ctime_ns}[letter[0]]
        return _time(when, letter[1:])
    values = {
        "p": found.path,
        "f": found.path.rstrip("/").rpartition("/")[2] or found.path,
        "h": found.path.rpartition("/")[0] or ("." if "/" not in found.path else ""),
        "P": found.path[len(found.top) :].removeprefix("/"),
        "H": found.top,
        "s": str(stat.size),
        "b": str(stat.blocks512),
        "k": str(-(-stat.blocks512 // 2)),
        "m": f"{stat.mode:o}",
        "M": mode_string(stat),
        "u": accounts.owner(stat.uid),
        "g": accounts.group(stat.gid),
        "U": str(stat.uid),
        "G": str(stat.gid),
        "i": str(stat.ino),
        "n": str(stat.nlink),
        "d": str(found.depth),
        "D": str(stat.dev),
        "y": LETTERS[stat.kind].replace("-", "f"),
        "t": f"{strftime('%a %b %e %T.%N', stat.mtime_ns)}0 {strftime('%Y', stat.mtime_ns)}",
        "a": f"{strftime('%a %b %e %T.%N', stat.atime_ns)}0 {strftime('%Y', stat.atime_ns)}",
        "c": f"{strftime('%a %b %e %T.%N', stat.ctime_ns)}0 {strftime('%Y', stat.ctime_ns)}",
        "%": "%",
    }
    if letter == "l":
        return p.view.readlink(found.path) if stat.kind is Kind.SYMLINK else ""
    if letter not in values:
        raise NotSimulated(f"find -printf %{letter}", "use another directive")
    return values[letter]


def _time(when: int, letter: str) -> str:
    if letter == "@":
        return f"{when // SECOND}.{when % SECOND:09d}0"
    if letter == "+":
        return f"{strftime('%F+%T', when)}.{when % SECOND:09d}0"
    if letter in "ST":
        return f"{strftime('%' + letter, when)}.{when % SECOND:09d}0"
    text = strftime(f"%{letter}", when)
    if text is None:
        raise NotSimulated(f"find -printf %T{letter}", "use %T@ or %TY-%Tm-%Td")
    return text


def listed(p: Process, found: Found, accounts: Accounts) -> str:
    """`-ls`: like ls -dils, in find's own columns."""
    stat = found.stat
    age = (p.kernel.clock.now_ns - stat.mtime_ns) // SECOND
    when = strftime("%b %e %H:%M" if 0 <= age < HALF_YEAR else "%b %e  %Y", stat.mtime_ns)
    size = str(stat.size)
    if stat.kind in DEVICES:
        size = f"{stat.rdev[0]:3}, {stat.rdev[1]:3}"
    target = f" -> {p.view.readlink(found.path)}" if stat.kind is Kind.SYMLINK else ""
    owner, group = accounts.owner(stat.uid), accounts.group(stat.gid)
    return (
        f"{stat.ino:9} {-(-stat.blocks512 // 2):6} {mode_string(stat)} {stat.nlink:3} {owner:<8} "
        f"{group:<8} {size:>8} {when} {found.path.replace(' ', chr(92) + ' ')}{target}\n"
    )
