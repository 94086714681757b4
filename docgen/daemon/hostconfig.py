"""`.HostConfig`: what a container was asked to be, in the engine's order of keys."""

from __future__ import annotations

from typing import Final

from docgen.daemon.container import Container
from docgen.daemon.goforms import Object, ordered
from docgen.daemon.model import MountSpec, MountType

_MASKED: Final = (
    *("/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys"),
    *("/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug"),
    *("/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap"),
)
_READ_ONLY: Final = ("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")


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
        "LogConfig": {"Type": spec.log_driver, "Config": ordered(spec.log_options)},
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
        found["Tmpfs"] = ordered(tmpfs)
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
        found["Labels"] = ordered(spec.volume_labels)
    if spec.subpath:
        found["Subpath"] = spec.subpath
    if spec.volume_driver or spec.volume_options:
        driver: Object = {}
        if spec.volume_driver:
            driver["Name"] = spec.volume_driver
        if spec.volume_options:
            driver["Options"] = ordered(spec.volume_options)
        found["DriverConfig"] = driver
    return found
