"""The volume store: the `local` driver and the references of containers (moby volume/service,
volume/local)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from docgen.daemon import names
from docgen.daemon.errors import DaemonError, Kind, conflict, invalid, not_found
from docgen.daemon.ids import Ids
from docgen.daemon.model import VolumeRecord
from docgen.fs.clock import Clock
from docgen.fs.content import Content
from docgen.fs.filesystem import FileSystem
from docgen.fs.view import View
from docgen.oci.gojson import Json, encode

ROOT: Final = "/var/lib/docker/volumes"
ANONYMOUS_LABEL: Final = "com.docker.volume.anonymous"
_OPTIONS: Final = frozenset({"type", "o", "device", "size"})
_NEEDS: Final = {"type": ("device",), "device": ("type",), "o": ("device", "type")}


class VolumeStore:
    """Volumes of one daemon. Their files lie in the host's file system below `ROOT`."""

    def __init__(self, view: View, clock: Clock, ids: Ids) -> None:
        self._view = view
        self._clock = clock
        self._ids = ids
        self._records: dict[str, VolumeRecord] = {}
        self._users: dict[str, list[str]] = {}
        self._mounted: dict[str, FileSystem] = {}

    def __iter__(self) -> Iterator[VolumeRecord]:
        """Sorted by name."""
        return iter([self._records[name] for name in sorted(self._records)])

    def __len__(self) -> int:
        return len(self._records)

    def get(self, name: str) -> VolumeRecord:
        """Raises NOT_FOUND `get NAME: no such volume`."""
        record = self._records.get(name)
        if record is None:
            raise not_found(f"get {name}: no such volume")
        return record

    def find(self, name: str) -> VolumeRecord | None:
        return self._records.get(name)

    def create(
        self,
        name: str,
        driver: str = "local",
        options: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> VolumeRecord:
        """A new volume, or the existing one as it is. '' makes an anonymous one.

        Raises INVALID for a bad name or option, NOT_FOUND for a driver that is not there.
        """
        anonymous = not name
        if anonymous:
            name = self._ids.next()
            labels = {**(labels or {}), ANONYMOUS_LABEL: ""}
        known = self._records.get(name)
        if known is not None and driver in ("", known.driver):
            return known
        if driver not in ("", "local"):
            text = f'error looking up volume plugin {driver}: plugin "{driver}" not found'
            raise not_found(f"create {name}: {text}")
        _check_name(name)
        _check_options(name, options or {})
        record = VolumeRecord(
            name=name,
            created_ns=self._clock.now_ns,
            options=dict(options) if options else None,
            labels=dict(labels) if labels else None,
            anonymous=ANONYMOUS_LABEL in (labels or {}),
        )
        self._records[name] = record
        self._make_directories(record)
        return record

    def _make_directories(self, record: VolumeRecord) -> None:
        home = f"{ROOT}/{record.name}"
        self._view.mkdir(home, 0o701)
        self._view.mkdir(record.directory, 0o755)
        if record.options:
            options = record.options
            data: dict[str, Json] = {
                "MountType": options.get("type", ""),
                "MountOpts": options.get("o", ""),
                "MountDevice": options.get("device", ""),
                "Quota": {"Size": 0},
            }
            self._view.write_file(f"{home}/opts.json", Content.of(encode(data)), 0o600)

    def remove(self, name: str, *, force: bool = False) -> None:
        """Raises NOT_FOUND (not with `force`), CONFLICT while a container in any state refers to
        it."""
        if force and name not in self._records:
            return
        self.get(name)
        users = self._users.get(name)
        if users:
            raise conflict(f"remove {name}: volume is in use - [{', '.join(users)}]")
        remove_tree(self._view, f"{ROOT}/{name}")
        del self._records[name]

    # --- references ---------------------------------------------------------------------------

    def refer(self, name: str, container_id: str) -> None:
        users = self._users.setdefault(name, [])
        if container_id not in users:
            users.append(container_id)

    def release(self, name: str, container_id: str) -> None:
        users = self._users.get(name, [])
        if container_id in users:
            users.remove(container_id)
        if not users:
            self._users.pop(name, None)

    def users(self, name: str) -> tuple[str, ...]:
        """Container ids, in order of reference."""
        return tuple(self._users.get(name, ()))


def _check_name(name: str) -> None:
    if len(name) == 1:
        text = "volume name is too short, names should be at least two alphanumeric characters"
        raise invalid(f"create {name}: {text}")
    if not names.is_valid(name):
        raise invalid(
            f'create {name}: "{name}" includes invalid characters for a local volume name, only '
            f'"{names.ALLOWED}" are allowed. If you intended to pass a host directory, use '
            "absolute path"
        )


def _check_options(name: str, options: Mapping[str, str]) -> None:
    """moby volume/local validateOpts; map order there is random, ours is the table's."""
    for key in sorted(options):
        if key not in _OPTIONS:
            raise invalid(f'create {name}: invalid option: "{key}"')
    for key, needed in _NEEDS.items():
        missing = next((one for one in needed if not options.get(one)), None)
        if options.get(key) and missing:
            raise invalid(f'create {name}: missing required option: "{missing}"')
    if options.get("size"):
        raise DaemonError(f"create {name}: quota size requested but no quota support", Kind.INVALID)


def remove_tree(view: View, path: str) -> None:
    """`rm -rf`, as the daemon removes its own directories. Symlinks are not followed."""
    todo = [path]
    directories = []
    while todo:
        current = todo.pop()
        directories.append(current)
        for name in view.listdir(current):
            child = f"{current}/{name}"
            if view.stat(child, follow=False).kind == "dir":
                todo.append(child)
            else:
                view.unlink(child)
    for directory in reversed(directories):
        view.rmdir(directory)
