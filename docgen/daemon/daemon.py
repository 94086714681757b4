"""dockerd: every request of the command line is one method here.

Short requests are plain calls. What may have to wait is a `Steps` generator: drive it with `yield from`.
All raise `DaemonError` (text after `Error response from daemon: `); `NotSimulated` passes through.
`ref` is what a person types: a name, a full id, or the beginning of an id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docgen.daemon.buildmodel import BuildRequest, BuildResult
from docgen.daemon.container import Container
from docgen.daemon.image import ImageRecord
from docgen.daemon.model import (
    AttachStreams,
    CommitOptions,
    ContainerSpec,
    DiskUsage,
    ExecSpec,
    Filters,
    HistoryEntry,
    ImageDeletion,
    ImageSummary,
    LoadedImage,
    LogLine,
    PathStat,
    PruneReport,
    VolumeRecord,
)
from docgen.daemon.waits import Steps
from docgen.fs.changes import Change
from docgen.fs.content import Content
from docgen.fs.view import View

Json = Mapping[str, object]


class Daemon:
    """One dockerd on one host."""

    # --- containers -------------------------------------------------------------------------------

    def create(self, spec: ContainerSpec) -> Container:
        """`docker create`. Volumes are created (and empty ones filled) now; they stay when a later check fails.

        Raises NOT_FOUND `No such image: NAME:TAG` (the command line then says `Unable to find image`),
        CONFLICT for a taken name, INVALID for a bad name, mount or mode.
        """
        raise NotImplementedError

    def container(self, ref: str) -> Container:
        """Raises NOT_FOUND `No such container: REF`, INVALID for an ambiguous prefix."""
        raise NotImplementedError

    def containers(
        self, filters: Filters | None = None, *, all: bool = True
    ) -> tuple[Container, ...]:  # noqa: A002
        """Newest first, as `docker ps` lists. Raises INVALID `invalid filter 'KEY'`."""
        raise NotImplementedError

    def attach(self, ref: str, streams: AttachStreams) -> None:
        """Connect a client's streams; output from now on is copied to them. They are let go at exit."""
        raise NotImplementedError

    def start(self, ref: str) -> Steps[None]:
        """Does nothing when it runs. On failure the container stays created with ExitCode 126/127/128."""
        raise NotImplementedError

    def stop(self, ref: str, timeout: int | None = None, signal: str = "") -> Steps[None]:
        """The stop signal, then after `timeout` virtual seconds (default 10; -1: never) KILL."""
        raise NotImplementedError

    def kill(self, ref: str, signal: str = "") -> Steps[None]:
        """Default KILL. Raises CONFLICT `cannot kill container: …: container … is not running`."""
        raise NotImplementedError

    def restart(self, ref: str, timeout: int | None = None, signal: str = "") -> Steps[None]:
        raise NotImplementedError

    def pause(self, ref: str) -> None:
        raise NotImplementedError

    def unpause(self, ref: str) -> None:
        raise NotImplementedError

    def wait(self, ref: str, condition: str = "not-running") -> Steps[int]:
        """Exit code. `condition`: `not-running`, `next-exit`, `removed`; counted from this call, not from the
        first step."""
        raise NotImplementedError

    def rename(self, ref: str, name: str) -> None:
        raise NotImplementedError

    def remove(self, ref: str, *, force: bool = False, volumes: bool = False) -> Steps[None]:
        """`docker rm`. CONFLICT when it runs and `force` is not given."""
        raise NotImplementedError

    def exec(self, ref: str, spec: ExecSpec, streams: AttachStreams) -> Steps[int]:
        """Run one more program in a running container; its exit code (0 at once when detached).

        A program that cannot be started raises INVALID `OCI runtime exec failed: …`; the exit status is then
        126 or 127 (`exit_status_of`).
        """
        raise NotImplementedError

    def logs(
        self,
        ref: str,
        *,
        tail: int | None = None,
        since_ns: int | None = None,
        until_ns: int | None = None,
    ) -> tuple[LogLine, ...]:
        """Raises INVALID for a log driver that cannot be read."""
        raise NotImplementedError

    def changes(self, ref: str) -> tuple[Change, ...]:
        """`docker diff`, sorted by path (the engine's own order is not fixed)."""
        raise NotImplementedError

    def container_size(self, ref: str) -> tuple[int, int]:
        """(writable layer, virtual) in bytes: SIZE of `docker ps -s`."""
        raise NotImplementedError

    def inspect_container(self, ref: str, *, size: bool = False) -> Json:
        """`docker container inspect`: keys in the engine's order."""
        raise NotImplementedError

    def prune_containers(self, filters: Filters | None = None) -> PruneReport:
        raise NotImplementedError

    # --- data in and out --------------------------------------------------------------------------

    def stat_path(self, ref: str, path: str) -> PathStat:
        """Raises NOT_FOUND `Could not find the file PATH in container REF`."""
        raise NotImplementedError

    def copy_from(
        self,
        ref: str,
        path: str,
        view: View,
        target: str,
        *,
        archive: bool = False,
        follow: bool = False,
    ) -> int:
        """`docker cp REF:PATH TARGET`; bytes copied. ClientError for what the client refuses itself."""
        raise NotImplementedError

    def copy_to(
        self,
        view: View,
        source: str,
        ref: str,
        path: str,
        *,
        archive: bool = False,
        follow: bool = False,
    ) -> int:
        """`docker cp SOURCE REF:PATH`."""
        raise NotImplementedError

    def read_archive(self, ref: str, path: str, *, follow: bool = False) -> Content:
        """`docker cp REF:PATH -`: a tar stream."""
        raise NotImplementedError

    def write_archive(
        self, ref: str, path: str, archive: Content, *, keep_owner: bool = False
    ) -> None:
        """`docker cp - REF:PATH`: PATH must be an existing directory."""
        raise NotImplementedError

    def export(self, ref: str) -> Content:
        """`docker export`: the flattened root file system as tar, without volumes."""
        raise NotImplementedError

    def commit(self, ref: str, options: CommitOptions) -> str:
        """New image's id."""
        raise NotImplementedError

    # --- images -----------------------------------------------------------------------------------

    def image(self, ref: str) -> ImageRecord:
        """By name, `name:tag`, id or its beginning. Raises NOT_FOUND `No such image: NAME:TAG`."""
        raise NotImplementedError

    def images(
        self, filters: Filters | None = None, *, all: bool = False
    ) -> tuple[ImageSummary, ...]:  # noqa: A002
        """Newest first."""
        raise NotImplementedError

    def tag(self, source: str, target: str) -> None:
        raise NotImplementedError

    def remove_image(
        self, ref: str, *, force: bool = False, prune: bool = True
    ) -> tuple[ImageDeletion, ...]:
        raise NotImplementedError

    def history(self, ref: str) -> tuple[HistoryEntry, ...]:
        """Newest first."""
        raise NotImplementedError

    def inspect_image(self, ref: str) -> Json:
        raise NotImplementedError

    def prune_images(self, filters: Filters | None = None, *, all: bool = False) -> PruneReport:  # noqa: A002
        raise NotImplementedError

    def build(self, request: BuildRequest) -> Steps[BuildResult]:
        """Raises BuildError; ClientError for a context the client refuses."""
        raise NotImplementedError

    def import_image(
        self,
        archive: Content,
        reference: str = "",
        *,
        changes: Sequence[str] = (),
        message: str = "",
    ) -> str:
        raise NotImplementedError

    def save(self, refs: Sequence[str]) -> Content:
        raise NotImplementedError

    def load(self, archive: Content) -> tuple[LoadedImage, ...]:
        raise NotImplementedError

    # --- volumes ----------------------------------------------------------------------------------

    def create_volume(
        self,
        name: str = "",
        *,
        driver: str = "local",
        options: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> VolumeRecord:
        """An existing one of the same driver is returned as it is. '' = a new anonymous volume."""
        raise NotImplementedError

    def volume(self, name: str) -> VolumeRecord:
        """Raises NOT_FOUND `get NAME: no such volume`."""
        raise NotImplementedError

    def volumes(self, filters: Filters | None = None) -> tuple[VolumeRecord, ...]:
        """Sorted by name. Filters: dangling, driver, label, name."""
        raise NotImplementedError

    def volume_users(self, name: str) -> tuple[Container, ...]:
        """Containers in any state that refer to it, in order of creation."""
        raise NotImplementedError

    def remove_volume(self, name: str, *, force: bool = False) -> None:
        """Raises CONFLICT `remove NAME: volume is in use - [ID, …]`."""
        raise NotImplementedError

    def inspect_volume(self, name: str) -> Json:
        raise NotImplementedError

    def prune_volumes(self, filters: Filters | None = None) -> PruneReport:
        """Anonymous ones only, unless filter `all=true|1`; never one with driver options."""
        raise NotImplementedError

    # --- system -----------------------------------------------------------------------------------

    def disk_usage(self) -> DiskUsage:
        raise NotImplementedError

    def prune_build_cache(self, *, all: bool = False) -> PruneReport:  # noqa: A002
        raise NotImplementedError

    def info(self) -> Json:
        """`docker info --format json`: keys in the engine's order."""
        raise NotImplementedError

    def version(self) -> Json:
        """`docker version --format json`."""
        raise NotImplementedError


def exit_status_of(error_message: str) -> int:
    """Exit status of `docker run` and `exec` for a daemon error: 127 (not found), 126 (permission), 125.

    Docker's command line decides by the text alone (cli/command/container/run.go toStatusError).
    """
    raise NotImplementedError
