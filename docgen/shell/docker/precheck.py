"""docker commands before the first step: refuse what is not simulated, find what containers run."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.frozen import frozen
from docgen.shell.docker.errors import CommandError
from docgen.shell.docker.pflag import Parsed, Word
from docgen.shell.docker.program import Found, find, flags_of, global_flags

_WITH_COMMAND = frozenset(("container run", "container create", "container exec"))


@frozen
class Inner:
    """The command that a container will run."""

    words: tuple[Word, ...]
    positions: tuple[int, ...]
    """Where each word stands in the docker command."""


def check(words: Sequence[Word]) -> None:
    """`words[0]` is `docker`; None is a word that is only known when the command runs.

    Raises RefusedWord with the index of the word. What docker itself would refuse is not looked at.
    """
    _read(words)


def inner_command(words: Sequence[Word]) -> Inner | None:
    """What `run`, `create` and `exec` start, `--entrypoint` included; None for other commands."""
    read = _read(words)
    if read is None:
        return None
    found, parsed = read
    if found.row is None or found.row.path not in _WITH_COMMAND:
        return None
    inner, positions = parsed.arguments[1:], parsed.positions[1:]
    entrypoint = [one for one in parsed.given if one.flag.name == "entrypoint" and one.value != ""]
    if entrypoint:
        inner = (entrypoint[-1].value, *inner)
        positions = (entrypoint[-1].index, *positions)
    return Inner(inner, positions) if inner else None


def _read(words: Sequence[Word]) -> tuple[Found, Parsed] | None:
    """None where docker would print its own error or help."""
    try:
        flags = global_flags(words)
        if not flags.arguments or flags.arguments[0] == "help" or "version" in flags:
            return None
        found = find(words, flags.positions[0])
        return found, flags_of(found, words)
    except CommandError:
        return None
