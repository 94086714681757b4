"""xargs: command lines from what standard input says."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.daemon.waits import Steps
from docgen.fs.errors import FsError
from docgen.shell.applet import Options
from docgen.shell.applets.support.inputs import literal, split_lines
from docgen.shell.applets.support.output import decoded
from docgen.shell.applets.support.tool import GNU, Refusal, flag, on_host, refused, tool, value
from docgen.shell.process import Process
from docgen.shell.streams import Null

_BLANKS = " \t\n"


def xargs(p: Process, options: Options) -> Steps[int]:
    text = decoded(literal(p, (yield from p.read_all())))
    command = list(options.operands) or ["echo"]
    replace = options.get("replace")
    if replace is not None:
        lines = [line.lstrip(" \t") for line in text.split("\n")]
        words = [_unquoted(p, line) if on_host(p) else line for line in lines if line]
        batches = [[part.replace(replace, word) for part in command] for word in words]
    elif "max-lines" in options:
        batches = [[*command, *batch] for batch in _line_batches(p, options, text)]
        words = [word for batch in batches for word in batch[len(command) :]]
    else:
        words = _words(p, options, text)
        batches = [[*command, *batch] for batch in _batches(options, words)]
    if not words and replace is None:
        batches = [] if "no-run-if-empty" in options else [command]
    status = 0
    for argv in batches:
        if "verbose" in options:
            yield from p.err(" ".join(argv) + "\n")
        code = yield from _run(p, argv)
        if code in (126, 127) or code == 255 or code == 124:
            return code
        status = code or status
    return status


def _words(p: Process, options: Options, text: str) -> list[str]:
    if "null" in options:
        return [
            decoded(part) for part in split_lines(text.encode("utf-8", "surrogateescape"), b"\0")
        ]
    delimiter = options.get("delimiter")
    if delimiter is not None:
        parts = text.split({"\\n": "\n", "\\0": "\0", "\\t": "\t"}.get(delimiter, delimiter))
        return parts[:-1] if parts and parts[-1] in ("", "\n") else parts
    return _split(p, text)


def _line_batches(p: Process, options: Options, text: str) -> list[list[str]]:
    """-L: so many lines that are not empty; a blank at the end joins the next line."""
    size = int(options.get("max-lines") or 1)
    lines: list[str] = []
    joining = False
    for line in text.split("\n"):
        if joining:
            lines[-1] += "\n" + line
        elif line.strip(" \t"):
            lines.append(line)
        else:
            continue
        joining = lines[-1].endswith((" ", "\t"))
    batches = [lines[at : at + size] for at in range(0, len(lines), size)]
    return [[word for line in batch for word in _split(p, line)] for batch in batches]


def _batches(options: Options, words: Sequence[str]) -> list[Sequence[str]]:
    size = int(options.get("max-args") or 0) or max(len(words), 1)
    return [words[at : at + size] for at in range(0, len(words), size)]


def _split(p: Process, text: str) -> list[str]:
    """Words at blanks; quotes and backslashes protect."""
    words: list[str] = []
    word: list[str] | None = None
    quote = ""
    letters = iter(text)
    for letter in letters:
        if quote:
            if letter == quote:
                quote = ""
            elif letter == "\n":
                raise Refusal(_unmatched(p, quote))
            else:
                assert word is not None
                word.append(letter)
        elif letter in _BLANKS:
            if word is not None:
                words.append("".join(word))
                word = None
        else:
            word = [] if word is None else word
            if letter in "'\"":
                quote = letter
            else:
                word.append(next(letters, "") if letter == "\\" else letter)
    if quote:
        raise Refusal(_unmatched(p, quote))
    if word is not None:
        words.append("".join(word))
    return words


def _unmatched(p: Process, quote: str) -> str:
    if not on_host(p):
        return "unmatched " + ("single quote" if quote == "'" else "double quote")
    name = "single" if quote == "'" else "double"
    why = "by default quotes are special to xargs unless you use the -0 option"
    return f"unmatched {name} quote; {why}"


def _unquoted(p: Process, line: str) -> str:
    """Quotes and backslashes protect in -I too; blanks stay."""
    out: list[str] = []
    quote = ""
    letters = iter(line)
    for letter in letters:
        if quote:
            if letter == quote:
                quote = ""
            else:
                out.append(letter)
        elif letter in "'\"":
            quote = letter
        else:
            out.append(next(letters, "") if letter == "\\" else letter)
    if quote:
        raise Refusal(_unmatched(p, quote))
    return "".join(out)


def _run(p: Process, argv: Sequence[str]) -> Steps[int]:
    """123 where the command failed, 124 where it exited 255, 125 where a signal ended it."""
    try:
        child = p.spawn(argv, fds={0: Null()})
    except FsError as error:
        yield from p.complain(f"{argv[0]}: {error.errno.value}")
        return 127 if error.errno.name == "ENOENT" else 126
    code = yield from p.wait_for(child)
    if code == 255:
        yield from p.complain(f"{argv[0]}: exited with status 255; aborting")
        return 124
    if code > 128 and child.died_of:
        yield from p.complain(f"{argv[0]}: terminated by signal {code - 128}")
        return 125
    return 123 if code else 0


APPLETS = {
    "xargs": tool(
        "xargs",
        xargs,
        (
            value("n", "max-args"),
            value("L", "max-lines", GNU),
            value("I", "replace"),
            value("d", "delimiter", flavours=GNU),
            flag("r", "no-run-if-empty"),
            flag("0", "null"),
            flag("t", "verbose"),
            refused("PpsxaE", "max-procs interactive max-chars exit arg-file eof"),
        ),
        permute=False,
    ),
}
