"""From the flags of `run`, `create` and `exec` to what the daemon is asked for."""

from __future__ import annotations

from collections.abc import Iterable

from docgen.daemon.errors import system
from docgen.daemon.model import ContainerSpec, ExecSpec, MountSpec, RestartPolicy
from docgen.diagnostics import NotSimulated
from docgen.fs.errors import FsError
from docgen.shell.docker.call import Call
from docgen.shell.docker.commands.resources import resources, with_swap
from docgen.shell.docker.errors import CommandError, with_help
from docgen.shell.docker.files import go_path_error
from docgen.shell.docker.mountflag import parse_mount
from docgen.shell.docker.mounts import parse_tmpfs, parse_volume
from docgen.shell.docker.ports import bindings, parse_expose, parse_publish

_MEBIBYTE = 1024 * 1024
_DEFAULT_SHM = 64 * _MEBIBYTE
_NETWORKS = ("", "default", "bridge", "host", "none")
_OTHER_LOG_DRIVERS = frozenset(
    ("awslogs", "fluentd", "gcplogs", "gelf", "journald", "splunk", "syslog")
)
_PULL = ("always", "missing", "never", "")


class BadFlags(ValueError):  # noqa: N818 - says what is bad
    """The client refuses what the flags say together; str() is its text."""


def container_spec(call: Call, *, detach: bool) -> ContainerSpec:
    """Raises CommandError (125) where docker's client refuses."""
    name = call.interface.path.rpartition(" ")[2]
    try:
        return _container_spec(call, detach)
    except ValueError as error:
        raise CommandError(with_help(str(error), name), 125) from None


def _container_spec(call: Call, detach: bool) -> ContainerSpec:
    flags = call.flags
    if flags.get("pull") not in _PULL:
        raise BadFlags(
            f"invalid pull option: '{flags.get('pull')}': must be one of "
            '"always", "missing" or "never"'
        )
    _check_unmodelled(call)
    mounts = tuple(_mounts(call))
    published = tuple(one for text in flags.all("publish") for one in parse_publish(text))
    exposed = [port for text in flags.all("expose") for port in parse_expose(text)]
    env = tuple(_environment(call))
    labels = _pairs(_labels(call))
    restart = restart_policy(flags.get("restart"))
    entrypoint = (flags.get("entrypoint"),) if "entrypoint" in flags else None
    if flags.on("rm") and restart.name not in ("no", ""):
        raise BadFlags("conflicting options: cannot specify both --restart and --rm")
    return ContainerSpec(
        image=call.arguments[0],
        command=call.arguments[1:],
        name=flags.get("name"),
        entrypoint=entrypoint,
        env=env,
        working_dir=flags.get("workdir"),
        user=flags.get("user"),
        hostname=flags.get("hostname"),
        labels=labels,
        mounts=mounts,
        volumes_from=flags.all("volumes-from"),
        read_only=flags.on("read-only"),
        auto_remove=flags.on("rm"),
        detach=detach,
        attach=tuple(one.lower() for one in flags.all("attach")),
        interactive=flags.on("interactive"),
        tty=flags.on("tty"),
        init=flags.on("init"),
        restart=restart,
        stop_signal=flags.get("stop-signal"),
        stop_timeout=flags.number("stop-timeout") if "stop-timeout" in flags else None,
        shm_size=flags.number("shm-size") or _DEFAULT_SHM,
        storage_options=_storage_options(flags.all("storage-opt")),
        log_driver=flags.get("log-driver") or "json-file",
        exposed_ports=tuple(dict.fromkeys((*(one.port for one in published), *exposed))),
        port_bindings=bindings(published),
        publish_all_ports=flags.on("publish-all"),
        network=_network(call),
        resources=with_swap(resources(flags)),
        log_options=_pairs(flags.all("log-opt")),
        privileged=flags.on("privileged"),
    )


def _check_unmodelled(call: Call) -> None:
    if call.flags.get("pull") == "always":
        raise NotSimulated("--pull always needs a registry", "leave it out")
    driver = call.flags.get("log-driver")
    if driver in _OTHER_LOG_DRIVERS:
        raise NotSimulated("this log driver is not simulated", "use json-file, local or none")
    if driver not in ("", "json-file", "local", "none"):
        raise system(f'error looking up logging plugin {driver}: plugin "{driver}" not found')


def _network(call: Call) -> str:
    for flag in ("network", "net"):
        value = call.flags.get(flag)
        if value not in _NETWORKS:
            raise NotSimulated(f"the network {value} is not simulated", "use bridge, host or none")
        if value:
            return value
    return ""


def _mounts(call: Call) -> Iterable[MountSpec]:
    """Docker keeps `-v` in a set: twice the same counts once."""
    cwd = call.process.view.getcwd()
    for text in dict.fromkeys(call.flags.all("volume")):
        yield parse_volume(text, cwd)
    for text in call.flags.all("tmpfs"):
        yield parse_tmpfs(text)
    for text in call.flags.all("mount"):
        yield parse_mount(text, cwd)


def _environment(call: Call) -> Iterable[str]:
    """`--env-file` first, then `-e`; a name alone takes the client's value, where there is one."""
    for path in call.flags.all("env-file"):
        for line in key_values(call, path):
            name, equals, _ = line.partition("=")
            if equals:
                yield line
            elif name in call.process.env:
                yield f"{name}={call.process.env[name]}"
    for text in call.flags.all("env"):
        name, equals, _ = text.partition("=")
        if not equals and name in call.process.env:
            yield f"{name}={call.process.env[name]}"
        else:
            yield text


def _labels(call: Call) -> Iterable[str]:
    for path in call.flags.all("label-file"):
        yield from key_values(call, path)
    yield from call.flags.all("label")


def key_values(call: Call, path: str) -> list[str]:
    """Lines of an env file (docker/cli pkg/kvfile). Raises ValueError with its text."""
    try:
        text = call.process.view.read_file(path).to_bytes().decode("utf-8")
    except FsError as error:
        raise BadFlags(go_path_error("open", path, error)) from None
    except UnicodeDecodeError:
        raise BadFlags(f"invalid env file ({path}): invalid utf8 bytes at line 1: []") from None
    found: list[str] = []
    for raw in text.removeprefix("\ufeff").splitlines():
        line = raw.lstrip()
        if not line or line.startswith("#"):
            continue
        key = line.partition("=")[0]
        if not key:
            raise BadFlags(f"invalid env file ({path}): no variable name on line '{line}'")
        if " " in key or "\t" in key:
            raise BadFlags(f"invalid env file ({path}): variable '{key}' contains whitespaces")
        found.append(line)
    return found


def _pairs(texts: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        key, _, value = text.partition("=")
        found[key] = value
    return found


def _storage_options(texts: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals:
            raise BadFlags("invalid storage option")
        found[key] = value
    return found


def restart_policy(text: str) -> RestartPolicy:
    """`on-failure:3`; unknown names are the daemon's to refuse."""
    name, colon, count = text.partition(":")
    if colon and not name:
        raise BadFlags("invalid restart policy format: no policy provided before colon")
    if count and not count.lstrip("+-").isdigit():
        raise BadFlags("invalid restart policy format: maximum retry count must be an integer")
    return RestartPolicy(name or "no", int(count) if count else 0)


def exec_spec(call: Call) -> ExecSpec:
    """Raises CommandError for an env file that cannot be read."""
    flags = call.flags
    try:
        env = tuple(_environment(call))
    except ValueError as error:
        raise CommandError(str(error)) from None
    return ExecSpec(
        argv=call.arguments[1:],
        env=env,
        user=flags.get("user"),
        working_dir=flags.get("workdir"),
        detach=flags.on("detach"),
        interactive=flags.on("interactive"),
        tty=flags.on("tty"),
        privileged=flags.on("privileged"),
    )
