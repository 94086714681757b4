"""Base images: built from their committed manifest, the big file sealed."""

from __future__ import annotations

from functools import cache

from docgen.frozen import frozen
from docgen.fs.content import Content
from docgen.fs.nodes import Dir, File, Meta, Node, Symlink
from docgen.fs.tree import EMPTY_TREE, Draft, Tree
from docgen.oci.archive import Blob, SavedImage
from docgen.oci.base_manifest import BaseManifest, Entry, Seal, base_manifest
from docgen.oci.config import LAYER_TYPE, Descriptor, ImageConfig
from docgen.oci.layer import members
from docgen.oci.tarform import Type
from docgen.oci.tarstream import tar_parts


@frozen
class BaseImage:
    """A whole image that is there before a page starts."""

    name: str
    """`busybox:latest`."""
    config: ImageConfig
    """Its DiffIDs are true ones: not to be computed from the trees, which hold seals."""
    layers: tuple[Tree, ...]
    """Base first."""
    descriptors: tuple[Descriptor, ...]
    """The layers' blobs, plain tar."""
    manifest: bytes
    """Its digest is the image id on the containerd store."""
    seal: Seal

    def saved(self) -> SavedImage:
        """As an archive holds it; `archive.write_image` puts the sealed bytes in place."""
        blobs = (
            Blob(descriptor, lambda tree=tree: tar_parts(members(tree)))  # type: ignore[misc]
            for descriptor, tree in zip(self.descriptors, self.layers, strict=True)
        )
        return SavedImage((self.name,), self.config.to_bytes(), self.manifest, tuple(blobs))


@cache
def base_image(name: str) -> BaseImage:
    """One of `base_manifest.NAMES`. Raises KeyError for another name."""
    manifest = base_manifest(name)
    return BaseImage(
        name=manifest.name,
        config=manifest.config(),
        layers=(_tree(manifest),),
        descriptors=(Descriptor(LAYER_TYPE, manifest.diff_id, manifest.tar_size),),
        manifest=manifest.manifest(),
        seal=manifest.seal,
    )


def _tree(manifest: BaseManifest) -> Tree:
    draft = Draft(EMPTY_TREE)
    time = manifest.created_ns
    draft.put("/", Dir(Meta(0o755, mtime_ns=time, atime_ns=time, ctime_ns=time)))
    for entry in manifest.entries:
        path = "/" + entry.member.name
        if entry.member.type is Type.HARD_LINK:
            draft.hard_link(path, "/" + entry.member.link)
        else:
            draft.put(path, _node(entry, manifest.seal, time))
    return draft.freeze()


def _node(entry: Entry, seal: Seal, time: int) -> Node:
    member = entry.member
    meta = Meta(member.mode, member.uid, member.gid, time, time, time)
    match member.type:
        case Type.DIR:
            return Dir(meta)
        case Type.SYMLINK:
            return Symlink(meta, member.link)
        case _:
            sealed = Content.sealed(seal.size, seal.sha256)
            return File(meta, sealed if entry.sealed else Content.of(entry.data))
