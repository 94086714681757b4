"""The end of a build: the image, its names, the last step of the progress."""

from __future__ import annotations

from dataclasses import replace

from docgen.daemon.build.job import Job, StageState, history_of
from docgen.daemon.buildmodel import BuildResult
from docgen.daemon.imagedata import new_record
from docgen.daemon.refs import parse
from docgen.oci.config import ImageConfig


def finish(job: Job, state: StageState) -> BuildResult:
    """Make the image, or find that it is there already, and give it its names."""
    world = job.world
    config = state.settings.config
    if job.request.labels:
        config = replace(config, labels={**config.labels, **job.request.labels})
    history = history_of(state.base, state.lines)
    image_config = ImageConfig(
        config=config,
        diff_ids=tuple(layer.diff_id for layer in state.layers),
        history=history,
        created_ns=history[-1].created_ns if history else world.clock.now_ns,
    )
    record = new_record(
        world,
        image_config,
        state.layers,
        below=state.base,
        by_buildkit=True,
        args_escaped=state.settings.escaped,
        build=job.number,
    )
    job.cache.export(state.layers)
    vertex = job.vertex("exporting to image")
    if world.images.containerd:
        vertex.notes += [
            "exporting layers done",
            f"exporting manifest {record.id} done",
            f"exporting config {image_config.digest} done",
        ]
    else:
        vertex.notes += ["exporting layers done", f"writing image {record.id} done"]
    for tag in job.request.tags:
        reference = parse(tag).tagged()
        world.images.tag(record.id, reference, keep_old=False)
        if world.images.containerd:
            name = f"{reference.name}:{reference.tag}"
            vertex.notes += [f"naming to {name} done", f"unpacking to {name} done"]
        else:
            shown = reference.name if reference.tag == "latest" else str(reference)
            vertex.notes.append(f"naming to {shown} done")
    if not job.request.tags and world.images.containerd:
        name = f"moby-dangling@{record.id}"
        vertex.notes += [f"naming to {name} done", f"unpacking to {name} done"]
    return BuildResult(record.id, tuple(job.vertices), tuple(job.warnings))
