"""Making an image record: from the base image, a commit, a build, an archive."""

from __future__ import annotations

import json
from collections.abc import Sequence

from docgen.daemon.compression import gzip_size
from docgen.daemon.errors import DaemonError, Kind
from docgen.daemon.image import ImageRecord
from docgen.daemon.world import World
from docgen.fs.content import Content
from docgen.fs.tree import Tree
from docgen.oci.base import base_image
from docgen.oci.config import LAYER_TYPE, Descriptor, ImageConfig, manifest_bytes
from docgen.oci.gojson import encode
from docgen.oci.ids import digest
from docgen.oci.layer import layer_tar
from docgen.store.errors import StoreError
from docgen.store.layers import Layer, Writable


def add_layer(
    world: World,
    parent: Layer | None,
    diff: Tree,
    created_by: str,
    *,
    diff_id: str = "",
    blob: Content | None = None,
    built: bool = False,
    committed_from: Writable | None = None,
) -> Layer:
    """Raises SYSTEM `max depth exceeded`."""
    try:
        return world.store.add_layer(
            parent,
            diff,
            created_by,
            diff_id=diff_id,
            blob=blob,
            built=built,
            committed_from=committed_from,
        )
    except StoreError as error:
        raise DaemonError(str(error), Kind.SYSTEM) from error


def tar_of(layer: Layer) -> Content:
    """The layer's tar: as it came, or the canonical one."""
    return layer.blob if layer.blob is not None else layer_tar(layer.diff).content()


def descriptor_of(layer: Layer) -> Descriptor:
    """The layer's blob as a plain tar."""
    size = layer.blob.size if layer.blob is not None else layer_tar(layer.diff).size
    return Descriptor(LAYER_TYPE, layer.diff_id, size)


def new_record(
    world: World,
    config: ImageConfig,
    layers: Sequence[Layer],
    *,
    below: ImageRecord | None = None,
    parent: str = "",
    by_buildkit: bool = False,
    args_escaped: bool = False,
    build: int = 0,
) -> ImageRecord:
    """An image made on this host. `below` is the image it stands on, whose blobs it shares.

    On the containerd store two builds never give the same id, since BuildKit attests each with its
    time
    (engine-observations 2.11): `build` is its number.
    """
    known = below.descriptors if below is not None else ()
    shared = len(known)
    own = layers[shared:]
    descriptors = (*known, *(descriptor_of(layer) for layer in own))
    data = config.to_bytes()
    manifest = manifest_bytes(data, descriptors)
    if build and world.images.containerd:
        manifest = _annotated(manifest, build)
    sizes = below.blob_sizes if below is not None else ()
    sizes = (*sizes, *(blob_size(world, layer) for layer in own))
    return world.images.add(
        ImageRecord(
            id=digest(manifest) if world.images.containerd else digest(data),
            config=config,
            config_bytes=data,
            manifest=manifest,
            layers=tuple(layers),
            descriptors=descriptors,
            blob_sizes=sizes,
            parent=parent,
            by_buildkit=by_buildkit,
            args_escaped=args_escaped,
        )
    )


def _annotated(manifest: bytes, build: int) -> bytes:
    whole = json.loads(manifest)
    whole["annotations"] = {"docgen.build": str(build)}
    return encode(whole)


def blob_size(world: World, layer: Layer) -> int:
    """Bytes of a layer's gzip blob, computed once; a classic store keeps none."""
    if not world.images.containerd:
        return 0
    known = world.compressed.get(layer.chain_id)
    if known is None:
        parts = (layer.blob,) if layer.blob is not None else layer_tar(layer.diff).parts()
        known = world.compressed[layer.chain_id] = gzip_size(parts)
    return known


def load_base_image(world: World, name: str) -> ImageRecord:
    """Put a base image into the store, with its true DiffIDs and ids."""
    base = base_image(name)
    layers: list[Layer] = []
    created_by = base.config.history[0].created_by if base.config.history else ""
    for tree, diff_id in zip(base.layers, base.config.diff_ids, strict=True):
        parent = layers[-1] if layers else None
        layers.append(add_layer(world, parent, tree, created_by, diff_id=diff_id))
    data = base.config.to_bytes()
    record = world.images.add(
        ImageRecord(
            id=digest(base.manifest) if world.images.containerd else digest(data),
            config=base.config,
            config_bytes=data,
            manifest=base.manifest,
            layers=tuple(layers),
            descriptors=base.descriptors,
            blob_sizes=tuple(one.size for one in base.descriptors),
        )
    )
    world.images.name(record.id, base.name)
    return record
