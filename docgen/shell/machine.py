"""The programs of the simulated machines: files on the host, applets in busybox; booting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from docgen.daemon.hosttree import host_tree
from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.fs.content import Content
from docgen.fs.nodes import Dir, File, Meta, Symlink
from docgen.fs.tree import Draft, Tree
from docgen.fs.view import View
from docgen.oci.base import base_image
from docgen.shell.applet import Program
from docgen.shell.applets import APPLETS
from docgen.shell.flavour import Flavour
from docgen.shell.kernel import Kernel
from docgen.shell.loader import Executable
from docgen.shell.process import Process
from docgen.shell.programs import BUSYBOX, HOST, HOST_ADMIN
from docgen.shell.sh import ash, dash

if TYPE_CHECKING:
    from docgen.daemon.host import Host

LOADER: Final = "/lib64/ld-linux-x86-64.so.2"
"""The dynamic loader of the host's programs: without it (in an image) they are `not found`."""
_SHELLS: Final[Mapping[str, Program]] = MappingProxyType({"ash": ash, "sh": ash})


def boot(host: Host) -> Kernel:
    """Put programs on a new host and give its daemon the kernel that runs them."""
    from docgen.shell.procfiles import proc_files

    view = host.view()
    if not view.exists("/usr/bin/dash"):
        for path, node in host_files():
            _place(view, path, node)
    kernel = Kernel(host.clock, executables())
    kernel.host = host
    host.set_runner(kernel)
    host.set_proc_files(proc_files(kernel))
    return kernel


@cache
def machine_tree() -> Tree:
    """A host's root file system with its programs, for hosts that are made one after another."""
    draft = Draft(host_tree())
    for path, node in host_files():
        draft.put(path, node)
    return draft.freeze()


def _place(view: View, path: str, node: Dir | File | Symlink) -> None:
    match node:
        case Dir(meta):
            view.mkdir(path, meta.mode)
        case File(meta, content):
            view.write_file(path, content, meta.mode)
        case Symlink(target=target):
            view.symlink(target, path)


@cache
def executables() -> Mapping[str, Executable]:
    """sha256 of a program file → what it does; the host's and busybox."""
    found = {
        _digest(name): Executable(name, _host_program(name), Flavour.HOST, LOADER)
        for name in sorted(HOST | HOST_ADMIN)
    }
    seal = base_image("busybox").seal
    found[seal.sha256] = Executable("busybox", multicall, Flavour.BUSYBOX, applets=BUSYBOX)
    return MappingProxyType(found)


def host_files() -> Iterator[tuple[str, Dir | File | Symlink]]:
    """The program files of a Debian host, sealed: nobody needs their bytes."""
    for directory, names in (("/usr/bin", HOST), ("/usr/sbin", HOST_ADMIN)):
        for name in sorted(names - {"sh"}):
            yield f"{directory}/{name}", File(Meta(mode=0o755), _sealed(name))
    yield "/usr/bin/sh", Symlink(target="dash")
    yield "/usr/lib64", Dir(Meta(mode=0o755))
    yield "/usr/lib64/ld-linux-x86-64.so.2", File(Meta(mode=0o755), _sealed("ld.so"))
    yield "/lib64", Symlink(target="usr/lib64")


def _digest(name: str) -> str:
    return sha256(f"docgen host program {name}".encode()).hexdigest()


def _sealed(name: str) -> Content:
    """A size that is as made up as the digest, but stays the same."""
    digest = _digest(name)
    return Content.sealed(20_000 + int(digest[:5], 16) % 180_000, digest)


def _host_program(name: str) -> Program:
    if name in ("dash", "sh"):
        return dash
    if name == "docker":
        return _docker

    def run(process: Process) -> Steps[int]:
        return program_of(name, Flavour.HOST)(process)

    return run


def _docker(process: Process) -> Steps[int]:
    from docgen.shell.docker import run

    return run(process)


def program_of(name: str, flavour: Flavour) -> Program:
    """The applet behind a real program's name. Raises NotSimulated where there is none."""
    applet = APPLETS.get(name)
    if applet is None or flavour not in applet.flavours:
        where = "busybox's " if flavour is Flavour.BUSYBOX else ""
        raise NotSimulated(f"{where}{name} is not simulated", "use a program of the coverage table")
    return applet.run


def multicall(process: Process) -> Steps[int]:
    """`/bin/busybox`: the applet is told by the name it was called under, or by its first word."""
    name = process.argv[0].rpartition("/")[2] if process.argv else ""
    if name.startswith("-"):
        name = name[1:]
    if name == "busybox":
        if len(process.argv) < 2:
            raise NotSimulated("busybox alone is not simulated", "name an applet: busybox ls")
        process.argv = process.argv[1:]
        name = process.argv[0].rpartition("/")[2]
    if name not in BUSYBOX:
        yield from process.err(f"{name}: applet not found\n")
        return 127
    if name in _SHELLS:
        return (yield from _SHELLS[name](process))
    return (yield from program_of(name, Flavour.BUSYBOX)(process))
