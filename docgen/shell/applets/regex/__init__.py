"""POSIX regular expressions in linear time: the one matcher of grep, sed, awk, expr and find.

Page text is untrusted, so nothing here backtracks: matches are found by two lazily built automata,
one that runs from the end of the text and marks where matches start, one that finds the longest.
"""

from docgen.shell.applets.regex.errors import RegexError
from docgen.shell.applets.regex.match import Regex, Span, Subject, compile_regex
from docgen.shell.applets.regex.parse import (
    GREP_BASIC,
    GREP_EXTENDED,
    MAWK,
    REGCOMP_BASIC,
    REGCOMP_EXTENDED,
    SED_BASIC,
    SED_EXTENDED,
    Dialect,
)

__all__ = [
    "GREP_BASIC",
    "GREP_EXTENDED",
    "MAWK",
    "REGCOMP_BASIC",
    "REGCOMP_EXTENDED",
    "SED_BASIC",
    "SED_EXTENDED",
    "Dialect",
    "Regex",
    "RegexError",
    "Span",
    "Subject",
    "compile_regex",
]
