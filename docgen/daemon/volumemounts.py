"""Volumes with driver options: mounted on their `_data` while somebody uses them (moby volume/local
Mount)."""

from __future__ import annotations

from typing import Final

from docgen.daemon.errors import system
from docgen.daemon.model import VolumeRecord
from docgen.daemon.tmpfs import from_words, tmpfs
from docgen.diagnostics import NotSimulated
from docgen.fs.clock import Clock
from docgen.fs.errors import FsError
from docgen.fs.namespace import Namespace
from docgen.fs.view import View

_MS_RDONLY: Final = 0x1
_MS_BIND: Final = 0x1000
_MS_REC: Final = 0x4000


class VolumeMounts:
    """Counts users; the first mounts, the last unmounts. A tmpfs volume is empty again after
    that."""

    def __init__(self, namespace: Namespace, view: View, clock: Clock) -> None:
        self._namespace = namespace
        self._view = view
        self._clock = clock
        self._active: dict[str, int] = {}

    def mount(self, record: VolumeRecord) -> None:
        """Raises SYSTEM `error while mounting volume '…': failed to mount local volume: …`."""
        if not record.options:
            return
        if not self._active.get(record.name):
            self._mount(record)
        self._active[record.name] = self._active.get(record.name, 0) + 1

    def unmount(self, record: VolumeRecord) -> None:
        if not record.options or not self._active.get(record.name):
            return
        self._active[record.name] -= 1
        if not self._active[record.name]:
            self._namespace.umount(record.directory)

    def is_mounted(self, name: str) -> bool:
        return bool(self._active.get(name))

    def _mount(self, record: VolumeRecord) -> None:
        options = record.options or {}
        kind, device = options["type"], options["device"]
        words = [word for word in options.get("o", "").split(",") if word]
        if "bind" in words or "rbind" in words:
            self._bind(record, device, words)
        elif kind == "tmpfs":
            try:
                mounted = from_words(words)
            except ValueError as error:
                data = ",".join(word for word in words if "=" in word)
                raise system(
                    f"error while mounting volume '{record.directory}': failed to mount local "
                    f"volume: mount {device}:{record.directory}, flags: 0x0, "
                    f"data: {data}: invalid argument"
                ) from error
            fs = tmpfs(self._clock, mounted)
            self._namespace.mount(fs, record.directory, source=device, options=mounted.text)
        else:
            raise NotSimulated(
                f"a volume with type={kind}", "the simulator has type=tmpfs and type=none,o=bind"
            )

    def _bind(self, record: VolumeRecord, device: str, words: list[str]) -> None:
        flags = _MS_BIND | (_MS_REC if "rbind" in words else 0)
        flags |= _MS_RDONLY if "ro" in words else 0
        try:
            self._namespace.bind(self._view, device, record.directory, read_only="ro" in words)
        except FsError as error:
            reason = error.errno.value
            raise system(
                f"error while mounting volume '{record.directory}': failed to mount local volume: "
                f"mount {device}:{record.directory}, flags: {flags:#x}: "
                f"{reason[0].lower()}{reason[1:]}"
            ) from error
