"""`docker commit`, `docker export`, `docker import` (moby daemon/commit.go, export.go,
images/image_import.go)."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.daemon.config import merge
from docgen.daemon.container import Container
from docgen.daemon.copy import joined
from docgen.daemon.errors import DaemonError, Kind
from docgen.daemon.imagedata import add_layer, new_record
from docgen.daemon.model import CommitOptions
from docgen.daemon.refs import parse
from docgen.daemon.world import World
from docgen.fs.content import Content
from docgen.oci.archive_read import import_layer
from docgen.oci.config import History, ImageConfig, RunConfig
from docgen.oci.layer import members
from docgen.oci.tarread import ArchiveError


def commit(world: World, container: Container, options: CommitOptions) -> str:
    """New image's id. An untouched container adds a history line, but no layer."""
    reference = parse(options.repository) if options.repository else None
    own = _changed(container.config, options.changes)
    config = merge(own, container.config)
    below = container.image
    created_by = " ".join((container.path, *container.args))
    diff = world.store.commit_diff(container.rw)
    empty = len(diff) <= 1
    layers = below.layers
    if not empty:
        layer = add_layer(world, below.top, diff, created_by, committed_from=container.rw)
        layers = (*layers, layer)
    now = world.clock.tick()
    line = History(now, created_by, options.message, options.author, empty_layer=empty)
    image_config = ImageConfig(
        config=config,
        diff_ids=tuple(one.diff_id for one in layers),
        history=(*below.config.history, line),
        created_ns=now,
        author=options.author,
    )
    parent = below.id if world.images.get(below.id) is not None else ""
    record = new_record(world, image_config, layers, below=below, parent=parent)
    if reference is not None:
        world.images.tag(record.id, reference)
    return record.id


def export(world: World, container: Container) -> Content:
    """The flattened root as tar; what lies hidden below mounts, and nothing of the mounts."""
    return joined(members(world.store.full_tree(container.rw)))


def import_image(
    world: World, archive: Content, reference: str, changes: Sequence[str], message: str
) -> str:
    """One layer from a tar."""
    named = parse(reference) if reference else None
    config = _changed(RunConfig(), changes)
    try:
        loaded = import_layer(archive)
    except ArchiveError as error:
        raise DaemonError(str(error), Kind.SYSTEM) from error
    layer = add_layer(world, None, loaded.tree, "", diff_id=loaded.diff_id, blob=loaded.blob)
    now = world.clock.tick()
    line = History(now, comment=message or "Imported from -")
    image_config = ImageConfig(config, (layer.diff_id,), (line,), now)
    record = new_record(world, image_config, (layer,))
    if named is not None:
        world.images.tag(record.id, named)
    return record.id


def _changed(config: RunConfig, changes: Sequence[str]) -> RunConfig:
    """With `--change` applied, which needs the Dockerfile's reader."""
    if not changes:
        return config
    from docgen.daemon.changes import apply_changes

    return apply_changes(config, changes)
