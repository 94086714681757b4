"""Every program by its name, and the module that holds it. A module is loaded on first use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final

from docgen.shell.applet import Applet

_PROGRAMS: Final = {
    "cat": ("cat",),
    "heads": ("head", "tail"),
    "ls": ("ls",),
    "makedirs": ("mkdir", "rmdir", "mkfifo", "mknod"),
    "rm": ("rm", "unlink"),
    "copy": ("cp", "mv", "install"),
    "ln": ("ln", "link"),
    "attributes": ("chmod", "chown", "chgrp"),
    "touch": ("touch",),
    "stat": ("stat",),
    "df": ("df", "mount", "umount"),
    "du": ("du",),
    "paths": ("readlink", "realpath", "basename", "dirname", "pwd"),
    "extents": ("truncate", "fallocate", "sync", "mktemp"),
    "dd": ("dd",),
    "find": ("find",),
    "sed": ("sed",),
    "awk": ("awk",),
    "tar": ("tar",),
    "gzip": ("gzip", "gunzip", "zcat"),
    "grep": ("grep", "egrep", "fgrep", "rgrep"),
    "cut": ("cut",),
    "tr": ("tr",),
    "paste": ("paste",),
    "wc": ("wc",),
    "sleep": ("sleep", "yes", "seq", "tee", "true", "false"),
    "identity": ("id", "whoami", "hostname", "uname", "nproc", "date", "env", "printenv"),
    "hashes": (
        *("sha256sum", "sha1sum", "sha224sum", "sha384sum", "sha512sum", "md5sum"),
        "cmp",
    ),
    "sort": ("sort",),
    "uniq": ("uniq",),
    "xargs": ("xargs",),
    "expr": ("expr",),
    "lines": ("rev", "tac", "nl", "fold"),
    "dumps": ("od", "hexdump", "xxd", "base64"),
    "diff": ("diff",),
    "processes": ("kill", "ps", "timeout", "nohup", "which", "groups", "tty"),
    "words": ("echo", "printf", "test", "["),
}
"""Module → the programs in it."""


def _modules() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for module, names in _PROGRAMS.items():
        for name in names:
            if name in found:
                raise ValueError(f"{name} is registered by {found[name]} and by {module}")
            found[name] = module
    return MappingProxyType(found)


class _Table(Mapping[str, Applet]):
    """Looks like a dict from name to applet."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = modules

    def __getitem__(self, name: str) -> Applet:
        module = import_module(f"docgen.shell.applets.{self._modules[name]}")
        applet: Applet = module.APPLETS[name]
        return applet

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


APPLETS: Final[Mapping[str, Applet]] = _Table(_modules())
