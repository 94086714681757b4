"""`--mount`: text → MountSpec (docker/cli opts/mount.go), one small reader a key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from docgen.daemon.errors import DaemonError, invalid
from docgen.daemon.model import MountSpec, MountType
from docgen.diagnostics import NotSimulated
from docgen.shell.docker.csvline import read_csv
from docgen.shell.docker.mounts import absolute
from docgen.shell.docker.pflag import go_bool
from docgen.shell.docker.units import ram_in_bytes


@dataclass(slots=True)
class _Draft:
    cwd: str
    type: str = "volume"
    fields: dict[str, object] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    """Families of options that were used: volume, bind, tmpfs, image."""
    options: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def put(self, family: str, name: str, value: object) -> None:
        self.touched.add(family)
        self.fields[name] = value


def check_mount(text: str) -> str:
    """Validator of the flag: raises ValueError with docker's text. The value stays as it is."""
    with suppress(DaemonError):  # the daemon is asked later
        parse_mount(text, "/")
    return text


def parse_mount(text: str, cwd: str) -> MountSpec:
    """One `--mount`. Raises ValueError with docker's text, DaemonError for an unknown type."""
    draft = _Draft(cwd)
    for one in read_csv(text):
        _read_field(draft, one)
    return _finish(draft)


def _read_field(draft: _Draft, text: str) -> None:
    key, equals, value = text.partition("=")
    key = key.lower()
    if not equals:
        if key not in _SWITCHES:
            raise ValueError(f"invalid field '{text}' must be a key=value pair")
        family, name = _SWITCHES[key]
        draft.put(family, name, True)
        return
    read = _KEYS.get(key)
    if read is None:
        raise ValueError(f"unexpected key '{key}' in '{text}'")
    read(draft, key, value)


_SWITCHES = {
    "readonly": ("", "read_only"),
    "ro": ("", "read_only"),
    "volume-nocopy": ("volume", "no_copy"),
    "bind-nonrecursive": ("bind", "recursive"),
}


def _type(draft: _Draft, _key: str, value: str) -> None:
    draft.type = value.lower()


def _source(draft: _Draft, _key: str, value: str) -> None:
    draft.put("", "source", absolute(value, draft.cwd) if value.startswith(".") else value)


def _target(draft: _Draft, _key: str, value: str) -> None:
    draft.put("", "target", value)


def _boolean(key: str, value: str) -> bool:
    try:
        return go_bool(value)
    except ValueError:
        raise ValueError(f"invalid value for {key}: {value}") from None


def _read_only(draft: _Draft, key: str, value: str) -> None:
    draft.put("", "read_only", _boolean(key, value))


def _propagation(draft: _Draft, _key: str, value: str) -> None:
    draft.put("bind", "propagation", value.lower())


def _non_recursive(draft: _Draft, key: str, value: str) -> None:
    if _boolean(key, value):
        raise NotSimulated("bind-nonrecursive=true prints a warning", "use bind-recursive=disabled")
    draft.touched.add("bind")


def _recursive(draft: _Draft, key: str, value: str) -> None:
    if value not in ("enabled", "disabled", "writable", "readonly"):
        allowed = 'must be "enabled", "disabled", "writable", or "readonly"'
        raise ValueError(f"invalid value for {key}: {value} ({allowed})")
    if value != "enabled":
        draft.put("bind", "recursive", value)


def _subpath(draft: _Draft, _key: str, value: str) -> None:
    draft.put("volume", "subpath", value)


def _image_subpath(draft: _Draft, _key: str, value: str) -> None:
    draft.put("image", "subpath", value)


def _no_copy(draft: _Draft, key: str, value: str) -> None:
    draft.put("volume", "no_copy", _boolean(key, value))


def _label(draft: _Draft, _key: str, value: str) -> None:
    draft.touched.add("volume")
    _pair(draft.labels, value)


def _driver(draft: _Draft, _key: str, value: str) -> None:
    draft.put("volume", "volume_driver", value)


def _option(draft: _Draft, _key: str, value: str) -> None:
    draft.touched.add("volume")
    _pair(draft.options, value)


def _pair(target: dict[str, str], text: str) -> None:
    key, _, value = text.partition("=")
    if key:
        target[key] = value


def _tmpfs_size(draft: _Draft, key: str, value: str) -> None:
    try:
        draft.put("tmpfs", "tmpfs_size", ram_in_bytes(value))
    except ValueError:
        raise ValueError(f"invalid value for {key}: {value}") from None


def _tmpfs_mode(draft: _Draft, key: str, value: str) -> None:
    if not value or len(value) > 10 or set(value) - set("01234567"):
        raise ValueError(f"invalid value for {key}: {value}")
    draft.put("tmpfs", "tmpfs_mode", int(value, 8))


def _consistency(_draft: _Draft, _key: str, _value: str) -> None:
    """For Docker Desktop on a Mac; Linux ignores it."""


_KEYS: Mapping[str, Callable[[_Draft, str, str], None]] = {
    "type": _type,
    "source": _source,
    "src": _source,
    "target": _target,
    "dst": _target,
    "destination": _target,
    "readonly": _read_only,
    "ro": _read_only,
    "consistency": _consistency,
    "bind-propagation": _propagation,
    "bind-nonrecursive": _non_recursive,
    "bind-recursive": _recursive,
    "volume-subpath": _subpath,
    "volume-nocopy": _no_copy,
    "volume-label": _label,
    "volume-driver": _driver,
    "volume-opt": _option,
    "image-subpath": _image_subpath,
    "tmpfs-size": _tmpfs_size,
    "tmpfs-mode": _tmpfs_mode,
}


def _finish(draft: _Draft) -> MountSpec:
    if not draft.type:
        raise ValueError("type is required")
    if not draft.fields.get("target"):
        raise ValueError("target is required")
    for family in ("volume", "image", "bind", "tmpfs"):
        if family in draft.touched and draft.type != family:
            raise ValueError(f"cannot mix '{family}-*' options with mount type '{draft.type}'")
    if draft.fields.get("recursive") is True:
        draft.fields["recursive"] = "disabled"
    _check_recursive(draft)
    return _spec(draft)


def _check_recursive(draft: _Draft) -> None:
    recursive = draft.fields.get("recursive")
    if recursive in ("writable", "readonly") and not draft.fields.get("read_only"):
        needs = f"option 'bind-recursive={recursive}' requires 'readonly'"
        raise ValueError(f"{needs} to be specified in conjunction")
    if recursive == "readonly" and draft.fields.get("propagation") != "rprivate":
        needs = "option 'bind-recursive=readonly' requires 'bind-propagation=rprivate'"
        raise ValueError(f"{needs} to be specified in conjunction")


def _spec(draft: _Draft) -> MountSpec:
    kind = next((one for one in MountType if one.value == draft.type), None)
    if kind is None:
        raise invalid(f'invalid mount config for type "{draft.type}": mount type unknown')
    empty = MountSpec(kind, "", from_mount_flag=True)
    made: MountSpec = replace(empty, **draft.fields)  # type: ignore[arg-type]
    return replace(made, volume_options=draft.options, volume_labels=draft.labels)
