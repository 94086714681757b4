"""Names of ls: alone, in columns, in lines, with commas; and what stands before and behind them."""

from __future__ import annotations

from docgen.fs.filesystem import Stat
from docgen.fs.nodes import Kind
from docgen.shell.applets.ls.style import Entry, Style
from docgen.shell.applets.support.sizes import busybox_human, gnu_human

_TAB = 8


def shown_name(entry: Entry, style: Style, bare: bool = False) -> str:
    """With its indicator, unless `bare`."""
    name = entry.name if style.gnu else _printable(entry.name)
    if style.quote:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        name = f'"{escaped}"'
    return name if bare else name + _indicator(entry.stat, style)


def shown_target(entry: Entry, style: Style) -> str:
    target = entry.target if style.gnu else _printable(entry.target)
    if style.quote:
        target = f'"{target}"'
    stat = entry.target_stat
    if stat is None or style.indicator in ("", "slash"):
        return target
    return target + _indicator(stat, style)


def _printable(name: str) -> str:
    """busybox shows bytes that are no printable ASCII as question marks."""
    raw = name.encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if 32 <= byte < 127 else "?" for byte in raw)


def _indicator(stat: Stat, style: Style) -> str:
    if not style.indicator:
        return ""
    if stat.kind is Kind.DIR:
        return "/"
    if style.indicator == "slash":
        return ""
    if stat.kind is Kind.FILE:
        executable = stat.mode & 0o111 and style.indicator == "classify"
        return "*" if executable else ""
    return {Kind.SYMLINK: "@", Kind.FIFO: "|"}.get(stat.kind, "")


def blocks_text(entry: Entry, style: Style) -> str:
    return size_of_blocks(entry.stat.blocks512, style)


def size_of_blocks(blocks512: int, style: Style) -> str:
    """Allocated space in KiB, or with -h."""
    if style.human and style.gnu:
        return gnu_human(blocks512 * 512, 1000 if style.si else 1024)
    if style.human:
        return busybox_human(blocks512 * 512)
    return str(-(-blocks512 // 2)) if style.gnu else str(blocks512 // 2)


def total_text(blocks512: int, style: Style) -> str:
    """What stands behind `total `; busybox pads it with -h."""
    if style.gnu or not style.human:
        return size_of_blocks(blocks512, style)
    return f"{busybox_human(blocks512 * 512, tenths=False):<7}"


def short_lines(entries: list[Entry], style: Style) -> list[str]:
    cells = _cells(entries, style)
    if style.commas:
        return _with_commas(cells, style)
    if not style.width:
        return cells
    return _in_columns(cells, style) if style.gnu else _in_even_columns(cells, style)


def _in_even_columns(cells: list[str], style: Style) -> list[str]:
    """busybox: all columns as wide as the longest name and two blanks."""
    wide = max((len(cell) for cell in cells), default=0) + 2
    columns = max((style.width if style.width != 80 else 79) // wide, 1)
    rows = -(-len(cells) // columns)
    lines = []
    for row in range(rows):
        if style.by_line:
            picked = cells[row * columns : (row + 1) * columns]
        else:
            picked = cells[row::rows][:columns]
        lines.append("".join(cell.ljust(wide) for cell in picked[:-1]) + picked[-1])
    return lines


def _cells(entries: list[Entry], style: Style) -> list[str]:
    inodes = [str(entry.stat.ino) for entry in entries]
    blocks = [blocks_text(entry, style) for entry in entries]
    inode_width = max((len(text) for text in inodes), default=0) if style.gnu else 7
    block_width = max((len(text) for text in blocks), default=0) if style.gnu else 6
    if style.commas:
        inode_width = block_width = 0
    cells = []
    for entry, inode, block in zip(entries, inodes, blocks, strict=True):
        cell = f"{inode:>{inode_width}} " if style.inode else ""
        cell += f"{block:>{block_width}} " if style.blocks else ""
        cells.append(cell + shown_name(entry, style))
    return cells


def _with_commas(cells: list[str], style: Style) -> list[str]:
    lines, line = [], ""
    width = style.width or 80
    for index, cell in enumerate(cells):
        piece = cell + ("," if index < len(cells) - 1 else "")
        if line and len(line) + 1 + len(piece) >= width:
            lines.append(line)
            line = piece
        else:
            line = f"{line} {piece}" if line else piece
    return [*lines, line] if line else lines


def _in_columns(cells: list[str], style: Style) -> list[str]:
    """As many columns as fit, filled downwards (across with -x), two blanks between."""
    if not cells:
        return []
    for rows in range(1, len(cells) + 1):
        columns = -(-len(cells) // rows)
        table = _table(cells, rows, columns, style.by_line)
        widths = [max(len(cell) for cell in column) + 2 for column in table]
        if sum(widths) - 2 < style.width or rows == len(cells):
            return _lines_of(table, widths, rows)
    return cells


def _table(cells: list[str], rows: int, columns: int, by_line: bool) -> list[list[str]]:
    if by_line:
        return [cells[column::columns] for column in range(columns)]
    return [cells[start : start + rows] for start in range(0, len(cells), rows)]


def _lines_of(table: list[list[str]], widths: list[int], rows: int) -> list[str]:
    lines = []
    for row in range(rows):
        line, reached, wanted = "", 0, 0
        for column, width in zip(table, widths, strict=True):
            if row < len(column):
                line += _indent(reached, wanted) + column[row]
                reached = wanted + len(column[row])
            wanted += width
        lines.append(line)
    return lines


def _indent(start: int, end: int) -> str:
    """From one column to another, with tabs where they reach further than a blank."""
    text = ""
    while start < end:
        if end // _TAB > (start + 1) // _TAB:
            text += "\t"
            start += _TAB - start % _TAB
        else:
            text += " "
            start += 1
    return text
