"""tar: options in all their forms, and the archive as a file or a stream."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.fs.content import Content
from docgen.fs.errors import FsError
from docgen.fs.flags import Open
from docgen.shell.applet import Option, Options, Takes
from docgen.shell.applets.find.names import glob
from docgen.shell.applets.support.accounts import Accounts
from docgen.shell.applets.support.gzipped import GzipError, compress, decompress, is_gzip
from docgen.shell.applets.support.inputs import read_operand
from docgen.shell.applets.support.output import Out
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
from docgen.shell.applets.tar.create import Creator
from docgen.shell.applets.tar.extract import Extractor
from docgen.shell.applets.tar.header import TarError, members
from docgen.shell.applets.tar.task import Task
from docgen.shell.process import Process

_WITH_ARGUMENT = "fCTXbgHIKLNFV"
_HINT = "Try 'tar --help' or 'tar --usage' for more information."


def tar(p: Process, options: Options) -> Steps[int]:
    modes = [key for key in ("create", "extract", "list") if key in options]
    if len(modes) != 1:
        if not on_host(p):
            refuse_usage_text(p)
        text = "You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option"
        if not modes:
            text = "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options"
        raise Refusal(f"{text}\n{_HINT}", 2)
    if len(options.all("directory")) > 1:
        raise NotSimulated("tar with more than one -C", "call tar once for each directory")
    name = options.get("file") or "-"
    if modes == ["create"]:
        return (yield from _create(p, options, name))
    archive = yield from _read(p, options, name)
    task = _task(p, options, 1)
    reader = Extractor(task, archive, options.operands)
    try:
        for member in members(archive):
            p.kernel.tick()
            if not reader.chosen(member):
                continue
            if modes == ["list"]:
                yield from task.tell(member, "verbose" in options)
            else:
                yield from reader.extract(member)
    except TarError:
        yield from task.out.flush()
        if not on_host(p):
            raise Refusal("invalid tar magic" if archive.size >= 512 else "short read") from None
        yield from task.complain("This does not look like a tar archive")
    yield from reader.finish() if modes == ["extract"] else reader.missing()
    return (yield from _end(task))


def _end(task: Task) -> Steps[int]:
    yield from task.out.flush()
    if task.status:
        if task.gnu:
            yield from task.p.complain("Exiting with failure status due to previous errors")
        elif "create" in task.options:
            yield from task.p.complain("error exit delayed from previous errors")
    return task.status


def _task(p: Process, options: Options, told: int) -> Task:
    view = p.view
    directory = options.get("directory")
    if directory is not None:
        view = p.view.copy()
        try:
            view.chdir(directory)
        except FsError as error:
            text = error.errno.value
            if on_host(p):
                fatal = "\ntar: Error is not recoverable: exiting now"
                raise Refusal(f"{directory}: Cannot open: {text}{fatal}", 2) from None
            raise Refusal(f"can't change directory to '{directory}': {text}") from None
    excluded = tuple(glob(text) for text in options.all("exclude"))
    return Task(p, options, on_host(p), view, Accounts(p.view), Out(p, told), excluded)


def _compression(options: Options, name: str) -> bool:
    """Whether the archive is to be gzipped."""
    if "auto-compress" in options:
        if name.endswith((".bz2", ".xz", ".zst", ".lz", ".Z")):
            raise NotSimulated(f"tar with the compression of {name}", "use gzip (.tar.gz)")
        return name.endswith((".gz", ".tgz"))
    return "gzip" in options


def _create(p: Process, options: Options, name: str) -> Steps[int]:
    if not options.operands:
        if not on_host(p):
            raise Refusal("empty archive")
        raise Refusal(f"Cowardly refusing to create an empty archive\n{_HINT}", 2)
    task = _task(p, options, 2 if name == "-" else 1)
    identity = None
    stream = None
    if name != "-":
        try:
            stream = yield from p.open(name, Open.WRONLY | Open.CREAT | Open.TRUNC, 0o666)
            stat = p.view.stat(name)
            identity = (stat.dev, stat.ino) if stat.kind == "file" else None
        except FsError as error:
            raise Refusal(_cannot_open(p, name, error), 2 if on_host(p) else 1) from None
    creator = Creator(task, identity)
    for operand in options.operands:
        yield from creator.operand(operand)
    content = creator.archive_content()
    if _compression(options, name):
        content = compress(content)
    if stream is None:
        yield from task.out.flush()
        yield from p.out(content)
    else:
        try:
            stream.write(content)
        except FsError as error:
            raise Refusal(_write_failure(p, name, error), 2 if on_host(p) else 1) from None
        finally:
            stream.close()
    return (yield from _end(task))


def _write_failure(p: Process, name: str, error: FsError) -> str:
    if on_host(p):
        fatal = "\ntar: Error is not recoverable: exiting now"
        return f"{name}: Cannot write: {error.errno.value}{fatal}"
    return f"write error: {error.errno.value}"


def _cannot_open(p: Process, name: str, error: FsError) -> str:
    if on_host(p):
        fatal = "\ntar: Error is not recoverable: exiting now"
        return f"{name}: Cannot open: {error.errno.value}{fatal}"
    return f"can't open '{name}': {error.errno.value}"


def _read(p: Process, options: Options, name: str) -> Steps[Content]:
    try:
        content = yield from read_operand(p, name)
    except FsError as error:
        raise Refusal(_cannot_open(p, name, error), 2 if on_host(p) else 1) from None
    if is_gzip(content):
        try:
            return decompress(content)
        except GzipError as error:
            raise Refusal(f"gzip: {error}", 2 if on_host(p) else 1) from None
    if "gzip" in options and content.size:
        if on_host(p):
            yield from p.err("\ngzip: stdin: not in gzip format\n")
            yield from p.complain("Child returned status 1")
            raise Refusal("Error is not recoverable: exiting now", 2)
        raise Refusal("invalid magic")
    return content


def old_options(argv: Sequence[str]) -> Sequence[str]:
    """`tar cvf a.tar d`: the first word is a bundle of letters whose arguments follow in order."""
    if len(argv) < 2 or argv[1].startswith("-") or not argv[1]:
        return argv
    rest = list(argv[2:])
    words = [argv[0]]
    for letter in argv[1]:
        words.append(f"-{letter}")
        if letter in _WITH_ARGUMENT and rest:
            words.append(rest.pop(0))
    return [*words, *rest]


_OPTIONS = (
    flag("c", "create"),
    flag("x", "extract get"),
    flag("t", "list"),
    value("f", "file"),
    value("C", "directory"),
    flag("v", "verbose"),
    flag("z", "gzip gunzip ungzip"),
    flag("a", "auto-compress"),
    flag("h", "dereference"),
    flag("p", "same-permissions preserve-permissions"),
    flag("", "no-same-permissions"),
    flag("o", "no-same-owner"),
    flag("", "same-owner", GNU),
    flag("m", "touch"),
    flag("k", "keep-old-files"),
    flag("O", "to-stdout"),
    flag("", "overwrite"),
    flag("U", "unlink-first", GNU),
    flag("P", "absolute-names", GNU),
    flag("", "numeric-owner"),
    flag("", "no-recursion"),
    flag("", "one-file-system", GNU),
    flag("", "recursion", GNU),
    value("", "strip-components"),
    value("", "exclude", GNU),
    value("", "owner", GNU),
    value("", "group", GNU),
    value("", "mtime", GNU),
    value("", "sort", GNU),
    Option("", "warning", Takes.ARGUMENT, GNU),
    refused("j", "bzip2", "use gzip (-z)"),
    refused("J", "xz", "use gzip (-z)"),
    refused("Z", "compress uncompress", "use gzip (-z)"),
    refused("rudA", "", "make the archive anew with -c", GNU),
    refused("T", "files-from"),
    refused("X", "exclude-from"),
    refused("S", "sparse", flavours=GNU),
    refused("W", "verify", flavours=GNU),
    refused("wlRBinsG", "", flavours=GNU),
    refused("bgHIKLNFV", "", flavours=GNU),
    *(
        refused("", name, flavours=GNU)
        for name in (
            *("append", "update", "diff", "delete", "concatenate", "wildcards", "transform"),
            *("xattrs", "acls", "selinux", "format", "totals", "checkpoint", "remove-files"),
            *("one-top-level", "zstd", "lzma", "lzip", "use-compress-program", "mode", "anchored"),
            *("null", "newer", "after-date", "ignore-failed-read", "skip-old-files", "backup"),
        )
    ),
    refused("", "lzma to-command"),
)

APPLETS = {"tar": tool("tar", tar, _OPTIONS, status=2, prepare=old_options)}
