"""find's tests of names: globs and regular expressions."""

from __future__ import annotations

from docgen.shell.applets.find.arguments import Holds
from docgen.shell.applets.regex import REGCOMP_BASIC, SED_BASIC, Regex, RegexError, compile_regex
from docgen.shell.applets.support.output import encoded
from docgen.shell.applets.support.tool import Refusal, on_host
from docgen.shell.pattern import Pattern
from docgen.shell.process import Process


def glob(text: str) -> Pattern:
    """fnmatch(3): a backslash quotes the next character."""
    chunks: list[tuple[str, bool]] = []
    at = 0
    while at < len(text):
        quoting = text[at] == "\\" and at + 1 < len(text)
        at += quoting
        chunks.append((text[at], quoting))
        at += 1
    return Pattern(_joined(chunks))


def _joined(chunks: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    joined: list[tuple[str, bool]] = []
    for text, quoting in chunks:
        if joined and joined[-1][1] is quoting:
            joined[-1] = (joined[-1][0] + text, quoting)
        else:
            joined.append((text, quoting))
    return joined


def name_test(_p: Process, text: str) -> Holds:
    pattern = glob(text)
    return lambda found: pattern.matches(found.name)


def iname_test(_p: Process, text: str) -> Holds:
    pattern = glob(text.lower())
    return lambda found: pattern.matches(found.name.lower())


def path_test(_p: Process, text: str) -> Holds:
    pattern = glob(text)
    return lambda found: pattern.matches(found.path)


def ipath_test(_p: Process, text: str) -> Holds:
    pattern = glob(text.lower())
    return lambda found: pattern.matches(found.path.lower())


def regex_test(p: Process, text: str) -> Holds:
    regex = _compiled(p, text, False)
    return lambda found: regex.full(encoded(found.path))


def iregex_test(p: Process, text: str) -> Holds:
    regex = _compiled(p, text, True)
    return lambda found: regex.full(encoded(found.path))


def _compiled(p: Process, text: str, ignore_case: bool) -> Regex:
    """GNU: Emacs' syntax, in which `+` and `?` are operators; busybox: basic expressions."""
    dialect = SED_BASIC if on_host(p) else REGCOMP_BASIC
    pattern = _emacs(text) if on_host(p) else text
    try:
        return compile_regex(encoded(pattern), dialect, ignore_case=ignore_case)
    except RegexError as error:
        raise Refusal(f"{error}") from None


def _emacs(text: str) -> str:
    out, at = [], 0
    while at < len(text):
        char = text[at]
        if char == "\\" and at + 1 < len(text):
            out.append(text[at : at + 2])
            at += 2
            continue
        out.append(f"\\{char}" if char in "+?" else char)
        at += 1
    return "".join(out)
