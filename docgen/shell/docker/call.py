"""One running docker command: its words, and what it may touch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from docgen.daemon.errors import ClientError, DaemonError
from docgen.daemon.waits import Steps
from docgen.frozen import frozen
from docgen.fs.content import Content
from docgen.shell.docker.errors import CommandError, from_daemon
from docgen.shell.docker.interface import Interface
from docgen.shell.docker.pflag import Parsed

if TYPE_CHECKING:
    from docgen.daemon.daemon import Daemon
    from docgen.daemon.host import Host
    from docgen.shell.process import Process


@frozen
class Call:
    """What a command's handler gets."""

    process: Process
    host: Host
    interface: Interface
    flags: Parsed
    arguments: tuple[str, ...]
    typed: str
    """The path as it was typed: `images`, `image ls`."""

    @property
    def daemon(self) -> Daemon:
        return self.host.daemon

    @property
    def now_ns(self) -> int:
        return self.host.clock.now_ns

    def out(self, data: str | bytes | Content) -> Steps[None]:
        return self.process.out(data)

    def err(self, data: str | bytes | Content) -> Steps[None]:
        return self.process.err(data)

    def filters(self) -> dict[str, tuple[str, ...]]:
        """`--filter` by key."""
        found: dict[str, tuple[str, ...]] = {}
        for text in self.flags.all("filter"):
            if text:
                key, _, value = text.partition("=")
                if value not in found.get(key, ()):
                    found[key] = (*found.get(key, ()), value)
        return found


Handler = Callable[[Call], Steps[int]]
"""Runs a command; returns the exit status. May raise CommandError, DaemonError, ClientError."""

ForOne = Callable[[str], Steps[None]]


def message_of(error: DaemonError | ClientError | CommandError) -> str:
    """What the client prints for it."""
    match error:
        case DaemonError():
            return from_daemon(error.message)
        case ClientError():
            return error.message
        case CommandError():
            return error.text


def for_each(call: Call, names: Sequence[str], act: ForOne) -> Steps[int]:
    """Do something to each name and print the name; errors come at the end, together.

    The real client does it at the same time for all; the answers come in the order of the words.
    """
    errors: list[str] = []
    for name in names:
        try:
            yield from act(name)
        except (DaemonError, ClientError, CommandError) as error:
            errors.append(message_of(error))
            continue
        yield from call.out(f"{name}\n")
    if errors:
        raise CommandError("\n".join(errors))
    return 0
