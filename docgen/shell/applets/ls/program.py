"""ls: which operands are files and which directories, headers, recursion, errors."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.fs.errors import FsError
from docgen.fs.nodes import Kind
from docgen.shell.applet import Option, Options, Takes
from docgen.shell.applets.ls.gather import entry_of, in_order, names_in
from docgen.shell.applets.ls.long import long_lines
from docgen.shell.applets.ls.short import short_lines, total_text
from docgen.shell.applets.ls.style import Entry, Style, style_of
from docgen.shell.applets.support.accounts import Accounts
from docgen.shell.applets.support.output import Out
from docgen.shell.applets.support.quoting import always_shell_quoted
from docgen.shell.applets.support.tool import BOX, GNU, flag, on_host, refused, tool, value
from docgen.shell.process import Process


class _Listing:
    def __init__(self, p: Process, style: Style) -> None:
        self.p = p
        self.style = style
        self.out = Out(p)
        self.accounts = Accounts(p.view) if style.long and not style.numeric else None
        self.printed = False
        self.status = 0

    def show(self, entries: list[Entry], others: list[Entry] | None = None) -> Steps[None]:
        if self.style.long:
            accounts = self.accounts or Accounts(self.p.view)
            lines = long_lines(entries, self.style, accounts, others or []) if entries else []
        else:
            lines = short_lines(entries, self.style)
        for line in lines:
            yield from self.out.put(line + "\n")
        self.printed = self.printed or bool(entries)

    def directory(self, path: str, header: bool) -> Steps[None]:
        """The content of one directory, and with -R of those below it."""
        pending = [(path, True)]
        while pending:
            current, is_operand = pending.pop()
            below = yield from self._one(current, header, is_operand)
            pending += [(inner, False) for inner in reversed(below)]

    def _one(self, path: str, header: bool, is_operand: bool) -> Steps[list[str]]:
        style, view = self.style, self.p.view
        try:
            names = names_in(view, path, style)
        except FsError as error:
            yield from self._cannot_open(path, error, is_operand)
            return []
        if header or style.recursive:
            yield from self.out.put(("\n" if self.printed else "") + f"{path}:\n")
        self.printed = True
        entries = []
        for name in names:
            self.p.kernel.tick()
            inner = path.rstrip("/") + "/" + name
            try:
                entries.append(entry_of(view, inner, name, style.follow == "always"))
            except FsError as error:
                yield from self.cannot_access(inner, error, minor=True)
        entries = in_order(entries, style)
        if style.long or style.blocks:
            total = sum(entry.stat.blocks512 for entry in entries)
            yield from self.out.put(f"total {total_text(total, style)}\n")
        yield from self.show(entries)
        if not style.recursive:
            return []
        inner_names = [entry.name for entry in entries if entry.is_dir]
        prefix = path.rstrip("/") + "/"
        return [prefix + name for name in inner_names if name not in (".", "..")]

    def cannot_access(self, path: str, error: FsError, minor: bool = False) -> Steps[None]:
        yield from self.out.flush()
        if self.style.gnu:
            shown = always_shell_quoted(self.p, path)
            yield from self.p.complain(f"cannot access {shown}: {error.errno.value}")
            self.status = max(self.status, 1 if minor else 2)
        else:
            yield from self.p.complain(f"{path}: {error.errno.value}")
            self.status = 1

    def _cannot_open(self, path: str, error: FsError, is_operand: bool) -> Steps[None]:
        yield from self.out.flush()
        if self.style.gnu:
            shown = always_shell_quoted(self.p, path)
            yield from self.p.complain(f"cannot open directory {shown}: {error.errno.value}")
            self.status = max(self.status, 2 if is_operand else 1)
        else:
            yield from self.p.complain(f"can't open '{path}': {error.errno.value}")
            self.status = 1


def ls(p: Process, options: Options) -> Steps[int]:
    style = style_of(options, on_host(p), p.kernel.clock.now_ns)
    listing = _Listing(p, style)
    operands = options.operands or (".",)
    files: list[Entry] = []
    directories: list[Entry] = []
    for name in operands:
        try:
            entry = _operand(p, name, style)
        except FsError as error:
            yield from listing.cannot_access(name, error)
            continue
        (directories if entry.is_dir and not style.itself else files).append(entry)
    yield from listing.show(in_order(files, style), directories)
    header = len(operands) > 1
    for entry in in_order(directories, style):
        yield from listing.directory(entry.name, header)
    yield from listing.out.flush()
    return listing.status


def _operand(p: Process, name: str, style: Style) -> Entry:
    follow = style.follow in ("operands", "always")
    if style.follow == "directories":
        entry = entry_of(p.view, name, name, False)
        target = entry.target_stat
        follow = target is not None and target.kind is Kind.DIR
    return entry_of(p.view, name, name, follow)


_OPTIONS = (
    *(flag(letter) for letter in ("l", "1", "C", "x", "n", "g", "t", "S", "X", "v")),
    *(flag(letter) for letter in ("c", "u", "p", "H")),
    flag("o", flavours=GNU),
    flag("f", flavours=GNU),
    flag("m", flavours=GNU),
    flag("U", flavours=GNU),
    flag("a", "all"),
    flag("A", "almost-all"),
    flag("d", "directory"),
    flag("h", "human-readable"),
    flag("i", "inode"),
    flag("s", "size"),
    flag("r", "reverse"),
    flag("R", "recursive"),
    flag("L", "dereference"),
    Option("F", "classify", Takes.OPTIONAL, GNU),
    flag("F", "classify", BOX),
    flag("", "file-type", GNU),
    flag("", "full-time"),
    flag("", "group-directories-first"),
    flag("G", "no-group", GNU),
    flag("N", "literal", GNU),
    flag("Q", "quote-name"),
    flag("q", "hide-control-chars", GNU),
    flag("", "numeric-uid-gid", GNU),
    flag("", "si", GNU),
    value("w", "width"),
    value("", "time-style", GNU),
    value("", "time", GNU),
    value("", "sort", GNU),
    Option("", "color", Takes.OPTIONAL),
    refused("b", "escape", flavours=GNU),
    refused("B", "ignore-backups", flavours=GNU),
    refused("D", "dired", flavours=GNU),
    refused("I", "ignore", flavours=GNU),
    refused("k", "kibibytes", flavours=GNU),
    refused("T", "tabsize", flavours=GNU),
    refused("Z", "context", flavours=GNU),
    refused("", "author", flavours=GNU),
    refused("", "block-size", flavours=GNU),
    refused("", "dereference-command-line", flavours=GNU),
    refused("", "dereference-command-line-symlink-to-dir", flavours=GNU),
    refused("", "format", flavours=GNU),
    refused("", "hide", flavours=GNU),
    refused("", "hyperlink", flavours=GNU),
    refused("", "indicator-style", flavours=GNU),
    refused("", "quoting-style", flavours=GNU),
    refused("", "show-control-chars", flavours=GNU),
    refused("", "zero", flavours=GNU),
)

APPLETS = {"ls": tool("ls", ls, _OPTIONS, status=2)}
