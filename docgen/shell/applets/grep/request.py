"""What grep is asked for: patterns, counts, the style of its lines."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.fs.errors import FsError
from docgen.fs.nodes import Kind
from docgen.shell.applet import Options
from docgen.shell.applets.grep.scan import Style
from docgen.shell.applets.support.inputs import literal, read_operand
from docgen.shell.applets.support.output import encoded
from docgen.shell.applets.support.tool import Refusal, on_host, refuse_usage_text
from docgen.shell.process import Process


def patterns_of(p: Process, options: Options) -> Steps[tuple[list[bytes], list[str]]]:
    operands = list(options.operands)
    texts: list[bytes] = [encoded(text) for text in options.all("regexp")]
    for name in options.all("file"):
        try:
            content = yield from read_operand(p, name)
        except FsError as error:
            if on_host(p):
                raise Refusal(f"{name}: {error.errno.value}", 2) from None
            raise Refusal(f"can't open '{name}': {error.errno.value}", 2) from None
        raw = literal(p, content).removesuffix(b"\n")
        if content.size:
            texts.append(raw)
    if "regexp" not in options and "file" not in options:
        if not operands:
            if not on_host(p):
                refuse_usage_text(p)
            yield from p.err(
                f"Usage: {p.name} [OPTION]... PATTERNS [FILE]...\n"
                f"Try '{p.name} --help' for more information.\n"
            )
            raise Quiet
        texts.append(encoded(operands.pop(0)))
    return [line for text in texts for line in text.split(b"\n")], operands


class Quiet(Refusal):
    """Everything was said."""

    def __init__(self) -> None:
        super().__init__("", 2)


def style_of(p: Process, options: Options, names: list[str], recursive: bool) -> Style:
    context = count_of(p, options, "context", options.get("digits"))
    before = count_of(p, options, "before-context", None)
    after = count_of(p, options, "after-context", None)
    limit = count_of(p, options, "max-count", None)
    shown = options.last_of("with-filename", "no-filename")
    named = len(names) > 1 or (recursive and not (len(names) == 1 and _is_file(p, names[0])))
    if shown is not None:
        named = shown == "with-filename"
    listing = options.last_of("files-with-matches", "files-without-match")
    binary = options.get("binary-files")
    return Style(
        invert="invert-match" in options,
        count="count" in options,
        names={"files-with-matches": "with", "files-without-match": "without"}.get(
            listing or "", ""
        ),
        quiet="quiet" in options,
        numbers="line-number" in options,
        only="only-matching" in options,
        offsets="byte-offset" in options,
        filenames=named,
        end=b"\0" if "null-data" in options else b"\n",
        name_end=b"\0" if "null" in options else b"",
        limit=limit,
        before=before if before is not None else context or 0,
        after=after if after is not None else context or 0,
        text=not on_host(p) or "text" in options or binary == "text",
        skip_binary="I" in options or binary == "without-match",
        label=options.get("label") or "(standard input)",
    )


def _is_file(p: Process, name: str) -> bool:
    try:
        return p.view.stat(name).kind is not Kind.DIR
    except FsError:
        return True


def count_of(p: Process, options: Options, key: str, default: str | None) -> int | None:
    text = options.get(key, default)
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return int(text[:9])
    if not on_host(p):
        raise Refusal(f"invalid number '{text}'", 1)
    what = "max count" if key == "max-count" else "context length argument"
    shown = "" if key == "max-count" else f"{text}: "
    raise Refusal(f"{shown}invalid {what}", 2)
