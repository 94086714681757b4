"""The real command line of docker 28.5.2: commands, aliases, flags, help, read from its own help.

`data/help.txt` holds what `docker COMMAND --help` prints; nothing here is written by hand twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pkgutil import get_data

from docgen.frozen import frozen

_FLAG = re.compile(r" {2}(?:-(\w), | {4})--([a-z0-9-]+)(?: ([A-Za-z0-9-]+))?(?: {2,}|$)(.*)")
_ALIASES = "\nAliases:\n  "
_SECTION = "=== docker"


@frozen
class Flag:
    """One flag as the program knows it."""

    name: str
    """Without the dashes."""
    type: str = ""
    """pflag's type name; '' for a switch."""
    short: str = ""
    hidden: bool = False
    """Works, but help does not show it."""
    deprecated: str = ""
    """What pflag adds to `Flag --NAME has been deprecated, `."""

    @property
    def shown(self) -> str:
        """`-t, --timeout`, as error messages have it."""
        return f"-{self.short}, --{self.name}" if self.short else f"--{self.name}"


@frozen
class Interface:
    """One command of the real program."""

    path: str
    """Canonical, without `docker`: `container ls`."""
    command_path: str
    """As its own messages name it: `docker ps`."""
    usage: str
    """`docker ps [OPTIONS]`"""
    flags: tuple[Flag, ...]
    help: str
    """All that `--help` prints, with the last newline."""

    def flag(self, name: str) -> Flag | None:
        return next((one for one in self.flags if one.name == name), None)

    def short_flag(self, letter: str) -> Flag | None:
        return next((one for one in self.flags if one.short == letter), None)


_HIDDEN: Mapping[str, tuple[Flag, ...]] = {
    "container run": (
        Flag("dns-opt", "list", hidden=True),
        Flag("net", "network", hidden=True),
        Flag("net-alias", "list", hidden=True),
    ),
    "container create": (
        Flag("dns-opt", "list", hidden=True),
        Flag("net", "network", hidden=True),
        Flag("net-alias", "list", hidden=True),
    ),
    "container stop": (Flag("time", "int", hidden=True, deprecated="use --timeout instead"),),
    "container restart": (Flag("time", "int", hidden=True, deprecated="use --timeout instead"),),
    "volume create": (Flag("name", "string", hidden=True),),
    "build": (
        Flag("compress", "", hidden=True),
        Flag("isolation", "string", hidden=True),
        Flag("security-opt", "strings", hidden=True),
        Flag("squash", "", hidden=True),
        Flag("memory", "bytes", "m", hidden=True),
        Flag("memory-swap", "bytes", hidden=True),
        Flag("cpu-shares", "int", "c", hidden=True),
        Flag("cpu-period", "int", hidden=True),
        Flag("cpu-quota", "int", hidden=True),
        Flag("cpuset-cpus", "string", hidden=True),
        Flag("cpuset-mems", "string", hidden=True),
        Flag("rm", "", hidden=True),
        Flag("force-rm", "", hidden=True),
    ),
}
"""Flags that work though help does not show them (MarkHidden, MarkDeprecated in the sources)."""

HELP_FLAG = Flag("help", "", hidden=True)
GROUPS = ("container", "image", "volume", "system", "network", "builder", "buildx")
"""Management commands of which at least one command is simulated."""
_USE_LINES: Mapping[str, str] = {
    "": "docker [OPTIONS] COMMAND [ARG...]",
    "container": "docker container",
    "image": "docker image",
    "system": "docker system",
    "network": "docker network",
}
"""Groups name themselves differently in errors than in help."""
REFUSED_GROUPS = frozenset(
    {"bake", "checkpoint", "config", "context", "login", "logout", "manifest", "node", "plugin"}
    | {
        "search",
        "secret",
        "service",
        "stack",
        "swarm",
        "trust",
        "compose",
        "model",
        "debug",
        "scout",
    }
)
"""Real commands that docgen refuses with all their sub-commands."""
_BUILD_PATHS = ("build", "image build", "builder build", "buildx build", "buildx b")


@cache
def _sections() -> Mapping[str, str]:
    """Canonical path → help text."""
    text = (get_data(__package__, "data/help.txt") or b"").decode()
    parts = text.split(f"\n{_SECTION}")[1:]
    sections: dict[str, str] = {}
    for part in parts:
        path, _, body = part.partition("\n")
        sections[path.strip()] = body.strip("\n") + "\n"
    return sections


@cache
def _aliases() -> Mapping[str, str]:
    """Every path that works (`ps`, `container list`) → the canonical one."""
    known = {path: path for path in _sections()}
    for path, body in _sections().items():
        listed = body.partition(_ALIASES)[2].partition("\n")[0]
        if path not in _BUILD_PATHS:
            known.update({one.removeprefix("docker "): path for one in listed.split(", ") if one})
    known.update(dict.fromkeys(_BUILD_PATHS, "build"))
    known["builder prune"] = "buildx prune"
    known["builder du"] = "buildx du"
    return known


def canonical(path: str) -> str | None:
    """`ps` → `container ls`; None where docker has no such command (or docgen does not know it)."""
    return _aliases().get(path)


def commands() -> tuple[str, ...]:
    """Canonical paths of all commands that docgen has the help of."""
    return tuple(sorted(set(_aliases().values())))


@cache
def interface(typed: str) -> Interface:
    """The command behind a path that `canonical` knows."""
    path = _aliases()[typed]
    body = _sections()[path]
    own = f"docker {path}".rstrip()
    if path == "build":
        own = "docker buildx build"
    elif " " in path and " " not in typed:
        body = body.replace(f"Usage:  {own}", f"Usage:  docker {typed}", 1)
        own = f"docker {typed}"
    usage = body.partition("\n\n")[0].removeprefix("Usage:").strip()
    usage = _USE_LINES.get(path, usage)
    return Interface(path, own, usage, (*_flags(body), *_HIDDEN.get(path, ())), body)


def _flags(body: str) -> list[Flag]:
    found: list[Flag] = []
    for line in body.splitlines():
        match = _FLAG.fullmatch(line)
        if match is not None:
            short, name, kind, _ = match.groups()
            found.append(Flag(name, kind or "", short or ""))
    return found
