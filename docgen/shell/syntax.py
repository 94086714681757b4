"""The shell language as immutable nodes: POSIX XCU chapter 2, as dash and busybox ash read it.

Named tuples, not dataclasses: a page makes thousands, and they are made several times faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Text(NamedTuple):
    """Literal characters."""

    text: str
    quoted: bool = False
    """No globbing, no tilde, no reserved word; an empty quoted text still makes a word."""


class Parameter(NamedTuple):
    """`$x`, `${x}`, `${x:-word}`, `${#x}`, `${x##pattern}`."""

    name: str
    operator: str = ""
    """One of: nothing, `-`, `=`, `?`, `+`, `#`, `##`, `%`, `%%`, `length`."""
    colon: bool = False
    word: tuple[Part, ...] = ()
    quoted: bool = False
    line: int = 1


class Substitution(NamedTuple):
    """`$(…)` and backquotes."""

    script: Script
    quoted: bool = False


class Arithmetic(NamedTuple):
    """`$((…))`; its parts are expanded to a text, which is then evaluated."""

    parts: tuple[Part, ...]
    quoted: bool = False
    line: int = 1


Part = Text | Parameter | Substitution | Arithmetic


class Word(NamedTuple):
    parts: tuple[Part, ...]
    line: int
    """From 1, in the text that was parsed."""
    column: int

    @property
    def literal(self) -> str | None:
        """The word's characters where no expansion but quote removal takes place; else None."""
        if not all(isinstance(part, Text) for part in self.parts):
            return None
        return "".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def bare(self) -> str | None:
        """The word's characters where nothing is quoted or expanded: reserved words, names."""
        parts = self.parts
        if len(parts) == 1 and isinstance(parts[0], Text) and not parts[0].quoted:
            return parts[0].text
        return None


class Assignment(NamedTuple):
    name: str
    value: Word


@dataclass(slots=True)
class HereDocument:
    """`<<`: the parser fills `parts` once, when it meets the lines below the command."""

    delimiter: str
    strip_tabs: bool
    expand: bool
    """The delimiter was not quoted."""
    parts: tuple[Part, ...] = ()


class Redirect(NamedTuple):
    """`2>file`, `<<END`, `>&-`."""

    number: int
    operator: str
    """`<`, `>`, `>>`, `>|`, `<>`, `<&`, `>&`, `<<`."""
    target: Word | HereDocument
    line: int


class Simple(NamedTuple):
    assignments: tuple[Assignment, ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]
    line: int
    column: int


class Subshell(NamedTuple):
    body: Script
    redirects: tuple[Redirect, ...]
    line: int


class Group(NamedTuple):
    body: Script
    redirects: tuple[Redirect, ...]
    line: int


class If(NamedTuple):
    branches: tuple[tuple[Script, Script], ...]
    """Condition and body: `if`, then each `elif`."""
    otherwise: Script | None
    redirects: tuple[Redirect, ...]
    line: int


class For(NamedTuple):
    name: str
    words: tuple[Word, ...] | None
    """None: no `in`, so "$@"."""
    body: Script
    redirects: tuple[Redirect, ...]
    line: int


class While(NamedTuple):
    condition: Script
    body: Script
    until: bool
    redirects: tuple[Redirect, ...]
    line: int


class Arm(NamedTuple):
    """`pattern|pattern) body ;;`"""

    patterns: tuple[Word, ...]
    body: Script


class Case(NamedTuple):
    word: Word
    arms: tuple[Arm, ...]
    redirects: tuple[Redirect, ...]
    line: int


class Function(NamedTuple):
    name: str
    body: Command
    line: int


Command = Simple | Subshell | Group | If | For | While | Case | Function


class Pipeline(NamedTuple):
    commands: tuple[Command, ...]
    negated: bool


class AndOr(NamedTuple):
    first: Pipeline
    rest: tuple[tuple[str, Pipeline], ...]
    """(`&&` or `||`, what follows it)."""
    background: bool
    """Ended by `&`."""


class Script(NamedTuple):
    """A list of commands."""

    items: tuple[AndOr, ...]


class ShellSyntaxError(Exception):
    """The text is not in the language. The two shells say it in their own words: see `wording`."""

    def __init__(self, found: str, expected: str, line: int, column: int) -> None:
        super().__init__(f"{line}:{column}: unexpected {found}")
        self.found = found
        """A token as written (`;;`, `done`), or `end of file`, `newline`, `word`, `redirection`; or
        a whole message, which begins with a capital letter (`Unterminated quoted string`)."""
        self.expected = expected
        """The token that had to follow; '' where many could."""
        self.line = line
        self.column = column
