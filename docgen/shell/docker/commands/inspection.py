"""`docker inspect` and its relatives."""

from __future__ import annotations

from collections.abc import Callable

from docgen.daemon.errors import DaemonError, Kind
from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.shell.docker.call import Call
from docgen.shell.docker.errors import CommandError
from docgen.shell.docker.inspecting import Find, Inspected, inspect

CONTAINER, IMAGE, VOLUME = "container.InspectResponse", "image.InspectResponse", "volume.Volume"
_TYPES = (
    *("config", "container", "image", "network", "node", "plugin", "secret", "service"),
    *("task", "volume"),
)


def _container(call: Call) -> Find:
    size = call.flags.on("size")
    return lambda name: Inspected(call.daemon.inspect_container(name, size=size), CONTAINER)


def _image(call: Call) -> Find:
    return lambda name: Inspected(call.daemon.inspect_image(name), IMAGE)


def _volume(call: Call, raw: bool = True) -> Find:
    return lambda name: Inspected(call.daemon.inspect_volume(name), VOLUME, raw)


def _report(call: Call, find: Find, *, sized: bool = False) -> Steps[int]:
    unsized: list[str] = []

    def found(name: str) -> Inspected:
        one = find(name)
        if sized and one.go_type != CONTAINER:
            unsized.append(one.go_type.partition(".")[0])
        return one

    report = inspect(call.arguments, call.flags.get("format"), found)
    yield from call.err("".join(f"WARNING: --size ignored for {kind}\n" for kind in unsized))
    yield from call.out(report.out)
    if report.errors:
        raise CommandError("\n".join(report.errors))
    return 0


def containers(call: Call) -> Steps[int]:
    return _report(call, _container(call))


def images(call: Call) -> Steps[int]:
    return _report(call, _image(call))


def volumes(call: Call) -> Steps[int]:
    return _report(call, _volume(call, raw=False))


def anything(call: Call) -> Steps[int]:
    """Containers, then images, then volumes, unless `--type` says what is meant."""
    kind = call.flags.get("type")
    if kind and kind not in _TYPES:
        allowed = '", "'.join(_TYPES)
        raise CommandError(f'unknown type: "{kind}": must be one of "{allowed}"')
    kinds: dict[str, Find] = {
        "container": _container(call),
        "image": _image(call),
        "volume": _volume(call),
    }
    if kind and kind not in kinds:
        raise NotSimulated(f"--type={kind} is not simulated", "use container, image or volume")
    return _report(call, kinds[kind] if kind else _first_of(kinds), sized=call.flags.on("size"))


def _first_of(kinds: dict[str, Find]) -> Find:
    def find(name: str) -> Inspected:
        for one in kinds.values():
            found = _or_none(lambda one=one: one(name))  # type: ignore[misc]
            if found is not None:
                return found
        if name in ("bridge", "host", "none"):
            raise NotSimulated("networks are not simulated", "leave the command out")
        raise CommandError(f"Error: No such object: {name}")

    return find


def _or_none(find: Callable[[], Inspected]) -> Inspected | None:
    try:
        return find()
    except DaemonError as error:
        if error.kind is Kind.NOT_FOUND or "invalid reference format" in error.message:
            return None
        raise
