"""`docker info` and `docker version`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from docgen.daemon.waits import Steps
from docgen.shell.docker.call import Call
from docgen.shell.docker.errors import CommandError
from docgen.shell.docker.gotypes import typed
from docgen.shell.docker.moments import ansic
from docgen.shell.docker.tabwriter import Widths, align
from docgen.shell.docker.template import TemplateError, parse
from docgen.shell.docker.units import bytes_size

VERSION, BUILD, API_VERSION = "28.5.2", "ecc6942", "1.51"
_VERSION_WIDTHS = Widths(minimum=20, padding=1)
_CLIENT: Mapping[str, object] = {
    "Version": VERSION,
    "ApiVersion": API_VERSION,
    "DefaultAPIVersion": API_VERSION,
    "GitCommit": BUILD,
    "GoVersion": "go1.25.3",
    "Os": "linux",
    "Arch": "amd64",
    "BuildTime": "Wed Nov  5 14:43:17 2025",
    "Context": "default",
}

Json = Mapping[str, object]


def _object(data: object) -> Json:
    return data if isinstance(data, Mapping) else {}


def _items(data: object) -> Sequence[object]:
    return data if isinstance(data, Sequence) and not isinstance(data, str) else ()


# -- docker version -------------------------------------------------------------------------------


def version(call: Call) -> Steps[int]:
    server: Json = call.daemon.version()
    data: Json = server if "Client" in server else {"Client": _CLIENT, "Server": server}
    data = {**data, "Server": _with_readable_build_time(_object(data["Server"]))}
    form = call.flags.get("format")
    if not form:
        lines = "".join(f"{line}\n" for line in _version_lines(data))
        yield from call.out(align(lines, _VERSION_WIDTHS))
        return 0
    text, failed = _templated("{{json .}}" if form == "json" else form, data, "version")
    yield from call.out(align(f"{text}\n", _VERSION_WIDTHS))
    if failed:
        raise CommandError(failed)
    return 0


def _templated(form: str, data: Json, name: str) -> tuple[str, str]:
    """What was printed, and the error that ended it ('' = none)."""
    go_type = "system.versionInfo" if name == "version" else "system.dockerInfo"
    try:
        template = parse(form, name)
    except TemplateError as error:
        raise CommandError(f"template parsing error: {error}", 64) from None
    try:
        return template.execute(typed(data, go_type)), ""
    except TemplateError as error:
        return error.printed, str(error)


def _with_readable_build_time(server: Json) -> Json:
    """The client rewrites the engine's build time in place."""
    components: list[object] = []
    for one in _items(server.get("Components")):
        component = dict(_object(one))
        details = dict(_object(component.get("Details")))
        if component.get("Name") == "Engine" and "BuildTime" in details:
            details["BuildTime"] = ansic(str(details["BuildTime"]))
            component["Details"] = details
        components.append(component)
    return {**server, "Components": components} if components else server


def _version_lines(data: Json) -> Iterator[str]:
    client, server = _object(data["Client"]), _object(data["Server"])
    yield "Client:" + _platform(client)
    yield f" Version:\t{client['Version']}"
    yield f" API version:\t{client['ApiVersion']}"
    yield f" Go version:\t{client['GoVersion']}"
    yield f" Git commit:\t{client['GitCommit']}"
    yield f" Built:\t{client['BuildTime']}"
    yield f" OS/Arch:\t{client['Os']}/{client['Arch']}"
    yield f" Context:\t{client['Context']}"
    yield ""
    yield "Server:" + _platform(server)
    for one in _items(server.get("Components")):
        component = _object(one)
        yield f" {component['Name']}:"
        yield f"  Version:\t{component['Version']}"
        details = _object(component.get("Details"))
        yield from _engine(details) if component["Name"] == "Engine" else _details(details)


def _platform(side: Json) -> str:
    name = _object(side.get("Platform")).get("Name")
    return f" {name}" if name else ""


def _engine(details: Json) -> Iterator[str]:
    minimum = details.get("MinAPIVersion", "")
    yield f"  API version:\t{details.get('ApiVersion', '')} (minimum version {minimum})"
    yield f"  Go version:\t{details.get('GoVersion', '')}"
    yield f"  Git commit:\t{details.get('GitCommit', '')}"
    yield f"  Built:\t{details.get('BuildTime', '')}"
    yield f"  OS/Arch:\t{details.get('Os', '')}/{details.get('Arch', '')}"
    yield f"  Experimental:\t{details.get('Experimental', '')}"


def _details(details: Json) -> Iterator[str]:
    for key in sorted(details):
        yield f"  {key}:\t{details[key]}"


# -- docker info ----------------------------------------------------------------------------------


def info(call: Call) -> Steps[int]:
    server = call.daemon.info()
    client = {"Debug": False, **_CLIENT, "Plugins": [], "Warnings": None}
    client.pop("ApiVersion")
    data: Json = server if "ClientInfo" in server else {**server, "ClientInfo": client}
    form = call.flags.get("format")
    if not form:
        lines = (*_client_lines(_object(data["ClientInfo"])), "", "Server:", *_server_lines(data))
        yield from call.out("".join(f"{line}\n" for line in lines) + "\n")
        yield from call.err("".join(f"{one}\n" for one in _items(data.get("Warnings"))))
        return 0
    text, failed = _templated("{{json .}}" if form == "json" else form, data, "")
    yield from call.out(f"{text}\n")
    if failed:
        raise CommandError(failed)
    return 0


def _truth(value: object) -> str:
    return (
        {True: "true", False: "false"}.get(value, str(value))
        if isinstance(value, bool)
        else str(value)
    )


def _client_lines(client: Json) -> Iterator[str]:
    yield "Client:" + _platform(client)
    yield f" Version:    {client['Version']}"
    yield f" Context:    {client['Context']}"
    yield f" Debug Mode: {_truth(client['Debug'])}"
    plugins = _items(client.get("Plugins"))
    if plugins:
        yield " Plugins:"
    for one in plugins:
        plugin = _object(one)
        yield f"  {plugin['Name']}: {plugin['ShortDescription']} ({plugin['Vendor']})"
        yield f"    Version:  {plugin['Version']}"
        yield f"    Path:     {plugin['Path']}"


def _server_lines(data: Json) -> Iterator[str]:
    yield f" Containers: {data['Containers']}"
    yield f"  Running: {data['ContainersRunning']}"
    yield f"  Paused: {data['ContainersPaused']}"
    yield f"  Stopped: {data['ContainersStopped']}"
    yield f" Images: {data['Images']}"
    yield f" Server Version: {data['ServerVersion']}"
    yield f" Storage Driver: {data['Driver']}"
    for pair in _items(data.get("DriverStatus")):
        key, value = _items(pair)
        yield f"  {key}: {value}"
    yield from _if_set(data, "Logging Driver", "LoggingDriver")
    yield from _if_set(data, "Cgroup Driver", "CgroupDriver")
    yield from _if_set(data, "Cgroup Version", "CgroupVersion")
    yield from _plugins(_object(data.get("Plugins")))
    yield from _runtime(data)
    yield from _machine(data)


def _if_set(data: Json, label: str, key: str) -> Iterator[str]:
    if data.get(key):
        yield f" {label}: {data[key]}"


def _joined(data: object) -> str:
    return " ".join(str(one) for one in _items(data))


def _plugins(plugins: Json) -> Iterator[str]:
    yield " Plugins:"
    yield f"  Volume: {_joined(plugins.get('Volume'))}"
    yield f"  Network: {_joined(plugins.get('Network'))}"
    yield f"  Log: {_joined(plugins.get('Log'))}"


def _runtime(data: Json) -> Iterator[str]:
    directories = _items(data.get("CDISpecDirs"))
    if directories:
        yield " CDI spec directories:"
        yield from (f"  {one}" for one in directories)
    yield f" Swarm: {_object(data.get('Swarm')).get('LocalNodeState', 'inactive')}"
    runtimes = _object(data.get("Runtimes"))
    if runtimes:
        yield f" Runtimes: {' '.join(runtimes)}"
        yield f" Default Runtime: {data.get('DefaultRuntime', '')}"
    yield f" Init Binary: {data.get('InitBinary', '')}"
    for label, key in (
        ("containerd", "ContainerdCommit"),
        ("runc", "RuncCommit"),
        ("init", "InitCommit"),
    ):
        yield f" {label} version: {_object(data.get(key)).get('ID', '')}"
    options = _items(data.get("SecurityOptions"))
    if options:
        yield " Security Options:"
    for one in options:
        fields = dict(part.partition("=")[::2] for part in str(one).split(","))
        yield f"  {fields.get('name', one)}"
        if "profile" in fields:
            yield f"   Profile: {fields['profile']}"


def _machine(data: Json) -> Iterator[str]:
    yield from _if_set(data, "Kernel Version", "KernelVersion")
    yield from _if_set(data, "Operating System", "OperatingSystem")
    yield from _if_set(data, "OSType", "OSType")
    yield from _if_set(data, "Architecture", "Architecture")
    yield f" CPUs: {data.get('NCPU', 0)}"
    memory = data.get("MemTotal", 0)
    yield f" Total Memory: {bytes_size(memory if isinstance(memory, int) else 0)}"
    yield from _if_set(data, "Name", "Name")
    yield from _if_set(data, "ID", "ID")
    yield f" Docker Root Dir: {data.get('DockerRootDir', '')}"
    yield f" Debug Mode: {_truth(data.get('Debug', False))}"
    yield f" Experimental: {_truth(data.get('ExperimentalBuild', False))}"
    registries = _items(_object(data.get("RegistryConfig")).get("InsecureRegistryCIDRs"))
    if registries:
        yield " Insecure Registries:"
        yield from (f"  {one}" for one in registries)
    yield f" Live Restore Enabled: {_truth(data.get('LiveRestoreEnabled', False))}"
