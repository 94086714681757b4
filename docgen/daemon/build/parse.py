"""Reading a Dockerfile: lines, continuations, comments, here-documents (BuildKit
frontend/dockerfile/parser)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from docgen.daemon.build.words import go_quote, legacy_pair, quoted_words
from docgen.frozen import frozen

KNOWN: Final = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
]
_DIRECTIVE: Final = re.compile(r"#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+?)\s*")
_HEREDOC: Final = re.compile(r"[0-9]*<<(-?)([^<]+)")
_HEREDOC_INSTRUCTIONS: Final = frozenset({"RUN", "COPY", "ADD"})
_FLAG: Final = re.compile(r"--([A-Za-z0-9][^\s=]*)(?:=(\S*))?\s*")


class DockerfileError(Exception):
    """A Dockerfile that BuildKit would not read; the text is its own, after `failed to solve: `."""

    def __init__(self, message: str, line: int = 0, last_line: int = 0) -> None:
        self.message = message
        self.line = line
        self.last_line = last_line or line
        super().__init__(message)


@frozen
class Heredoc:
    name: str
    data: str
    expand: bool
    """False where the delimiter was quoted."""


@frozen
class Instruction:
    name: str
    """In capitals."""
    rest: str
    """After name and flags, continuation lines joined."""
    flags: tuple[tuple[str, str | None], ...]
    """`--from=base` as ("from", "base"); a bare one has None."""
    original: str
    """One line, as BuildKit names the step."""
    line: int
    """From 1."""
    last_line: int
    typed: str
    """The name as it is written."""
    heredocs: tuple[Heredoc, ...] = ()
    empty_line: bool = False
    """An empty line stands between continuation lines."""

    def flag(self, name: str) -> str:
        """Its value; a bare one is "true", '' is none."""
        for key, value in self.flags:
            if key == name:
                return "true" if value is None else value
        return ""


@frozen
class Dockerfile:
    instructions: tuple[Instruction, ...]
    text: str
    check: str = ""
    """The value of `# check=`."""


def parse_dockerfile(text: str) -> Dockerfile:
    """Raises DockerfileError for what makes no list of instructions; `syntax` looks at each."""
    if not text:
        raise DockerfileError("the Dockerfile cannot be empty")
    lines = text.replace("\r\n", "\n").removeprefix("\ufeff").removesuffix("\n").split("\n")
    directives = _directives(lines)
    found = tuple(_Reader(lines, directives.get("escape", "\\")).instructions())
    if not found:
        raise DockerfileError("file with no instructions", 1)
    return Dockerfile(found, text, directives.get("check", ""))


def _directives(lines: list[str]) -> Mapping[str, str]:
    """Parser directives stand before anything else."""
    found: dict[str, str] = {}
    for line in lines:
        match = _DIRECTIVE.fullmatch(line.strip())
        if match is None:
            break
        found[match[1].lower()] = match[2]
    return found


class _Reader:
    def __init__(self, lines: list[str], escape: str) -> None:
        self._lines = lines
        self._escape = escape
        self._at = 0

    def instructions(self) -> Iterator[Instruction]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if not line.strip() or line.lstrip().startswith("#"):
                self._at += 1
                continue
            first = self._at + 1
            text, empty = self._joined()
            if text.strip():
                yield self._instruction(text, first, empty_line=empty)

    def _instruction(self, text: str, first: int, *, empty_line: bool) -> Instruction:
        typed, *more = text.split(maxsplit=1)
        name, rest = typed.upper(), more[0].strip() if more else ""
        flags, rest = _flags(rest)
        heredocs = self._heredocs(name, rest, first)
        if name in ("ENV", "LABEL"):
            self._check_pairs(name, rest, first)
        original = _one_line(text, name)
        return Instruction(
            name, rest, flags, original, first, self._at, typed, heredocs, empty_line=empty_line
        )

    def _check_pairs(self, name: str, rest: str, first: int) -> None:
        words = quoted_words(rest)
        pair = legacy_pair(rest)
        if pair is not None and not pair[1]:
            raise DockerfileError(f"{name} must have two arguments", first, self._at)
        for word in words if pair is None else ():
            if "=" not in word:
                text = f"Syntax error - can't find = in {go_quote(word)}."
                raise DockerfileError(f"{text} Must be of the form: name=value", first, self._at)

    def _joined(self) -> tuple[str, bool]:
        """A logical line; comments and empty lines inside a continuation are left out. Whether
        there was an empty one."""
        parts: list[str] = []
        empty = False
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if parts and (not line.strip() or line.lstrip().startswith("#")):
                empty = empty or not line.strip()
                continue
            stripped = line.rstrip()
            if not stripped.endswith(self._escape):
                parts.append(line)
                break
            parts.append(stripped[: -len(self._escape)])
        return "".join(parts), empty

    def _heredocs(self, name: str, rest: str, first: int) -> tuple[Heredoc, ...]:
        if name not in _HEREDOC_INSTRUCTIONS:
            return ()
        found = []
        for word in quoted_words(rest):
            match = _HEREDOC.fullmatch(word)
            name = _unquoted(match[2]) if match is not None else ""
            if match is not None and name:
                found.append(self._heredoc(name, bool(match[1]), name == match[2], first))
        return tuple(found)

    def _heredoc(self, name: str, chomp: bool, expand: bool, first: int) -> Heredoc:
        body: list[str] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            shown = line.lstrip("\t") if chomp else line
            if shown == name:
                return Heredoc(name, "".join(f"{one}\n" for one in body), expand)
            body.append(shown)
        raise DockerfileError("unterminated heredoc", first, self._at)


def _unquoted(word: str) -> str:
    return word.replace("'", "").replace('"', "")


def _flags(rest: str) -> tuple[tuple[tuple[str, str | None], ...], str]:
    flags: list[tuple[str, str | None]] = []
    while match := _FLAG.match(rest):
        flags.append((match[1], match[2]))
        rest = rest[match.end() :]
    return tuple(flags), rest.strip()


def _one_line(text: str, name: str) -> str:
    _, _, rest = text.strip().partition(" ")
    return (
        f"{name} {' '.join(rest.split())}" if name != "RUN" else f"{name} {rest.strip()}".rstrip()
    )
