"""Requests about containers, and about the data in them. See `Daemon`."""

from __future__ import annotations

from collections.abc import Mapping

from docgen.daemon import (
    attach,
    commit,
    containerfs,
    copy,
    execs,
    inspect,
    lifecycle,
    listing,
    requests,
    stopping,
    usage,
)
from docgen.daemon.answers import PathStat, PruneReport
from docgen.daemon.container import Container
from docgen.daemon.create import create
from docgen.daemon.model import (
    AttachStreams,
    CommitOptions,
    ContainerSpec,
    ExecSpec,
    Filters,
    LogLine,
    RestartPolicy,
)
from docgen.daemon.requested import Requested
from docgen.daemon.waits import Steps
from docgen.fs.changes import Change
from docgen.fs.content import Content
from docgen.fs.view import View
from docgen.oci.gojson import Json as JsonValue

Json = Mapping[str, JsonValue]


class ContainerRequests(Requested):
    """Short requests are plain calls; what may have to wait is a `Steps` generator."""

    # --- containers -------------------------------------------------------------------------

    def create(self, spec: ContainerSpec) -> Container:
        """`docker create`. Volumes are created (and empty ones filled) now; they stay when a later
        check fails.

        Raises NOT_FOUND `No such image: NAME:TAG` (the command line then says `Unable to find
        image`), CONFLICT for a taken name, INVALID for a bad name, mount or mode.
        """
        return create(self._work(), spec)

    def container(self, ref: str) -> Container:
        """Raises NOT_FOUND `No such container: REF`, INVALID for an ambiguous prefix."""
        return self._world.containers.get(ref)

    def containers(
        self,
        filters: Filters | None = None,
        *,
        all: bool = True,  # noqa: A002 - the option's own name
    ) -> tuple[Container, ...]:
        """Newest first, as `docker ps` lists. Raises INVALID `invalid filter 'KEY'`."""
        return listing.containers(self._world, filters or {}, everything=all)

    def attach(self, ref: str, streams: AttachStreams) -> None:
        """Connect a client's streams, now or at the next start; they are let go at exit."""
        attach.attach_streams(self._world.containers.get(ref), streams)

    def start(self, ref: str) -> Steps[None]:
        """Does nothing when it runs. On failure the container stays created, with ExitCode 126, 127
        or 128."""
        world, container = self._at(ref)
        lifecycle.start(world, container)
        return
        yield  # a generator: the caller drives it like the other long requests

    def stop(self, ref: str, timeout: int | None = None, signal: str = "") -> Steps[None]:
        """The stop signal, then after `timeout` virtual seconds (default 10; -1: never) KILL."""
        yield from requests.stop(*self._at(ref), ref, timeout, signal)

    def kill(self, ref: str, signal: str = "") -> Steps[None]:
        """Default KILL. Raises CONFLICT `cannot kill container: …: container … is not running`."""
        yield from requests.kill(self._work(), ref, signal)

    def restart(self, ref: str, timeout: int | None = None, signal: str = "") -> Steps[None]:
        """Stop, then start."""
        yield from requests.restart(*self._at(ref), ref, timeout, signal)

    def pause(self, ref: str) -> None:
        """Raises CONFLICT when it is paused already, or does not run."""
        stopping.pause(*self._at(ref))

    def unpause(self, ref: str) -> None:
        """Raises CONFLICT when it is not paused."""
        stopping.unpause(*self._at(ref))

    def wait(self, ref: str, condition: str = "not-running") -> Steps[int]:
        """Exit code. `condition`: `not-running`, `next-exit`, `removed`; counted from this call,
        not
        from the first step."""
        return requests.wait(self._world.containers.get(ref), condition)

    def update(self, ref: str, resources: Json, restart: RestartPolicy | None = None) -> None:
        """`docker update`: keys of `.HostConfig`, the restart policy. Raises INVALID, CONFLICT."""
        requests.update(*self._at(ref), resources, restart)

    def rename(self, ref: str, name: str) -> None:
        """Raises INVALID, CONFLICT."""
        requests.rename(*self._at(ref), name)

    def remove(self, ref: str, *, force: bool = False, volumes: bool = False) -> Steps[None]:
        """`docker rm`. CONFLICT when it runs and `force` is not given."""
        yield from stopping.remove(*self._at(ref), ref, force=force, volumes=volumes)
        self._work()

    def exec(self, ref: str, spec: ExecSpec, streams: AttachStreams) -> Steps[int]:
        """Run one more program in a running container; its exit code (0 at once when detached).

        A program that cannot be started raises INVALID `OCI runtime exec failed: …`; the exit
        status is then 126, 127 or 128 (`exit_status_of`).
        """
        return (yield from execs.execute(*self._at(ref), ref, spec, streams))

    def logs(
        self,
        ref: str,
        *,
        tail: int | None = None,
        since_ns: int | None = None,
        until_ns: int | None = None,
    ) -> tuple[LogLine, ...]:
        """Raises INVALID for a log driver that cannot be read."""
        return requests.logs(self._world.containers.get(ref), tail, since_ns, until_ns)

    def changes(self, ref: str) -> tuple[Change, ...]:
        """`docker diff`, sorted by path (the engine's own order is not fixed)."""
        world, container = self._at(ref)
        return world.store.changes(container.rw)

    def container_size(self, ref: str) -> tuple[int, int]:
        """(writable layer, virtual) in bytes: SIZE of `docker ps -s`."""
        return usage.container_size(self._world, self._world.containers.get(ref))

    def inspect_container(self, ref: str, *, size: bool = False) -> Json:
        """`docker container inspect`: keys in the engine's order."""
        container = self._world.containers.get(ref)
        return inspect.inspect_container(self._world, container, size=size)

    def prune_containers(self, filters: Filters | None = None) -> PruneReport:
        """All that do not run."""
        return usage.prune_containers(self._work(), filters or {})

    # --- data in and out ---------------------------------------------------------------------

    def stat_path(self, ref: str, path: str) -> PathStat:
        """Raises NOT_FOUND `Could not find the file PATH in container REF`."""
        return containerfs.stat_path(*self._at(ref), ref, path)

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
        """`docker cp REF:PATH TARGET`; bytes copied. ClientError for what the client refuses
        itself.

        Files on the host belong to who copies, also with `archive` (the engine ignores it here).
        """
        del archive
        target = copy.checked_output(view, target)
        return copy.copy_from(*self._at(ref), ref, path, view, target, follow=follow)

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
        info_of_source = copy.source_info(view, source, follow=follow)
        world, container = self._at(ref)
        return copy.copy_to(world, view, info_of_source, container, ref, path, archive=archive)

    def read_archive(self, ref: str, path: str, *, follow: bool = False) -> Content:
        """`docker cp REF:PATH -`: a tar stream."""
        return copy.read_archive(*self._at(ref), ref, path, follow=follow)

    def write_archive(
        self, ref: str, path: str, archive: Content, *, keep_owner: bool = False
    ) -> None:
        """`docker cp - REF:PATH`: PATH must be an existing directory."""
        copy.write_archive(*self._at(ref), ref, path, archive, keep_owner=keep_owner)

    def export(self, ref: str) -> Content:
        """`docker export`: the flattened root file system as tar, without volumes."""
        return commit.export(*self._at(ref))

    def commit(self, ref: str, options: CommitOptions) -> str:
        """New image's id."""
        return commit.commit(*self._at(ref), options)
