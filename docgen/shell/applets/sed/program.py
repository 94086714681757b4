"""sed: options, input files, editing in place."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.fs.errors import FsError
from docgen.shell.applet import Option, Options, Takes
from docgen.shell.applets.sed.edit import edit_all, separately
from docgen.shell.applets.sed.execute import Execution
from docgen.shell.applets.sed.files import Files
from docgen.shell.applets.sed.parse import ScriptParser
from docgen.shell.applets.sed.script import Script
from docgen.shell.applets.support.inputs import literal, read_operand
from docgen.shell.applets.support.output import encoded
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


def sed(p: Process, options: Options) -> Steps[int]:
    script, operands = yield from _script(p, options)
    silent = "quiet" in options or script.silent
    end = b"\0" if "null-data" in options else b"\n"
    in_place = options.get("in-place")
    if in_place is not None:
        return (yield from edit_all(p, script, silent, operands, in_place, end))
    if "separate" in options:
        return (yield from separately(p, script, silent, operands or ["-"], end))
    files = Files(p, operands or ["-"], end)
    yield from files.create(script.files)
    status = yield from Execution(files, script, silent).run()
    yield from files.finish()
    return status or files.status


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
