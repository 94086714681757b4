"""Containers, images, volumes … as rows of a list (docker/cli cli/command/formatter)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from docgen.daemon.answers import CacheRecord, HistoryEntry, ImageSummary
from docgen.daemon.errors import DaemonError
from docgen.daemon.model import MountPoint, State, VolumeRecord
from docgen.daemon.refs import InvalidReference, parse_named
from docgen.shell.docker.listing import ellipsis, short_id
from docgen.shell.docker.moments import ago, rfc3339, stamp
from docgen.shell.docker.quoting import quote
from docgen.shell.docker.template.values import NilPointer, Record, Stringer, Value
from docgen.shell.docker.units import human_duration, human_size

if TYPE_CHECKING:
    from docgen.daemon.container import Container
    from docgen.daemon.daemon import Daemon
    from docgen.daemon.image import ImageRecord

NONE = "<none>"
NOT_AVAILABLE = "N/A"
_COMMAND_COLUMNS = 20
_CREATED_BY_COLUMNS = 45
_MOUNT_COLUMNS = 15
_YEAR_2000 = 946_684_800 * 1_000_000_000


def labels_text(labels: Mapping[str, str] | None) -> str:
    return ",".join(f"{key}={labels[key]}" for key in sorted(labels)) if labels else ""


def status_text(container: Container, now_ns: int) -> str:
    """moby's State.String: `Up 2 seconds (Paused)`, `Exited (0) 3 minutes ago`, `Created`."""
    state = container.state
    started, finished = state.started_ns, state.finished_ns
    if state.status is State.RESTARTING:
        return f"Restarting ({state.exit_code}) {_since(finished, now_ns)} ago"
    if state.running:
        paused = " (Paused)" if state.status is State.PAUSED else ""
        return f"Up {_since(started, now_ns)}{paused}"
    if state.dead:
        return "Dead"
    if started is None:
        return "Created"
    if finished is None:
        return ""
    return f"Exited ({state.exit_code}) {_since(finished, now_ns)} ago"


def _since(then_ns: int | None, now_ns: int) -> str:
    return human_duration(now_ns - (then_ns or 0))


def command_text(container: Container) -> str:
    """Path and arguments; arguments with a blank in single quotes."""
    quoted = (f"'{word}'" if " " in word else word for word in container.args)
    return " ".join((container.path, *quoted))


def image_text(container: Container, daemon: Daemon) -> str:
    """The name it was made from, or the image's id where that name means another image by now."""
    name = container.spec.image
    try:
        found: ImageRecord | None = daemon.image(name)
    except DaemonError:
        found = None
    return name if found is not None and found.id == container.image.id else container.image.id


def _short_image(text: str, image_id: str) -> str:
    if short_id(text) == short_id(image_id):
        return short_id(image_id)
    try:
        reference = parse_named(text)
    except InvalidReference:
        return text
    tag = f":{reference.tag}" if reference.tag else ""
    return reference.repository + tag


def _mount_text(mount: MountPoint, truncate: bool) -> str:
    name = mount.name or mount.source
    return ellipsis(name, _MOUNT_COLUMNS) if truncate else name


def container_row(
    container: Container,
    daemon: Daemon,
    now_ns: int,
    *,
    truncate: bool,
    size: tuple[int, int] = (0, 0),
) -> Record:
    shown = tuple(one for one in container.mounts if one.in_mounts)
    image = image_text(container, daemon)
    command = command_text(container)
    labels = container.config.labels

    def size_text() -> str:
        writable, virtual = (human_size(one, 3) for one in size)
        return f"{writable} (virtual {virtual})" if size[1] > 0 else writable

    return Record(
        "*formatter.ContainerContext",
        {
            "ID": lambda: short_id(container.id) if truncate else container.id,
            "Names": lambda: container.name,
            "Image": lambda: _short_image(image, container.image.id) if truncate else image,
            "Command": lambda: quote(ellipsis(command, _COMMAND_COLUMNS) if truncate else command),
            "CreatedAt": lambda: stamp(container.created_ns),
            "RunningFor": lambda: ago(container.created_ns, now_ns),
            "Ports": lambda: "",
            "State": lambda: container.state.status.value,
            "Status": lambda: status_text(container, now_ns),
            "Size": size_text,
            "Labels": lambda: labels_text(labels),
            "Mounts": lambda: ",".join(_mount_text(one, truncate) for one in shown),
            "LocalVolumes": lambda: str(sum(one.driver == "local" for one in shown)),
            "Networks": lambda: container.spec.network or "bridge",
            "Platform": lambda: _platform(container, daemon),
        },
        {"Label": lambda name: labels.get(name, "")},
    )


def _platform(container: Container, daemon: Daemon) -> Value:
    """Only the containerd store knows it."""
    descriptor = daemon.inspect_container(container.id).get("ImageManifestDescriptor")
    platform = descriptor.get("platform") if isinstance(descriptor, Mapping) else None
    if not isinstance(platform, Mapping):
        return NilPointer("*formatter.Platform")
    text = f"{platform['os']}/{platform['architecture']}"
    return Stringer("*formatter.Platform", text, platform)


def image_rows(
    image: ImageSummary,
    now_ns: int,
    *,
    truncate: bool,
    digests: bool = False,
    counts: bool = False,
) -> list[Record]:
    """One row a name; `<none>` without one. `counts`: also what only `system df` knows."""
    if not image.names:
        digest = NONE if not image.digests or not digests else image.digests[0].rpartition("@")[2]
        return [_image_row(image, NONE, NONE, digest, now_ns, truncate, counts)]
    found: list[Record] = []
    for name in image.names:
        repository, _, tag = name.rpartition(":")
        matching = [d.rpartition("@")[2] for d in image.digests if d.startswith(f"{repository}@")]
        found += [
            _image_row(image, repository, tag, digest, now_ns, truncate, counts)
            for digest in (matching if digests else None) or [NONE]
        ]
    return found


def _image_row(
    image: ImageSummary,
    repository: str,
    tag: str,
    digest: str,
    now_ns: int,
    truncate: bool,
    counts: bool,
) -> Record:
    return Record(
        "*formatter.imageContext",
        {
            "ID": lambda: short_id(image.id) if truncate else image.id,
            "Repository": lambda: repository,
            "Tag": lambda: tag,
            "Digest": lambda: digest,
            "CreatedSince": lambda: ago(image.created_ns, now_ns),
            "CreatedAt": lambda: stamp(image.created_ns),
            "Size": lambda: human_size(image.size, 3),
            "Containers": lambda: str(image.containers) if counts else "0",
            "VirtualSize": lambda: human_size(image.size),
            "SharedSize": lambda: human_size(image.shared_size) if counts else NOT_AVAILABLE,
            "UniqueSize": lambda: (
                human_size(image.size - image.shared_size) if counts else NOT_AVAILABLE
            ),
        },
    )


def history_row(entry: HistoryEntry, now_ns: int, *, truncate: bool, human: bool) -> Record:
    created_by = entry.created_by.replace("\t", " ")

    def since() -> str:
        if not human:
            return rfc3339(entry.created_ns)
        return NOT_AVAILABLE if entry.created_ns <= _YEAR_2000 else ago(entry.created_ns, now_ns)

    return Record(
        "*image.historyContext",
        {
            "ID": lambda: short_id(entry.id) if truncate else entry.id,
            "CreatedSince": since,
            "CreatedAt": lambda: rfc3339(entry.created_ns),
            "CreatedBy": lambda: (
                ellipsis(created_by, _CREATED_BY_COLUMNS) if truncate else created_by
            ),
            "Size": lambda: human_size(entry.size, 3) if human else str(entry.size),
            "Comment": lambda: entry.comment,
        },
    )


def volume_row(
    volume: VolumeRecord, *, links: int | None = None, size: int | None = None
) -> Record:
    labels = volume.labels or {}
    return Record(
        "*formatter.volumeContext",
        {
            "Name": lambda: volume.name,
            "Driver": lambda: volume.driver,
            "Scope": lambda: "local",
            "Mountpoint": lambda: volume.directory,
            "Labels": lambda: labels_text(volume.labels),
            "Links": lambda: NOT_AVAILABLE if links is None else str(links),
            "Size": lambda: NOT_AVAILABLE if size is None else human_size(size),
            "Group": lambda: NOT_AVAILABLE,
            "Availability": lambda: NOT_AVAILABLE,
            "Status": lambda: NOT_AVAILABLE,
        },
        {"Label": lambda name: labels.get(name, "")},
    )


def cache_row(record: CacheRecord, now_ns: int, *, truncate: bool) -> Record:
    return Record(
        "*formatter.buildCacheContext",
        {
            "ID": lambda: (
                (short_id(record.id) if truncate else record.id) + ("*" if record.in_use else "")
            ),
            "Parent": lambda: "",
            "CacheType": lambda: record.kind,
            "Description": lambda: "",
            "Size": lambda: human_size(record.size, 3),
            "CreatedAt": lambda: stamp(record.created_ns),
            "CreatedSince": lambda: ago(record.created_ns, now_ns),
            "LastUsedAt": lambda: stamp(record.last_used_ns),
            "LastUsedSince": lambda: ago(record.last_used_ns, now_ns),
            "UsageCount": lambda: str(record.usage),
            "InUse": lambda: "true" if record.in_use else "false",
            "Shared": lambda: "true" if record.shared else "false",
        },
    )


def plain_row(go_type: str, cells: Mapping[str, str]) -> Record:
    """A row of texts that are all known."""

    def constant(text: str) -> object:
        return lambda: text

    return Record(go_type, {name: constant(text) for name, text in cells.items()})  # type: ignore[misc]
