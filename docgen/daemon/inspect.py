"""`docker inspect`: plain data with Docker 28.5.2's keys, in its order (seen on a real engine)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from docgen.daemon.container import Container
from docgen.daemon.containerfiles import hostname_of
from docgen.daemon.image import ImageRecord
from docgen.daemon.listing import repo_digests
from docgen.daemon.model import ContainerSpec, MountPoint, MountSpec, MountType, State, VolumeRecord
from docgen.daemon.usage import container_size
from docgen.daemon.world import World
from docgen.oci.config import INDEX_TYPE, MANIFEST_TYPE, Healthcheck, RunConfig
from docgen.oci.gojson import Json, time_text

ZERO_TIME: Final = "0001-01-01T00:00:00Z"
VERSION: Final = "28.5.2"
_MASKED: Final = (
    *("/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys"),
    *("/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug"),
    *("/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap"),
)
_READ_ONLY: Final = ("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")
Object = dict[str, Json]


def time_or_zero(moment: int | None) -> str:
    return ZERO_TIME if moment is None else time_text(moment)


def _empty_map(keys: Iterable[str]) -> Json:
    """Go's map[string]struct{}; null when there is none."""
    found: Object = {key: {} for key in sorted(keys)}
    return found or None


def _sorted(labels: Mapping[str, str]) -> Object:
    return {key: labels[key] for key in sorted(labels)}


# --- containers -------------------------------------------------------------------------------


def inspect_container(world: World, container: Container, *, size: bool) -> Object:
    """`docker container inspect`."""
    directory = container.directory
    started = container.state.started_ns is not None or world.view.exists(f"{directory}/hosts")

    def below(name: str) -> str:
        return f"{directory}/{name}" if started else ""

    found: Object = {
        "Id": container.id,
        "Created": time_text(container.created_ns),
        "Path": container.path,
        "Args": list(container.args),
        "State": state(container),
        "Image": container.image.id,
        "ResolvConfPath": below("resolv.conf"),
        "HostnamePath": below("hostname"),
        "HostsPath": below("hosts"),
        "LogPath": container.log_path if started else "",
        "Name": f"/{container.name}",
        "RestartCount": container.restart_count,
        "Driver": world.store.driver.shown,
        "Platform": "linux",
        "MountLabel": "",
        "ProcessLabel": "",
        "AppArmorProfile": "",
        "ExecIDs": list(container.exec_ids) or None,
        "HostConfig": host_config(container),
        "GraphDriver": {
            "Data": world.store.graph_driver(container.rw),
            "Name": world.store.driver.shown,
        },
    }
    if size:
        found["SizeRw"], found["SizeRootFs"] = container_size(world, container)
    found["Mounts"] = [mount(one) for one in container.mounts if one.in_mounts]
    found["Config"] = container_config(container)
    found["NetworkSettings"] = network_settings(container)
    if world.images.containerd:
        found["ImageManifestDescriptor"] = {
            **manifest_descriptor(container.image),
            "platform": {"architecture": "amd64", "os": "linux"},
        }
    return found


def state(container: Container) -> Object:
    """`.State`."""
    now = container.state
    return {
        "Status": now.status.value,
        "Running": now.running,
        "Paused": now.status is State.PAUSED,
        "Restarting": now.status is State.RESTARTING,
        "OOMKilled": now.oom_killed,
        "Dead": now.dead,
        "Pid": now.pid,
        "ExitCode": now.exit_code,
        "Error": now.error,
        "StartedAt": time_or_zero(now.started_ns),
        "FinishedAt": time_or_zero(now.finished_ns),
    }


def mount(point: MountPoint) -> Object:
    """One of `.Mounts`: Name and Driver only where there is one."""
    found: Object = {"Type": point.type.value}
    if point.name:
        found["Name"] = point.name
    found["Source"] = point.source
    found["Destination"] = point.destination
    if point.driver:
        found["Driver"] = point.driver
    found["Mode"] = point.mode
    found["RW"] = point.rw
    found["Propagation"] = point.propagation
    return found


def binds(container: Container) -> list[str]:
    """`-v SRC:DST` as the client sent them, sorted (the engine's order is a race)."""
    return sorted(
        ":".join(part for part in (one.source, one.target, one.mode) if part)
        for one in container.spec.mounts
        if one.source and not one.from_mount_flag and one.type is not MountType.TMPFS
    )


def host_config(container: Container) -> Object:
    """`.HostConfig`, and hostconfig.json."""
    spec = container.spec
    tmpfs = {
        one.target: one.tmpfs_options
        for one in spec.mounts
        if one.type is MountType.TMPFS and not one.from_mount_flag
    }
    mounts = [mount_request(one) for one in spec.mounts if one.from_mount_flag]
    found: Object = {
        "Binds": binds(container) or None,
        "ContainerIDFile": "",
        "LogConfig": {"Type": spec.log_driver, "Config": _sorted(spec.log_options)},
        "NetworkMode": spec.network or "bridge",
        "PortBindings": {
            port: [{"HostIp": ip, "HostPort": number} for ip, number in spec.port_bindings[port]]
            for port in sorted(spec.port_bindings)
        },
        "RestartPolicy": {
            "Name": spec.restart.name or "no",
            "MaximumRetryCount": spec.restart.maximum_retry_count,
        },
        "AutoRemove": spec.auto_remove,
        "VolumeDriver": "",
        "VolumesFrom": list(spec.volumes_from) or None,
        "ConsoleSize": [0, 0],
        "CapAdd": None,
        "CapDrop": None,
        "CgroupnsMode": "host",
        "Dns": [],
        "DnsOptions": [],
        "DnsSearch": [],
        "ExtraHosts": None,
        "GroupAdd": None,
        "IpcMode": "private",
        "Cgroup": "",
        "Links": None,
        "OomScoreAdj": 0,
        "PidMode": "",
        "Privileged": spec.privileged,
        "PublishAllPorts": spec.publish_all_ports,
        "ReadonlyRootfs": spec.read_only,
        "SecurityOpt": None,
    }
    if tmpfs:
        found["Tmpfs"] = _sorted(tmpfs)
    found |= {
        "UTSMode": "",
        "UsernsMode": "",
        "ShmSize": spec.shm_size,
        "Runtime": "runc",
        "Isolation": "",
        "CpuShares": 0,
        "Memory": 0,
        "NanoCpus": 0,
        "CgroupParent": "",
        "BlkioWeight": 0,
        "BlkioWeightDevice": [],
        "BlkioDeviceReadBps": [],
        "BlkioDeviceWriteBps": [],
        "BlkioDeviceReadIOps": [],
        "BlkioDeviceWriteIOps": [],
        "CpuPeriod": 0,
        "CpuQuota": 0,
        "CpuRealtimePeriod": 0,
        "CpuRealtimeRuntime": 0,
        "CpusetCpus": "",
        "CpusetMems": "",
        "Devices": [],
        "DeviceCgroupRules": None,
        "DeviceRequests": None,
        "MemoryReservation": 0,
        "MemorySwap": 0,
        "MemorySwappiness": None,
        "OomKillDisable": False,
        "PidsLimit": None,
        "Ulimits": [],
        "CpuCount": 0,
        "CpuPercent": 0,
        "IOMaximumIOps": 0,
        "IOMaximumBandwidth": 0,
    }
    found |= spec.resources
    if mounts:
        found["Mounts"] = mounts
    if spec.init:
        found["Init"] = True
    found["MaskedPaths"] = None if spec.privileged else list(_MASKED)
    found["ReadonlyPaths"] = None if spec.privileged else list(_READ_ONLY)
    return found


def mount_request(spec: MountSpec) -> Object:
    """One of `.HostConfig.Mounts`."""
    found: Object = {"Type": spec.type.value}
    if spec.source:
        found["Source"] = spec.source
    found["Target"] = spec.target
    if spec.read_only:
        found["ReadOnly"] = True
    name, options = _type_options(spec)
    if options:
        found[name] = options
    return found


def _type_options(spec: MountSpec) -> tuple[str, Object]:
    match spec.type:
        case MountType.BIND:
            return "BindOptions", _bind_options(spec)
        case MountType.VOLUME:
            return "VolumeOptions", _volume_options(spec)
        case MountType.TMPFS:
            sizes: Object = {"SizeBytes": spec.tmpfs_size, "Mode": spec.tmpfs_mode}
            return "TmpfsOptions", {key: value for key, value in sizes.items() if value}
        case MountType.IMAGE:
            return "ImageOptions", {"Subpath": spec.subpath} if spec.subpath else {}


def _bind_options(spec: MountSpec) -> Object:
    found: Object = {}
    if spec.propagation:
        found["Propagation"] = spec.propagation
    if spec.recursive == "disabled":
        found["NonRecursive"] = True
    if spec.recursive == "writable":
        found["ReadOnlyNonRecursive"] = True
    if spec.recursive == "readonly":
        found["ReadOnlyForceRecursive"] = True
    return found


def _volume_options(spec: MountSpec) -> Object:
    found: Object = {}
    if spec.no_copy:
        found["NoCopy"] = True
    if spec.volume_labels:
        found["Labels"] = _sorted(spec.volume_labels)
    if spec.subpath:
        found["Subpath"] = spec.subpath
    if spec.volume_driver or spec.volume_options:
        driver: Object = {}
        if spec.volume_driver:
            driver["Name"] = spec.volume_driver
        if spec.volume_options:
            driver["Options"] = _sorted(spec.volume_options)
        found["DriverConfig"] = driver
    return found


def _attached(spec: ContainerSpec, stream: str) -> bool:
    if spec.attach:
        return stream in spec.attach
    return not spec.detach and (stream != "stdin" or spec.interactive)


def container_config(container: Container) -> Object:
    """`.Config` of a container."""
    spec, config = container.spec, container.config
    found: Object = {
        "Hostname": hostname_of(container),
        "Domainname": "",
        "User": config.user,
        "AttachStdin": _attached(spec, "stdin"),
        "AttachStdout": _attached(spec, "stdout"),
        "AttachStderr": _attached(spec, "stderr"),
    }
    if config.exposed_ports:
        found["ExposedPorts"] = _empty_map(config.exposed_ports)
    found |= {
        "Tty": spec.tty,
        "OpenStdin": spec.interactive,
        "StdinOnce": spec.interactive and _attached(spec, "stdin"),
        "Env": list(config.env),
        "Cmd": _words(config.cmd),
    }
    if config.healthcheck:
        found["Healthcheck"] = healthcheck(config.healthcheck)
    found |= {
        "Image": spec.image,
        "Volumes": _empty_map(config.volumes),
        "WorkingDir": config.working_dir,
        "Entrypoint": _words(config.entrypoint),
        "OnBuild": None,
        "Labels": _sorted(config.labels),
    }
    if config.stop_signal:
        found["StopSignal"] = config.stop_signal
    if spec.stop_timeout is not None:
        found["StopTimeout"] = spec.stop_timeout
    return found


def _words(words: tuple[str, ...] | None) -> Json:
    return None if words is None else list(words)


def healthcheck(check: Healthcheck) -> Object:
    return check.to_json()


def network_settings(container: Container) -> Object:
    """No network is simulated: what a container without one says."""
    name = container.spec.network or "bridge"
    endpoint: Object = {
        "IPAMConfig": None,
        "Links": None,
        "Aliases": None,
        "MacAddress": "",
        "DriverOpts": None,
        "GwPriority": 0,
        "NetworkID": "",
        "EndpointID": "",
        "Gateway": "",
        "IPAddress": "",
        "IPPrefixLen": 0,
        "IPv6Gateway": "",
        "GlobalIPv6Address": "",
        "GlobalIPv6PrefixLen": 0,
        "DNSNames": None,
    }
    return {
        "Bridge": "",
        "SandboxID": "",
        "SandboxKey": "",
        "Ports": {},
        "HairpinMode": False,
        "LinkLocalIPv6Address": "",
        "LinkLocalIPv6PrefixLen": 0,
        "SecondaryIPAddresses": None,
        "SecondaryIPv6Addresses": None,
        "EndpointID": "",
        "Gateway": "",
        "GlobalIPv6Address": "",
        "GlobalIPv6PrefixLen": 0,
        "IPAddress": "",
        "IPPrefixLen": 0,
        "IPv6Gateway": "",
        "MacAddress": "",
        "Networks": {name: endpoint},
    }


def config_file(world: World, container: Container) -> Object:
    """config.v2.json, the part that readers look at."""
    return {
        "StreamConfig": {},
        "State": {**state(container), "Health": None},
        "ID": container.id,
        "Created": time_text(container.created_ns),
        "Managed": False,
        "Path": container.path,
        "Args": list(container.args),
        "Config": container_config(container),
        "Image": container.image.id,
        "LogPath": container.log_path,
        "Name": f"/{container.name}",
        "Driver": world.store.driver.shown,
        "OS": "linux",
        "RestartCount": container.restart_count,
        "HasBeenStartedBefore": container.state.started_ns is not None,
        "HasBeenManuallyStopped": container.stopped_by_hand,
        "MountPoints": {one.destination: mount(one) for one in container.mounts if one.in_mounts},
    }


# --- images and volumes -----------------------------------------------------------------------


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
    found["Cmd"] = _words(config.cmd)
    found["Entrypoint"] = _words(config.entrypoint)
    found["Env"] = list(config.env) or None
    if config.exposed_ports:
        found["ExposedPorts"] = _empty_map(config.exposed_ports)
    if config.healthcheck:
        found["Healthcheck"] = healthcheck(config.healthcheck)
    found["Labels"] = _sorted(config.labels) or None
    found["OnBuild"] = list(config.on_build) or None
    if config.shell:
        found["Shell"] = list(config.shell)
    if config.stop_signal:
        found["StopSignal"] = config.stop_signal
    found["User"] = config.user
    found["Volumes"] = _empty_map(config.volumes)
    found["WorkingDir"] = config.working_dir
    return found


def inspect_volume(record: VolumeRecord) -> Object:
    """`docker volume inspect`."""
    return {
        "CreatedAt": time_text(record.created_ns // 10**9 * 10**9),
        "Driver": record.driver,
        "Labels": _sorted(record.labels) if record.labels is not None else None,
        "Mountpoint": record.directory,
        "Name": record.name,
        "Options": _sorted(record.options) if record.options is not None else None,
        "Scope": "local",
    }
