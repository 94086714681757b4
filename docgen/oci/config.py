"""The image config, its manifest and index: the JSON that image ids are digests of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Final

from docgen.frozen import frozen
from docgen.oci.gojson import Json, encode, time_text, without_empty
from docgen.oci.ids import chain_id, digest

MANIFEST_TYPE: Final = "application/vnd.oci.image.manifest.v1+json"
INDEX_TYPE: Final = "application/vnd.oci.image.index.v1+json"
CONFIG_TYPE: Final = "application/vnd.oci.image.config.v1+json"
LAYER_TYPE: Final = "application/vnd.oci.image.layer.v1.tar"
"""A layer blob as plain tar: its digest is the DiffID. What a classic store saves."""
GZIP_LAYER_TYPE: Final = "application/vnd.oci.image.layer.v1.tar+gzip"
DEFAULT_PATH: Final = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@frozen
class Healthcheck:
    test: tuple[str, ...] = ()
    interval_ns: int = 0
    timeout_ns: int = 0
    start_period_ns: int = 0
    start_interval_ns: int = 0
    retries: int = 0

    def to_json(self) -> dict[str, Json]:
        return without_empty(
            {
                "Test": self.test,
                "Interval": self.interval_ns,
                "Timeout": self.timeout_ns,
                "StartPeriod": self.start_period_ns,
                "StartInterval": self.start_interval_ns,
                "Retries": self.retries,
            }
        )


@frozen
class RunConfig:
    """What an image says about the containers made from it."""

    user: str = ""
    exposed_ports: tuple[str, ...] = ()
    """`80/tcp`, as written to the config."""
    env: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None
    volumes: tuple[str, ...] = ()
    working_dir: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    stop_signal: str = ""
    healthcheck: Healthcheck | None = None
    on_build: tuple[str, ...] = ()
    shell: tuple[str, ...] | None = None

    def to_json(self) -> dict[str, Json]:
        """Key order and omissions of the OCI struct with Docker's extensions after it."""
        return without_empty(
            {
                "User": self.user,
                "ExposedPorts": _set(self.exposed_ports),
                "Env": self.env,
                "Entrypoint": self.entrypoint,
                "Cmd": self.cmd,
                "Volumes": _set(self.volumes),
                "WorkingDir": self.working_dir,
                "Labels": {key: self.labels[key] for key in sorted(self.labels)},
                "StopSignal": self.stop_signal,
                "Healthcheck": self.healthcheck.to_json() if self.healthcheck else None,
                "OnBuild": self.on_build,
                "Shell": self.shell,
            }
        )


def _set(values: Sequence[str]) -> dict[str, Json]:
    """Go's map[string]struct{}, keys sorted."""
    return {value: {} for value in sorted(values)}


@frozen
class History:
    """One line of `docker history`, base first in an image."""

    created_ns: int
    created_by: str = ""
    comment: str = ""
    author: str = ""
    empty_layer: bool = False
    """No layer belongs to it: metadata only, or a commit that changed nothing."""

    def to_json(self) -> dict[str, Json]:
        return {
            "created": time_text(self.created_ns),
            **without_empty(
                {
                    "created_by": self.created_by,
                    "author": self.author,
                    "comment": self.comment,
                    "empty_layer": self.empty_layer,
                }
            ),
        }


@frozen
class ImageConfig:
    """An image without its layers' bytes (OCI image-spec, config.md)."""

    config: RunConfig = field(default_factory=RunConfig)
    diff_ids: tuple[str, ...] = ()
    """Base first."""
    history: tuple[History, ...] = ()
    created_ns: int = 0
    author: str = ""
    architecture: str = "amd64"
    os: str = "linux"

    @property
    def chain_id(self) -> str:
        return chain_id(self.diff_ids)

    def to_bytes(self) -> bytes:
        """Top-level keys sorted, as moby's image.Image writes itself."""
        return encode(
            {
                "architecture": self.architecture,
                **without_empty({"author": self.author}),
                "config": self.config.to_json(),
                "created": time_text(self.created_ns),
                "history": [one.to_json() for one in self.history],
                "os": self.os,
                "rootfs": {"type": "layers", "diff_ids": self.diff_ids},
            }
        )

    @property
    def digest(self) -> str:
        """The image id on a classic store."""
        return digest(self.to_bytes())


@frozen
class Descriptor:
    """A pointer to a blob."""

    media_type: str
    digest: str
    size: int
    """Bytes of the blob."""
    annotations: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Json]:
        plain: dict[str, Json] = {
            "mediaType": self.media_type,
            "digest": self.digest,
            "size": self.size,
        }
        if self.annotations:
            plain["annotations"] = {key: self.annotations[key] for key in sorted(self.annotations)}
        return plain


def describe(
    media_type: str, data: bytes, annotations: Mapping[str, str] | None = None
) -> Descriptor:
    """The descriptor of a blob that is at hand."""
    return Descriptor(media_type, digest(data), len(data), annotations or {})


def manifest_bytes(config: bytes, layers: Sequence[Descriptor]) -> bytes:
    """The manifest of an image; its digest is the image id on the containerd store."""
    return encode(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": describe(CONFIG_TYPE, config).to_json(),
            "layers": [one.to_json() for one in layers],
        }
    )


def index_bytes(manifests: Sequence[Descriptor]) -> bytes:
    """`index.json` of an OCI layout."""
    return encode(
        {
            "schemaVersion": 2,
            "mediaType": INDEX_TYPE,
            "manifests": [one.to_json() for one in manifests],
        }
    )
