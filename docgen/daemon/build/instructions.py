"""Instructions that only change the configuration, and how `docker history` names them."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from docgen.daemon.build.parse import Instruction
from docgen.daemon.build.words import (
    WordError,
    expand,
    go_quote,
    json_words,
    legacy_pair,
    quoted_words,
    split,
)
from docgen.daemon.duration import parse_duration
from docgen.daemon.errors import DaemonError
from docgen.daemon.signals import parse_signal
from docgen.diagnostics import LimitExceeded
from docgen.oci.config import Healthcheck, RunConfig

_SHELL: Final = ("/bin/sh", "-c")
_MAX_PORT: Final = 65535
SETTINGS_BYTES: Final = 256_000
"""All variables, arguments or labels of one stage together."""


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

    def inherited(self) -> Settings:
        """For a stage that starts from this one."""
        return Settings(self.config, escaped=self.escaped)

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
    pair = legacy_pair(instruction.rest)
    if pair is not None:
        return [(expand(pair[0], env), expand(pair[1], env))]
    words = (word.partition("=") for word in quoted_words(instruction.rest))
    return [(expand(key, env), expand(value, env)) for key, _, value in words]


def _check_size(values: Mapping[str, str | None]) -> None:
    """Values may be made of each other, and so double with every line. Raises LimitExceeded."""
    if sum(len(key) + len(value or "") for key, value in values.items()) > SETTINGS_BYTES:
        raise LimitExceeded(
            f"a Dockerfile whose values are longer than {SETTINGS_BYTES:,} bytes",
            "keep large data in files",
        )


def _env(settings: Settings, instruction: Instruction) -> str:
    pairs = _pairs(settings, instruction)
    env = settings.image_env | dict(pairs)
    _check_size(env)
    lines = tuple(f"{key}={value}" for key, value in env.items())
    settings.config = replace(settings.config, env=lines)
    return "ENV " + " ".join(f"{key}={value}" for key, value in pairs)


def _label(settings: Settings, instruction: Instruction) -> str:
    pairs = _pairs(settings, instruction)
    labels = {**settings.config.labels, **dict(pairs)}
    _check_size(labels)
    settings.config = replace(settings.config, labels=labels)
    return "LABEL " + " ".join(f"{key}={value}" for key, value in pairs)


def command_line(settings: Settings, rest: str) -> tuple[str, ...]:
    """Exec form as it is, shell form with the shell before it."""
    words = json_words(rest)
    return words if words is not None else (*settings.shell, rest)


def go_quoted(words: Sequence[str]) -> str:
    """Go's %q of a list."""
    return f"[{' '.join(map(go_quote, words))}]"


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
    ports: dict[str, None] = {}
    for word in split(instruction.rest, settings.env):
        ports |= dict.fromkeys(_ports(word))
    every = tuple(sorted({*settings.config.exposed_ports, *ports}))
    settings.config = replace(settings.config, exposed_ports=every)
    return f"EXPOSE [{' '.join(sorted(ports))}]"


def _ports(word: str) -> list[str]:
    """`[ip:][host:]port[-port][/protocol]`; only the port of the container counts."""
    addresses, _, protocol = word.partition("/")
    port = addresses.rpartition(":")[2]
    first, dash, last = port.partition("-")
    bounds = [first, last] if dash else [first, first]
    if not all(one.isdecimal() and one.isascii() and len(one) <= 5 for one in bounds):
        raise InstructionError(f"invalid containerPort: {port}")
    low, high = map(int, bounds)
    if not low <= high <= _MAX_PORT:
        raise InstructionError(f"invalid containerPort: {port}")
    protocol = protocol.lower() or "tcp"
    if protocol not in ("tcp", "udp", "sctp"):
        raise InstructionError(f'invalid port: "{word}": invalid proto: {protocol}')
    return [f"{number}/{protocol}" for number in range(low, high + 1)]


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
    words = json_words(instruction.rest) or ()
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
        _check_size(settings.args)
        shown.append(key if known is None else f"{key}={known}")
    return "ARG " + " ".join(shown)


def _maintainer(settings: Settings, instruction: Instruction) -> str:
    del settings
    return f"MAINTAINER {instruction.rest}"


def _healthcheck(settings: Settings, instruction: Instruction) -> str:
    kind, _, rest = instruction.rest.partition(" ")
    if kind.upper() == "NONE":
        check = Healthcheck(test=("NONE",))
    else:
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
    settings.config = replace(settings.config, healthcheck=check)
    times = (check.interval_ns, check.timeout_ns, check.start_period_ns, check.start_interval_ns)
    shown = " ".join(f'"{_go_duration(one)}"' for one in times)
    return f"HEALTHCHECK &{{{go_quoted(check.test)} {shown} '\\x{check.retries:02x}'}}"


def _nanoseconds(instruction: Instruction, flag: str) -> int:
    text = instruction.flag(flag)
    return parse_duration(text) if text else 0


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
