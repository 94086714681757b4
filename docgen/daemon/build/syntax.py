"""What BuildKit says of a Dockerfile before it looks at an image: unknown flags, missing arguments
(frontend/dockerfile/instructions)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from docgen.daemon.build import lint
from docgen.daemon.build.parse import KNOWN, Dockerfile, DockerfileError, Instruction
from docgen.daemon.build.suggest import closest
from docgen.daemon.build.words import json_words, legacy_pair, quoted_words
from docgen.daemon.duration import parse_duration
from docgen.diagnostics import NotSimulated

_TEXT: Final = "text"
_SWITCH: Final = "switch"
_LIST: Final = "list"
_FLAGS: Final = {
    "ADD": {
        "chown": _TEXT,
        "chmod": _TEXT,
        "link": _SWITCH,
        "keep-git-dir": _SWITCH,
        "checksum": _TEXT,
        "unpack": _SWITCH,
        "exclude": _LIST,
    },
    "COPY": {
        "from": _TEXT,
        "chown": _TEXT,
        "chmod": _TEXT,
        "link": _SWITCH,
        "parents": _SWITCH,
        "exclude": _LIST,
    },
    "FROM": {"platform": _TEXT},
    "HEALTHCHECK": {
        "interval": _TEXT,
        "timeout": _TEXT,
        "start-period": _TEXT,
        "start-interval": _TEXT,
        "retries": _TEXT,
    },
    "RUN": {"mount": _LIST, "network": _TEXT, "security": _TEXT, "device": _LIST},
}
"""What BuildKit knows."""
_SIMULATED: Final = {
    "ADD": frozenset({"chown", "chmod", "link"}),
    "COPY": frozenset({"from", "chown", "chmod", "link"}),
    "FROM": frozenset({"platform"}),
    "HEALTHCHECK": frozenset(_FLAGS["HEALTHCHECK"]),
}
_STAGE_NAME: Final = re.compile(r"[a-z][a-z0-9_.-]*")
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_SHORTEST_NS: Final = 10**6


class _SyntaxError(Exception):
    """The text after `dockerfile parse error on line N: `."""


def check_syntax(dockerfile: Dockerfile, linter: lint.Linter) -> None:
    """Every instruction, whether it is needed or not. Raises DockerfileError."""
    lint.empty_continuations(linter, dockerfile)
    names: list[str] = []
    staged = False
    for one in dockerfile.instructions:
        try:
            _check(one, linter, names)
        except _SyntaxError as wrong:
            text = f"dockerfile parse error on line {one.line}: {wrong}"
            raise DockerfileError(text, one.line, one.last_line) from wrong
        staged = staged or one.name == "FROM"
        if not staged and one.name != "ARG":
            raise DockerfileError("no build stage in current context", one.line, one.last_line)
    lint.casing(linter, dockerfile)
    if not staged:
        raise DockerfileError("dockerfile contains no stages to build")


def refuse_unsimulated(instruction: Instruction) -> None:
    """What BuildKit knows and docgen does not."""
    for name, _ in instruction.flags:
        if name not in _SIMULATED.get(instruction.name, frozenset()):
            raise NotSimulated(
                f"{instruction.name} --{name} in a Dockerfile", "write the step without it"
            )
    if instruction.name == "ONBUILD":
        raise NotSimulated("ONBUILD in a Dockerfile", "write the instruction where it is used")


def _check(one: Instruction, linter: lint.Linter, names: list[str]) -> None:
    if one.name not in KNOWN:
        close = closest(one.typed.lower(), [name.lower() for name in KNOWN])
        hint = close.upper() if one.typed.isupper() else close
        tail = f" (did you mean {hint}?)" if hint else ""
        raise _SyntaxError(f"unknown instruction: {one.typed}{tail}")
    if one.name == "MAINTAINER":
        lint.maintainer(linter, one)
    if one.name == "RUN":
        _check_flags(one)
    if not one.rest and one.name in _ONE_ARGUMENT:
        raise _SyntaxError(f"{one.name} requires exactly one argument")
    if not one.rest and one.name in _SOME_ARGUMENT:
        raise _SyntaxError(f"{one.name} requires at least one argument")
    check = _CHECKS.get(one.name)
    if check is not None:
        check(one)
    if one.name == "FROM":
        lint.stage_names(linter, one, names)
        names += [word.lower() for word in one.rest.split()[2:]]
    _check_flags(one)
    if one.name == "HEALTHCHECK":
        _check_times(one)


_ONE_ARGUMENT: Final = frozenset({"WORKDIR", "USER", "STOPSIGNAL", "MAINTAINER"})
_SOME_ARGUMENT: Final = frozenset(
    {"ARG", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "ONBUILD", "SHELL", "VOLUME"}
)


def _check_flags(one: Instruction) -> None:
    known = _FLAGS.get(one.name, {})
    seen: set[str] = set()
    for name, value in one.flags:
        kind = known.get(name)
        if kind is None:
            close = closest(name, sorted(known))
            hint = f" (did you mean {close}?)" if close else ""
            raise _SyntaxError(f"unknown flag: --{name}{hint}")
        if name in seen and kind != _LIST:
            raise _SyntaxError(f"duplicate flag specified: --{name}")
        seen.add(name)
        if kind == _SWITCH:
            if value is not None and value.lower() not in ("true", "false"):
                raise _SyntaxError(
                    f"expecting boolean value for flag --{name}, not: {value}"
                    if value
                    else f"missing a value on flag: --{name}"
                )
        elif value is None:
            raise _SyntaxError(f"missing a value on flag: --{name}")


def _from(one: Instruction) -> None:
    words = one.rest.split()
    if len(words) not in (1, 3) or (len(words) == 3 and words[1].upper() != "AS"):
        raise _SyntaxError("FROM requires either one or three arguments")
    if len(words) == 3 and not _STAGE_NAME.fullmatch(words[2].lower()):
        raise _SyntaxError(
            f'invalid name for build stage: "{words[2]}", '
            "name can't start with a number or contain symbols"
        )


def _files(one: Instruction) -> None:
    words = json_words(one.rest)
    if len(words if words is not None else one.rest.split()) < 2:
        raise _SyntaxError(
            f"{one.name} requires at least two arguments, but only one was provided. "
            "Destination could not be determined"
        )


def _names(one: Instruction) -> None:
    """Of variables and labels."""
    if one.name != "ARG" and legacy_pair(one.rest) is not None:
        return
    if any(word.startswith("=") for word in quoted_words(one.rest)):
        raise _SyntaxError(f"{one.name} names can not be blank")


def _volume(one: Instruction) -> None:
    words = json_words(one.rest)
    if words == ():
        raise _SyntaxError("VOLUME requires at least one argument")
    if words is not None and not all(word.strip() for word in words):
        raise _SyntaxError("VOLUME specified can not be an empty string")


def _shell(one: Instruction) -> None:
    words = json_words(one.rest)
    if words is None:
        raise _SyntaxError("SHELL requires the arguments to be in JSON form")
    if not words:
        raise _SyntaxError("SHELL requires at least one argument")


def _healthcheck(one: Instruction) -> None:
    kind, _, rest = one.rest.partition(" ")
    match kind.upper():
        case "NONE" if rest.strip():
            raise _SyntaxError("HEALTHCHECK NONE takes no arguments")
        case "NONE":
            return
        case "CMD":
            if not rest.strip():
                raise _SyntaxError("Missing command after HEALTHCHECK CMD")
        case _:
            raise _SyntaxError(f'Unknown type "{kind.upper()}" in HEALTHCHECK (try CMD)')


def _check_times(one: Instruction) -> None:
    for name, value in one.flags:
        text = value or ""
        if name == "retries":
            if text and not _INTEGER.fullmatch(text):
                raise _SyntaxError(f'strconv.ParseInt: parsing "{text}": invalid syntax')
            if text and int(text) < 0:
                raise _SyntaxError(f"--retries cannot be negative ({int(text)})")
            continue
        try:
            found = parse_duration(text) if text else 0
        except ValueError as error:
            raise _SyntaxError(str(error)) from error
        if found and found < _SHORTEST_NS:
            raise _SyntaxError(f'Interval "{name}" cannot be less than 1ms')


_CHECKS: Final[dict[str, Callable[[Instruction], None]]] = {
    "ADD": _files,
    "ARG": _names,
    "COPY": _files,
    "ENV": _names,
    "FROM": _from,
    "HEALTHCHECK": _healthcheck,
    "LABEL": _names,
    "SHELL": _shell,
    "VOLUME": _volume,
}
