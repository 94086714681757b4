"""sha256sum, md5sum, sha1sum and cmp: are these bytes those bytes?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from docgen.daemon.waits import Steps
from docgen.fs.content import Content
from docgen.fs.errors import Errno, FsError
from docgen.shell.applet import Options
from docgen.shell.applets.support.inputs import read_operand
from docgen.shell.applets.support.quoting import shell_quoted
from docgen.shell.applets.support.tool import (
    GNU,
    complain_of_usage,
    flag,
    on_host,
    refused,
    tool,
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
    if len(options.operands) < 2:
        return (yield from complain_of_usage(p, "missing operand after 'cmp'", 2))
    one, two = options.operands[:2]
    contents = []
    for name in (one, two):
        try:
            contents.append((yield from read_operand(p, name)))
        except FsError as error:
            told = name if on_host(p) else f"can't open '{name}'"
            yield from p.complain(f"{told}: {error.errno.value}")
            return 2
    left, right = contents
    if left.sha256() == right.sha256() and left.size == right.size:
        return 0
    if "silent" not in options:
        yield from _tell_difference(p, one, two, left.to_bytes(), right.to_bytes())
    return 1


def _tell_difference(p: Process, one: str, two: str, left: bytes, right: bytes) -> Steps[None]:
    shared = zip(left, right, strict=False)
    at = next((n for n, (a, b) in enumerate(shared) if a != b), min(len(left), len(right)))
    line = left.count(b"\n", 0, at) + 1
    if at < min(len(left), len(right)):
        word = "byte" if on_host(p) else "char"
        yield from p.out(f"{one} {two} differ: {word} {at + 1}, line {line}\n")
        return
    short = one if len(left) < len(right) else two
    if on_host(p):
        ended = line - 1 if at and (left + right)[at - 1 : at] == b"\n" else line
        words = f"line {ended}" if (left[:at] or b"\n").endswith(b"\n") else f"in line {line}"
        yield from p.err(f"cmp: EOF on {short} after byte {at}, {words}\n")
    else:
        yield from p.err(f"cmp: EOF on {short}\n")


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
    "md5sum": tool("md5sum", _summer(_by("md5")), _SUM_OPTIONS),
    "cmp": tool(
        "cmp", cmp, (flag("s", "silent quiet"), refused("blin", "verbose bytes")), status=2
    ),
}
