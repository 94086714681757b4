"""`docker system df`."""

from __future__ import annotations

from collections.abc import Mapping

from docgen.daemon.answers import DiskUsage, UsageRow
from docgen.daemon.waits import Steps
from docgen.shell.docker.call import Call
from docgen.shell.docker.headers import (
    CACHE_HEADERS,
    CONTAINER_HEADERS,
    IMAGE_HEADERS,
    VOLUME_HEADERS,
)
from docgen.shell.docker.listing import execute, parse_format, render
from docgen.shell.docker.rows import cache_row, container_row, image_rows, plain_row, volume_row
from docgen.shell.docker.template.values import Member, Record, Slice, Struct
from docgen.shell.docker.units import human_size

_HEADERS: Mapping[str, str] = {
    "Type": "TYPE",
    "TotalCount": "TOTAL",
    "Active": "ACTIVE",
    "Size": "SIZE",
    "Reclaimable": "RECLAIMABLE",
}
_TABLE = "table {{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}"
_RAW = """type: {{.Type}}
total: {{.TotalCount}}
active: {{.Active}}
size: {{.Size}}
reclaimable: {{.Reclaimable}}
"""
_IMAGES = (
    "table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}\t{{.SharedSize}}\t"
    "{{.UniqueSize}}\t{{.Containers}}"
)
_CONTAINERS = (
    "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.RunningFor}}\t"
    "{{.Status}}\t{{.Names}}"
)
_VOLUMES = "table {{.Name}}\t{{.Links}}\t{{.Size}}"
_CACHE = (
    "table {{.ID}}\t{{.CacheType}}\t{{.Size}}\t{{.CreatedSince}}\t{{.LastUsedSince}}\t"
    "{{.UsageCount}}\t{{.Shared}}"
)


def disk_usage(call: Call) -> Steps[int]:
    usage = call.daemon.disk_usage()
    form = call.flags.get("format") or "table"
    if call.flags.on("verbose"):
        text = _verbose_tables(call, usage) if form == "table" else _verbose(call, usage, form)
    else:
        form = {"table": _TABLE, "raw": _RAW}.get(form, form)
        text = render(form, _HEADERS, _rows(usage))
    yield from call.out(text)
    return 0


def _rows(usage: DiskUsage) -> list[Record]:
    named = (
        ("Images", "*formatter.diskUsageImagesContext", usage.images, True),
        ("Containers", "*formatter.diskUsageContainersContext", usage.containers, True),
        ("Local Volumes", "*formatter.diskUsageVolumesContext", usage.volumes, True),
        ("Build Cache", "*formatter.diskUsageBuilderContext", usage.build_cache, False),
    )
    return [_row(name, go_type, row, percent) for name, go_type, row, percent in named]


def _row(name: str, go_type: str, row: UsageRow, percent: bool) -> Record:
    share = f" ({row.reclaimable * 100 // row.size}%)" if percent and row.size > 0 else ""
    return plain_row(
        go_type,
        {
            "Type": name,
            "TotalCount": str(row.total),
            "Active": str(row.active),
            "Size": human_size(row.size),
            "Reclaimable": human_size(row.reclaimable) + share,
        },
    )


def _image_rows(call: Call, usage: DiskUsage, truncate: bool) -> list[Record]:
    """One row an image: only its first name."""
    return [
        image_rows(one, call.now_ns, truncate=truncate, counts=True)[0] for one in usage.image_list
    ]


def _container_rows(call: Call, usage: DiskUsage, truncate: bool) -> list[Record]:
    return [
        container_row(
            call.daemon.container(one.container_id),
            call.daemon,
            call.now_ns,
            truncate=truncate,
            size=(one.size, 0),
        )
        for one in usage.container_list
    ]


def _volume_rows(call: Call, usage: DiskUsage) -> list[Record]:
    return [
        volume_row(call.daemon.volume(one.name), links=one.links, size=one.size)
        for one in usage.volume_list
    ]


def _cache_rows(call: Call, usage: DiskUsage, truncate: bool) -> list[Record]:
    records = sorted(usage.cache_list, key=lambda one: (one.last_used_ns, one.id))
    return [cache_row(one, call.now_ns, truncate=truncate) for one in records]


def _verbose_tables(call: Call, usage: DiskUsage) -> str:
    cache = human_size(usage.build_cache.size)
    parts = (
        "Images space usage:\n\n",
        render(_IMAGES, IMAGE_HEADERS, _image_rows(call, usage, True)),
        "\nContainers space usage:\n\n",
        render(_CONTAINERS, CONTAINER_HEADERS, _container_rows(call, usage, True)),
        "\nLocal Volumes space usage:\n\n",
        render(_VOLUMES, VOLUME_HEADERS, _volume_rows(call, usage)),
        f"\nBuild cache usage: {cache}\n\n",
        render(_CACHE, CACHE_HEADERS, _cache_rows(call, usage, True)),
    )
    return "".join(parts)


def _verbose(call: Call, usage: DiskUsage, form: str) -> str:
    """A template on all lists at once: `{{range .Volumes}}…{{end}}`."""
    truncate = form.startswith("table")
    lists = {
        "Images": ("[]*formatter.imageContext", _image_rows(call, usage, truncate)),
        "Containers": ("[]*formatter.ContainerContext", _container_rows(call, usage, truncate)),
        "Volumes": ("[]*formatter.volumeContext", _volume_rows(call, usage)),
        "BuildCache": ("[]*formatter.buildCacheContext", _cache_rows(call, usage, truncate)),
    }
    members = tuple(
        Member(name, Slice(tuple(rows), go_type), name) for name, (go_type, rows) in lists.items()
    )
    context = Struct("formatter.diskUsageContext", members, pointer=True)
    return execute(parse_format(form), context)
