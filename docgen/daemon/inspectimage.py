"""`docker image inspect`, `docker volume inspect` (Docker 28.5.2's keys, in its order)."""

from __future__ import annotations

from typing import Final

from docgen.daemon.goforms import Object, ordered, set_or_null, time_or_zero, words_or_null
from docgen.daemon.image import ImageRecord
from docgen.daemon.listing import repo_digests
from docgen.daemon.model import VolumeRecord
from docgen.daemon.world import World
from docgen.oci.config import INDEX_TYPE, MANIFEST_TYPE, RunConfig
from docgen.oci.gojson import time_text

VERSION: Final = "28.5.2"


def inspect_image(world: World, image: ImageRecord) -> Object:
    """`docker image inspect`."""
    last = image.config.history[-1] if image.config.history else None
    containerd = world.images.containerd
    found: Object = {
        "Id": image.id,
        "RepoTags": list(world.images.names_of(image.id)),
        "RepoDigests": list(repo_digests(world, image)),
        "Parent": image.parent,
        "Comment": last.comment if last else "",
        "Created": time_text(image.created_ns),
        "DockerVersion": "" if containerd or image.by_buildkit else VERSION,
        "Author": image.config.author,
        "Architecture": image.config.architecture,
        "Os": image.config.os,
        "Size": image.content_size
        if containerd
        else world.store.image_size(image.layers, image.content_size),
        "GraphDriver": {
            "Data": world.store.graph_driver(image.top) if image.top else None,
            "Name": world.store.driver.shown,
        },
        "RootFS": {"Type": "layers", "Layers": list(image.config.diff_ids)},
        "Metadata": {"LastTagTime": time_or_zero(image.tagged_ns)},
    }
    if containerd:
        found["Descriptor"] = manifest_descriptor(image)
    found["Config"] = image_config(image.run_config, escaped=image.args_escaped)
    return found


def manifest_descriptor(image: ImageRecord) -> Object:
    """What the containerd store calls the image."""
    return {
        "mediaType": INDEX_TYPE if image.by_buildkit else MANIFEST_TYPE,
        "digest": image.id,
        "size": len(image.manifest),
    }


def image_config(config: RunConfig, *, escaped: bool) -> Object:
    """`.Config` of an image; a Dockerfile with CMD or ENTRYPOINT leaves `ArgsEscaped`."""
    found: Object = {}
    if escaped:
        found["ArgsEscaped"] = True
    found["Cmd"] = words_or_null(config.cmd)
    found["Entrypoint"] = words_or_null(config.entrypoint)
    found["Env"] = list(config.env) or None
    if config.exposed_ports:
        found["ExposedPorts"] = set_or_null(config.exposed_ports)
    if config.healthcheck:
        found["Healthcheck"] = config.healthcheck.to_json()
    found["Labels"] = ordered(config.labels) or None
    found["OnBuild"] = list(config.on_build) or None
    if config.shell:
        found["Shell"] = list(config.shell)
    if config.stop_signal:
        found["StopSignal"] = config.stop_signal
    found["User"] = config.user
    found["Volumes"] = set_or_null(config.volumes)
    found["WorkingDir"] = config.working_dir
    return found


def inspect_volume(record: VolumeRecord) -> Object:
    """`docker volume inspect`."""
    return {
        "CreatedAt": time_text(record.created_ns // 10**9 * 10**9),
        "Driver": record.driver,
        "Labels": ordered(record.labels) if record.labels is not None else None,
        "Mountpoint": record.directory,
        "Name": record.name,
        "Options": ordered(record.options) if record.options is not None else None,
        "Scope": "local",
    }
