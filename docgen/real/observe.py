"""What a real host stores, as a snapshot: the same nouns that the simulator fills."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from docgen.real.host import RealHost
from docgen.record.snapshot import (
    Change,
    Container,
    ContainerStatus,
    Entry,
    HostPath,
    Image,
    Kind,
    Mark,
    Mount,
    MountKind,
    Snapshot,
    Volume,
    Writable,
)

Json = Mapping[str, Any]


def observe(host: RealHost) -> Snapshot:
    """Everything that Docker stores on the host at this moment. Reads only.

    Layers, what processes see, and the lines of the disk are not observed.
    """
    probe = (resources.files("docgen.real") / "data" / "probe.py").read_bytes()
    answer = host.run(["python3", "-", host.driver], probe)
    found = json.loads(answer.stdout)
    volumes = sorted(found["volumes"], key=lambda one: (one["anonymous"], one["name"]))
    return Snapshot(
        driver=host.driver,
        time=0,
        layers=(),
        images=tuple(_image(one) for one in found["images"]),
        containers=tuple(_container(one) for one in found["containers"]),
        volumes=tuple(_volume(one) for one in volumes),
        host_paths=tuple(_host_path(one) for one in found["host_paths"]),
        disk=(),
    )


def _entries(found: Sequence[Json]) -> tuple[Entry, ...]:
    return tuple(Entry(**{**one, "kind": Kind(one["kind"])}) for one in found)


def _image(one: Json) -> Image:
    return Image(one["id"], tuple(one["names"]), tuple(one["layers"]), one["size"])


def _container(one: Json) -> Container:
    held = one["writable"]
    changes = tuple(Change(Mark(c["mark"]), c["path"]) for c in held["changes"])
    given = dict(one)
    given.update(
        status=ContainerStatus(one["status"]),
        layers=tuple(one["layers"]),
        writable=Writable(_entries(held["entries"]), changes, held["size"], held["directory"]),
        mounts=tuple(_mount(mount) for mount in one["mounts"]),
        seen=(),
    )
    return Container(**given)


def _mount(one: Json) -> Mount:
    return Mount(**{**one, "kind": MountKind(one["kind"]), "entries": _entries(one["entries"])})


def _volume(one: Json) -> Volume:
    entries = _entries(one["entries"])
    sizes = {entry.inode or entry.path: entry.size for entry in entries if entry.kind is Kind.FILE}
    return Volume(
        name=one["name"],
        anonymous=one["anonymous"],
        driver=one["driver"],
        options=tuple(sorted(one["options"].items())),
        labels=tuple(sorted(one["labels"].items())),
        directory=one["directory"],
        entries=entries,
        size=sum(sizes.values()),
        used_by=tuple(one["used_by"]),
    )


def _host_path(one: Json) -> HostPath:
    kind = Kind(one["kind"]) if one["kind"] else None
    return HostPath(one["path"], kind, _entries(one["entries"]), tuple(one["used_by"]))
