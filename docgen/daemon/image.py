"""An image as the daemon keeps it."""

from __future__ import annotations

from typing import Final

from docgen.frozen import frozen
from docgen.oci.config import Descriptor, ImageConfig, RunConfig
from docgen.oci.ids import digest
from docgen.store.layers import Layer

INDEX_BYTES: Final = 990
"""The index that BuildKit makes on the containerd store, about (seen on 28.5.2)."""
ATTESTATION_BYTES: Final = 790
"""Its attestation manifest, about: in SIZE of `docker images`, not in that of `image inspect`."""
PROVENANCE_BYTES: Final = 770
"""What was attested, about: only `docker system df` counts it."""


@frozen
class ImageRecord:
    """One image; its names live in `ImageStore`."""

    id: str
    """`sha256:…`: the config's digest on a classic store, the manifest's on the containerd store.
    """
    config: ImageConfig
    """What the image says of itself."""
    config_bytes: bytes
    """The same as JSON: what the ids come from."""
    manifest: bytes
    """Names the layers as plain tars, so that an exported image loads with the same id."""
    layers: tuple[Layer, ...]
    """Base first."""
    descriptors: tuple[Descriptor, ...]
    """The layers' blobs as the manifest names them."""
    blob_sizes: tuple[int, ...]
    """Bytes of each layer's blob, as the containerd store keeps it (gzip, or as it came)."""
    parent: str = ""
    """Id of the image it was committed from; '' else."""
    by_buildkit: bool = False
    args_escaped: bool = False
    """A Dockerfile set CMD or ENTRYPOINT: BuildKit leaves `ArgsEscaped` in `.Config`."""
    tagged_ns: int | None = None
    """When a name was last given to it."""

    @property
    def run_config(self) -> RunConfig:
        return self.config.config

    @property
    def created_ns(self) -> int:
        return self.config.created_ns

    @property
    def pointers(self) -> tuple[str, ...]:
        """Digests of what stands for the image in the containerd store: BuildKit makes an index, a
        manifest and an attestation; a commit, an import, a load one manifest."""
        if not self.by_buildkit:
            return (self.id,)
        return (
            self.id,
            digest(self.manifest + b"manifest"),
            digest(self.manifest + b"attestation"),
        )

    @property
    def content_size(self) -> int:
        """Bytes of blobs, configuration and manifest: what the containerd store keeps beside the
        snapshots."""
        own = len(self.config_bytes) + len(self.manifest)
        return sum(self.blob_sizes) + own + (INDEX_BYTES if self.by_buildkit else 0)

    @property
    def short_id(self) -> str:
        return self.id.removeprefix("sha256:")[:12]

    @property
    def top(self) -> Layer | None:
        return self.layers[-1] if self.layers else None
