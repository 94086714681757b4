"""`docker logs`."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from docgen.daemon.model import LogLine
from docgen.daemon.waits import Steps, Until
from docgen.diagnostics import NotSimulated
from docgen.shell.docker.call import Call
from docgen.shell.docker.errors import CommandError
from docgen.shell.docker.moments import rfc3339_nano
from docgen.shell.docker.units import SECOND_NS

if TYPE_CHECKING:
    from docgen.daemon.container import Container

_DURATION = re.compile(r"([0-9]{1,9})(h|m|s|ms)")
_UNIT_NS = {"h": 3600 * SECOND_NS, "m": 60 * SECOND_NS, "s": SECOND_NS, "ms": SECOND_NS // 1000}
_SECONDS = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,9}))?")


def logs(call: Call) -> Steps[int]:
    (name,) = call.arguments
    container = call.daemon.container(name)
    tail = _tail(call.flags.get("tail", "all"))
    since, until = (_moment(call, flag) for flag in ("since", "until"))
    lines = call.daemon.logs(container.id, tail=tail, since_ns=since, until_ns=until)
    seen = len(container.log)
    if call.flags.on("details") and {"labels", "env"} & set(container.spec.log_options):
        raise NotSimulated("--details with log options is not simulated", "leave them out")
    yield from _print(call, lines)
    if call.flags.on("follow"):
        yield from _follow(call, container, seen)
    return 0


def _follow(call: Call, container: Container, seen: int) -> Steps[None]:
    """Whatever is written from now on, until the container ends."""

    def ended() -> bool:
        return container.removed or not container.state.running

    while True:
        new = tuple(container.log[seen:])
        seen += len(new)
        yield from _print(call, new)
        if not new and ended():
            return
        count = seen
        yield Until(lambda count=count: len(container.log) > count or ended())  # type: ignore[misc]


def _print(call: Call, lines: tuple[LogLine, ...]) -> Steps[None]:
    for line in lines:
        stamp = f"{rfc3339_nano(line.time_ns)} ".encode() if call.flags.on("timestamps") else b""
        if call.flags.on("details"):
            stamp += b" "  # here the attributes would stand that log options ask for
        write = call.out if line.stream == "stdout" else call.err
        yield from write(stamp + line.data)


def _tail(text: str) -> int | None:
    """`all` and what is no number mean everything, as in the daemon."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _moment(call: Call, flag: str) -> int | None:
    """`10m`, `1h30m` (before now), RFC 3339, or seconds since the epoch."""
    text = call.flags.get(flag)
    if not text:
        return None
    if "".join(a + b for a, b in _DURATION.findall(text)) == text:
        parts = _DURATION.findall(text)
        return call.now_ns - sum(int(number) * _UNIT_NS[unit] for number, unit in parts)
    seconds = _SECONDS.fullmatch(text)
    if seconds is not None:
        return int(seconds[1]) * SECOND_NS + int((seconds[2] or "").ljust(9, "0"))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f'invalid value for "{flag}": failed to parse value as time or duration: "{text}"'
        ) from None
    if moment.tzinfo is None:
        raise NotSimulated(
            f"--{flag} without a zone is not simulated", "write it with Z at the end"
        )
    return int(moment.timestamp()) * SECOND_NS + moment.microsecond * 1000
