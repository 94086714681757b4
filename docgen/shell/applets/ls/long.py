"""`ls -l`: GNU fits its columns to the listing, busybox has fixed ones."""

from __future__ import annotations

from collections.abc import Callable

from docgen.fs.nodes import Kind
from docgen.shell.applets.ls.gather import time_of
from docgen.shell.applets.ls.short import blocks_text, shown_name, shown_target
from docgen.shell.applets.ls.style import Entry, Style
from docgen.shell.applets.support.accounts import Accounts
from docgen.shell.applets.support.files import DEVICES, mode_string
from docgen.shell.applets.support.sizes import busybox_human, gnu_human
from docgen.shell.applets.support.times import DAY, HALF_YEAR, SECOND, strftime


def long_lines(
    entries: list[Entry], style: Style, accounts: Accounts, others: list[Entry]
) -> list[str]:
    """`others` count for the width of the columns (directories among the operands)."""
    rows = [_row(entry, style, accounts) for entry in entries]
    if not style.gnu:
        return [_busybox_line(row, style) for row in rows]
    all_rows = [*rows, *(_row(entry, style, accounts) for entry in others)]
    widths = [max(len(cell) for cell in column) for column in zip(*all_rows, strict=True)]
    return [_gnu_line(row, widths, style) for row in rows]


_INODE, _BLOCKS, _MODE, _LINKS, _OWNER, _GROUP, _MAJOR, _SIZE, _TIME, _NAME = range(10)


def _row(entry: Entry, style: Style, accounts: Accounts) -> list[str]:
    """The cells of one line: inode, blocks, mode, links, owner, group, major, size, time, name."""
    stat = entry.stat
    major, size = "", _size_text(stat.size, style)
    if stat.kind in DEVICES:
        major, size = f"{stat.rdev[0]},", str(stat.rdev[1])
    name = shown_name(entry, style)
    if entry.target:
        name = f"{shown_name(entry, style, bare=True)} -> {shown_target(entry, style)}"
    return [
        str(stat.ino) if style.inode else "",
        blocks_text(entry, style) if style.blocks else "",
        mode_string(stat),
        str(stat.nlink),
        str(stat.uid) if style.numeric else accounts.owner(stat.uid),
        str(stat.gid) if style.numeric else accounts.group(stat.gid),
        major,
        size,
        time_text(entry, style),
        name,
    ]


def _size_text(size: int, style: Style) -> str:
    if not style.human:
        return str(size)
    if style.gnu:
        return gnu_human(size, 1000 if style.si else 1024)
    return busybox_human(size)


def _gnu_line(row: list[str], widths: list[int], style: Style) -> str:
    cells = []
    if style.inode:
        cells.append(row[_INODE].rjust(widths[_INODE]))
    if style.blocks:
        cells.append(row[_BLOCKS].rjust(widths[_BLOCKS]))
    cells += [row[_MODE], row[_LINKS].rjust(widths[_LINKS])]
    pad: Callable[[str, int], str] = str.rjust if style.numeric else str.ljust
    if style.owner:
        cells.append(pad(row[_OWNER], widths[_OWNER]))
    if style.group:
        cells.append(pad(row[_GROUP], widths[_GROUP]))
    width = widths[_SIZE]
    if widths[_MAJOR]:
        width = max(width, widths[_MAJOR] + 1 + width)
    if row[_MAJOR]:
        cells.append(f"{row[_MAJOR]} {row[_SIZE].rjust(widths[_SIZE])}".rjust(width))
    else:
        cells.append(row[_SIZE].rjust(width))
    cells += [row[_TIME], row[_NAME]]
    return " ".join(cells)


def _busybox_line(row: list[str], style: Style) -> str:
    cells = []
    if style.inode:
        cells.append(f"{row[_INODE]:>7}")
    if style.blocks:
        cells.append(f"{row[_BLOCKS]:>6}")
    cells += [row[_MODE], f"{row[_LINKS]:>4}"]
    owner, group = row[_OWNER], row[_GROUP]
    if not style.numeric:
        owner, group = owner[:8], group[:8]
    cells += [f"{owner:<8}"] if style.owner else []
    cells.append(f"{group:<8}")
    if row[_MAJOR]:
        cells.append(f"{row[_MAJOR]:>5} {row[_SIZE]:>3}")
    else:
        cells.append(f"{row[_SIZE]:>{7 if style.human else 9}}")
    cells += [row[_TIME], row[_NAME]]
    return " ".join(cells)


def time_text(entry: Entry, style: Style) -> str:
    when = time_of(entry.stat, style)
    pattern = _pattern(when, style)
    text = strftime(pattern, when)
    assert text is not None, "the patterns of ls are ours"
    return text


def _pattern(when: int, style: Style) -> str:
    age = (style.now_ns - when) // SECOND
    if not style.gnu:
        if style.full_time:
            return "%F %T %z"
        recent = -15 * 60 <= age <= 365 * DAY // 2
        return "%b %e %H:%M" if recent else "%b %e  %Y"
    recent = 0 <= age < HALF_YEAR
    if style.time_style.startswith("+"):
        old, newline, new = style.time_style[1:].partition("\n")
        return new if newline and recent else old
    match style.time_style or ("full-iso" if style.full_time else "locale"):
        case "full-iso":
            return "%F %T.%N %z"
        case "long-iso":
            return "%F %R"
        case "iso":
            return "%m-%d %R" if recent else "%F "
        case _:
            return "%b %e %H:%M" if recent else "%b %e  %Y"


def is_executable(entry: Entry) -> bool:
    return entry.stat.kind is Kind.FILE and bool(entry.stat.mode & 0o111)
