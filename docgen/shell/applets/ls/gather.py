"""Reading what ls shows: stat of every name, symlink targets, order."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from docgen.fs.errors import FsError
from docgen.fs.filesystem import Stat
from docgen.fs.nodes import Kind
from docgen.fs.view import View
from docgen.shell.applets.ls.style import Entry, Style


def entry_of(view: View, path: str, shown: str, follow: bool) -> Entry:
    """Raises FsError."""
    stat = view.stat(path, follow=False)
    if stat.kind is not Kind.SYMLINK:
        return Entry(shown, stat)
    target_stat: Stat | None = None
    try:
        target_stat = view.stat(path)
    except FsError:
        if follow:
            raise
    if follow and target_stat is not None:
        return Entry(shown, target_stat)
    return Entry(shown, stat, view.readlink(path), target_stat)


def names_in(view: View, path: str, style: Style) -> list[str]:
    """Raises FsError."""
    names = view.listdir(path)
    if style.hidden == "all":
        return [".", "..", *names]
    if style.hidden == "almost":
        return names
    return [name for name in names if not name.startswith(".")]


def in_order(entries: list[Entry], style: Style) -> list[Entry]:
    """Sorted as the options ask; names in byte order (the C and C.UTF-8 locales)."""
    if style.sort == "none":
        return list(reversed(entries)) if style.reverse and not style.gnu else entries
    ordered = sorted(entries, key=lambda entry: entry.name.encode("utf-8", "surrogateescape"))
    key = _keys(style).get(style.sort)
    if key is not None:
        ordered.sort(key=key)
    if style.reverse:
        ordered.reverse()
    if style.directories_first:
        ordered.sort(key=lambda entry: not _counts_as_directory(entry, style.gnu))
    return ordered


def _counts_as_directory(entry: Entry, through_links: bool) -> bool:
    target = entry.target_stat if through_links else None
    return entry.is_dir or (target is not None and target.kind is Kind.DIR)


def _keys(style: Style) -> dict[str, Callable[[Entry], Any]]:
    return {
        "size": lambda entry: -entry.stat.size,
        "time": lambda entry: -time_of(entry.stat, style),
        "extension": lambda entry: _extension(entry.name),
        "version": lambda entry: version_key(entry.name),
    }


def time_of(stat: Stat, style: Style) -> int:
    match style.time:
        case "atime":
            return stat.atime_ns
        case "ctime":
            return stat.ctime_ns
        case _:
            return stat.mtime_ns


def _extension(name: str) -> str:
    return name[name.rindex(".") :] if "." in name else ""


def version_key(name: str) -> list[tuple[int, int, str]]:
    """Digits compare as numbers (strverscmp, for the common names)."""
    parts = re.findall(r"\d+|\D+", name)
    return [(1, int(part), "") if part[0].isdigit() else (2, 0, part) for part in parts]
