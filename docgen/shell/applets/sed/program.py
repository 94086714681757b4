"""sed: options, input files, editing in place."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from docgen.daemon.runner import Stream
from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.fs.errors import Errno, FsError
from docgen.fs.filesystem import Stat
from docgen.fs.flags import Open
from docgen.fs.nodes import Kind
from docgen.shell.applet import Option, Options, Takes
from docgen.shell.applets.sed.execute import Execution
from docgen.shell.applets.sed.parse import ScriptParser
from docgen.shell.applets.sed.script import Script
from docgen.shell.applets.support.inputs import (
    Lines,
    done_with,
    literal,
    open_input,
    read_operand,
)
from docgen.shell.applets.support.output import Out, decoded, encoded
from docgen.shell.applets.support.quoting import is_utf8
from docgen.shell.applets.support.tool import (
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

_SPECIAL = {"/dev/stdout": 1, "/dev/stderr": 2}


class _Files:
    """Input files as one stream of lines, and where output goes. Implements World."""

    def __init__(self, p: Process, names: Sequence[str], end: bytes) -> None:
        self.p = p
        self.gnu = on_host(p)
        self.names = list(names)
        self.end = end
        self.name = b"-"
        self.status = 0
        self.out = Out(p)
        self.missing_newline = False
        self._stream: Stream | None = None
        self._lines: Lines | None = None
        self._written: dict[str, tuple[Out, Stream]] = {}
        self._read_lines: dict[bytes, Lines | None] = {}

    def tick(self, count: int) -> None:
        self.p.kernel.tick(count)

    def next_line(self) -> Steps[tuple[bytes, bool] | None]:
        while True:
            if self._lines is None and not (yield from self._open_next()):
                return None
            assert self._lines is not None
            line = yield from self._lines.next()
            if line is not None:
                has_end = line.endswith(self.end)
                return (line.removesuffix(self.end), has_end)
            self._close_input()

    def is_last(self) -> Steps[bool]:
        while True:
            if self._lines is not None:
                if not (yield from self._lines.peek_end()):
                    return False
                self._close_input()
            if not (yield from self._open_next()):
                return True

    def _open_next(self) -> Steps[bool]:
        while self.names:
            name = self.names.pop(0)
            try:
                stream = yield from open_input(self.p, name)
                if name != "-" and self.p.view.stat(name).kind is Kind.DIR:
                    raise FsError(Errno.EISDIR)
            except FsError as error:
                yield from self._cannot_read(name, error)
                continue
            self._stream = stream
            self._lines = Lines(self.p, stream, self.end)
            self.name = encoded(name)
            return True
        return False

    def _cannot_read(self, name: str, error: FsError) -> Steps[None]:
        self.status = 2 if self.gnu else 1
        yield from self.out.flush()
        if error.errno is Errno.EISDIR:
            if self.gnu:
                raise Refusal(f"read error on {name}: Is a directory", 4)
            self.status = 0
        elif self.gnu:
            yield from self.p.complain(f"can't read {name}: {error.errno.value}")
        else:
            yield from self.p.complain(f"{name}: {error.errno.value}")

    def _close_input(self) -> None:
        if self._stream is not None:
            done_with(self.p, self._stream)
        self._stream = self._lines = None

    def put(self, data: bytes, newline: bool = True) -> Steps[None]:
        """A missing newline of the last line stays missing, unless more follows."""
        if self.missing_newline:
            yield from self.out.put(self.end)
        self.missing_newline = not newline
        yield from self.out.put(data + (self.end if newline else b""))

    def put_text(self, text: bytes) -> Steps[None]:
        """The text of a, i, c, or a file of r, as it stands."""
        if not text:
            return
        if self.missing_newline:
            yield from self.out.put(self.end)
        self.missing_newline = False
        yield from self.out.put(text)

    def write_to(self, name: str, data: bytes, newline: bool) -> Steps[None]:
        raw = data + (self.end if newline else b"")
        if name == "/dev/stdout":
            yield from self.out.put(raw)
        elif name == "/dev/stderr":
            yield from self.p.err(raw)
        else:
            yield from self._written[name][0].put(raw)

    def create(self, names: Sequence[str]) -> Steps[None]:
        """Every file of a w command, empty, before the first line is read."""
        for name in names:
            if name in _SPECIAL:
                continue
            try:
                stream = yield from self.p.open(name, Open.WRONLY | Open.CREAT | Open.TRUNC, 0o666)
            except FsError as error:
                if self.gnu:
                    raise Refusal(f"couldn't open file {name}: {error.errno.value}", 4) from None
                raise Refusal(f"can't open '{name}': {error.errno.value}") from None
            number = self.p.fds.add(stream, 10)
            self._written[name] = (Out(self.p, number), stream)

    def read_whole(self, name: bytes) -> Steps[bytes]:
        """The file of an r command; one that cannot be read is empty."""
        path = "-" if name == b"/dev/stdin" else decoded(name)
        try:
            content = yield from read_operand(self.p, path)
        except FsError:
            return b""
        return literal(self.p, content)

    def read_line_of(self, name: bytes) -> Steps[bytes | None]:
        if name not in self._read_lines:
            try:
                stream = yield from open_input(self.p, decoded(name))
                self._read_lines[name] = Lines(self.p, stream, self.end)
            except FsError:
                self._read_lines[name] = None
        reader = self._read_lines[name]
        if reader is None:
            return None
        line = yield from reader.next()
        return None if line is None else line.removesuffix(self.end)

    def finish(self) -> Steps[None]:
        yield from self.out.flush()
        for out, _ in self._written.values():
            yield from out.flush()


def sed(p: Process, options: Options) -> Steps[int]:
    script, operands = yield from _script(p, options)
    silent = "quiet" in options or script.silent
    end = b"\0" if "null-data" in options else b"\n"
    in_place = options.get("in-place")
    if in_place is not None:
        return (yield from _edit_all(p, script, silent, operands, in_place, end))
    if "separate" in options:
        return (yield from _separately(p, script, silent, operands or ["-"], end))
    files = _Files(p, operands or ["-"], end)
    yield from files.create(script.files)
    status = yield from Execution(files, script, silent).run()
    yield from files.finish()
    return status or files.status


def _separately(
    p: Process, script: Script, silent: bool, names: list[str], end: bytes
) -> Steps[int]:
    """-s: every file has lines from 1 and a last line of its own."""
    status = 0
    for name in names:
        files = _Files(p, [name], end)
        yield from files.create(script.files)
        status = (yield from Execution(files, script, silent).run()) or status
        yield from files.finish()
        status = files.status or status
    return status


def _script(p: Process, options: Options) -> Steps[tuple[Script, list[str]]]:
    operands = list(options.operands)
    parts: list[bytes] = []
    origin = "-e expression #1"
    for key, text in options.given:
        if key == "expression":
            parts.append(encoded(text))
        elif key == "file":
            try:
                content = yield from read_operand(p, text)
            except FsError as error:
                if on_host(p):
                    raise Refusal(f"couldn't open file {text}: {error.errno.value}") from None
                raise Refusal(f"{text}: {error.errno.value}") from None
            parts.append(literal(p, content).removesuffix(b"\n"))
            origin = f"file {text} line 1"
    if not parts:
        if not operands:
            if not on_host(p):
                refuse_usage_text(p)
            raise NotSimulated("the usage text that sed prints without a script", "give a script")
        parts.append(encoded(operands.pop(0)))
    parser = ScriptParser(
        b"\n".join(parts),
        gnu=on_host(p),
        extended="regexp-extended" in options,
        utf8=is_utf8(p) and on_host(p),
        origin=origin,
    )
    return parser.parse(), operands


def _edit_all(
    p: Process, script: Script, silent: bool, names: list[str], suffix: str, end: bytes
) -> Steps[int]:
    if not names:
        raise Refusal("no input files")
    status = 0
    for name in names:
        status = (yield from _edit(p, script, silent, name, suffix, end)) or status
    return status


def _edit(
    p: Process, script: Script, silent: bool, name: str, suffix: str, end: bytes
) -> Steps[int]:
    """Writes a new file beside the old one and renames it over it, as both seds do."""
    gnu = on_host(p)
    try:
        stat = p.view.stat(name)
    except FsError as error:
        what = f"can't read {name}" if gnu else name
        yield from p.complain(f"{what}: {error.errno.value}")
        return 2 if gnu else 1
    if stat.kind is not Kind.FILE and gnu:
        yield from p.complain(f"couldn't edit {name}: not a regular file")
        return 4
    temporary = _temporary(p, name)
    try:
        stream = p.view.open(temporary, Open.RDWR | Open.CREAT | Open.EXCL, 0o600)
    except FsError as error:
        if gnu:
            text = f"couldn't open temporary file {temporary}: {error.errno.value}"
            raise Refusal(text, 4) from None
        raise Refusal(f"can't create temp file '{name}XXXXXX': {error.errno.value}") from None
    files = _Files(p, [name], end)
    number = p.fds.add(stream, 10)
    files.out = Out(p, number)
    yield from files.create(script.files)
    quits = yield from Execution(files, script, silent).run()
    yield from files.finish()
    p.fds.close(number)
    _inherit(p, temporary, stat)
    if suffix:
        p.view.rename(name, _backup(name, suffix))
    try:
        p.view.rename(temporary, name)
    except FsError as error:
        if gnu:
            p.view.unlink(temporary)
            raise Refusal(f"cannot rename {temporary}: {error.errno.value}", 4) from None
        raise Refusal(f"can't move '{temporary}' to '{name}': {error.errno.value}") from None
    return quits


def _inherit(p: Process, path: str, stat: Stat) -> None:
    """Owner and mode of the file that is replaced."""
    try:
        p.view.chown(path, stat.uid, stat.gid)
    except FsError as error:
        if error.errno is not Errno.EPERM:
            raise
    p.view.chmod(path, stat.mode)


def _backup(name: str, suffix: str) -> str:
    directory, slash, base = name.rpartition("/")
    if "*" in suffix:
        return directory + slash + suffix.replace("*", base)
    return name + suffix


def _temporary(p: Process, name: str) -> str:
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    digest = sha256(f"sed {p.pid} {name}".encode()).digest()
    unique = "".join(letters[byte % len(letters)] for byte in digest[:6])
    if not on_host(p):
        return name + unique
    directory, slash, _ = name.rpartition("/")
    return f"{directory}{slash}sed{unique}" if slash else f"./sed{unique}"


_OPTIONS = (
    flag("n", "quiet silent"),
    value("e", "expression"),
    value("f", "file"),
    flag("Er", "regexp-extended"),
    Option("i", "in-place", Takes.OPTIONAL),
    flag("s", "separate", GNU),
    flag("u", "unbuffered", GNU),
    flag("z", "null-data", GNU),
    value("l", "line-length", GNU),
    flag("b", "binary", GNU),
    refused("", "debug", flavours=GNU),
    refused("", "follow-symlinks", flavours=GNU),
    refused("", "posix", flavours=GNU),
    refused("", "sandbox", flavours=GNU),
)

APPLETS = {"sed": tool("sed", sed, _OPTIONS)}
