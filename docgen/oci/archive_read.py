"""What `docker load` and `docker import` find in an archive. Both of Docker's layouts are read:
`manifest.json` (every engine writes it) and a bare OCI layout (`index.json`)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from docgen.frozen import frozen
from docgen.fs.content import Content
from docgen.fs.tree import Tree
from docgen.oci.bytestream import content_digest
from docgen.oci.config import (
    GZIP_LAYER_TYPE,
    LAYER_TYPE,
    Descriptor,
    ImageConfig,
    manifest_bytes,
)
from docgen.oci.config_read import json_of, parse_config
from docgen.oci.ids import digest, hex_of
from docgen.oci.tarform import Type
from docgen.oci.tarread import ArchiveError, read_members
from docgen.oci.unpack import clean, decompressed, unpack

Files = Mapping[str, Content]


@frozen
class LoadedLayer:
    diff_id: str
    """As the image's config says; it was checked unless the layer holds sealed bytes."""
    tree: Tree
    descriptor: Descriptor
    blob: Content
    """As it stood in the archive."""


@frozen
class LoadedImage:
    names: tuple[str, ...]
    """As the archive says them; empty where it says none."""
    config: ImageConfig
    config_bytes: bytes
    """Their digest is the image id on a classic store."""
    manifest: bytes
    """Its digest is the image id on the containerd store."""
    layers: tuple[LoadedLayer, ...]


def load(archive: Content) -> tuple[LoadedImage, ...]:
    """The images of an archive, in its order. Raises ArchiveError, NotSimulated, LimitExceeded."""
    files = _files(archive)
    if "/manifest.json" in files:
        items = _list(json_of(files["/manifest.json"].to_bytes()))
        index = _manifests(files)
        return tuple(_from_item(_mapping(item), files, index) for item in items)
    if "/index.json" in files:
        return tuple(_from_index(files))
    raise ArchiveError("unrecognized image format")


def import_layer(archive: Content) -> LoadedLayer:
    """The one layer that `docker import` makes of a tar; its DiffID is that of the tar as given."""
    plain = decompressed(archive)
    diff_id = content_digest(plain)
    return LoadedLayer(diff_id, unpack(plain), Descriptor(LAYER_TYPE, diff_id, plain.size), plain)


def _files(archive: Content) -> dict[str, Content]:
    """Regular files by absolute path. Links are resolved once, inside the archive: a blob that two
    images share may be written so by an old engine."""
    files: dict[str, Content] = {}
    for member, data in read_members(decompressed(archive)):
        path = clean(member.name)
        match member.type:
            case Type.FILE:
                files[path] = data
            case Type.HARD_LINK | Type.SYMLINK:
                here = posixpath.dirname(path) if member.type is Type.SYMLINK else "/"
                target = clean(posixpath.join(here, member.link))
                if target not in files:
                    raise ArchiveError(f"open {path}: no such file or directory")
                files[path] = files[target]
            case _:
                pass
    return files


def _file(files: Files, name: str) -> Content:
    path = clean(name)
    if path not in files:
        raise ArchiveError(f"open {path}: no such file or directory")
    return files[path]


def _from_item(item: Mapping[str, Any], files: Files, index: Mapping[str, bytes]) -> LoadedImage:
    """An image by its line of `manifest.json` (moby, image/tarexport/load.go)."""
    raw = _file(files, _text(item.get("Config"))).to_bytes()
    config = parse_config(raw)
    paths = [_text(path) for path in _list(item.get("Layers") or [])]
    if len(paths) != len(config.diff_ids):
        raise ArchiveError(
            "invalid manifest, layers length mismatch: "
            f"expected {len(paths)}, got {len(config.diff_ids)}"
        )
    pairs = zip(config.diff_ids, paths, strict=True)
    layers = tuple(
        _layer(place, diff_id, _file(files, path)) for place, (diff_id, path) in enumerate(pairs)
    )
    names = tuple(_text(name) for name in _list(item.get("RepoTags") or []))
    plain = manifest_bytes(raw, [layer.descriptor for layer in layers])
    return LoadedImage(names, config, raw, index.get(digest(raw), plain), layers)


def _layer(place: int, diff_id: str, blob: Content) -> LoadedLayer:
    plain = decompressed(blob)
    found = content_digest(plain)
    if found != diff_id and not plain.is_sealed:
        raise ArchiveError(f'invalid diffID for layer {place}: expected "{diff_id}", got "{found}"')
    if plain is blob:
        return LoadedLayer(diff_id, unpack(plain), Descriptor(LAYER_TYPE, diff_id, blob.size), blob)
    descriptor = Descriptor(GZIP_LAYER_TYPE, content_digest(blob), blob.size)
    return LoadedLayer(diff_id, unpack(plain), descriptor, blob)


def _manifests(files: Files) -> dict[str, bytes]:
    """Digest of a config to the manifest that names it, where the archive is an OCI layout too."""
    if "/index.json" not in files:
        return {}
    found = {}
    for pointer in _pointers(files):
        data = _blob(files, pointer).to_bytes()
        config = _mapping(_mapping(json_of(data)).get("config") or {})
        found[_text(config.get("digest"))] = data
    return found


def _from_index(files: Files) -> Iterator[LoadedImage]:
    for pointer in _pointers(files):
        data = _blob(files, pointer).to_bytes()
        manifest = _mapping(json_of(data))
        raw = _blob(files, _mapping(manifest.get("config"))).to_bytes()
        config = parse_config(raw)
        rows = [_mapping(one) for one in _list(manifest.get("layers"))]
        if len(rows) != len(config.diff_ids):
            raise ArchiveError("number of layers and diffIDs don't match")
        pairs = zip(config.diff_ids, rows, strict=True)
        layers = tuple(
            _layer(place, diff_id, _blob(files, row)) for place, (diff_id, row) in enumerate(pairs)
        )
        notes = _mapping(pointer.get("annotations") or {})
        name = notes.get("io.containerd.image.name") or ""
        yield LoadedImage((_text(name),) if name else (), config, raw, data, layers)


def _pointers(files: Files) -> Iterator[Mapping[str, Any]]:
    """The image manifests of `index.json`; each blob once."""
    seen = set()
    index = _mapping(json_of(files["/index.json"].to_bytes()))
    for one in _list(index.get("manifests") or []):
        pointer = _mapping(one)
        if pointer.get("digest") not in seen:
            seen.add(_text(pointer.get("digest")))
            yield pointer


def _blob(files: Files, pointer: Mapping[str, Any]) -> Content:
    name = _text(pointer.get("digest"))
    blob = _file(files, f"blobs/sha256/{hex_of(name)}")
    if not blob.is_sealed and content_digest(blob) != name:
        raise ArchiveError(f"unexpected commit digest {content_digest(blob)}, expected {name}")
    return blob


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ArchiveError("invalid image manifest")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ArchiveError("invalid image manifest")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ArchiveError("invalid image manifest")
    return value
