"""gzip, gunzip, zcat."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.fs.content import Content
from docgen.fs.errors import FsError
from docgen.fs.filesystem import Stat
from docgen.fs.flags import Open
from docgen.fs.nodes import Kind
from docgen.shell.applet import Applet, Options
from docgen.shell.applets.support.gzipped import GzipError, compress, decompress, is_gzip
from docgen.shell.applets.support.inputs import read_operand
from docgen.shell.applets.support.output import encoded
from docgen.shell.applets.support.times import SECOND
from docgen.shell.applets.support.tool import GNU, flag, on_host, refused, tool
from docgen.shell.process import Process

_SUFFIXES = ((".tar.gz", ".tar"), (".tgz", ".tar"), (".gz", ""))


def _gzip(p: Process, options: Options, unpacks: bool, to_stdout: bool) -> Steps[int]:
    unpacks = unpacks or "decompress" in options or "test" in options
    to_stdout = to_stdout or "stdout" in options
    status = 0
    for name in options.operands or ("-",):
        status = max(status, (yield from _one(p, options, name, unpacks, to_stdout)))
    return status


def _complain(p: Process, text: str) -> Steps[None]:
    """gunzip and zcat of the host are scripts around gzip."""
    if on_host(p):
        yield from p.err(f"gzip: {text}\n")
    else:
        yield from p.complain(text)


def _one(p: Process, options: Options, name: str, unpacks: bool, to_stdout: bool) -> Steps[int]:
    try:
        stat = None if name == "-" else p.view.stat(name)
        if stat is not None and stat.kind is Kind.DIR:
            ignored = "is a directory -- ignored"
            yield from _complain(
                p, f"{name} {ignored}" if on_host(p) else f"{name}: Is a directory"
            )
            return 2 if on_host(p) else 1
        content = yield from read_operand(p, name)
    except FsError as error:
        yield from _complain(p, f"{name}: {error.errno.value}")
        return 1
    if unpacks:
        return (yield from _unpack(p, options, name, content, stat, to_stdout))
    if name.endswith(".gz") and not to_stdout and "force" not in options:
        yield from _complain(p, f"{name} already has .gz suffix -- unchanged")
        return 2 if on_host(p) else 0
    level = next((int(key) for key, _ in options.given if key.isdigit()), 6)
    named = stat is not None and on_host(p) and "no-name" not in options
    base = encoded(name.rpartition("/")[2]) if named else b""
    when = stat.mtime_ns // SECOND if named and stat is not None else 0
    packed = compress(content, level, base, when)
    return (yield from _write(p, options, name, f"{name}.gz", packed, stat, to_stdout))


def _unpack(
    p: Process, options: Options, name: str, content: Content, stat: Stat | None, to_stdout: bool
) -> Steps[int]:
    target = next((name.removesuffix(a) + b for a, b in _SUFFIXES if name.endswith(a)), "")
    if not target and name != "-" and not to_stdout:
        text = "unknown suffix -- ignored" if on_host(p) else "unknown suffix - ignored"
        yield from _complain(p, f"{name}: {text}")
        return 2 if on_host(p) else 1
    if not is_gzip(content):
        shown = "stdin" if name == "-" else name
        if on_host(p):
            yield from p.err(f"\ngzip: {shown}: not in gzip format\n")
        else:
            what = "no gzip/bzip2/xz magic" if p.name == "zcat" else "invalid magic"
            yield from p.complain(what)
        return 1
    try:
        plain = decompress(content)
    except GzipError as error:
        yield from _complain(p, f"{name}: {error}")
        return 1
    if "test" in options:
        return 0
    return (yield from _write(p, options, name, target, plain, stat, to_stdout))


def _write(
    p: Process,
    options: Options,
    name: str,
    target: str,
    content: Content,
    stat: Stat | None,
    to_stdout: bool,
) -> Steps[int]:
    if stat is None or to_stdout:
        yield from p.out(content)
        return 0
    if p.view.exists(target) and "force" not in options:
        if on_host(p):
            yield from _complain(p, f"{target} already exists;\tnot overwritten")
            return 2
        yield from _complain(p, f"can't open '{target}': File exists")
        return 1
    try:
        file = p.view.open(target, Open.WRONLY | Open.CREAT | Open.TRUNC, stat.mode & 0o777)
        file.write(content)
        file.close()
        p.view.chown(target, stat.uid, stat.gid)
        p.view.chmod(target, stat.mode)
        p.view.utimens(target, stat.atime_ns, stat.mtime_ns)
        if "keep" not in options:
            p.view.unlink(name)
    except FsError as error:
        yield from _complain(p, f"{target}: {error.errno.value}")
        return 1
    return 0


_OPTIONS = (
    flag("c", "stdout to-stdout"),
    flag("d", "decompress uncompress"),
    flag("f", "force"),
    flag("k", "keep"),
    flag("t", "test"),
    flag("n", "no-name"),
    flag("N", "name"),
    flag("q", "quiet", GNU),
    *(flag(str(level)) for level in range(1, 10)),
    refused("l", "list", flavours=GNU),
    refused("r", "recursive", flavours=GNU),
    refused("v", "verbose", flavours=GNU),
    refused("S", "suffix", flavours=GNU),
)


def _applet(name: str, unpacks: bool, to_stdout: bool) -> Applet:
    def body(p: Process, options: Options) -> Steps[int]:
        return (yield from _gzip(p, options, unpacks, to_stdout))

    return tool(name, body, _OPTIONS)


APPLETS = {
    "gzip": _applet("gzip", False, False),
    "gunzip": _applet("gunzip", True, False),
    "zcat": _applet("zcat", True, True),
}
