"""`docker info` and `docker version` of the engine that the simulator speaks like."""

from __future__ import annotations

from typing import Final

from docgen.daemon.model import State
from docgen.daemon.tmpfs import MEMORY_BYTES
from docgen.daemon.world import World
from docgen.oci.gojson import Json, time_text

VERSION: Final = "28.5.2"
API_VERSION: Final = "1.51"
KERNEL: Final = "6.18.0"
_RUNC: Final = "1.1.5"


def info(world: World) -> dict[str, Json]:
    """`docker info --format json`, without the client's part."""
    containers = tuple(world.containers)
    paused = sum(one.state.status is State.PAUSED for one in containers)
    running = sum(one.state.running for one in containers) - paused
    images = world.images.name_count() if world.images.containerd else len(world.images)
    return {
        "ID": "00000000-0000-4000-8000-000000000000",
        "Containers": len(containers),
        "ContainersRunning": running,
        "ContainersPaused": paused,
        "ContainersStopped": len(containers) - running - paused,
        "Images": images,
        "Driver": world.store.driver.shown,
        "DriverStatus": [list(pair) for pair in world.store.info()] or None,
        "Plugins": {
            "Volume": ["local"],
            "Network": ["bridge", "host", "ipvlan", "macvlan", "null", "overlay"],
            "Authorization": None,
            "Log": [
                *("awslogs", "fluentd", "gelf", "journald", "json-file"),
                *("local", "splunk", "syslog"),
            ],
        },
        "MemoryLimit": True,
        "SwapLimit": True,
        "CpuCfsPeriod": True,
        "CpuCfsQuota": True,
        "CPUShares": True,
        "CPUSet": True,
        "PidsLimit": True,
        "IPv4Forwarding": True,
        "Debug": False,
        "NFd": 32,
        "OomKillDisable": False,
        "NGoroutines": 52,
        "SystemTime": time_text(world.clock.now_ns),
        "LoggingDriver": "json-file",
        "CgroupDriver": "cgroupfs",
        "CgroupVersion": "2",
        "NEventsListener": 0,
        "KernelVersion": KERNEL,
        "OperatingSystem": "Debian GNU/Linux 12 (bookworm)",
        "OSVersion": "12",
        "OSType": "linux",
        "Architecture": "x86_64",
        "IndexServerAddress": "https://index.docker.io/v1/",
        "RegistryConfig": {
            "IndexConfigs": {
                "docker.io": {"Mirrors": [], "Name": "docker.io", "Official": True, "Secure": True}
            },
            "InsecureRegistryCIDRs": ["::1/128", "127.0.0.0/8"],
            "Mirrors": None,
        },
        "NCPU": 2,
        "MemTotal": MEMORY_BYTES,
        "GenericResources": None,
        "DockerRootDir": "/var/lib/docker",
        "HttpProxy": "",
        "HttpsProxy": "",
        "NoProxy": "",
        "Name": "docker",
        "Labels": [],
        "ExperimentalBuild": False,
        "ServerVersion": VERSION,
        "Runtimes": {"io.containerd.runc.v2": {"path": "runc"}, "runc": {"path": "runc"}},
        "DefaultRuntime": "runc",
        "Swarm": {
            "NodeID": "",
            "NodeAddr": "",
            "LocalNodeState": "inactive",
            "ControlAvailable": False,
            "Error": "",
            "RemoteManagers": None,
        },
        "LiveRestoreEnabled": False,
        "Isolation": "",
        "InitBinary": "docker-init",
        "ContainerdCommit": {"ID": ""},
        "RuncCommit": {"ID": ""},
        "InitCommit": {"ID": ""},
        "SecurityOptions": ["name=seccomp,profile=builtin"],
        "CDISpecDirs": ["/etc/cdi", "/var/run/cdi"],
        "Warnings": None,
    }


def version() -> dict[str, Json]:
    """The server's half of `docker version --format json`."""
    engine: dict[str, Json] = {
        "ApiVersion": API_VERSION,
        "Arch": "amd64",
        "BuildTime": "2025-11-05T14:43:41.000000000+00:00",
        "Experimental": "false",
        "GitCommit": "89c5e8f",
        "GoVersion": "go1.24.9",
        "KernelVersion": KERNEL,
        "MinAPIVersion": "1.24",
        "Os": "linux",
    }
    return {
        "Platform": {"Name": ""},
        "Components": [
            {"Name": "Engine", "Version": VERSION, "Details": engine},
            {"Name": "containerd", "Version": "2.1.9", "Details": {"GitCommit": ""}},
            {"Name": "runc", "Version": _RUNC, "Details": {"GitCommit": ""}},
            {"Name": "docker-init", "Version": "0.19.0", "Details": {"GitCommit": ""}},
        ],
        "Version": VERSION,
        "ApiVersion": API_VERSION,
        "MinAPIVersion": "1.24",
        "GitCommit": "89c5e8f",
        "GoVersion": "go1.24.9",
        "Os": "linux",
        "Arch": "amd64",
        "KernelVersion": KERNEL,
        "BuildTime": "2025-11-05T14:43:41.000000000+00:00",
    }
