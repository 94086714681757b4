"""du."""

from __future__ import annotations

from dataclasses import dataclass, field

from docgen.daemon.waits import Steps
from docgen.fs.errors import FsError
from docgen.fs.filesystem import Stat
from docgen.fs.nodes import Kind
from docgen.shell.applet import Options, UsageError
from docgen.shell.applets.support.output import Out
from docgen.shell.applets.support.quoting import always_shell_quoted, quoted
from docgen.shell.applets.support.sizes import busybox_human, gnu_human, parse_size
from docgen.shell.applets.support.tool import GNU, Refusal, flag, on_host, refused, tool, value
from docgen.shell.pattern import Pattern
from docgen.shell.process import Process


@dataclass(slots=True)
class _Style:
    gnu: bool
    human: str
    block: int
    apparent: bool
    everything: bool
    depth: int
    one_file_system: bool
    follow: str
    count_links: bool
    separate: bool
    inodes: bool
    end: str
    excluded: tuple[Pattern, ...]
    seen: set[tuple[int, int]] = field(default_factory=set)


@dataclass(slots=True)
class _Frame:
    """A directory whose content is being added up."""

    path: str
    own: int
    names: list[str]
    below: int = 0


def du(p: Process, options: Options) -> Steps[int]:
    walker = _Walker(p, _style(p, options))
    total = 0
    for name in options.operands or (".",):
        total += yield from walker.operand(name)
    if "total" in options:
        yield from walker.line(total, "total")
    yield from walker.out.flush()
    return walker.status


def _style(p: Process, options: Options) -> _Style:
    depth = 1 << 30
    text = options.get("max-depth")
    if text is not None:
        if not text.isascii() or not text.isdigit():
            if on_host(p):
                raise UsageError(f"invalid maximum depth {quoted(p, text)}")
            raise Refusal(f"invalid number '{text}'")
        depth = int(text)
    if "summarize" in options:
        depth = 0
    size_key = options.last_of("human-readable", "si", "k", "m", "bytes", "block-size")
    block = {"m": 1 << 20, "bytes": 1}.get(size_key or "", 1024)
    if size_key == "block-size":
        text = options.get("block-size") or ""
        block = parse_size(text if text[:1].isdigit() else f"1{text}") or 1024
    return _Style(
        gnu=on_host(p),
        human={"human-readable": "binary", "si": "decimal"}.get(size_key or "", ""),
        block=block,
        apparent="apparent-size" in options or "bytes" in options,
        everything="all" in options,
        depth=depth,
        one_file_system="one-file-system" in options,
        follow="always"
        if "dereference" in options
        else "operands"
        if "dereference-args" in options
        else "never",
        count_links="count-links" in options,
        separate="separate-dirs" in options,
        inodes="inodes" in options,
        end="\0" if "null" in options else "\n",
        excluded=tuple(Pattern([(text, False)]) for text in options.all("exclude")),
    )


class _Walker:
    def __init__(self, p: Process, style: _Style) -> None:
        self.p = p
        self.style = style
        self.out = Out(p)
        self.status = 0

    def operand(self, name: str) -> Steps[int]:
        style = self.style
        stat = yield from self._stat(name, style.follow != "never")
        if stat is None or self._counted(stat):
            return 0
        if stat.kind is not Kind.DIR:
            yield from self.line(self._size(stat), name)
            return self._size(stat)
        return (yield from self._tree(name, stat))

    def _tree(self, top: str, stat: Stat) -> Steps[int]:
        frames = [_Frame(top, self._size(stat), (yield from self._names(top)))]
        device = stat.dev
        total = 0
        while frames:
            self.p.kernel.tick()
            frame = frames[-1]
            if not frame.names:
                frames.pop()
                whole = frame.own + frame.below
                if len(frames) <= self.style.depth:
                    yield from self.line(frame.own if self.style.separate else whole, frame.path)
                if frames:
                    into = frames[-1]
                    into.below += whole
                total = whole
                continue
            path = f"{frame.path.rstrip('/')}/{frame.names.pop(0)}"
            inner = yield from self._stat(path, self.style.follow == "always")
            if inner is None or self._counted(inner):
                continue
            if self.style.one_file_system and inner.dev != device:
                continue
            if inner.kind is Kind.DIR:
                frames.append(_Frame(path, self._size(inner), (yield from self._names(path))))
                continue
            size = self._size(inner)
            if self.style.separate:
                frame.own += size
            else:
                frame.below += size
            if self.style.everything and len(frames) <= self.style.depth:
                yield from self.line(size, path)
        return total

    def _stat(self, path: str, follow: bool) -> Steps[Stat | None]:
        try:
            return self.p.view.stat(path, follow)
        except FsError as error:
            self.status = 1
            yield from self.out.flush()
            if self.style.gnu:
                shown = always_shell_quoted(self.p, path)
                yield from self.p.complain(f"cannot access {shown}: {error.errno.value}")
            else:
                yield from self.p.complain(f"{path}: {error.errno.value}")
            return None

    def _names(self, path: str) -> Steps[list[str]]:
        try:
            names = self.p.view.listdir(path)
        except FsError as error:
            self.status = 1
            yield from self.out.flush()
            if self.style.gnu:
                shown = always_shell_quoted(self.p, path)
                yield from self.p.complain(f"cannot read directory {shown}: {error.errno.value}")
            else:
                yield from self.p.complain(f"can't open '{path}': {error.errno.value}")
            return []
        return [name for name in names if not self._is_excluded(path, name)]

    def _is_excluded(self, path: str, name: str) -> bool:
        full = f"{path.rstrip('/')}/{name}"
        return any(one.matches(name) or one.matches(full) for one in self.style.excluded)

    def _counted(self, stat: Stat) -> bool:
        """Whether it was counted before, under another name or as another operand."""
        if self.style.count_links or (stat.nlink < 2 and stat.kind is not Kind.DIR):
            return False
        key = (stat.dev, stat.ino)
        if key in self.style.seen:
            return True
        self.style.seen.add(key)
        return False

    def _size(self, stat: Stat) -> int:
        if self.style.inodes:
            return 1
        if not self.style.apparent:
            return stat.blocks512 * 512
        return stat.size if stat.kind in (Kind.FILE, Kind.SYMLINK, Kind.DIR) else 0

    def line(self, size: int, path: str) -> Steps[None]:
        style = self.style
        if style.inodes:
            text = str(size)
        elif style.human and style.gnu:
            text = gnu_human(size, 1024 if style.human == "binary" else 1000)
        elif style.human:
            text = busybox_human(size)
        else:
            text = str(-(-size // style.block))
        yield from self.out.put(f"{text}\t{path}{style.end}")


_OPTIONS = (
    flag("a", "all"),
    flag("s", "summarize"),
    flag("c", "total"),
    flag("h", "human-readable"),
    flag("k"),
    flag("m"),
    flag("b", "bytes"),
    flag("x", "one-file-system"),
    flag("l", "count-links"),
    flag("L", "dereference"),
    flag("HD", "dereference-args"),
    value("d", "max-depth"),
    flag("S", "separate-dirs", GNU),
    flag("0", "null", GNU),
    flag("", "apparent-size", GNU),
    flag("", "si", GNU),
    flag("", "inodes", GNU),
    flag("P", "no-dereference", GNU),
    value("B", "block-size", GNU),
    value("", "exclude", GNU),
    refused("t", "threshold", flavours=GNU),
    refused("X", "exclude-from", flavours=GNU),
    refused("", "time", flavours=GNU),
    refused("", "time-style", flavours=GNU),
    refused("", "files0-from", flavours=GNU),
)

APPLETS = {"du": tool("du", du, _OPTIONS)}
