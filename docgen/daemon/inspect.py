"""`docker container inspect`: Docker 28.5.2's keys, in its order (seen on a real engine)."""

from __future__ import annotations

from docgen.daemon.container import Container
from docgen.daemon.containerfiles import hostname_of
from docgen.daemon.goforms import Object, ordered, set_or_null, time_or_zero, words_or_null
from docgen.daemon.hostconfig import host_config
from docgen.daemon.inspectimage import manifest_descriptor
from docgen.daemon.model import ContainerSpec, MountPoint, State
from docgen.daemon.usage import container_size
from docgen.daemon.world import World
from docgen.oci.gojson import time_text


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
        found["ExposedPorts"] = set_or_null(config.exposed_ports)
    found |= {
        "Tty": spec.tty,
        "OpenStdin": spec.interactive,
        "StdinOnce": spec.interactive and _attached(spec, "stdin"),
        "Env": list(config.env),
        "Cmd": words_or_null(config.cmd),
    }
    if config.healthcheck:
        found["Healthcheck"] = config.healthcheck.to_json()
    found |= {
        "Image": spec.image,
        "Volumes": set_or_null(config.volumes),
        "WorkingDir": config.working_dir,
        "Entrypoint": words_or_null(config.entrypoint),
        "OnBuild": None,
        "Labels": ordered(config.labels),
    }
    if config.stop_signal:
        found["StopSignal"] = config.stop_signal
    if spec.stop_timeout is not None:
        found["StopTimeout"] = spec.stop_timeout
    return found


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
