"""Entries of a layer, a volume or a mount as rows of a panel, and what is left out, counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from docgen.draw.hidden import parents
from docgen.draw.panel import Part, Row, Runs, run
from docgen.draw.scene import MarkKind, Role, Run
from docgen.draw.text import clean, plural, size
from docgen.frozen import frozen
from docgen.record.snapshot import Entry, Kind, Mark, Writable

_MARKS = {
    Mark.ADDED: MarkKind.ADDED,
    Mark.CHANGED: MarkKind.CHANGED,
    Mark.DELETED: MarkKind.DELETED,
}


@frozen
class Item:
    """One name and what to say of it: an entry, or a line of `docker diff` with its entry."""

    path: str
    entry: Entry | None
    mark: Mark | None = None

    @property
    def size(self) -> int:
        return self.entry.size if self.entry and self.entry.kind is Kind.FILE else 0


def shown_path(path: str, kind: Kind | None) -> str:
    return clean(path) + ("/" if kind is Kind.DIR and path != "/" else "")


def written(writable: Writable, *, full: bool) -> list[Item]:
    """What `docker diff` says, each with what lies in the layer for it.

    In the simple form a directory that changed only because something in it did is left out: the
    entry below it says so already.
    """
    entries = {entry.path: entry for entry in writable.entries}
    items = [Item(c.path, entries.get(c.path), c.mark) for c in writable.changes]
    if full:
        return items
    above = {parent for change in writable.changes for parent in parents(change.path)}
    return [item for item in items if not _only_the_way(item, above)]


def _only_the_way(item: Item, above: Collection[str]) -> bool:
    opaque = item.entry is not None and item.entry.opaque
    return item.mark is Mark.CHANGED and item.path in above and not opaque


def held(entries: Sequence[Entry], *, full: bool) -> list[Item]:
    """The entries; in the simple form without directories that hold a shown one."""
    if full:
        return [Item(entry.path, entry) for entry in entries]
    above = {parent for entry in entries for parent in parents(entry.path)}
    return [Item(e.path, e) for e in entries if not (e.kind is Kind.DIR and e.path in above)]


def item_row(prefix: str, item: Item, *, relative: bool = False) -> Row:
    """`A /note      5 B`: mark, name, form on disk, size."""
    entry, kind = item.entry, item.entry.kind if item.entry else None
    name = shown_path(item.path, kind)
    name = name.lstrip("/") if relative else name
    left: Runs = (Run(name, Role.STRUCK if item.mark is Mark.DELETED else Role.CODE),)
    sign, form = _form(item)
    return Row(
        f"{prefix}{item.path}",
        left,
        run(form or _size_text(entry), Role.QUIET),
        _MARKS[item.mark] if item.mark else None,
        sign,
        brief=run(_size_text(entry), Role.QUIET) if form else (),
        tip=tip(item),
    )


def _form(item: Item) -> tuple[MarkKind | None, str]:
    entry = item.entry
    if item.mark is Mark.DELETED:
        whiteout = entry is not None and entry.kind is Kind.WHITEOUT
        return (MarkKind.WHITEOUT, "whiteout") if whiteout else (None, "deleted")
    if entry is None:
        return None, ""
    if entry.copied_up:
        text = "copied up"
        return (
            MarkKind.COPIED_UP,
            f"{text}, {size(entry.size)}" if entry.kind is Kind.FILE else text,
        )
    return (MarkKind.OPAQUE, "opaque") if entry.opaque else (None, "")


def _size_text(entry: Entry | None) -> str:
    match entry:
        case Entry(kind=Kind.FILE):
            return size(entry.size)
        case Entry(kind=Kind.SYMLINK):
            return "link"
        case Entry(kind=Kind.CHAR | Kind.BLOCK):
            return "device"
        case Entry(kind=Kind.FIFO | Kind.SOCKET | Kind.WHITEOUT):
            return entry.kind.value
        case _:
            return ""


def tip(item: Item) -> str:
    """Everything about one entry in a line."""
    entry = item.entry
    words = [clean(item.path)]
    if entry:
        words.append(entry.kind.value)
        if entry.kind is Kind.FILE:
            words.append(f"{entry.size:,} bytes")
        if entry.kind is Kind.SYMLINK:
            words.append(f"to {clean(entry.target)}")
        words.append(f"mode {entry.mode:04o}, owner {entry.uid}:{entry.gid}")
        words += ["copied up from the image"] if entry.copied_up else []
        words += ["opaque: hides what lies below"] if entry.opaque else []
    if item.mark:
        words.append({"A": "added", "C": "changed", "D": "deleted"}[item.mark])
    return ", ".join(words)


@frozen
class Choice:
    """Which paths get a row of their own over all steps; the others are counted."""

    shown: frozenset[str]
    all: bool


def choose(steps: Iterable[Sequence[Item]], most: int) -> Choice:
    """At most `most` rows: all of them, or the weightiest and one row that counts the rest.

    Weight: what hides something below, then size, then order; over all steps, because a row stays.
    """
    best: dict[str, tuple[bool, int, int]] = {}
    for items in steps:
        for item in items:
            hides = item.mark is Mark.DELETED or bool(item.entry and item.entry.opaque)
            known = best.get(item.path, (False, 0, -len(best)))
            best[item.path] = (hides or known[0], max(item.size, known[1]), known[2])
    if len(best) <= most:
        return Choice(frozenset(best), True)
    ranked = sorted(best, key=lambda path: best[path], reverse=True)
    return Choice(frozenset(ranked[: most - 1]), False)


def item_rows(
    prefix: str, items: Sequence[Item], choice: Choice, *, relative: bool = False
) -> tuple[Row, ...]:
    """Rows for the chosen items, and one that counts the others and adds up their sizes."""
    shown = [item for item in items if item.path in choice.shown]
    rows = [item_row(prefix, item, relative=relative) for item in shown]
    rest = [item for item in items if item.path not in choice.shown]
    if rest:
        rows.append(_rest_row(f"{prefix}#rest", rest))
    return tuple(rows)


def _rest_row(key: str, rest: Sequence[Item]) -> Row:
    total = sum(item.size for item in rest)
    names = "\n".join(clean(item.path) for item in rest[:20])
    more = f"\nand {len(rest) - 20} more" if len(rest) > 20 else ""
    text = run(f"and {len(rest):,} more", Role.QUIET)
    return Row(key, text, run(size(total), Role.QUIET), part=Part.REST, tip=names + more)


def lost_rows(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The same rows as they look once the place is gone: names struck, marks faded."""
    return tuple(replace(row, left=_struck(row.left), faded=True) for row in rows)


def _struck(runs: Runs) -> Runs:
    return tuple(Run(one.text, _GONE.get(one.role, one.role)) for one in runs)


_GONE = {Role.CODE: Role.GHOST, Role.STRUCK: Role.GHOST}


def file_count(files: int, entries: int) -> str:
    """`398 files`, `2 directories`, `no files`: what is not a directory counts as a file."""
    if files or not entries:
        return plural(files, "file") if files else "no files"
    return plural(entries, "directory", "directories")
