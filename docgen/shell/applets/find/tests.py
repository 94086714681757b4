"""The tests of find: each makes a condition from its argument."""

from __future__ import annotations

from typing import Final

from docgen.diagnostics import NotSimulated
from docgen.fs.errors import FsError
from docgen.fs.nodes import Kind
from docgen.fs.view import EXECUTE, READ, WRITE
from docgen.shell.applets.find.arguments import UNITS, Holds, Maker, Number, read_number
from docgen.shell.applets.find.expression import Found
from docgen.shell.applets.find.names import (
    iname_test,
    ipath_test,
    iregex_test,
    name_test,
    path_test,
    regex_test,
)
from docgen.shell.applets.support.accounts import Accounts
from docgen.shell.applets.support.dates import parse_date
from docgen.shell.applets.support.modes import apply_mode, parse_mode
from docgen.shell.applets.support.quoting import quoted
from docgen.shell.applets.support.times import DAY, SECOND
from docgen.shell.applets.support.tool import Refusal, on_host
from docgen.shell.process import Process

_KINDS: Final = {
    "f": Kind.FILE,
    "d": Kind.DIR,
    "l": Kind.SYMLINK,
    "c": Kind.CHAR,
    "b": Kind.BLOCK,
    "p": Kind.FIFO,
}


def _type(p: Process, text: str) -> Holds:
    wanted = text.split(",") if on_host(p) else [text]
    for letter in wanted:
        if letter in ("s", "D"):
            continue
        if letter not in _KINDS:
            if not on_host(p):
                raise Refusal(f"invalid argument '{text}' to '-type'")
            if len(letter) > 1:
                raise Refusal("Must separate multiple arguments to -type using: ','")
            raise Refusal(f"Unknown argument to -type: {letter}")
    kinds = frozenset(_KINDS[letter] for letter in wanted if letter in _KINDS)
    whiteouts = "c" in wanted
    return lambda found: (
        found.stat.kind in kinds or (whiteouts and found.stat.kind is Kind.WHITEOUT)
    )


def _size(p: Process, text: str) -> Holds:
    unit = 512
    digits = text
    if text[-1:] in UNITS:
        unit, digits = UNITS[text[-1]], text[:-1]
    if on_host(p):
        if not digits:
            raise Refusal(f"Invalid argument `{text}' to -size")
        number = read_number(p, "-size", digits)
        return lambda found: number.holds(-(-found.stat.size // unit))
    number = read_number(p, "-size", digits)
    exact = Number(number.sign, number.value * unit)
    return lambda found: exact.holds(found.stat.size)


def _empty(p: Process, _text: str) -> Holds:
    def holds(found: Found) -> bool:
        if found.stat.kind is Kind.FILE:
            return found.stat.size == 0
        try:
            return found.stat.kind is Kind.DIR and not p.view.listdir(found.path)
        except FsError:
            return False

    return holds


def _newer(p: Process, text: str) -> Holds:
    try:
        limit = p.view.stat(text).mtime_ns
    except FsError as error:
        shown = quoted(p, text) if on_host(p) else text
        raise Refusal(f"{shown}: {error.errno.value}") from None
    return lambda found: found.stat.mtime_ns > limit


def _newermt(p: Process, text: str) -> Holds:
    limit = parse_date(text, p.kernel.clock.now_ns)
    if limit is None:
        raise NotSimulated(f"find -newermt {text}", "write the date as 2026-01-31 12:00:00")
    return lambda found: found.stat.mtime_ns > limit


def _age(which: str, unit: int, name: str) -> Maker:
    """-mtime and its relatives count whole units of age."""

    def make(p: Process, text: str) -> Holds:
        number = read_number(p, name, text)
        now = p.kernel.clock.now_ns

        def holds(found: Found) -> bool:
            when: int = getattr(found.stat, which)
            seconds = (now - when) // SECOND
            if unit == 60 and number.sign == "" and on_host(p):
                return number.value == -(-seconds // unit)
            if unit == 60 and number.sign == "+":
                return seconds > number.value * unit
            return number.holds(seconds // unit)

        return holds

    return make


def _perm(p: Process, text: str) -> Holds:
    how = text[0] if text[:1] in ("-", "/") or (text[:1] == "+" and not on_host(p)) else ""
    changes = parse_mode(text.removeprefix(how))
    if changes is None:
        if on_host(p):
            raise Refusal(f"invalid mode {quoted(p, text)}")
        raise Refusal(f"invalid mode '{text}'")
    bits = apply_mode(0, changes, False, 0)
    match how:
        case "-":
            return lambda found: found.stat.mode & bits == bits
        case "/" | "+":
            return lambda found: bits == 0 or bool(found.stat.mode & bits)
        case _:
            return lambda found: found.stat.mode == bits


def _user(p: Process, text: str) -> Holds:
    uid = Accounts(p.view).uid(text)
    if uid is None:
        if on_host(p):
            raise Refusal(f"{quoted(p, text)} is not the name of a known user")
        raise Refusal(f"unknown user {text}")
    return lambda found: found.stat.uid == uid


def _group(p: Process, text: str) -> Holds:
    gid = Accounts(p.view).gid(text)
    if gid is None:
        if on_host(p):
            raise Refusal(f"{quoted(p, text)} is not the name of an existing group")
        raise Refusal(f"unknown group {text}")
    return lambda found: found.stat.gid == gid


def _uid(p: Process, text: str) -> Holds:
    number = read_number(p, "-uid", text)
    return lambda found: number.holds(found.stat.uid)


def _gid(p: Process, text: str) -> Holds:
    number = read_number(p, "-gid", text)
    return lambda found: number.holds(found.stat.gid)


def _nouser(p: Process, _text: str) -> Holds:
    accounts = Accounts(p.view)
    return lambda found: accounts.user_name(found.stat.uid) is None


def _nogroup(p: Process, _text: str) -> Holds:
    accounts = Accounts(p.view)
    return lambda found: accounts.group_name(found.stat.gid) is None


def _links(p: Process, text: str) -> Holds:
    number = read_number(p, "-links", text)
    return lambda found: number.holds(found.stat.nlink)


def _inum(p: Process, text: str) -> Holds:
    number = read_number(p, "-inum", text)
    return lambda found: number.holds(found.stat.ino)


def _samefile(p: Process, text: str) -> Holds:
    try:
        stat = p.view.stat(text)
    except FsError as error:
        shown = quoted(p, text) if on_host(p) else text
        raise Refusal(f"{shown}: {error.errno.value}") from None
    return lambda found: (found.stat.dev, found.stat.ino) == (stat.dev, stat.ino)


def _access(wanted: int) -> Maker:
    return lambda p, _text: lambda found: p.view.access(found.path, wanted)


def _constant(value: bool) -> Maker:
    return lambda _p, _text: lambda _found: value


WITH_ARGUMENT: Final[dict[str, Maker]] = {
    "-name": name_test,
    "-iname": iname_test,
    "-path": path_test,
    "-wholename": path_test,
    "-ipath": ipath_test,
    "-regex": regex_test,
    "-iregex": iregex_test,
    "-type": _type,
    "-size": _size,
    "-newer": _newer,
    "-newermt": _newermt,
    "-mtime": _age("mtime_ns", DAY, "-mtime"),
    "-atime": _age("atime_ns", DAY, "-atime"),
    "-ctime": _age("ctime_ns", DAY, "-ctime"),
    "-mmin": _age("mtime_ns", 60, "-mmin"),
    "-amin": _age("atime_ns", 60, "-amin"),
    "-cmin": _age("ctime_ns", 60, "-cmin"),
    "-perm": _perm,
    "-user": _user,
    "-group": _group,
    "-uid": _uid,
    "-gid": _gid,
    "-links": _links,
    "-inum": _inum,
    "-samefile": _samefile,
}
WITHOUT_ARGUMENT: Final[dict[str, Maker]] = {
    "-empty": _empty,
    "-nouser": _nouser,
    "-nogroup": _nogroup,
    "-readable": _access(READ),
    "-writable": _access(WRITE),
    "-executable": _access(EXECUTE),
    "-true": _constant(True),
    "-false": _constant(False),
}
GNU_ONLY: Final = frozenset(
    {"-iregex", "-newermt", "-uid", "-gid", "-nouser", "-nogroup", "-readable"}
    | {"-writable", "-true", "-false", "-printf", "-ls", "-delete", "-comma"}
)
REFUSED: Final = frozenset(
    {"-execdir", "-okdir", "-ok", "-fls", "-fprint", "-fprint0", "-fprintf", "-regextype"}
    | {"-daystart", "-newerXY", "-anewer", "-cnewer", "-fstype", "-lname", "-ilname", "-used"}
    | {"-xtype", "-context", "-noleaf", "-ignore_readdir_race", "-files0-from", "-warn"}
    | {"-nowarn", "-noignore_readdir_race"}
)
"""Real in GNU find, not simulated."""
