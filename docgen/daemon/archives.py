"""`docker save` and `docker load`, and `docker history`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docgen.daemon.answers import HistoryEntry, LoadedImage
from docgen.daemon.errors import DaemonError, Kind, not_found
from docgen.daemon.image import ImageRecord
from docgen.daemon.imagedata import add_layer, tar_of
from docgen.daemon.refs import is_id_prefix, parse
from docgen.daemon.world import World
from docgen.frozen import frozen
from docgen.fs.content import EMPTY, Content
from docgen.oci import archive as archives
from docgen.oci import archive_read
from docgen.oci.ids import digest
from docgen.oci.layer import WHITEOUT
from docgen.oci.tarread import ArchiveError
from docgen.store.layers import Layer

MISSING = "<missing>"


@frozen
class _Parts:
    """A layer's tar, made when it is written."""

    layer: Layer

    def __call__(self) -> Iterator[Content]:
        return iter((tar_of(self.layer),))


def save(world: World, refs: Sequence[str]) -> Content:
    """The images that are named, with the names that were named."""
    wanted: dict[str, set[str]] = {}
    for ref in refs:
        image = _resolve(world, ref)
        names = wanted.setdefault(image.id, set())
        if not is_id_prefix(image.id, ref):
            reference = parse(ref)
            every = world.images.names_of(image.id)
            names.update(
                [str(reference)]
                if reference.tag
                else [one for one in every if one.startswith(f"{reference.repository}:")]
            )
    whole = EMPTY
    for part in archives.write([_saved(world, key, names) for key, names in wanted.items()]):
        whole = whole.append(part)
    return whole


def _resolve(world: World, ref: str) -> ImageRecord:
    """The classic store's exporter shows a missing name as it was typed, without the tag."""
    try:
        return world.images.resolve(ref)
    except DaemonError as error:
        if error.kind is Kind.NOT_FOUND and not world.images.containerd:
            raise not_found(f"No such image: {ref}") from None
        raise


def _saved(world: World, image_id: str, names: set[str]) -> archives.SavedImage:
    image = world.images.resolve(image_id)
    for layer in image.layers:
        _check_tar_names(world, layer)
    blobs = tuple(
        archives.Blob(descriptor, _Parts(layer))
        for descriptor, layer in zip(image.descriptors, image.layers, strict=True)
    )
    return archives.SavedImage(tuple(sorted(names)), image.config_bytes, image.manifest, blobs)


def _check_tar_names(world: World, layer: Layer) -> None:
    """A real file called `.wh.NAME` cannot be read back from a classic store (observations
    2.10)."""
    if world.images.containerd:
        return
    for path, _, _ in layer.diff.walk():
        if path.rpartition("/")[2].startswith(WHITEOUT):
            where = world.store.directory(layer).removesuffix("/diff")
            raise DaemonError(f"open {where}/merged{path}: no such file or directory", Kind.SYSTEM)


def load(world: World, archive: Content) -> tuple[LoadedImage, ...]:
    """Images with their names. Raises SYSTEM with the engine's text for what is no archive."""
    try:
        found = archive_read.load(archive)
    except ArchiveError as error:
        raise DaemonError(str(error), Kind.SYSTEM) from error
    loaded: list[LoadedImage] = []
    for one in found:
        record = _add(world, one)
        names = [str(parse(name).tagged()) for name in one.names]
        for name in names:
            world.images.name(record.id, name)
        loaded += [LoadedImage(name, record.id) for name in names] or [LoadedImage("", record.id)]
    return tuple(loaded)


def _add(world: World, one: archive_read.LoadedImage) -> ImageRecord:
    lines = [line.created_by for line in one.config.history if not line.empty_layer]
    lines += [""] * (len(one.layers) - len(lines))
    top: Layer | None = None
    for loaded, created_by in zip(one.layers, lines, strict=False):
        top = add_layer(world, top, loaded.tree, created_by, diff_id=loaded.diff_id)
    identity = one.manifest if world.images.containerd else one.config_bytes
    return world.images.add(
        ImageRecord(
            id=digest(identity),
            config=one.config,
            config_bytes=one.config_bytes,
            manifest=one.manifest,
            layers=top.chain() if top is not None else (),
            descriptors=tuple(loaded.descriptor for loaded in one.layers),
            blob_sizes=tuple(loaded.descriptor.size for loaded in one.layers),
        )
    )


def history(world: World, image: ImageRecord) -> tuple[HistoryEntry, ...]:
    """Newest first. A line has an id where an image ends with it: the image itself, or one it was
    committed from."""
    layers = iter(image.layers)
    sizes = [
        0 if line.empty_layer else _size(world, next(layers, None)) for line in image.config.history
    ]
    ids = _ids(world, image)
    found = [
        HistoryEntry(
            id=ids.get(index, MISSING),
            created_ns=line.created_ns,
            created_by=line.created_by,
            size=sizes[index],
            comment=line.comment,
            tags=world.images.names_of(ids[index]) if index in ids else (),
        )
        for index, line in enumerate(image.config.history)
    ]
    return tuple(reversed(found))


def _size(world: World, layer: Layer | None) -> int:
    return world.store.layer_size(layer) if layer is not None else 0


def _ids(world: World, image: ImageRecord) -> dict[int, str]:
    """Index of a history line to the id of the image that ends with it."""
    found = {}
    current: ImageRecord | None = image
    while current is not None:
        found[len(current.config.history) - 1] = current.id
        current = world.images.get(current.parent)
    return found
