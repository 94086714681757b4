"""awk: options, program text, operands."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.fs.errors import FsError
from docgen.shell.applet import Options
from docgen.shell.applets.awk.interpreter import Interpreter
from docgen.shell.applets.awk.lexer import AwkSyntaxError
from docgen.shell.applets.awk.main_input import unescaped
from docgen.shell.applets.awk.nodes import Program, UserCall
from docgen.shell.applets.awk.parse import parse
from docgen.shell.applets.awk.scopes import walk
from docgen.shell.applets.awk.values import Input
from docgen.shell.applets.support.inputs import read_operand
from docgen.shell.applets.support.output import encoded
from docgen.shell.applets.support.tool import BOX, Refusal, on_host, refuse_usage_text, tool, value
from docgen.shell.process import Process


def awk(p: Process, options: Options) -> Steps[int]:
    operands = list(options.operands)
    source = yield from _source(p, options, operands)
    program = _parsed(p, source)
    interpreter = Interpreter(p, program)
    separator = options.get("F")
    if separator is not None:
        text = "\t" if separator == "t" and not on_host(p) else separator
        interpreter.scopes.set_global("FS", unescaped(encoded(text)))
    for word in options.all("v"):
        if not interpreter.assign_word(encoded(word)):
            if on_host(p):
                raise Refusal(f"improper assignment: -v {word}", 2)
            raise Refusal(f"bad -v assignment: {word}")
    _set_up(interpreter, p, operands)
    try:
        return (yield from interpreter.run())
    except FsError as error:
        if error.path is None and error.errno.name != "EISDIR":
            raise
        raise Refusal(f"read error: {error.errno.value}", 2) from None


def _source(p: Process, options: Options, operands: list[str]) -> Steps[str]:
    parts = []
    for key, text in options.given:
        if key == "f":
            try:
                content = yield from read_operand(p, text)
            except FsError as error:
                if on_host(p):
                    raise Refusal(f"cannot open {text} ({error.errno.value})", 2) from None
                raise Refusal(f"can't open '{text}': {error.errno.value}") from None
            parts.append(content.text())
        elif key == "e":
            parts.append(text)
    if parts:
        return "\n".join(parts)
    if not operands:
        if not on_host(p):
            refuse_usage_text(p)
        raise NotSimulated("the usage text that awk prints without a program", "give a program")
    return operands.pop(0)


def _parsed(p: Process, source: str) -> Program:
    try:
        program = parse(source, on_host(p))
    except AwkSyntaxError as error:
        raise Refusal(_complaint(p, error), 2 if on_host(p) else 1) from None
    for body in (*program.begin, *program.rules, *program.end, *program.functions.values()):
        for node in walk(body):
            if isinstance(node, UserCall) and node.name not in program.functions:
                if on_host(p):
                    line = source.count("\n") + 2
                    raise Refusal(f"line {line}: function {node.name} never defined", 2)
                raise Refusal("cmd. line:1: Call to undefined function")
    return program


def _complaint(p: Process, error: AwkSyntaxError) -> str:
    if not on_host(p):
        unterminated = error.near[:1] in ('"', "/") and error.near[-1:] not in ('"', "/")
        what = "Unexpected end of string" if unterminated else "Unexpected token"
        return f"cmd. line:{error.line}: {what}"
    if not error.near:
        return f"line {error.line + 1}: missing }} near end of file"
    near = {"\n": "unexpected newline"}.get(error.near)
    if near:
        return f"line {error.line}: syntax error at or near {near}"
    return f"line {error.line}: syntax error at or near {error.near}"


def _set_up(interpreter: Interpreter, p: Process, operands: list[str]) -> None:
    scopes = interpreter.scopes
    arguments = scopes.array("ARGV")
    for index, word in enumerate([p.argv[0].rpartition("/")[2], *operands]):
        arguments.set(b"%d" % index, Input(encoded(word)))
    scopes.set_global("ARGC", float(len(operands) + 1))
    environment = scopes.array("ENVIRON")
    for name, text in p.env.items():
        environment.set(encoded(name), Input(encoded(text)))


APPLETS = {
    "awk": tool(
        "awk",
        awk,
        (value("F"), value("v"), value("f"), value("e", flavours=BOX)),
        permute=False,
        status=2,
    )
}
