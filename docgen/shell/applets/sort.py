"""sort: lines ordered by their keys."""

from __future__ import annotations

from functools import cmp_to_key
from itertools import pairwise

from docgen.daemon.waits import Steps
from docgen.fs.content import Content
from docgen.fs.errors import FsError
from docgen.fs.flags import Open
from docgen.shell.applet import Options
from docgen.shell.applets.sortkeys import Compare, comparison, is_plain, keys_of
from docgen.shell.applets.support.inputs import literal, read_operand, split_lines
from docgen.shell.applets.support.output import Out, decoded, encoded
from docgen.shell.applets.support.quoting import quoted, shell_quoted
from docgen.shell.applets.support.tool import GNU, Refusal, flag, on_host, refused, tool, value
from docgen.shell.process import Process


def sort(p: Process, options: Options) -> Steps[int]:
    keys = keys_of(p, options)
    end = b"\0" if "zero-terminated" in options else b"\n"
    tab = _separator(p, options)
    lines: list[bytes] = []
    names = options.operands or ("-",)
    for name in names:
        try:
            content = yield from read_operand(p, name)
        except FsError as error:
            if error.errno.name == "EISDIR" and not on_host(p):
                continue
            raise Refusal(_cannot_read(p, name, error), 2) from None
        if content.size:
            lines += split_lines(literal(p, content), end)
    p.kernel.tick(len(lines))
    compare = comparison(keys, tab)
    unique = "unique" in options
    reverse = "reverse" in options
    if "check" in options or "C" in options:
        return (yield from _check(p, options, lines, compare, unique))
    last_resort = not unique and "stable" not in options and not is_plain(keys)
    ordered = _sorted(lines, compare, last_resort, reverse)
    if unique:
        ordered = _unique(ordered, compare)
    data = b"".join(line + end for line in ordered)
    target = options.get("output")
    if target is None:
        out = Out(p)
        for at in range(0, len(data), 65536):
            yield from out.put(data[at : at + 65536])
        yield from out.flush()
        return 0
    try:
        file = yield from p.open(target, Open.WRONLY | Open.CREAT | Open.TRUNC, 0o666)
        file.write(Content.of(data))
        file.close()
    except FsError as error:
        if on_host(p):
            shown = shell_quoted(p, target)
            raise Refusal(f"open failed: {shown}: {error.errno.value}", 2) from None
        raise Refusal(f"can't open '{target}': {error.errno.value}") from None
    return 0


def _cannot_read(p: Process, name: str, error: FsError) -> str:
    if on_host(p):
        what = "read failed" if error.errno.name == "EISDIR" else "cannot read"
        return f"{what}: {shell_quoted(p, name)}: {error.errno.value}"
    return f"{name}: {error.errno.value}"


def _separator(p: Process, options: Options) -> bytes | None:
    text = options.get("field-separator")
    if text is None:
        return None
    if text == "\\0":
        return b"\0"
    if len(encoded(text)) != 1:
        if text == "":
            raise Refusal("empty tab", 2)
        if on_host(p):
            raise Refusal(f"multi-character tab {quoted(p, text)}", 2)
        raise Refusal("bad -t parameter", 2)
    return encoded(text)


def _sorted(lines: list[bytes], compare: Compare, last_resort: bool, reverse: bool) -> list[bytes]:
    def full(one: bytes, other: bytes) -> int:
        order = compare(one, other)
        if order or not last_resort:
            return order
        order = (one > other) - (one < other)
        return -order if reverse else order

    return sorted(lines, key=cmp_to_key(full))


def _unique(lines: list[bytes], compare: Compare) -> list[bytes]:
    kept: list[bytes] = []
    for line in lines:
        if not kept or compare(kept[-1], line):
            kept.append(line)
    return kept


def _check(
    p: Process, options: Options, lines: list[bytes], compare: Compare, unique: bool
) -> Steps[int]:
    name = options.operands[0] if options.operands else "-"
    for number, (one, other) in enumerate(pairwise(lines), 2):
        order = compare(one, other)
        if order > 0 or (unique and order == 0):
            if "C" not in options:
                text = decoded(other)
                if on_host(p):
                    yield from p.complain(f"{name}:{number}: disorder: {text}")
                else:
                    yield from p.err(f"Check line {number - 1}\n")
            return 1
    return 0


_SORT = (
    flag("b", "ignore-leading-blanks"),
    flag("d", "dictionary-order"),
    flag("f", "ignore-case"),
    flag("g", "general-numeric-sort"),
    flag("h", "human-numeric-sort", GNU),
    flag("i", "ignore-nonprinting"),
    flag("M", "month-sort"),
    flag("n", "numeric-sort"),
    flag("r", "reverse"),
    flag("V", "version-sort"),
    value("", "sort", GNU),
    flag("c", "check"),
    flag("C", flavours=GNU),
    value("k", "key"),
    value("o", "output"),
    flag("s", "stable"),
    value("t", "field-separator"),
    flag("u", "unique"),
    flag("z", "zero-terminated"),
    flag("m", "merge"),
    value("S", "buffer-size", GNU),
    value("T", "temporary-directory"),
    value("", "parallel", GNU),
    refused("R", "random-sort", "its order is random: sort without it", GNU),
    refused("", "random-source", flavours=GNU),
    refused("", "batch-size", flavours=GNU),
    refused("", "compress-program", flavours=GNU),
    refused("", "files0-from", flavours=GNU),
    refused("", "debug", flavours=GNU),
)

APPLETS = {"sort": tool("sort", sort, _SORT, status=2)}
