"""`-p` and `--expose` (docker/go-connections nat).

The simulated host has no bridge, as the disposable real hosts have none: nothing is published, but
`inspect` shows what was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_address

from docgen.diagnostics import NotSimulated
from docgen.frozen import frozen

_HIGHEST = 65535
_MANY = 1000


@frozen
class Published:
    """One port of the container and where the host would offer it."""

    port: str
    """`80/tcp`"""
    host_ip: str
    host_port: str
    """'' = any; may be a range."""


def parse_publish(text: str) -> Iterator[Published]:
    """`80`, `8080:80`, `127.0.0.1:8080:80/udp`, `8000-8001:80-81`. Raises ValueError."""
    ip, host, inner = _parts(text)
    spec, _, protocol = inner.partition("/")
    protocol = _protocol(protocol)
    _check_ip(ip)
    if not spec:
        raise ValueError(f"No port specified: {text}<empty>")
    ports = port_range(spec)
    if ports is None:
        raise ValueError(f"Invalid containerPort: {spec}")
    offered = port_range(host) if host else None
    if host and offered is None:
        raise ValueError(f"Invalid hostPort: {host}")
    if offered is not None and len(offered) != len(ports) > 1:
        raise ValueError(
            f"Invalid ranges specified for container and host Ports: {spec} and {host}"
        )
    for at, number in enumerate(ports):
        yield Published(
            f"{number}/{protocol}", ip.strip("[]"), _host_port(host, offered, ports, at)
        )


def _parts(text: str) -> tuple[str, str, str]:
    parts = text.split(":")
    if len(parts) == 1:
        return "", "", parts[0]
    return ":".join(parts[:-2]), parts[-2], parts[-1]


def _protocol(text: str) -> str:
    lowered = text.lower() or "tcp"
    if lowered not in ("tcp", "udp", "sctp"):
        raise ValueError(f"Invalid proto: {lowered}")
    return lowered


def _check_ip(text: str) -> None:
    if text:
        try:
            ip_address(text.strip("[]"))
        except ValueError:
            raise ValueError(f"Invalid ip address: {text}") from None


def _host_port(host: str, offered: range | None, ports: range, at: int) -> str:
    if offered is None:
        return ""
    return host if len(ports) == 1 else str(offered[at])


def port_range(text: str) -> range | None:
    """`80`, `8000-8010`; None for what is none."""
    first, dash, last = text.partition("-")
    if len(text) > 11 or not first.isdigit() or (dash and not last.isdigit()):
        return None
    end = int(last or first)
    if not int(first) <= end <= _HIGHEST:
        return None
    if end - int(first) > _MANY:
        raise NotSimulated("so many ports are not simulated", "name fewer")
    return range(int(first), end + 1)


def parse_expose(text: str) -> Iterator[str]:
    """`9000`, `9000-9010/udp` → `9000/tcp` … Raises ValueError with docker's text."""
    if ":" in text:
        raise ValueError(f"invalid port format for --expose: {text}")
    spec, _, protocol = text.partition("/")
    numbers = port_range(spec)
    if numbers is None:
        why = f'strconv.ParseUint: parsing "{spec}": invalid syntax'
        raise ValueError(f"invalid range format for --expose: {text}, error: {why}")
    yield from (f"{number}/{protocol or 'tcp'}" for number in numbers)


def bindings(published: tuple[Published, ...]) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """`.HostConfig.PortBindings`: port → (ip, port) of the host."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for one in published:
        found[one.port] = (*found.get(one.port, ()), (one.host_ip, one.host_port))
    return found
