"""Instructions that only change the configuration, and how `docker history` names them."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from docgen.daemon.build.parse import Instruction
from docgen.daemon.build.words import WordError, expand, json_words, quoted_words, split
from docgen.daemon.errors import DaemonError
from docgen.daemon.signals import parse_signal
from docgen.oci.config import Healthcheck, RunConfig
from docgen.oci.gojson import encode

_SHELL: Final = ("/bin/sh", "-c")
_NS: Final = {"ns": 1, "us": 1000, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}


class InstructionError(Exception):
    """The text is BuildKit's."""


@dataclass(slots=True)
class Settings:
    """The configuration of a stage while it grows."""

    config: RunConfig
    cmd_set: bool = False
    args: dict[str, str | None] = field(default_factory=dict)
    """ARGs in scope; None = declared without a value."""
    escaped: bool = False
    """CMD was set here."""

    @property
    def env(self) -> dict[str, str]:
        """Variables that words and RUN see: ENV over ARG."""
        found = {key: value for key, value in self.args.items() if value is not None}
        return found | self.image_env

    @property
    def image_env(self) -> dict[str, str]:
        return dict(one.partition("=")[::2] for one in self.config.env)

    @property
    def shell(self) -> tuple[str, ...]:
        return self.config.shell or _SHELL


def apply_setting(settings: Settings, instruction: Instruction) -> str:
    """Change the configuration; the line for `docker history`. Raises InstructionError."""
    try:
        return _APPLY[instruction.name](settings, instruction)
    except WordError as error:
        raise InstructionError(str(error)) from error
    except DaemonError as error:
        raise InstructionError(error.message) from error


def _pairs(settings: Settings, instruction: Instruction) -> list[tuple[str, str]]:
    """`A=1 B="two words"`, or the old `A two words`."""
    env = settings.env
    words = quoted_words(instruction.rest)
    if "=" not in words[0]:
        key, _, value = instruction.rest.partition(" ")
        if not value.strip():
            raise InstructionError(
                f"dockerfile parse error on line {instruction.line}: "
                f"{instruction.name} must have two arguments"
            )
        return [(expand(key, env), expand(value.strip(), env))]
    found = []
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise InstructionError(
                f"dockerfile parse error on line {instruction.line}: "
                f"Syntax error - can't find = in {word!r}. Must be of the form: name=value"
            )
        found.append((expand(key, env), expand(value, env)))
    return found


def _env(settings: Settings, instruction: Instruction) -> str:
    pairs = _pairs(settings, instruction)
    env = settings.image_env | dict(pairs)
    lines = tuple(f"{key}={value}" for key, value in env.items())
    settings.config = replace(settings.config, env=lines)
    return "ENV " + " ".join(f"{key}={value}" for key, value in pairs)


def _label(settings: Settings, instruction: Instruction) -> str:
    pairs = _pairs(settings, instruction)
    settings.config = replace(settings.config, labels={**settings.config.labels, **dict(pairs)})
    return "LABEL " + " ".join(f"{key}={value}" for key, value in pairs)


def command_line(settings: Settings, rest: str) -> tuple[str, ...]:
    """Exec form as it is, shell form with the shell before it."""
    words = json_words(rest)
    return words if words is not None else (*settings.shell, rest)


def go_quoted(words: Sequence[str]) -> str:
    """Go's %q of a list."""
    quoted = (
        encode(word).decode().replace("\\u003c", "<").replace("\\u003e", ">") for word in words
    )
    return "[" + " ".join(one.replace("\\u0026", "&") for one in quoted) + "]"


def _cmd(settings: Settings, instruction: Instruction) -> str:
    words = command_line(settings, instruction.rest)
    settings.config = replace(settings.config, cmd=words)
    settings.cmd_set = settings.escaped = True
    return f"CMD {go_quoted(words)}"


def _entrypoint(settings: Settings, instruction: Instruction) -> str:
    words = command_line(settings, instruction.rest)
    cmd = settings.config.cmd if settings.cmd_set else None
    settings.config = replace(settings.config, entrypoint=words, cmd=cmd)
    return f"ENTRYPOINT {go_quoted(words)}"


def _user(settings: Settings, instruction: Instruction) -> str:
    user = expand(instruction.rest, settings.env)
    settings.config = replace(settings.config, user=user)
    return f"USER {user}"


def _expose(settings: Settings, instruction: Instruction) -> str:
    ports = []
    for word in split(instruction.rest, settings.env):
        number, slash, protocol = word.partition("/")
        if not number.replace("-", "").isdecimal():
            raise InstructionError(f"invalid containerPort: {number}")
        ports.append(f"{number}/{protocol.lower() if slash else 'tcp'}")
    every = tuple(sorted({*settings.config.exposed_ports, *ports}))
    settings.config = replace(settings.config, exposed_ports=every)
    return f"EXPOSE [{' '.join(sorted(ports))}]"


def _volume(settings: Settings, instruction: Instruction) -> str:
    words = json_words(instruction.rest)
    paths = [expand(one, settings.env) for one in words or instruction.rest.split()]
    if "" in paths:
        raise InstructionError("VOLUME specified can not be an empty string")
    every = tuple(dict.fromkeys((*settings.config.volumes, *paths)))
    settings.config = replace(settings.config, volumes=every)
    return f"VOLUME [{' '.join(paths)}]"


def _stop_signal(settings: Settings, instruction: Instruction) -> str:
    text = expand(instruction.rest, settings.env)
    parse_signal(text)
    settings.config = replace(settings.config, stop_signal=text)
    return f"STOPSIGNAL {text}"


def _shell(settings: Settings, instruction: Instruction) -> str:
    words = json_words(instruction.rest)
    if not words:
        raise InstructionError(
            f"dockerfile parse error on line {instruction.line}: "
            "SHELL requires the arguments to be in JSON form"
        )
    settings.config = replace(settings.config, shell=words)
    return f"SHELL [{' '.join(words)}]"


def _workdir(settings: Settings, instruction: Instruction) -> str:
    path = expand(instruction.rest, settings.env)
    whole = posixpath.normpath(posixpath.join("/", settings.config.working_dir, path))
    settings.config = replace(settings.config, working_dir=whole)
    return f"WORKDIR {whole}"


def _arg(settings: Settings, instruction: Instruction) -> str:
    """Values from the command line are put in before by the builder."""
    shown = []
    for word in quoted_words(instruction.rest):
        key, equals, value = word.partition("=")
        settings.args[key] = expand(value, settings.env) if equals else settings.args.get(key)
        known = settings.args[key]
        shown.append(key if known is None else f"{key}={known}")
    return "ARG " + " ".join(shown)


def _maintainer(settings: Settings, instruction: Instruction) -> str:
    del settings
    return f"MAINTAINER {instruction.rest}"


def _healthcheck(settings: Settings, instruction: Instruction) -> str:
    kind, _, rest = instruction.rest.partition(" ")
    if kind.upper() == "NONE":
        check = Healthcheck(test=("NONE",))
    elif kind.upper() == "CMD":
        words = json_words(rest.strip())
        test = ("CMD", *words) if words is not None else ("CMD-SHELL", rest.strip())
        check = Healthcheck(
            test=test,
            interval_ns=_nanoseconds(instruction, "interval"),
            timeout_ns=_nanoseconds(instruction, "timeout"),
            start_period_ns=_nanoseconds(instruction, "start-period"),
            start_interval_ns=_nanoseconds(instruction, "start-interval"),
            retries=int(instruction.flag("retries") or 0),
        )
    else:
        raise InstructionError(
            f"dockerfile parse error on line {instruction.line}: "
            f'unknown type "{kind.upper()}" in HEALTHCHECK (try CMD)'
        )
    settings.config = replace(settings.config, healthcheck=check)
    times = (check.interval_ns, check.timeout_ns, check.start_period_ns, check.start_interval_ns)
    shown = " ".join(f'"{_go_duration(one)}"' for one in times)
    return f"HEALTHCHECK &{{{go_quoted(check.test)} {shown} '\\x{check.retries:02x}'}}"


def _nanoseconds(instruction: Instruction, flag: str) -> int:
    text = instruction.flag(flag)
    if not text:
        return 0
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = text[len(digits) :]
    if not digits.isdecimal() or unit not in _NS:
        raise InstructionError(f'time: invalid duration "{text}"')
    return int(digits) * _NS[unit]


def _go_duration(ns: int) -> str:
    """Go's Duration.String for whole seconds and milliseconds."""
    if ns % 10**9:
        return f"{ns / 10**6:g}ms" if ns < 10**9 else f"{ns / 10**9:g}s"
    seconds = ns // 10**9
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes}m{seconds}s"
    return f"{minutes}m{seconds}s" if minutes else f"{seconds}s"


_APPLY: Final = {
    "ARG": _arg,
    "CMD": _cmd,
    "ENTRYPOINT": _entrypoint,
    "ENV": _env,
    "EXPOSE": _expose,
    "HEALTHCHECK": _healthcheck,
    "LABEL": _label,
    "MAINTAINER": _maintainer,
    "SHELL": _shell,
    "STOPSIGNAL": _stop_signal,
    "USER": _user,
    "VOLUME": _volume,
    "WORKDIR": _workdir,
}
