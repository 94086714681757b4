"""Commands on the life of containers: stop, kill, restart, pause, rm, rename, wait, diff …"""

from __future__ import annotations

from docgen.daemon.errors import ClientError, DaemonError, Kind
from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.shell.docker.call import Call, for_each, message_of
from docgen.shell.docker.commands.parameters import restart_policy
from docgen.shell.docker.commands.resources import resources
from docgen.shell.docker.errors import CommandError, from_daemon


def _timeout(call: Call) -> int | None:
    for name in ("timeout", "time"):
        if name in call.flags:
            return call.flags.number(name)
    return None


def stop(call: Call) -> Steps[int]:
    timeout, signal = _timeout(call), call.flags.get("signal")
    return for_each(call, call.arguments, lambda name: call.daemon.stop(name, timeout, signal))


def restart(call: Call) -> Steps[int]:
    timeout, signal = _timeout(call), call.flags.get("signal")
    return for_each(call, call.arguments, lambda name: call.daemon.restart(name, timeout, signal))


def kill(call: Call) -> Steps[int]:
    signal = call.flags.get("signal")
    return for_each(call, call.arguments, lambda name: call.daemon.kill(name, signal))


def update(call: Call) -> Steps[int]:
    flags = call.flags
    changed = resources(flags)
    try:
        policy = restart_policy(flags.get("restart")) if "restart" in flags else None
    except ValueError as error:
        raise CommandError(str(error)) from None

    def act(name: str) -> Steps[None]:
        call.daemon.update(name, changed, policy)
        yield from ()

    return for_each(call, call.arguments, act)


def pause(call: Call) -> Steps[int]:
    def act(name: str) -> Steps[None]:
        call.daemon.pause(name)
        yield from ()

    return for_each(call, call.arguments, act)


def unpause(call: Call) -> Steps[int]:
    def act(name: str) -> Steps[None]:
        call.daemon.unpause(name)
        yield from ()

    return for_each(call, call.arguments, act)


def remove(call: Call) -> Steps[int]:
    """With `-f` a missing container is told, but is no failure."""
    force, volumes = call.flags.on("force"), call.flags.on("volumes")
    errors: list[str] = []
    for name in call.arguments:
        trimmed = name.strip("/")
        if not trimmed:
            errors.append("container name cannot be empty")
            continue
        try:
            yield from call.daemon.remove(trimmed, force=force, volumes=volumes)
        except DaemonError as error:
            if force and error.kind is Kind.NOT_FOUND:
                yield from call.err(from_daemon(error.message) + "\n")
            else:
                errors.append(from_daemon(error.message))
            continue
        yield from call.out(f"{name}\n")
    if errors:
        raise CommandError("\n".join(errors))
    return 0


def rename(call: Call) -> Steps[int]:
    old, new = (word.strip() for word in call.arguments)
    if not old or not new:
        raise CommandError("Error: Neither old nor new names may be empty")
    try:
        call.daemon.rename(old, new)
    except DaemonError as error:
        yield from call.err(from_daemon(error.message) + "\n")
        raise CommandError(f"Error: failed to rename container named {old}") from None
    yield from ()
    return 0


def wait(call: Call) -> Steps[int]:
    errors: list[str] = []
    for name in call.arguments:
        try:
            status = yield from call.daemon.wait(name)
        except (DaemonError, ClientError) as error:
            errors.append(message_of(error))
            continue
        yield from call.out(f"{status}\n")
    if errors:
        raise CommandError("\n".join(errors))
    return 0


def diff(call: Call) -> Steps[int]:
    (name,) = call.arguments
    if not name.strip():
        raise CommandError("Container name cannot be empty")
    changes = call.daemon.changes(name)
    yield from call.out("".join(f"{one.kind} {one.path}\n" for one in changes))
    return 0


def port(call: Call) -> Steps[int]:
    """Nothing is published: the host has no bridge."""
    name = call.arguments[0]
    call.daemon.container(name)
    if len(call.arguments) > 1:
        number = call.arguments[1].partition("/")[0]
        if not number.isdigit() or int(number) > 65535:
            raise CommandError(
                f"Error: invalid port ({number}): strconv.ParseUint: parsing "
                f'"{number}": invalid syntax'
            )
        raise CommandError(f"Error: No public port '{call.arguments[1]}' published for {name}")
    yield from ()
    return 0


def top(call: Call) -> Steps[int]:
    """Process ids differ from host to host: a page could never promise them."""
    call.daemon.container(call.arguments[0])
    yield from ()
    raise NotSimulated("docker top is not simulated", "use `docker exec NAME ps`")
