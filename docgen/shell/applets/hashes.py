"""sha256sum, md5sum, sha1sum and cmp: are these bytes those bytes?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.fs.content import Content
from docgen.fs.errors import Errno, FsError
from docgen.shell.applet import Options
from docgen.shell.applets.support.inputs import literal, read_operand
from docgen.shell.applets.support.quoting import quoted, shell_quoted
from docgen.shell.applets.support.tool import (
    GNU,
    complain_of_usage,
    flag,
    on_host,
    refused,
    tool,
    value,
)
from docgen.shell.process import Process

Digest = Callable[[Content], str]


def _sha256(content: Content) -> str:
    return content.sha256()


def _by(name: str) -> Digest:
    return lambda content: hashlib.new(name, content.to_bytes(), usedforsecurity=False).hexdigest()


def _summer(digest: Digest) -> Callable[[Process, Options], Steps[int]]:
    def run(p: Process, options: Options) -> Steps[int]:
        if "check" in options:
            return (yield from _check(p, options, digest))
        failed = False
        for name in options.operands or ("-",):
            try:
                content = yield from read_operand(p, name)
            except FsError as error:
                failed = True
                yield from _complain(p, name, error)
                continue
            yield from p.out(f"{digest(content)}  {name}\n")
        return int(failed)

    return run


def _complain(p: Process, name: str, error: FsError) -> Steps[None]:
    if on_host(p):
        yield from p.complain(f"{shell_quoted(p, name)}: {error.errno.value}")
    elif error.errno is Errno.EISDIR:
        yield from p.complain(f"can't read '{name}': {error.errno.value}")
    else:
        yield from p.complain(f"can't open '{name}': {error.errno.value}")


def _check(p: Process, options: Options, digest: Digest) -> Steps[int]:
    bad = unread = 0
    for name in options.operands or ("-",):
        listed = (yield from read_operand(p, name)).to_bytes().decode("utf-8", "surrogateescape")
        for line in listed.splitlines():
            wanted, _, file = line.partition("  ")
            try:
                same = digest((yield from read_operand(p, file))) == wanted
            except FsError as error:
                unread += 1
                yield from _complain(p, file, error)
                yield from p.out(
                    f"{file}: FAILED open or read\n" if on_host(p) else f"{file}: FAILED\n"
                )
                continue
            bad += not same
            if not same or not ({"quiet", "status"} & {key for key, _ in options.given}):
                yield from p.out(f"{file}: {'OK' if same else 'FAILED'}\n")
    if on_host(p):
        if unread:
            files = "file" if unread == 1 else "files"
            yield from p.complain(f"WARNING: {unread} listed {files} could not be read")
        if bad:
            sums = "checksum" if bad == 1 else "checksums"
            yield from p.complain(f"WARNING: {bad} computed {sums} did NOT match")
    elif bad or unread:
        total = bad + unread
        yield from p.complain(f"WARNING: {total} of {total} computed checksums did NOT match")
    return int(bool(bad or unread))


def cmp(p: Process, options: Options) -> Steps[int]:
    operands = options.operands
    if not operands:
        return (yield from complain_of_usage(p, f"missing operand after {quoted(p, 'cmp')}", 2))
    if len(operands) > 2:
        raise NotSimulated("cmp with offsets", "cut the files with tail -c or dd first")
    one, two = operands[0], operands[1] if len(operands) == 2 else "-"
    contents = []
    for name in (one, two):
        try:
            content = yield from read_operand(p, name)
            contents.append(content)
        except FsError as error:
            yield from p.complain(f"{name}: {error.errno.value}")
            return 2
    limit = options.get("bytes")
    if limit is not None:
        contents = [content.read(0, int(limit)) for content in contents]
    left, right = contents
    if left.same_data(right):
        return 0
    if "silent" not in options:
        yield from _tell_difference(p, options, (one, two), literal(p, left), literal(p, right))
    return 1


def _tell_difference(
    p: Process, options: Options, names: tuple[str, str], left: bytes, right: bytes
) -> Steps[None]:
    shared = min(len(left), len(right))
    places = [at for at in range(shared) if left[at] != right[at]]
    if "verbose" in options:
        width = len(str(max(len(left), len(right)))) if on_host(p) else 0
        width = len(str(shared)) if on_host(p) else width
        for at in places:
            row = f"{at + 1:{width}d} {left[at]:3o} {right[at]:3o}\n"
            yield from p.out(row)
    elif places:
        at = places[0]
        line = left.count(b"\n", 0, at) + 1
        word = "byte" if on_host(p) else "char"
        yield from p.out(f"{names[0]} {names[1]} differ: {word} {at + 1}, line {line}\n")
        return
    if len(left) != len(right):
        yield from p.err(_ended(p, options, names, left, right))


def _ended(p: Process, options: Options, names: tuple[str, str], left: bytes, right: bytes) -> str:
    """One file is the beginning of the other."""
    short, size = (names[0], len(left)) if len(left) < len(right) else (names[1], len(right))
    if not on_host(p):
        return f"cmp: EOF on {short}\n"
    if not size:
        return f"cmp: EOF on {short} which is empty\n"
    if "verbose" in options:
        return f"cmp: EOF on {short} after byte {size}\n"
    lines = left.count(b"\n", 0, size)
    where = f"line {lines}" if left[size - 1 : size] == b"\n" else f"in line {lines + 1}"
    return f"cmp: EOF on {short} after byte {size}, {where}\n"


_SUM_OPTIONS = (
    flag("c", "check"),
    flag("b", "binary"),
    flag("t", "text"),
    flag("s", "status"),
    flag("", "quiet", flavours=GNU),
    refused("wz", "tag warn strict ignore-missing zero"),
)

APPLETS = {
    "sha256sum": tool("sha256sum", _summer(_sha256), _SUM_OPTIONS),
    "sha1sum": tool("sha1sum", _summer(_by("sha1")), _SUM_OPTIONS),
    "sha224sum": tool("sha224sum", _summer(_by("sha224")), _SUM_OPTIONS, flavours=GNU),
    "sha384sum": tool("sha384sum", _summer(_by("sha384")), _SUM_OPTIONS, flavours=GNU),
    "sha512sum": tool("sha512sum", _summer(_by("sha512")), _SUM_OPTIONS),
    "md5sum": tool("md5sum", _summer(_by("md5")), _SUM_OPTIONS),
    "cmp": tool(
        "cmp",
        cmp,
        (
            flag("s", "silent quiet"),
            flag("l", "verbose"),
            value("n", "bytes"),
            refused("bi", "print-bytes ignore-initial", flavours=GNU),
        ),
        status=2,
    ),
}
