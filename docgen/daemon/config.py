"""The configuration of a container: the image's, with what was asked for laid over it (moby
daemon/commit.go merge)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from docgen.daemon.errors import invalid
from docgen.daemon.model import ContainerSpec, MountType
from docgen.oci.config import Healthcheck, RunConfig


def from_spec(spec: ContainerSpec) -> RunConfig:
    """What the person asked for; anonymous `-v /path` volumes are part of it."""
    return RunConfig(
        user=spec.user,
        exposed_ports=spec.exposed_ports,
        env=spec.env,
        entrypoint=spec.entrypoint,
        cmd=spec.command or None,
        volumes=tuple(
            one.target
            for one in spec.mounts
            if one.type is MountType.VOLUME and not one.source and not one.from_mount_flag
        ),
        working_dir=spec.working_dir,
        labels=spec.labels,
        stop_signal=spec.stop_signal,
    )


def merge(user: RunConfig, image: RunConfig) -> RunConfig:
    """`user` over `image`."""
    entrypoint, cmd = user.entrypoint, user.cmd
    if not entrypoint:
        cmd = cmd or image.cmd
        if entrypoint is None:
            entrypoint = image.entrypoint
    return RunConfig(
        user=user.user or image.user,
        exposed_ports=_union(user.exposed_ports, image.exposed_ports),
        env=merge_env(user.env, image.env),
        entrypoint=entrypoint,
        cmd=cmd,
        volumes=_union(user.volumes, image.volumes),
        working_dir=user.working_dir or image.working_dir,
        labels={**image.labels, **user.labels},
        stop_signal=user.stop_signal or image.stop_signal,
        healthcheck=_merge_health(user.healthcheck, image.healthcheck),
        on_build=user.on_build,
        shell=user.shell or image.shell,
    )


def for_container(spec: ContainerSpec, image: RunConfig) -> RunConfig:
    """`.Config` of a container. Raises INVALID `no command specified`."""
    merged = merge(from_spec(spec), image)
    entrypoint = None if merged.entrypoint == ("",) else merged.entrypoint
    if not entrypoint and not merged.cmd:
        raise invalid("no command specified")
    return RunConfig(
        user=merged.user,
        exposed_ports=merged.exposed_ports,
        env=merged.env,
        entrypoint=entrypoint,
        cmd=merged.cmd,
        volumes=merged.volumes,
        working_dir=merged.working_dir,
        labels=merged.labels,
        stop_signal=merged.stop_signal,
        healthcheck=merged.healthcheck,
    )


def program(config: RunConfig) -> tuple[str, tuple[str, ...]]:
    """`.Path` and `.Args`."""
    words = (*(config.entrypoint or ()), *(config.cmd or ()))
    return words[0], words[1:]


def merge_env(user: Iterable[str], image: Iterable[str]) -> tuple[str, ...]:
    """The person's, then what the image has besides."""
    mine = tuple(user)
    known = {one.partition("=")[0] for one in mine}
    return (*mine, *(one for one in image if one.partition("=")[0] not in known))


def process_env(base: Mapping[str, str], overrides: Iterable[str]) -> dict[str, str]:
    """The environment of a process: overrides replace in place; a name without `=` takes it
    away."""
    env = dict(base)
    for one in overrides:
        name, equals, value = one.partition("=")
        if equals:
            env[name] = value
        else:
            env.pop(name, None)
    return env


def _union(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _merge_health(user: Healthcheck | None, image: Healthcheck | None) -> Healthcheck | None:
    if user is None or image is None:
        return user or image
    return Healthcheck(
        test=user.test or image.test,
        interval_ns=user.interval_ns or image.interval_ns,
        timeout_ns=user.timeout_ns or image.timeout_ns,
        start_period_ns=user.start_period_ns or image.start_period_ns,
        start_interval_ns=user.start_interval_ns or image.start_interval_ns,
        retries=user.retries or image.retries,
    )
