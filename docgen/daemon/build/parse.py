"""Reading a Dockerfile: lines, continuations, comments, here-documents (BuildKit
frontend/dockerfile/parser)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from docgen.diagnostics import NotSimulated
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
_HEREDOC: Final = re.compile(r"<<(-?)(['\"]?)([A-Za-z_][A-Za-z0-9_.-]*)\2")
_HEREDOC_INSTRUCTIONS: Final = frozenset({"RUN", "COPY", "ADD"})
_FLAG: Final = re.compile(r"--([a-z][a-z-]*)(?:=(\S*))?\s*")


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
    flags: tuple[tuple[str, str], ...]
    """`--from=base` as ("from", "base"); a bare one has "true"."""
    original: str
    """One line, as BuildKit names the step."""
    line: int
    """From 1."""
    last_line: int
    heredocs: tuple[Heredoc, ...] = ()

    def flag(self, name: str) -> str:
        return next((value for key, value in self.flags if key == name), "")


@frozen
class Dockerfile:
    instructions: tuple[Instruction, ...]
    text: str


def parse_dockerfile(text: str) -> Dockerfile:
    """Raises DockerfileError."""
    lines = text.replace("\r\n", "\n").removeprefix("\ufeff").split("\n")
    reader = _Reader(lines, _escape(lines))
    found = tuple(reader.instructions())
    if not found:
        raise DockerfileError("file with no instructions", 1)
    return Dockerfile(found, text)


def _escape(lines: list[str]) -> str:
    """Parser directives stand before anything else."""
    escape = "\\"
    for line in lines:
        match = _DIRECTIVE.fullmatch(line.strip())
        if match is None:
            break
        name, value = match[1].lower(), match[2]
        if name == "escape":
            escape = value
    return escape


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
            yield self._instruction()

    def _instruction(self) -> Instruction:
        first = self._at + 1
        text = self._joined()
        name, _, rest = text.strip().partition(" ")
        name, rest = name.upper(), rest.strip()
        if "\t" in name:
            name, _, more = text.strip().partition("\t")
            name, rest = name.upper(), more.strip()
        if name not in KNOWN:
            raise _unknown(name, first, self._at)
        flags, rest = _flags(rest)
        heredocs = self._heredocs(name, rest, first)
        if not rest and name != "MAINTAINER":
            raise DockerfileError(
                f"dockerfile parse error on line {first}: {name} requires "
                f"{'exactly one argument' if name in _ONE else 'at least one argument'}",
                first,
                self._at,
            )
        return Instruction(name, rest, flags, _one_line(text, name), first, self._at, heredocs)

    def _joined(self) -> str:
        """A logical line; comments and empty lines inside a continuation are left out."""
        parts: list[str] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if parts and (not line.strip() or line.lstrip().startswith("#")):
                continue
            stripped = line.rstrip()
            if not stripped.endswith(self._escape):
                parts.append(line)
                break
            parts.append(stripped[: -len(self._escape)])
        return "".join(parts)

    def _heredocs(self, name: str, rest: str, first: int) -> tuple[Heredoc, ...]:
        if name not in _HEREDOC_INSTRUCTIONS:
            return ()
        return tuple(
            self._heredoc(match[3], bool(match[1]), not match[2], first)
            for match in _HEREDOC.finditer(rest)
        )

    def _heredoc(self, name: str, chomp: bool, expand: bool, first: int) -> Heredoc:
        body: list[str] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            shown = line.lstrip("\t") if chomp else line
            if shown == name:
                return Heredoc(name, "".join(f"{one}\n" for one in body), expand)
            body.append(shown)
        raise DockerfileError(f"unterminated heredoc: {name}", first, self._at)


_ONE: Final = frozenset({"WORKDIR", "USER", "STOPSIGNAL"})


def _unknown(name: str, line: int, last: int) -> DockerfileError:
    close = get_close_matches(name, KNOWN, n=1, cutoff=0.5)
    hint = f" (did you mean {close[0]}?)" if close else ""
    return DockerfileError(
        f"dockerfile parse error on line {line}: unknown instruction: {name}{hint}", line, last
    )


def _flags(rest: str) -> tuple[tuple[tuple[str, str], ...], str]:
    flags = []
    while match := _FLAG.match(rest):
        flags.append((match[1], match[2] if match[2] is not None else "true"))
        rest = rest[match.end() :]
    return tuple(flags), rest.strip()


def _one_line(text: str, name: str) -> str:
    _, _, rest = text.strip().partition(" ")
    return f"{name} {' '.join(rest.split())}" if name != "RUN" else f"{name} {rest.strip()}"


def refuse_flags(instruction: Instruction, known: frozenset[str]) -> None:
    """Flags that BuildKit knows and docgen does not are ours to refuse; others are errors of the
    file."""
    for name, _ in instruction.flags:
        if name in known:
            continue
        if name in _REAL_FLAGS.get(instruction.name, frozenset()):
            raise NotSimulated(
                f"{instruction.name} --{name} in a Dockerfile", "write the step without it"
            )
        close = get_close_matches(name, sorted(_REAL_FLAGS.get(instruction.name, ())), 1, 0.3)
        hint = f" (did you mean {close[0]}?)" if close else ""
        raise DockerfileError(
            f"dockerfile parse error on line {instruction.line}: unknown flag: --{name}{hint}",
            instruction.line,
            instruction.last_line,
        )


_REAL_FLAGS: Final = {
    "RUN": frozenset({"mount", "network", "security", "device"}),
    "COPY": frozenset({"from", "chown", "chmod", "link", "parents", "exclude"}),
    "ADD": frozenset({"chown", "chmod", "link", "keep-git-dir", "checksum", "exclude", "unpack"}),
    "FROM": frozenset({"platform"}),
    "HEALTHCHECK": frozenset({"interval", "timeout", "start-period", "start-interval", "retries"}),
}
