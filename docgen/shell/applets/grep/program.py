"""grep: which lines of which files are printed, and how."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.shell.applet import Applet, Option, Options, Takes
from docgen.shell.applets.grep.matcher import Matcher
from docgen.shell.applets.grep.request import Quiet, patterns_of, style_of
from docgen.shell.applets.grep.scan import Scan, walk
from docgen.shell.applets.regex import RegexError
from docgen.shell.applets.support.quoting import is_utf8
from docgen.shell.applets.support.tool import GNU, Refusal, flag, on_host, refused, tool, value
from docgen.shell.process import Process


def _run(p: Process, options: Options, kind: str, recursive: bool) -> Steps[int]:
    patterns, operands = yield from patterns_of(p, options)
    recursive = recursive or "recursive" in options or "dereference-recursive" in options
    recursive = recursive or options.get("directories") == "recurse"
    last = options.last_of("basic-regexp", "extended-regexp", "fixed-strings")
    kind = {"basic-regexp": "basic", "extended-regexp": "extended", "fixed-strings": "fixed"}.get(
        last or "", kind
    )
    try:
        matcher = Matcher.of(
            patterns,
            kind=kind,
            ignore_case=options.last_of("ignore-case", "y", "no-ignore-case")
            in ("ignore-case", "y"),
            utf8=is_utf8(p) and on_host(p),
            words="word-regexp" in options,
            lines="line-regexp" in options,
        )
    except RegexError as error:
        shown = patterns[0].decode("utf-8", "replace")
        raise Refusal(str(error) if on_host(p) else f"bad regex '{shown}'", 2) from None
    names = operands or (["."] if recursive and on_host(p) else ["-"])
    grep = Scan(p, options, matcher, style_of(p, options, names, recursive))
    for name in names:
        if recursive and name != "-":
            yield from walk(p, options, grep, name, implicit=not operands)
        else:
            yield from grep.file(name)
        if grep.found and grep.style.quiet:
            break
    yield from grep.out.flush()
    if grep.failed and not (grep.found and grep.style.quiet):
        return 2
    return 0 if grep.found else 1


_OPTIONS = (
    flag("E", "extended-regexp"),
    flag("F", "fixed-strings"),
    flag("G", "basic-regexp", GNU),
    refused("P", "perl-regexp", "write it as an extended expression (-E)", GNU),
    value("e", "regexp"),
    value("f", "file"),
    flag("i", "ignore-case"),
    flag("y", flavours=GNU),
    flag("", "no-ignore-case", GNU),
    flag("v", "invert-match"),
    flag("w", "word-regexp"),
    flag("x", "line-regexp"),
    flag("z", "null-data"),
    flag("s", "no-messages"),
    value("m", "max-count"),
    flag("b", "byte-offset", GNU),
    flag("n", "line-number"),
    flag("H", "with-filename"),
    flag("h", "no-filename"),
    value("", "label", GNU),
    flag("o", "only-matching"),
    flag("q", "quiet silent"),
    value("", "binary-files", GNU),
    flag("a", "text"),
    flag("I", flavours=GNU),
    value("d", "directories", GNU),
    flag("r", "recursive"),
    flag("R", "dereference-recursive"),
    value("", "include", GNU),
    value("", "exclude", GNU),
    value("", "exclude-dir", GNU),
    flag("L", "files-without-match"),
    flag("l", "files-with-matches"),
    flag("c", "count"),
    flag("Z", "null", GNU),
    value("A", "after-context"),
    value("B", "before-context"),
    value("C", "context"),
    flag("", "line-buffered", GNU),
    Option("", "color colour", Takes.OPTIONAL, GNU),
    refused("D", "devices", flavours=GNU),
    refused("T", "initial-tab", flavours=GNU),
    refused("U", "binary", flavours=GNU),
    refused("", "exclude-from", flavours=GNU),
    refused("", "group-separator", flavours=GNU),
    refused("", "no-group-separator", flavours=GNU),
)


def _applet(name: str, kind: str, recursive: bool = False) -> Applet:
    def body(p: Process, options: Options) -> Steps[int]:
        try:
            return (yield from _run(p, options, kind, recursive))
        except Quiet as quiet:
            return quiet.status

    return tool(name, body, _OPTIONS, status=2, digits="digits", usage_line=_usage)


def _usage(p: Process) -> str:
    return f"Usage: {p.name} [OPTION]... PATTERNS [FILE]...\n"


APPLETS = {
    "grep": _applet("grep", "basic"),
    "egrep": _applet("egrep", "extended"),
    "fgrep": _applet("fgrep", "fixed"),
    "rgrep": _applet("rgrep", "basic", recursive=True),
}
