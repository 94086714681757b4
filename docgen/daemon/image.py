"""An image as the daemon keeps it."""

from __future__ import annotations

from dataclasses import dataclass

from docgen.daemon.model import ContainerConfig
from docgen.oci.config import ImageConfig
from docgen.store.layers import Layer


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """One image; its names live in `ImageStore`."""

    id: str
    """`sha256:…`: the config's digest on a classic store, the manifest's on the containerd store."""
    config: ImageConfig
    """The OCI image configuration, whose bytes the ids come from."""
    layers: tuple[Layer, ...]
    """Base first."""
    container_config: ContainerConfig
    """The same `config` object, as the daemon's noun."""
    created_ns: int
    content_size: int
    """Compressed layers, configuration and manifest: what the containerd store keeps beside the snapshots."""
    parent: str = ""
    """Id of the image it was committed from (classic store); '' else."""
    comment: str = ""
    author: str = ""

    @property
    def short_id(self) -> str:
        return self.id.removeprefix("sha256:")[:12]

    @property
    def top(self) -> Layer | None:
        return self.layers[-1] if self.layers else None
