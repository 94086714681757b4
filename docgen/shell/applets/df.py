"""df and mount."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.frozen import frozen
from docgen.fs.errors import FsError
from docgen.fs.filesystem import StatFs
from docgen.fs.mounts import MountEntry
from docgen.shell.applet import Option, Options, Takes
from docgen.shell.applets.support.mounts import mount_of, visible_mounts
from docgen.shell.applets.support.quoting import shell_quoted
from docgen.shell.applets.support.sizes import busybox_human, gnu_human, parse_size
from docgen.shell.applets.support.tool import (
    GNU,
    Refusal,
    flag,
    on_host,
    raw_tool,
    refused,
    tool,
    value,
)
from docgen.shell.process import Process

_PSEUDO = frozenset({"proc", "sysfs", "cgroup", "cgroup2", "devpts", "mqueue"})
_COLUMNS = (
    *("source", "fstype", "itotal", "iused", "iavail", "ipcent"),
    *("size", "used", "avail", "pcent", "file", "target"),
)


@frozen
class _Row:
    entry: MountEntry
    figures: StatFs
    file: str


@frozen
class _Style:
    gnu: bool
    human: str
    """`binary`, `decimal` or empty."""
    block: int
    inodes: bool
    posix: bool
    columns: tuple[str, ...]


def df(p: Process, options: Options) -> Steps[int]:
    style = _style(p, options)
    rows, status = yield from _rows(p, options)
    kinds = set(options.all("type"))
    if kinds:
        rows = [row for row in rows if row.entry.fstype in kinds]
    if not on_host(p):
        yield from p.out(_busybox_table(rows, style, "print-type" in options))
        return status
    if not rows:
        if status == 0 or not options.operands:
            yield from p.complain("no file systems processed")
        return 1
    yield from p.out(_gnu_table(rows, style, "total" in options))
    return status


def _style(p: Process, options: Options) -> _Style:
    human = {"human-readable": "binary", "si": "decimal"}.get(
        options.last_of("human-readable", "si", "k", "m", "block-size") or "", ""
    )
    block = 1024
    if options.last_of("k", "m", "block-size") == "m":
        block = 1024 * 1024
    elif options.last_of("k", "m", "block-size") == "block-size":
        text = options.get("block-size") or ""
        size = parse_size(text if text[:1].isdigit() else f"1{text}")
        if not size:
            raise Refusal(f"invalid -B argument '{text}'")
        block = size
    if "output" in options:
        text = options.get("output") or ",".join(_COLUMNS)
        columns = tuple(text.split(","))
        unknown = [name for name in columns if name not in _COLUMNS]
        if unknown:
            raise Refusal(f"option --output: field '{unknown[0]}' unknown")
    else:
        kind = ("fstype",) if "print-type" in options else ()
        figures = ("itotal", "iused", "iavail", "ipcent")
        if "inodes" not in options:
            figures = ("size", "used", "avail", "pcent")
        columns = ("source", *kind, *figures, "target")
    return _Style(on_host(p), human, block, "inodes" in options, "portability" in options, columns)


def _rows(p: Process, options: Options) -> Steps[tuple[list[_Row], int]]:
    if not options.operands:
        return _all_rows(p, "all" in options), 0
    rows, status = [], 0
    for name in options.operands:
        try:
            entry = mount_of(p.view, name)
        except FsError as error:
            status = 1
            if on_host(p):
                shown = shell_quoted(p, name)
                yield from p.complain(f"{shown}: {error.errno.value}")
            else:
                yield from p.complain(f"{name}: can't find mount point")
            continue
        rows.append(_Row(entry, entry.fs.statfs(), name))
    return rows, status


def _all_rows(p: Process, everything: bool) -> list[_Row]:
    """GNU leaves out what has no size, and all but one mount of each file system."""
    rows: list[_Row] = []
    seen: dict[int, int] = {}
    for entry in visible_mounts(p.view):
        figures = entry.fs.statfs()
        if entry.fstype in _PSEUDO:
            figures = StatFs(entry.fstype, 0, 0, 0, 0)
        if not everything and figures.total == 0:
            continue
        row = _Row(entry, figures, "-")
        if on_host(p) and not everything and id(entry.fs) in seen:
            at = seen[id(entry.fs)]
            if len(entry.target) < len(rows[at].entry.target):
                rows[at] = row
            continue
        seen.setdefault(id(entry.fs), len(rows))
        rows.append(row)
    return rows


def _percent(used: int, free: int, rounding_up: bool) -> str:
    whole = used + free
    if not whole:
        return "-"
    if rounding_up:
        return f"{-(-used * 100 // whole)}%"
    return f"{(used * 100 + whole // 2) // whole}%"


def _amount(size: int, style: _Style) -> str:
    if style.human == "binary":
        return gnu_human(size) if style.gnu else busybox_human(size)
    if style.human == "decimal":
        return gnu_human(size, 1000)
    return str(-(-size // style.block))


def _cells(row: _Row, style: _Style) -> dict[str, str]:
    figures = row.figures
    inodes_used = figures.inodes - figures.inodes_free
    return {
        "source": row.entry.source or "none",
        "fstype": row.entry.fstype,
        "size": _amount(figures.total, style),
        "used": _amount(figures.used, style),
        "avail": _amount(figures.free, style),
        "pcent": _percent(figures.used, figures.free, True),
        "itotal": str(figures.inodes),
        "iused": str(inodes_used),
        "iavail": str(figures.inodes_free),
        "ipcent": _percent(inodes_used, figures.inodes_free, True),
        "file": row.file,
        "target": row.entry.target,
    }


def _headers(style: _Style) -> dict[str, str]:
    size = {"binary": "Size", "decimal": "Size"}.get(style.human) or _block_header(style)
    return {
        "source": "Filesystem",
        "fstype": "Type",
        "size": size,
        "used": "Used",
        "avail": "Avail" if style.human else "Available",
        "pcent": "Capacity" if style.posix else "Use%",
        "itotal": "Inodes",
        "iused": "IUsed",
        "iavail": "IFree",
        "ipcent": "IUse%",
        "file": "File",
        "target": "Mounted on",
    }


def _block_header(style: _Style) -> str:
    if style.posix:
        return f"{style.block}-blocks"
    for letter, size in (("M", 1 << 20), ("G", 1 << 30), ("K", 1 << 10)):
        if style.block == size:
            return f"1{letter}-blocks"
    return f"{style.block}B-blocks"


_LEFT = frozenset({"source", "fstype", "file", "target"})
_LEAST = {"source": 14, "fstype": 4, "size": 5, "used": 5, "avail": 5, "pcent": 4} | {
    "itotal": 5,
    "iused": 5,
    "iavail": 5,
    "ipcent": 4,
}


def _gnu_table(rows: list[_Row], style: _Style, with_total: bool) -> str:
    table = [_headers(style), *(_cells(row, style) for row in rows)]
    if with_total:
        table.append(_total(rows, style))
    widths = {
        name: max(_LEAST.get(name, 0), *(len(cells[name]) for cells in table))
        for name in style.columns
    }
    lines = []
    for cells in table:
        shown = [
            cells[name].ljust(widths[name]) if name in _LEFT else cells[name].rjust(widths[name])
            for name in style.columns
        ]
        lines.append(" ".join(shown).rstrip())
    return "\n".join(lines) + "\n"


def _total(rows: list[_Row], style: _Style) -> dict[str, str]:
    figures = StatFs(
        "-",
        sum(row.figures.total for row in rows),
        sum(row.figures.free for row in rows),
        sum(row.figures.inodes for row in rows),
        sum(row.figures.inodes_free for row in rows),
    )
    cells = _cells(_Row(rows[0].entry, figures, "-"), style)
    return cells | {"source": "total", "fstype": "-", "target": "-"}


def _busybox_table(rows: list[_Row], style: _Style, with_type: bool) -> str:
    kind = "Type       " if with_type else ""
    header = "Size" if style.human else _busybox_blocks(style)
    header = "Inodes" if style.inodes else header
    capacity = "Capacity" if style.posix else "Use%"
    lines = [f"{'Filesystem':<20} {kind}{header:>9}      Used Available {capacity} Mounted on"]
    lines += [_busybox_line(row, style, with_type) for row in rows]
    return "\n".join(lines) + "\n"


def _busybox_blocks(style: _Style) -> str:
    if style.block == 1 << 20:
        return "1M-blocks"
    return f"{style.block}-blocks" if style.posix else "1K-blocks"


def _busybox_line(row: _Row, style: _Style, with_type: bool) -> str:
    figures = row.figures
    total, used, free = figures.total, figures.used, figures.free
    if style.inodes:
        total, free = figures.inodes, figures.inodes_free
        used = total - free
        cells = [str(total), str(used), str(free)]
    elif style.human:
        cells = [busybox_human(size) for size in (total, used, free)]
    else:
        half = style.block // 2
        cells = [str((size + half) // style.block) for size in (total, used, free)]
    source = row.entry.source or "none"
    name = f"{source:<20}" if len(source) <= 20 else f"{source}\n{'':20}"
    kind = f" {row.entry.fstype:<10}" if with_type else ""
    percent = _percent(used, free, not style.inodes)
    if percent == "-":
        percent = "0%"
    return f"{name}{kind} {cells[0]:>9} {cells[1]:>9} {cells[2]:>9} {percent:>4} {row.entry.target}"


def mount(p: Process) -> Steps[int]:
    """Lists; mounting is not simulated (volumes, binds and tmpfs come from docker)."""
    words = list(p.argv[1:])
    kinds: set[str] = set()
    while words:
        word = words.pop(0)
        if word == "-t" and words:
            kinds |= set(words.pop(0).split(","))
        elif word.startswith("-t") and len(word) > 2:
            kinds |= set(word[2:].split(","))
        elif word == "-l":
            continue
        else:
            raise NotSimulated(
                f"`{' '.join(p.argv)}`: mounting by hand",
                "let docker mount: -v, --mount or --tmpfs; mount alone lists the mounts",
            )
    for entry in visible_mounts(p.view):
        if kinds and entry.fstype not in kinds:
            continue
        options = entry.line().split(" ")[3]
        source = entry.source or "none"
        line = f"{source} on {entry.target} type {entry.fstype} ({options})\n"
        yield from p.out(line)
    return 0


def umount(p: Process) -> Steps[int]:
    yield from ()
    raise NotSimulated(f"`{' '.join(p.argv)}`: unmounting by hand", "stop or remove the container")


_OPTIONS = (
    flag("h", "human-readable"),
    flag("H", "si", GNU),
    flag("k"),
    flag("m"),
    value("B", "block-size"),
    flag("T", "print-type"),
    flag("i", "inodes"),
    flag("a", "all"),
    flag("P", "portability"),
    flag("l", "local", GNU),
    flag("", "sync", GNU),
    flag("", "no-sync", GNU),
    flag("", "total", GNU),
    value("t", "type"),
    Option("", "output", Takes.OPTIONAL, GNU),
    refused("x", "exclude-type", flavours=GNU),
    flag("v", flavours=GNU),
)

APPLETS = {
    "df": tool("df", df, _OPTIONS),
    "mount": raw_tool("mount", mount),
    "umount": raw_tool("umount", umount),
}
