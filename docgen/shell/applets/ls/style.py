"""What the options of ls ask for, and the entries that it shows."""

from __future__ import annotations

from docgen.frozen import frozen
from docgen.fs.filesystem import Stat
from docgen.fs.nodes import Kind
from docgen.shell.applet import Options


@frozen
class Style:
    """One listing's look."""

    gnu: bool
    long: bool
    hidden: str
    """`none`, `almost` (all but . and ..), `all`."""
    numeric: bool
    owner: bool
    group: bool
    inode: bool
    blocks: bool
    human: bool
    si: bool
    indicator: str
    """`` , `slash` or `classify`."""
    sort: str
    """`name`, `size`, `time`, `extension`, `version`, `none`."""
    reverse: bool
    time: str
    """`mtime`, `atime`, `ctime`."""
    full_time: bool
    time_style: str
    width: int
    """Columns; 0: one name a line."""
    by_line: bool
    commas: bool
    quote: bool
    directories_first: bool
    recursive: bool
    itself: bool
    """`-d`"""
    follow: str
    """`never`, `operands`, `always`."""
    now_ns: int


@frozen
class Entry:
    """One name to show."""

    name: str
    stat: Stat
    target: str = ""
    """Of a symlink."""
    target_stat: Stat | None = None

    @property
    def is_dir(self) -> bool:
        return self.stat.kind is Kind.DIR


_LONG = ("l", "n", "g", "o", "full-time")
_TIME_WORDS = {"atime": "atime", "access": "atime", "use": "atime"} | {
    "ctime": "ctime",
    "status": "ctime",
    "mtime": "mtime",
    "modification": "mtime",
}


def style_of(options: Options, gnu: bool, now_ns: int) -> Style:
    format_key = options.last_of(*_LONG, "1", "C", "x", "m", "format")
    long = any(key in options for key in _LONG) and format_key in (*_LONG, "1")
    return Style(
        gnu=gnu,
        long=long,
        hidden={None: "none", "all": "all", "f": "all"}.get(
            options.last_of("all", "almost-all", "f"), "almost"
        ),
        numeric="numeric-uid-gid" in options or "n" in options,
        owner="g" not in options,
        group="o" not in options and "no-group" not in options,
        inode="inode" in options,
        blocks="size" in options,
        human="human-readable" in options or "si" in options,
        si=options.last_of("human-readable", "si") == "si",
        indicator=_indicator(options),
        sort=_sort(options),
        reverse="reverse" in options,
        time=_time(options),
        full_time="full-time" in options,
        time_style=options.get("time-style") or "",
        width=int(options.get("width") or "80") if format_key in ("C", "x") else 0,
        by_line=format_key == "x",
        commas=format_key == "m",
        quote="quote-name" in options,
        directories_first="group-directories-first" in options,
        recursive="recursive" in options,
        itself="directory" in options,
        follow=_follow(options, long),
        now_ns=now_ns,
    )


def _indicator(options: Options) -> str:
    match options.last_of("classify", "p", "file-type"):
        case "classify":
            return "classify"
        case "file-type":
            return "file-type"
        case "p":
            return "slash"
        case _:
            return ""


def _sort(options: Options) -> str:
    keys = {"t": "time", "S": "size", "X": "extension", "v": "version", "U": "none", "f": "none"}
    last = options.last_of(*keys, "sort")
    if last == "sort":
        return {"time": "time", "size": "size", "extension": "extension"}.get(
            options.get("sort") or "", "none" if options.get("sort") == "none" else "name"
        )
    if last is None:
        return "time" if _time(options) != "mtime" and "l" not in options else "name"
    return keys[last]


def _time(options: Options) -> str:
    match options.last_of("c", "u", "time"):
        case "c":
            return "ctime"
        case "u":
            return "atime"
        case "time":
            return _TIME_WORDS.get(options.get("time") or "", "mtime")
        case _:
            return "mtime"


def _follow(options: Options, long: bool) -> str:
    if "dereference" in options:
        return "always"
    if "H" in options:
        return "operands"
    if "directory" in options or "classify" in options or long:
        return "never"
    return "directories"
