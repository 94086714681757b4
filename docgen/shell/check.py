"""Before the first step: what a command would need that is not simulated, with its place.

Only what can be known from the text: names and options that are real but not modelled. A name
that is unknown everywhere is not refused, it is `not found` when it runs. The text of `sh -c '…'`,
`eval`, `trap` and the commands of `docker run`, `create` and `exec` are looked into.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from docgen.diagnostics import NotSimulated
from docgen.frozen import frozen
from docgen.shell.applet import RefusedWord
from docgen.shell.applet import Word as KnownWord
from docgen.shell.applets import APPLETS
from docgen.shell.builtins import BUILTINS
from docgen.shell.flavour import Flavour
from docgen.shell.parse import parse
from docgen.shell.pattern import has_magic
from docgen.shell.programs import BUSYBOX, ELSEWHERE, HOST, HOST_ADMIN
from docgen.shell.syntax import Script, ShellSyntaxError, Simple, Text, Word
from docgen.shell.walk import functions_of, simple_commands

_DIRECTORIES: Final = frozenset({"/bin", "/sbin", "/usr/bin", "/usr/sbin"})
_SHELLS: Final = frozenset({"sh", "ash", "dash"})
_DEEPEST: Final = 8
"""How many texts within texts are looked into."""


def check(script: Script, functions: frozenset[str] = frozenset()) -> list[NotSimulated]:
    """All that is refused, in the order of the text. `functions`: defined by earlier steps."""
    return list(_Checker(Flavour.HOST, functions | functions_of(script)).script(script))


def check_words(words: Sequence[KnownWord], flavour: Flavour) -> None:
    """The words of a command that another program starts (env, xargs). Raises RefusedWord."""
    checker = _Checker(flavour, frozenset())
    known = [_Known(word, 1, 1) for word in words]
    for refused in checker.command(known):
        raise RefusedWord(refused.what, refused.instead, max(refused.column - 1, 0))


@frozen
class _Known:
    """A word as far as it is known, and where it stands."""

    text: KnownWord
    line: int
    column: int
    verbatim: bool = False
    """One quoted text: places within it can be told."""


@dataclass(slots=True)
class _Checker:
    flavour: Flavour
    functions: frozenset[str]
    depth: int = 0
    base: tuple[int, int] = field(default=(1, 1))
    """Where the text begins in the command of the page."""

    def script(self, script: Script) -> Iterator[NotSimulated]:
        for node in simple_commands(script):
            yield from self.simple(node)

    def simple(self, node: Simple) -> Iterator[NotSimulated]:
        words = [self.known(word) for word in node.words]
        if words and words[0].text not in self.functions:
            yield from self.command(words)

    def known(self, word: Word) -> _Known:
        line, column = self.place(word.line, word.column)
        parts = word.parts
        verbatim = len(parts) == 1 and isinstance(parts[0], Text) and parts[0].quoted
        return _Known(_static(word), line, column, verbatim)

    def place(self, line: int, column: int) -> tuple[int, int]:
        """From the text's own lines to the page's command."""
        first, start = self.base
        return (first + line - 1, column) if line > 1 else (first, start + column - 1)

    def command(self, words: Sequence[_Known]) -> Iterator[NotSimulated]:
        name = words[0].text
        if name is None:
            return
        directory, slash, program = name.rpartition("/")
        if slash and directory not in _DIRECTORIES:
            return
        if not slash and program in BUILTINS:
            yield from self.builtin(words)
            return
        refused = self.unmodelled(program)
        if refused is not None:
            yield self.at(words[0], refused)
            return
        yield from self.options(program, words)
        if program in _SHELLS:
            yield from self.shell_text(words)
        elif program == "busybox" and len(words) > 1 and self.flavour is Flavour.BUSYBOX:
            yield from self.command(words[1:])
        elif program == "docker" and self.flavour is Flavour.HOST:
            yield from self.docker(words)

    def at(self, word: _Known, refused: NotSimulated) -> NotSimulated:
        return NotSimulated(refused.what, refused.instead, word.line, word.column)

    def unmodelled(self, program: str) -> NotSimulated | None:
        """A real program that nobody simulates. In an image names may be scripts of its own."""
        if program in _SHELLS or program == "busybox":
            return None
        if self.flavour is Flavour.HOST and program == "docker":
            return None
        applet = APPLETS.get(program)
        if applet is not None and self.flavour in applet.flavours:
            return None
        host = self.flavour is Flavour.HOST
        real = program in (HOST | HOST_ADMIN | ELSEWHERE if host else BUSYBOX)
        if not real:
            return None
        return NotSimulated(f"{program} is not simulated", _instead(program))

    def options(self, program: str, words: Sequence[_Known]) -> Iterator[NotSimulated]:
        applet = APPLETS.get(program)
        if applet is None:
            return
        try:
            applet.check([word.text for word in words], self.flavour)
        except RefusedWord as refused:
            yield self.at(words[min(refused.word, len(words) - 1)], refused)
        except NotSimulated as refused:
            yield self.at(words[0], refused)

    def builtin(self, words: Sequence[_Known]) -> Iterator[NotSimulated]:
        match words[0].text:
            case "eval" | "trap" if len(words) > 1:
                yield from self.text(words[1])
            case "exec" | "command" if len(words) > 1 and not (words[1].text or "-").startswith(
                "-"
            ):
                yield from self.command(words[1:])
            case "ulimit":
                yield self.at(words[0], NotSimulated("ulimit is not simulated", "leave it out"))
            case "alias" if any("=" in (word.text or "") for word in words[1:]):
                instead = "write a function: name() { …; }"
                yield self.at(words[0], NotSimulated("alias is not simulated", instead))

    def shell_text(self, words: Sequence[_Known]) -> Iterator[NotSimulated]:
        """`sh -c TEXT`."""
        wants = False
        for word in words[1:]:
            if word.text is None:
                return
            if wants and not word.text.startswith(("-", "+")):
                yield from self.text(word)
                return
            if not word.text.startswith(("-", "+")):
                return
            wants = wants or "c" in word.text

    def text(self, word: _Known) -> Iterator[NotSimulated]:
        if word.text is None or self.depth >= _DEEPEST:
            return
        base = (word.line, word.column + 1)
        inner = _Checker(self.flavour, self.functions, self.depth + 1, base)
        try:
            script = parse(word.text, self.flavour)
        except ShellSyntaxError:
            return  # the shell itself will say so, when it runs
        except NotSimulated as refused:
            yield self.at(word, refused)
            return
        inner.functions |= functions_of(script)
        for found in inner.script(script):
            yield found if word.verbatim else self.at(word, found)

    def docker(self, words: Sequence[_Known]) -> Iterator[NotSimulated]:
        from docgen.shell.docker.precheck import inner_command

        try:
            inner = inner_command([word.text for word in words])
        except RefusedWord as refused:
            yield self.at(words[min(refused.word, len(words) - 1)], refused)
            return
        if inner is None:
            return
        placed = [words[min(at, len(words) - 1)] for at in inner.positions]
        known = [
            _Known(text, at.line, at.column, at.verbatim)
            for text, at in zip(inner.words, placed, strict=True)
        ]
        checker = _Checker(Flavour.BUSYBOX, frozenset(), self.depth + 1)
        yield from checker.command(known)


def _static(word: Word) -> KnownWord:
    """The word's text where it is known before it runs."""
    literal = word.literal
    if literal is None:
        return None
    chunks = [(part.text, part.quoted) for part in word.parts if isinstance(part, Text)]
    tilde = bool(chunks) and not chunks[0][1] and chunks[0][0].startswith("~")
    return None if tilde or has_magic(chunks) else literal


def _instead(program: str) -> str:
    return _INSTEAD.get(program, "the coverage page lists the programs that are")


_INSTEAD: Final = {
    "bash": "write it for sh",
    "sudo": "leave it out: the page's shell is root's",
    "su": "leave it out: the page's shell is root's",
    "docker-compose": "use docker compose",
    "curl": "a page runs without a network: use files and volumes",
    "wget": "a page runs without a network: use files and volumes",
    "tree": "use find or ls -R",
    "jq": "use docker inspect --format, grep or sed",
    "vi": "write files with cat, printf or a file fence",
    "vim": "write files with cat, printf or a file fence",
    "nano": "write files with cat, printf or a file fence",
    "systemctl": "the simulated host has no services but docker",
    "journalctl": "use docker logs",
    "apt-get": "nothing can be installed: build images from busybox",
    "apt": "nothing can be installed: build images from busybox",
}
