"""diff: normal and unified, files and trees; busybox always unified."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.fs.content import EMPTY, Content
from docgen.fs.errors import FsError
from docgen.fs.nodes import Kind
from docgen.shell.applet import Option, Options, Takes
from docgen.shell.applets.hunks import changes, grouped, normal_form, unified_form
from docgen.shell.applets.support.inputs import literal, read_operand
from docgen.shell.applets.support.output import Out
from docgen.shell.applets.support.times import strftime
from docgen.shell.applets.support.tool import (
    BOX,
    GNU,
    Refusal,
    flag,
    on_host,
    refuse_usage_text,
    refused,
    tool,
    value,
)
from docgen.shell.process import Process


class _Differ:
    def __init__(self, p: Process, options: Options) -> None:
        self.p = p
        self.options = options
        self.gnu = on_host(p)
        self.out = Out(p)
        self.status = 0
        unified = options.last_of("u", "unified") if self.gnu else "u"
        self.context = int(options.get("unified") or 3) if unified else -1

    def pair(self, one: str, two: str, header: str = "") -> Steps[None]:
        """Two files."""
        first = yield from self._read(one)
        second = yield from self._read(two)
        if first is None or second is None:
            return
        if first.same_data(second):
            if "report-identical-files" in self.options:
                yield from self.out.put(f"Files {one} and {two} are identical\n")
            return
        brief = "brief" in self.options
        if brief or self._is_binary(first) or self._is_binary(second):
            self.status = max(self.status, 1)
            word = "Files" if brief or not self.gnu else "Binary files"
            yield from self.out.put(f"{word} {one} and {two} differ\n")
            return
        yield from self._lines(one, two, first, second, header)

    def _is_binary(self, content: Content) -> bool:
        return b"\0" in content.read(0, 4096).to_bytes() and "text" not in self.options

    def _read(self, name: str) -> Steps[Content | None]:
        try:
            return (yield from read_operand(self.p, name))
        except FsError as error:
            if "new-file" in self.options and error.errno.name == "ENOENT":
                return EMPTY
            self.status = 2
            yield from self.out.flush()
            yield from self.p.complain(f"{name}: {error.errno.value}")
            return None

    def _lines(
        self, one: str, two: str, first: Content, second: Content, header: str
    ) -> Steps[None]:
        left, right = _split(literal(self.p, first)), _split(literal(self.p, second))
        keys = [self._key(line) for line in left], [self._key(line) for line in right]
        hunks = changes(*keys)
        if not hunks:
            return
        self.status = max(self.status, 1)
        yield from self.out.put(header)
        if self.context < 0:
            for hunk in hunks:
                yield from self.out.put(normal_form(hunk, left, right))
            return
        labels = self.options.all("label")
        for mark, name, index in (("---", one, 0), ("+++", two, 1)):
            shown = labels[index] if index < len(labels) else self._titled(name)
            yield from self.out.put(f"{mark} {shown}\n")
        for group in grouped(hunks, self.context):
            yield from self.out.put(unified_form(group, left, right, self.context))

    def _titled(self, name: str) -> str:
        if not self.gnu:
            return name
        when = 0 if name == "-" or not self.p.view.exists(name) else self.p.view.stat(name).mtime_ns
        return f"{name}\t{strftime('%F %T.%N %z', when)}"

    def _key(self, line: bytes) -> bytes:
        if "ignore-case" in self.options:
            line = line.lower()
        if "ignore-all-space" in self.options:
            return b"".join(line.split())
        if "ignore-space-change" in self.options:
            return b" ".join(line.split())
        return line

    def trees(self, one: str, two: str) -> Steps[None]:
        """Two directories, name by name."""
        pending = [(one, two)]
        while pending:
            here, there = pending.pop()
            left, right = self.p.view.listdir(here), self.p.view.listdir(there)
            inner: list[tuple[str, str]] = []
            for name in sorted({*left, *right}):
                mine, theirs = f"{here}/{name}", f"{there}/{name}"
                if name not in right or name not in left:
                    yield from self._only(here if name in left else there, name)
                    continue
                kinds = self.p.view.stat(mine).kind, self.p.view.stat(theirs).kind
                if kinds == (Kind.DIR, Kind.DIR):
                    yield from self._directories(mine, theirs, inner)
                elif Kind.DIR in kinds:
                    yield from self._mixed(mine, theirs, kinds)
                else:
                    words = " ".join(self.p.argv[1:-2])
                    header = (
                        f"diff {words} {mine} {theirs}\n" if words else (f"diff {mine} {theirs}\n")
                    )
                    yield from self.pair(mine, theirs, header if self.gnu else "")
            pending += reversed(inner)

    def _only(self, directory: str, name: str) -> Steps[None]:
        self.status = max(self.status, 1)
        yield from self.out.put(f"Only in {directory}: {name}\n")

    def _directories(self, one: str, two: str, inner: list[tuple[str, str]]) -> Steps[None]:
        if "recursive" in self.options:
            inner.append((one, two))
        else:
            yield from self.out.put(f"Common subdirectories: {one} and {two}\n")

    def _mixed(self, one: str, two: str, kinds: tuple[Kind, Kind]) -> Steps[None]:
        self.status = max(self.status, 1)
        words = ["a directory" if kind is Kind.DIR else "a regular file" for kind in kinds]
        yield from self.out.put(f"File {one} is {words[0]} while file {two} is {words[1]}\n")


def _split(raw: bytes) -> list[bytes]:
    parts = raw.split(b"\n")
    last = parts.pop()
    return [part + b"\n" for part in parts] + ([last] if last else [])


def diff(p: Process, options: Options) -> Steps[int]:
    operands = options.operands
    if len(operands) != 2:
        return (yield from _wrong_count(p, operands))
    kinds = []
    for name in operands:
        kind = yield from _kind(p, options, name)
        kinds.append(kind)
    if None in kinds:
        return 2
    one, two = operands
    differ = _Differ(p, options)
    if kinds == [Kind.DIR, Kind.DIR]:
        yield from differ.trees(one.rstrip("/") or "/", two.rstrip("/") or "/")
    else:
        if kinds[0] is Kind.DIR:
            one = f"{one.rstrip('/')}/{two.rpartition('/')[2]}"
        elif kinds[1] is Kind.DIR:
            two = f"{two.rstrip('/')}/{one.rpartition('/')[2]}"
        yield from differ.pair(one, two)
    yield from differ.out.flush()
    return differ.status


def _wrong_count(p: Process, operands: tuple[str, ...]) -> Steps[int]:
    if not on_host(p):
        refuse_usage_text(p)
    if len(operands) > 2:
        yield from p.complain(f"extra operand '{operands[2]}'")
    else:
        yield from p.complain(f"missing operand after '{operands[0] if operands else p.name}'")
    yield from p.complain(f"Try '{p.name} --help' for more information.")
    return 2


def _kind(p: Process, options: Options, name: str) -> Steps[Kind | None]:
    if name == "-":
        return Kind.FILE
    try:
        return p.view.stat(name).kind
    except FsError as error:
        if "new-file" in options and error.errno.name == "ENOENT":
            return Kind.FILE
        if on_host(p):
            yield from p.complain(f"{name}: {error.errno.value}")
            return None
        raise Refusal(f"can't stat '{name}': {error.errno.value}", 2) from None


_OPTIONS = (
    flag("u"),
    Option("U", "unified", Takes.ARGUMENT),
    flag("q", "brief"),
    flag("r", "recursive"),
    flag("N", "new-file"),
    flag("s", "report-identical-files"),
    flag("i", "ignore-case"),
    flag("w", "ignore-all-space"),
    flag("b", "ignore-space-change"),
    flag("a", "text"),
    flag("d", "minimal"),
    value("L", "label"),
    flag("", "normal", GNU),
    Option("", "color", Takes.OPTIONAL, GNU),
    refused("BTtS", "ignore-blank-lines"),
    refused("cCyeEnDlpFxXWIZ", "", "use -u", GNU),
    refused("", "side-by-side", "use -u", GNU),
    refused("", "context", "use -u", GNU),
    refused("", "exclude", flavours=GNU),
    refused("", "strip-trailing-cr", flavours=GNU),
    refused("", "no-dereference", flavours=GNU),
    refused("", "width", flavours=BOX),
)

APPLETS = {"diff": tool("diff", diff, _OPTIONS, status=2)}
