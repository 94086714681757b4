"""dockerd: every request of the command line is one method here.

Short requests are plain calls. What may have to wait is a `Steps` generator: drive it with `yield
from`.
All raise `DaemonError` (text after `Error response from daemon: `); `NotSimulated` passes through.
`ref` is what a person types: a name, a full id, or the beginning of an id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docgen.daemon import archives, commit, imageremoval, info, inspectimage, listing, usage
from docgen.daemon.answers import (
    DiskUsage,
    HistoryEntry,
    ImageDeletion,
    ImageSummary,
    LoadedImage,
    PruneReport,
)
from docgen.daemon.buildmodel import BuildRequest, BuildResult
from docgen.daemon.container import Container
from docgen.daemon.containerrequests import ContainerRequests, Json
from docgen.daemon.image import ImageRecord
from docgen.daemon.launch import exit_status_of
from docgen.daemon.model import Filters, VolumeRecord
from docgen.daemon.refs import parse
from docgen.daemon.waits import Steps
from docgen.fs.content import Content

__all__ = ["Daemon", "Json", "exit_status_of"]


class Daemon(ContainerRequests):
    """One dockerd on one host."""

    # --- images -------------------------------------------------------------------------------

    def image(self, ref: str) -> ImageRecord:
        """By name, `name:tag`, id or its beginning. Raises NOT_FOUND `No such image: NAME:TAG`."""
        return self._world.images.resolve(ref)

    def images(
        self,
        filters: Filters | None = None,
        *,
        all: bool = False,  # noqa: A002 - the option's own name
    ) -> tuple[ImageSummary, ...]:
        """Newest first."""
        return listing.images(self._world, filters or {}, everything=all)

    def tag(self, source: str, target: str) -> None:
        """A further name; one that is taken moves."""
        world = self._work()
        world.images.tag(world.images.resolve(source).id, parse(target))

    def remove_image(
        self, ref: str, *, force: bool = False, prune: bool = True
    ) -> tuple[ImageDeletion, ...]:
        """Raises NOT_FOUND, CONFLICT `conflict: unable to …`."""
        return imageremoval.remove_image(self._work(), ref, force=force, prune=prune)

    def history(self, ref: str) -> tuple[HistoryEntry, ...]:
        """Newest first."""
        return archives.history(self._world, self._world.images.resolve(ref))

    def inspect_image(self, ref: str) -> Json:
        """`docker image inspect`."""
        return inspectimage.inspect_image(self._world, self._world.images.resolve(ref))

    def prune_images(
        self,
        filters: Filters | None = None,
        *,
        all: bool = False,  # noqa: A002 - the option's own name
    ) -> PruneReport:
        """Dangling ones, or all that no container uses."""
        return imageremoval.prune_images(self._work(), filters or {}, all_unused=all)

    def build(self, request: BuildRequest) -> Steps[BuildResult]:
        """Raises BuildError; ClientError for a context the client refuses."""
        self._work()
        return (yield from self._builder.build(request))

    def import_image(
        self,
        archive: Content,
        reference: str = "",
        *,
        changes: Sequence[str] = (),
        message: str = "",
    ) -> str:
        """One layer from a tar; the image's id."""
        return commit.import_image(self._work(), archive, reference, changes, message)

    def save(self, refs: Sequence[str]) -> Content:
        """Images as one archive."""
        return archives.save(self._world, refs)

    def load(self, archive: Content) -> tuple[LoadedImage, ...]:
        """Raises SYSTEM with the engine's text for what is no archive."""
        return archives.load(self._work(), archive)

    # --- volumes ------------------------------------------------------------------------------

    def create_volume(
        self,
        name: str = "",
        *,
        driver: str = "local",
        options: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> VolumeRecord:
        """An existing one of the same driver is returned as it is. '' = a new anonymous volume."""
        return self._world.volumes.create(name, driver, options, labels)

    def volume(self, name: str) -> VolumeRecord:
        """Raises NOT_FOUND `get NAME: no such volume`."""
        return self._world.volumes.get(name)

    def volumes(self, filters: Filters | None = None) -> tuple[VolumeRecord, ...]:
        """Sorted by name. Filters: dangling, driver, label, name."""
        return listing.volumes(self._world, filters or {})

    def volume_users(self, name: str) -> tuple[Container, ...]:
        """Containers in any state that refer to it, in order of creation."""
        users = self._world.volumes.users(name)
        return tuple(one for one in self._world.containers if one.id in users)

    def remove_volume(self, name: str, *, force: bool = False) -> None:
        """Raises CONFLICT `remove NAME: volume is in use - [ID, …]`."""
        self._world.volumes.remove(name, force=force)

    def inspect_volume(self, name: str) -> Json:
        """`docker volume inspect`."""
        return inspectimage.inspect_volume(self._world.volumes.get(name))

    def prune_volumes(self, filters: Filters | None = None) -> PruneReport:
        """Anonymous ones only, unless filter `all=true|1`; never one with driver options."""
        return usage.prune_volumes(self._world, filters or {})

    # --- system -------------------------------------------------------------------------------

    def disk_usage(self) -> DiskUsage:
        """All of `docker system df -v`."""
        return usage.disk_usage(self._world, self._cache.records(self._world.images.chains()))

    def prune_build_cache(self, *, all: bool = False) -> PruneReport:  # noqa: A002
        """What no image holds; with `all`, everything."""
        self._work()
        return self._cache.prune(self._world.images.chains(), everything=all)

    def info(self) -> Json:
        """`docker info --format json`: keys in the engine's order."""
        return info.info(self._world)

    def version(self) -> Json:
        """`docker version --format json`."""
        return info.version()
