"""stat."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from docgen.daemon.waits import Steps
from docgen.fs.errors import FsError
from docgen.fs.filesystem import Stat, StatFs
from docgen.fs.nodes import Kind
from docgen.shell.applet import Options
from docgen.shell.applets.support.accounts import Accounts
from docgen.shell.applets.support.files import DEVICES, FORMATS, file_type, mode_string
from docgen.shell.applets.support.mounts import mount_of
from docgen.shell.applets.support.quoting import always_shell_quoted
from docgen.shell.applets.support.times import SECOND, strftime
from docgen.shell.applets.support.tool import (
    GNU,
    flag,
    missing_operand,
    on_host,
    refused,
    tool,
    value,
)
from docgen.shell.process import Process

_GNU_DEFAULT = (
    "  File: %N\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\n"
    "Device: %Hd,%Ld\tInode: %-10i  Links: %-5h{device}\n"
    "Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\n"
    "Access: %x\nModify: %y\nChange: %z\n Birth: %w\n"
)
_BUSYBOX_DEFAULT = (
    "  File: %N\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\n"
    "Device: %Dh/%dd\tInode: %-10i  Links: %-5h{device}\n"
    "Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\n"
    "Access: %x\nModify: %y\nChange: %z\n"
)
_GNU_TERSE = "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o"
_BUSYBOX_TERSE = "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %o"
_DIRECTIVE = re.compile(r"%([-+ #0]*)(\d*)(?:\.(\d*))?([HL]?[A-Za-z%])")
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "r": "\r"} | {
    "v": "\v",
    "e": "\x1b",
    '"': '"',
}
MAGIC: Final = {
    "ext4": (0xEF53, "ext2/ext3"),
    "overlay": (0x794C7630, "overlayfs"),
    "tmpfs": (0x01021994, "tmpfs"),
    "proc": (0x9FA0, "proc"),
    "sysfs": (0x62656572, "sysfs"),
    "btrfs": (0x9123683E, "btrfs"),
    "xfs": (0x58465342, "xfs"),
}
"""f_type and the name that stat gives it (coreutils' human_fstype); busybox knows fewer."""


def stat(p: Process, options: Options) -> Steps[int]:
    if not options.operands:
        return (yield from missing_operand(p))
    accounts = Accounts(p.view)
    status = 0
    for name in options.operands:
        try:
            if "file-system" in options:
                text = _file_system(p, name, options)
            else:
                text = _file(p, name, options, accounts)
        except FsError as error:
            status = 1
            yield from _failed(p, name, error, "file-system" in options)
            continue
        yield from p.out(text)
    return status


def _failed(p: Process, name: str, error: FsError, file_system: bool) -> Steps[None]:
    shown = always_shell_quoted(p, name) if on_host(p) else f"'{name}'"
    text = error.errno.value
    if file_system:
        what = f"cannot read file system information for {shown}"
        yield from p.complain(
            f"{what}: {text}"
            if on_host(p)
            else f"can't read file system information for {shown}: {text}"
        )
    elif on_host(p):
        yield from p.complain(f"cannot statx {shown}: {text}")
    else:
        yield from p.complain(f"can't stat {shown}: {text}")


def _format(options: Options, normal: str, terse: str) -> tuple[str, str]:
    """The template, and what stands behind each file."""
    last = options.last_of("format", "printf")
    if last == "printf":
        return _unescape(options.get("printf") or ""), ""
    if last == "format":
        return options.get("format") or "", "\n"
    return (terse, "\n") if "terse" in options else (normal, "")


def _unescape(text: str) -> str:
    return re.sub(
        r"\\([0-7]{1,3}|.)",
        lambda found: (
            chr(int(found[1], 8) & 0xFF)
            if found[1][0] in "01234567"
            else _ESCAPES.get(found[1], found[0])
        ),
        text,
        flags=re.DOTALL,
    )


def _file(p: Process, name: str, options: Options, accounts: Accounts) -> str:
    found = p.view.stat(name, follow="dereference" in options)
    gnu = on_host(p)
    normal = _GNU_DEFAULT if gnu else _BUSYBOX_DEFAULT
    device = " Device type: %t,%T" if found.kind in DEVICES else ""
    template, ending = _format(
        options, normal.replace("{device}", device), _GNU_TERSE if gnu else _BUSYBOX_TERSE
    )
    if gnu and options.last_of("format", "printf") is None and "terse" not in options:
        template = template.replace("%N", name if found.kind is not Kind.SYMLINK else "%N", 1)
        if found.kind is Kind.SYMLINK:
            target = p.view.readlink(name)
            template = template.replace("%N", f"{name} -> {target}".replace("%", "%%"), 1)
    values = _values(p, name, found, accounts)
    return _expand(template, values, gnu) + ending


_Values = Mapping[str, Callable[[], str]]


def _values(p: Process, name: str, found: Stat, accounts: Accounts) -> _Values:
    gnu = on_host(p)
    born = min(found.mtime_ns, found.ctime_ns, found.atime_ns)
    values: dict[str, Callable[[], str]] = {
        "n": lambda: name,
        "N": lambda: _quoted_name(p, name, found),
        "s": lambda: str(found.size),
        "a": lambda: f"{found.mode:o}",
        "A": lambda: mode_string(found),
        "f": lambda: f"{FORMATS[found.kind] | found.mode:x}",
        "F": lambda: file_type(found),
        "u": lambda: str(found.uid),
        "U": lambda: accounts.user_name(found.uid) or "UNKNOWN",
        "g": lambda: str(found.gid),
        "G": lambda: accounts.group_name(found.gid) or "UNKNOWN",
        "h": lambda: str(found.nlink),
        "i": lambda: str(found.ino),
        "b": lambda: str(found.blocks512),
        "B": lambda: "512",
        "o": lambda: "4096",
        "d": lambda: str(found.dev),
        "D": lambda: f"{found.dev:x}",
        "t": lambda: f"{found.rdev[0]:x}",
        "T": lambda: f"{found.rdev[1]:x}",
        "x": lambda: _time(found.atime_ns),
        "y": lambda: _time(found.mtime_ns),
        "z": lambda: _time(found.ctime_ns),
        "X": lambda: str(found.atime_ns // SECOND),
        "Y": lambda: str(found.mtime_ns // SECOND),
        "Z": lambda: str(found.ctime_ns // SECOND),
        "%": lambda: "%",
    }
    if gnu:
        values |= {
            "w": lambda: _time(born),
            "W": lambda: str(born // SECOND),
            "m": lambda: mount_of(p.view, name).target,
            "Hd": lambda: "0",
            "Ld": lambda: str(found.dev),
            "Hr": lambda: str(found.rdev[0]),
            "Lr": lambda: str(found.rdev[1]),
            "r": lambda: str(found.rdev[0] << 8 | found.rdev[1]),
            "R": lambda: f"{found.rdev[0] << 8 | found.rdev[1]:x}",
        }
    return values


def _time(ns: int) -> str:
    text = strftime("%F %T.%N %z", ns)
    assert text is not None, "the pattern is ours"
    return text


def _quoted_name(p: Process, name: str, found: Stat) -> str:
    gnu = on_host(p)
    shown = always_shell_quoted(p, name) if gnu else name
    if found.kind is not Kind.SYMLINK:
        return shown
    target = p.view.readlink(name)
    if gnu:
        return f"{shown} -> {always_shell_quoted(p, target)}"
    return f"'{name}' -> '{target}'"


def _expand(template: str, values: Mapping[str, Callable[[], str]], gnu: bool) -> str:
    def one(found: re.Match[str]) -> str:
        flags, width, precision, letter = found.groups()
        if letter not in values and letter[0] in "HL" and len(letter) > 1:
            return "?" + letter[1:]
        make = values.get(letter)
        if make is None:
            return "?" if gnu else letter
        text = make()
        if precision and letter in ("y", "x", "z", "A", "n", "N", "U", "G", "F"):
            text = text[: int(precision)]
        wide = int(width[:4] or 0)
        if "#" in flags and letter == "a":
            text = "0" + text
        if "-" in flags:
            return text.ljust(wide)
        return text.rjust(wide, "0" if "0" in flags else " ")

    return _DIRECTIVE.sub(one, template)


def _file_system(p: Process, name: str, options: Options) -> str:
    figures = p.view.statfs(name)
    magic, kind = MAGIC.get(figures.fstype, (0, "UNKNOWN (0x0)"))
    gnu = on_host(p)
    if not gnu and kind == "overlayfs":
        kind = "UNKNOWN"
    normal = '  File: "%n"\n    ID: %-8i Namelen: %-7l Type: %T\n'
    if gnu:
        normal += "Block size: %-10s Fundamental block size: %S\n"
    else:
        normal += "Block size: %-10s\n"
    normal += "Blocks: Total: %-10b Free: %-10f Available: %a\nInodes: Total: %-10c Free: %d\n"
    terse = "%n %i %l %t %s %S %b %f %a %c %d" if gnu else "%n %i %l %t %s %b %f %a %c %d"
    template, ending = _format(options, normal, terse)
    return _expand(template, _fs_values(name, figures, magic, kind), gnu) + ending


def _fs_values(name: str, figures: StatFs, magic: int, kind: str) -> _Values:
    free = str(figures.free // figures.block)
    return {
        "n": lambda: name,
        "i": lambda: "0",
        "l": lambda: "255",
        "t": lambda: f"{magic:x}",
        "T": lambda: kind,
        "s": lambda: str(figures.block),
        "S": lambda: str(figures.block),
        "b": lambda: str(figures.total // figures.block),
        "f": lambda: free,
        "a": lambda: free,
        "c": lambda: str(figures.inodes),
        "d": lambda: str(figures.inodes_free),
        "%": lambda: "%",
    }


_OPTIONS = (
    value("c", "format"),
    value("", "printf", GNU),
    flag("L", "dereference"),
    flag("f", "file-system"),
    flag("t", "terse"),
    refused("", "cached", flavours=GNU),
)

APPLETS = {"stat": tool("stat", stat, _OPTIONS)}
