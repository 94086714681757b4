"""uniq: lines that repeat the one before."""

from __future__ import annotations

import re

from docgen.daemon.waits import Steps
from docgen.fs.content import Content
from docgen.fs.errors import FsError
from docgen.fs.flags import Open
from docgen.shell.applet import Options
from docgen.shell.applets.support.inputs import literal, read_operand, split_lines
from docgen.shell.applets.support.quoting import quoted, shell_quoted
from docgen.shell.applets.support.tool import (
    GNU,
    Refusal,
    complain_of_usage,
    flag,
    on_host,
    refused,
    tool,
    value,
)
from docgen.shell.process import Process


def uniq(p: Process, options: Options) -> Steps[int]:
    if len(options.operands) > 2:
        message = f"extra operand {quoted(p, options.operands[2])}"
        return (yield from complain_of_usage(p, message, 1))
    end = b"\0" if "zero-terminated" in options else b"\n"
    source = options.operands[0] if options.operands else "-"
    try:
        content = yield from read_operand(p, source)
        lines = split_lines(literal(p, content), end) if content.size else []
    except FsError as error:
        raise Refusal(_uniq_failure(p, source, error)) from None
    skip_fields, skip_chars = _count(p, options, "skip-fields"), _count(p, options, "skip-chars")
    width = _count(p, options, "check-chars") if "check-chars" in options else None

    def seen(line: bytes) -> bytes:
        for _ in range(skip_fields):
            line = line.lstrip(b" \t")
            line = line[_word_end(line) :]
        line = line[skip_chars:]
        line = line if width is None else line[:width]
        return line.upper() if "ignore-case" in options else line

    groups: list[list[bytes]] = []
    for line in lines:
        p.kernel.tick()
        if groups and seen(groups[-1][0]) == seen(line):
            groups[-1].append(line)
        else:
            groups.append([line])
    data = b"".join(_shown(group, options, end) for group in groups)
    if len(options.operands) < 2 or options.operands[1] == "-":
        yield from p.out(data)
        return 0
    try:
        file = yield from p.open(options.operands[1], Open.WRONLY | Open.CREAT | Open.TRUNC, 0o666)
        file.write(Content.of(data))
        file.close()
    except FsError as error:
        raise Refusal(_uniq_failure(p, options.operands[1], error)) from None
    return 0


def _uniq_failure(p: Process, name: str, error: FsError) -> str:
    if on_host(p):
        if error.errno.name == "EISDIR":
            return f"error reading '{name}'"
        return f"{shell_quoted(p, name)}: {error.errno.value}"
    if error.errno.name == "EISDIR":
        return f"{name}: I/O error"
    return f"can't open '{name}': {error.errno.value}"


def _count(p: Process, options: Options, key: str) -> int:
    text = options.get(key, "0") or ""
    if not text.isascii() or not text.isdigit():
        if on_host(p):
            what = {"skip-fields": "fields to skip", "skip-chars": "bytes to skip"}.get(
                key, "bytes to compare"
            )
            raise Refusal(f"{text}: invalid number of {what}")
        raise Refusal(f"invalid number '{text}'")
    return int(text[:9])


def _word_end(line: bytes) -> int:
    found = re.match(rb"[^ \t]*", line)
    return found.end() if found else 0


def _shown(group: list[bytes], options: Options, end: bytes) -> bytes:
    repeated = len(group) > 1
    if "all-repeated" in options:
        return b"".join(line + end for line in group) if repeated else b""
    if ("repeated" in options and not repeated) or ("unique" in options and repeated):
        return b""
    prefix = b"%7d " % len(group) if "count" in options else b""
    return prefix + group[0] + end


_OPTIONS = (
    flag("c", "count"),
    flag("d", "repeated"),
    flag("D", "all-repeated", GNU),
    flag("u", "unique"),
    flag("i", "ignore-case"),
    value("f", "skip-fields"),
    value("s", "skip-chars"),
    value("w", "check-chars"),
    flag("z", "zero-terminated"),
    refused("", "group", flavours=GNU),
)

APPLETS = {"uniq": tool("uniq", uniq, _OPTIONS)}
