"""Images as an archive that `docker load` takes: an OCI layout with the classic index beside it.

The same members serve two readers: the simulator joins the parts to a `Content` (seals stay
seals), a real engine gets plain bytes once `materialise` has put sealed bytes in place.
Source: moby 28.5, image/tarexport/save.go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from docgen.frozen import frozen
from docgen.fs.content import Content
from docgen.oci.bytestream import Sealing, materialise
from docgen.oci.config import MANIFEST_TYPE, Descriptor, describe, index_bytes
from docgen.oci.gojson import Json, encode
from docgen.oci.ids import digest, hex_of
from docgen.oci.tarform import Member, Type
from docgen.oci.tarstream import tar_stream

BLOBS: Final = "blobs/sha256"


@frozen
class Blob:
    """A layer as it stands in an archive."""

    descriptor: Descriptor
    parts: Callable[[], Iterator[Content]]
    """Its bytes, anew for each call."""


@frozen
class SavedImage:
    """One image of an archive, with the names it is saved under."""

    names: tuple[str, ...]
    """`repository:tag`, as a person writes them; may be empty."""
    config: bytes
    manifest: bytes
    layers: tuple[Blob, ...]
    """Base first; a blob that two images share is written once."""


def write(images: Sequence[SavedImage]) -> Iterator[Content]:
    """The archive, part by part."""
    return tar_stream(_members(images))


def write_image(image: SavedImage, *, sealed: Sealing) -> Iterator[bytes]:
    """One image as an archive that a real `docker load` takes, as plain bytes."""
    return materialise(write((image,)), sealed)


def _members(images: Sequence[SavedImage]) -> Iterator[tuple[Member, Iterator[Content]]]:
    """Directories and files in the order in which moby's tar of its work directory has them."""
    yield _directory("blobs"), iter(())
    yield _directory(BLOBS), iter(())
    blobs = _blobs(images)
    for name in sorted(blobs):
        size, parts = blobs[name]
        yield _file(f"{BLOBS}/{name}", size), parts()
    for name, data in sorted(_indexes(images).items()):
        yield _file(name, len(data)), iter((Content.of(data),))


def _directory(name: str) -> Member:
    return Member(name, Type.DIR, 0o755)


def _file(name: str, size: int) -> Member:
    return Member(name, Type.FILE, 0o644, size=size)


def _blobs(
    images: Sequence[SavedImage],
) -> dict[str, tuple[int, Callable[[], Iterator[Content]]]]:
    """Hex digest to size and bytes; what two images share is there once."""
    found: dict[str, tuple[int, Callable[[], Iterator[Content]]]] = {}
    for image in images:
        for data in (image.config, image.manifest):
            found[hex_of(digest(data))] = (len(data), _literal(data))
        for blob in image.layers:
            found[hex_of(blob.descriptor.digest)] = (blob.descriptor.size, blob.parts)
    return found


def _literal(data: bytes) -> Callable[[], Iterator[Content]]:
    return lambda: iter((Content.of(data),))


def _indexes(images: Sequence[SavedImage]) -> dict[str, bytes]:
    """The four small files at the archive's root."""
    files = {
        "oci-layout": b'{"imageLayoutVersion": "1.0.0"}',
        "index.json": index_bytes([one for image in images for one in _descriptors(image)]),
        "manifest.json": encode([_manifest_item(image) for image in images]) + b"\n",
    }
    if repositories := _repositories(images):
        files["repositories"] = encode(repositories) + b"\n"
    return files


def _descriptors(image: SavedImage) -> Iterator[Descriptor]:
    """One for each name: containerd takes the names from the annotations."""
    if not image.names:
        yield describe(MANIFEST_TYPE, image.manifest)
    for name in image.names:
        notes = {
            "io.containerd.image.name": full_name(name),
            "org.opencontainers.image.ref.name": name.rpartition(":")[2],
        }
        yield describe(MANIFEST_TYPE, image.manifest, notes)


def _manifest_item(image: SavedImage) -> dict[str, Json]:
    return {
        "Config": f"{BLOBS}/{hex_of(digest(image.config))}",
        "RepoTags": image.names or None,
        "Layers": [f"{BLOBS}/{hex_of(blob.descriptor.digest)}" for blob in image.layers],
    }


def _repositories(images: Sequence[SavedImage]) -> dict[str, Json]:
    """Repository to tag to the topmost layer, as Docker 1.9 wanted it."""
    tags: dict[str, dict[str, Json]] = {}
    for image in images:
        for name in image.names:
            repository, _, tag = name.rpartition(":")
            top = hex_of(image.layers[-1].descriptor.digest) if image.layers else ""
            tags.setdefault(repository, {})[tag] = top
    return {repository: tags[repository] for repository in sorted(tags)}


def full_name(name: str) -> str:
    """`busybox:latest` as containerd keeps it: `docker.io/library/busybox:latest`."""
    head, slash, _ = name.partition("/")
    if not slash:
        return f"docker.io/library/{name}"
    has_host = "." in head or ":" in head or head == "localhost"
    return name if has_host else f"docker.io/{name}"
