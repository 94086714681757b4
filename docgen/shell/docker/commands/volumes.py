"""`docker volume create` and `rm`."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.shell.docker.call import Call, for_each
from docgen.shell.docker.errors import CommandError


def create(call: Call) -> Steps[int]:
    name = call.flags.get("name")
    if call.arguments:
        if name:
            raise CommandError(
                "conflicting options: cannot specify a volume-name through both --name and as a "
                "positional arg"
            )
        name = call.arguments[0]
    record = call.daemon.create_volume(
        name,
        driver=call.flags.get("driver", "local"),
        options=_pairs(call.flags.all("opt")),
        labels=_pairs(call.flags.all("label")),
    )
    yield from call.out(f"{record.name}\n")
    return 0


def _pairs(texts: tuple[str, ...]) -> dict[str, str]:
    return {key: value for key, _, value in (text.partition("=") for text in texts)}


def remove(call: Call) -> Steps[int]:
    force = call.flags.on("force")

    def act(name: str) -> Steps[None]:
        call.daemon.remove_volume(name, force=force)
        yield from ()

    return for_each(call, call.arguments, act)
