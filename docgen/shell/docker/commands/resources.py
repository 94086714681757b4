"""Flags of `run`, `create` and `update` that no file feels: `docker inspect` shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from docgen.daemon.errors import invalid
from docgen.oci.gojson import Json
from docgen.shell.docker.pflag import Parsed

_LEAST_MEMORY: Final = 6 * 1024 * 1024
_CPUS: Final = 2
_BILLION: Final = 1_000_000_000


def _number(flags: Parsed, name: str) -> Json:
    return flags.number(name)


def _text(flags: Parsed, name: str) -> Json:
    return flags.get(name)


def _list(flags: Parsed, name: str) -> Json:
    return list(flags.all(name))


def _nano(flags: Parsed, name: str) -> Json:
    return int(Fraction(flags.get(name)) * _BILLION)


def _hosts(flags: Parsed, name: str) -> Json:
    """`name=ip` is kept as `name:ip` (docker/cli opts/hosts.go)."""
    return [text.replace("=", ":", 1) if _equals_first(text) else text for text in flags.all(name)]


def _equals_first(text: str) -> bool:
    return "=" in text and "=" in text.partition(":")[0]


_Read = Callable[[Parsed, str], Json]
_SHOWN: Final[Mapping[str, tuple[str, _Read]]] = MappingProxyType(
    {
        "add-host": ("ExtraHosts", _hosts),
        "blkio-weight": ("BlkioWeight", _number),
        "cgroup-parent": ("CgroupParent", _text),
        "cpu-period": ("CpuPeriod", _number),
        "cpu-quota": ("CpuQuota", _number),
        "cpu-shares": ("CpuShares", _number),
        "cpus": ("NanoCpus", _nano),
        "cpuset-cpus": ("CpusetCpus", _text),
        "cpuset-mems": ("CpusetMems", _text),
        "dns": ("Dns", _list),
        "dns-opt": ("DnsOptions", _list),
        "dns-option": ("DnsOptions", _list),
        "dns-search": ("DnsSearch", _list),
        "memory": ("Memory", _number),
        "memory-reservation": ("MemoryReservation", _number),
        "memory-swap": ("MemorySwap", _number),
        "oom-score-adj": ("OomScoreAdj", _number),
        "pids-limit": ("PidsLimit", _number),
        "security-opt": ("SecurityOpt", _list),
    }
)
"""Flag → key of `.HostConfig`, and how its value is read."""


def resources(flags: Parsed) -> dict[str, Json]:
    """Keys of `.HostConfig` with what was given. Raises DaemonError where the daemon would refuse
    it."""
    found = {key: read(flags, flag) for flag, (key, read) in _SHOWN.items() if flag in flags}
    memory, cpus = flags.number("memory"), found.get("NanoCpus")
    if memory and memory < _LEAST_MEMORY:
        raise invalid("Minimum memory limit allowed is 6MB")
    if isinstance(cpus, int) and not 0 <= cpus <= _CPUS * _BILLION:
        raise invalid(
            f"range of CPUs is from 0.01 to {_CPUS}.00, as there are only {_CPUS} CPUs available"
        )
    return found


def with_swap(found: Mapping[str, Json]) -> dict[str, Json]:
    """moby adaptContainerSettings: without a limit of its own, swap is twice the memory."""
    memory = found.get("Memory")
    if isinstance(memory, int) and memory and "MemorySwap" not in found:
        return {**found, "MemorySwap": 2 * memory}
    return dict(found)
