"""What all parts of the daemon share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from docgen.daemon.containers import ContainerStore
from docgen.daemon.ids import Ids
from docgen.daemon.images import ImageStore
from docgen.daemon.runner import Runner
from docgen.daemon.volumemounts import VolumeMounts
from docgen.daemon.volumes import VolumeStore
from docgen.fs.clock import Clock
from docgen.fs.namespace import Namespace
from docgen.fs.plain import PlainFs
from docgen.fs.synthetic import Source
from docgen.fs.view import View
from docgen.store.store import Store

ProcFiles = Callable[[Namespace, str], Mapping[str, Source]]
"""The files of a /proc: of which mounts, of which group of processes ('' = the host's)."""


def plain_proc(namespace: Namespace, group: str) -> Mapping[str, Source]:
    """A /proc that knows the mounts only; the shell room brings the rest."""
    del group
    return {"/mounts": lambda: namespace.mounts_text().encode()}


@dataclass(slots=True, eq=False)
class World:
    """One Docker host's state, behind the requests of `Daemon`."""

    clock: Clock
    driver: str
    store: Store
    ids: Ids
    filesystem: PlainFs
    """The host's root file system."""
    namespace: Namespace
    """The host's mounts."""
    view: View
    """Root's view of the host: how the daemon reads and writes its own files."""
    images: ImageStore
    containers: ContainerStore
    volumes: VolumeStore
    volume_mounts: VolumeMounts
    proc_files: ProcFiles = plain_proc
    runner: Runner | None = None
    generation: int = 0
    """Counts what changed the store: the host's picture of it follows."""
    leased: Callable[[], frozenset[str]] = frozenset
    """Chain ids of the layers that the build cache holds."""
    cache_bytes: Callable[[], int] = int
    """What the build cache takes beside the images' layers (containerd store)."""
    compressed: dict[str, int] = field(default_factory=dict)
    """Gzip sizes of layers, by chain id."""

    def running(self) -> Runner:
        """The program runner. Raises RuntimeError when a host was never given one."""
        if self.runner is None:
            raise RuntimeError("Host.set_runner was not called: nothing can be started")
        return self.runner
