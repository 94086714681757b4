"""A workbench: one applet on a small simulated machine, the same words given to the real tool."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from docgen.fs.clock import Clock
from docgen.fs.content import Content
from docgen.fs.credentials import ROOT, Credentials
from docgen.fs.namespace import Namespace
from docgen.fs.nodes import Device, Dir, Fifo, File, Meta, Node, Symlink
from docgen.fs.plain import PlainFs
from docgen.fs.tree import Tree
from docgen.fs.view import View
from docgen.shell.applet import Applet
from docgen.shell.applets import APPLETS
from docgen.shell.flavour import Flavour
from docgen.shell.kernel import Kernel
from docgen.shell.loader import Executable
from docgen.shell.streams import Capture, Source

LIMIT = 10_000_000
ENVIRONMENT = {"PATH": "/bin", "HOME": "/root"}
PASSWD = "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\n"
PASSWD += "app:x:1000:1000:App:/home/app:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"
GROUP = "root:x:0:\ndaemon:x:1:\nstaff:x:50:app\napp:x:1000:\nnogroup:x:65534:\n"


@dataclass(frozen=True)
class Result:
    out: bytes
    err: str
    exit: int


def programs(flavour: Flavour) -> dict[str, Applet]:
    """Every applet of a flavour, by name."""
    return {name: APPLETS[name] for name in APPLETS if flavour in APPLETS[name].flavours}


@cache
def executables(flavour: Flavour) -> dict[str, Executable]:
    """sha256 of a program file → what it does."""
    return {
        _seal(name).sha256(): Executable(name, applet.run, flavour)
        for name, applet in programs(flavour).items()
    }


def machine_tree(files: Mapping[str, Node | str], flavour: Flavour) -> Tree:
    """A host with every applet in /bin, and `files` (relative ones below /w)."""
    nodes: dict[str, Node] = {
        "/etc/passwd": File(Meta(), Content.of(PASSWD)),
        "/etc/group": File(Meta(), Content.of(GROUP)),
        "/dev/null": Device(Meta(0o666), True, 1, 3),
        "/dev/zero": Device(Meta(0o666), True, 1, 5),
        "/dev/full": Device(Meta(0o666), True, 1, 7),
        "/tmp": Dir(Meta(0o1777)),
        "/w": Dir(Meta(0o755)),
    }
    nodes |= {f"/bin/{name}": File(Meta(0o755), _seal(name)) for name in programs(flavour)}
    for path, what in files.items():
        full = path if path.startswith("/") else f"/w/{path}"
        nodes[full] = File(Meta(), Content.of(what)) if isinstance(what, str) else what
    return Tree.build(nodes)


class Machine:
    """A running host with /w as working directory."""

    def __init__(
        self,
        files: Mapping[str, Node | str] | Tree = MappingProxyType({}),
        flavour: Flavour = Flavour.HOST,
        who: Credentials = ROOT,
    ) -> None:
        self.clock = Clock()
        self.flavour = flavour
        tree = files if isinstance(files, Tree) else machine_tree(files, flavour)
        self.namespace = Namespace()
        self.fs = PlainFs(tree, self.clock, device="/dev/vda1")
        self.namespace.mount(self.fs, "/")
        self.view = View(self.namespace, who, cwd="/w")
        self.kernel = Kernel(self.clock, executables(flavour))

    def run(
        self,
        argv: Sequence[str],
        stdin: bytes | str = b"",
        env: Mapping[str, str] | None = None,
    ) -> Result:
        """Until it ends. The first word is the name of an applet."""
        content = Content.of(stdin)
        out, err = Capture(LIMIT, "out"), Capture(LIMIT, "err")
        fds = self.kernel.descriptors(Source(content), out, err)
        applet = APPLETS[argv[0]]
        locale = {"LANG": "C.UTF-8"} if self.flavour is Flavour.HOST else {}
        environment = {**ENVIRONMENT, **locale, **(env or {})}
        executable = Executable(argv[0], applet.run, self.flavour)
        process = self.kernel.start(executable, argv, environment, self.view.copy(), fds)
        ended = self.kernel.run_until(lambda: process.exit_code is not None)
        assert ended, f"{argv} waits for ever"
        assert process.exit_code is not None
        return Result(out.take(), err.take().decode("utf-8", "replace"), process.exit_code)


@cache
def _seal(name: str) -> Content:
    return Content.sealed(100, Content.of(f"program {name}").sha256())


ALLOWED_OUTSIDE = frozenset({"/dev/null", "/dev/zero", "/dev/full"})
NEVER_REAL = frozenset({"kill", "killall", "mount", "umount", "hostname", "reboot", "halt"})
_CONTAINED = """
mount --bind . . && mount -o remount,bind,ro / && cd "$PWD" && exec "$@"
"""
"""Everything is read-only for the real tool but the directory that it works in."""


class UnsafeWordError(ValueError):
    """A word would let a real tool reach outside its scratch directory."""


@dataclass(frozen=True)
class Oracle:
    """The real tools of one flavour. They run as whoever runs the tests, perhaps root: so words
    that lead out of the scratch directory are refused, and a mount namespace makes everything else
    read-only."""

    flavour: Flavour
    directory: Path

    def run(self, argv: Sequence[str], stdin: bytes | str = b"") -> Result:
        """In the directory, with the environment of the simulated machine."""
        if argv[0] in NEVER_REAL:
            raise UnsafeWordError(f"{argv[0]} changes the machine itself")
        for word in argv[1:]:
            self._require_inside(word)
        env = {"PATH": os.environ["PATH"], "TZ": "UTC0", "HOME": "/root"}
        if self.flavour is Flavour.HOST:
            env["LANG"] = "C.UTF-8"
        words = list(argv) if self.flavour is Flavour.HOST else ["busybox", *argv]
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            ["unshare", "-m", "--propagation", "private", "sh", "-c", _CONTAINED, "sh", *words],
            input=data,
            capture_output=True,
            cwd=self.directory,
            env=env,
            timeout=20,
            check=False,
        )
        return Result(done.stdout, done.stderr.decode("utf-8", "replace"), done.returncode)

    def _require_inside(self, word: str) -> None:
        for part in (word, word.partition("=")[2]):
            if not part or part in ALLOWED_OUTSIDE or "\0" in part:
                continue
            top = self.directory.resolve()
            target = Path(os.path.normpath(top / part))
            inside = target == top or top in target.parents
            if (
                not inside
                and (part.startswith(("/", "..")) or "/../" in part)
                and (target.exists() or target == Path("/"))
            ):
                raise UnsafeWordError(f"{part} leads out of {top}")


def oracle_missing() -> str:
    """Why the real tools cannot be asked here; empty where they can."""
    if os.geteuid() != 0:
        return "containing the real tools needs root (a mount namespace)"
    missing = [name for name in ("busybox", "unshare", "mawk") if shutil.which(name) is None]
    return f"{', '.join(missing)} not installed" if missing else ""


def tree_of(directory: Path) -> dict[str, str]:
    """What lies below a real directory: path → kind, mode and content."""
    found = {}
    for path in sorted(directory.rglob("*")):
        name = str(path.relative_to(directory))
        found[name] = _real(path)
    return found


def _real(path: Path) -> str:
    stat = path.lstat()
    if path.is_symlink():
        return f"link {os.readlink(path)}"
    if path.is_dir():
        return f"dir {stat.st_mode & 0o7777:o}"
    if path.is_fifo():
        return f"fifo {stat.st_mode & 0o7777:o}"
    return f"file {stat.st_mode & 0o7777:o} {stat.st_nlink} {_shown(path.read_bytes())}"


def _shown(data: bytes) -> str:
    return repr(data) if len(data) <= 200 else f"{len(data)} bytes, {sha256(data).hexdigest()}"


def simulated_tree(machine: Machine, top: str) -> dict[str, str]:
    """The same of a simulated directory."""
    tree = machine.fs.snapshot()
    found = {}
    for path, ino, node in tree.walk():
        if path.startswith(f"{top}/"):
            found[path[len(top) + 1 :]] = _simulated(node, machine.fs.links(ino))
    return found


def _simulated(node: Node, links: int) -> str:
    match node:
        case Symlink(target=target):
            return f"link {target}"
        case Dir(meta):
            return f"dir {meta.mode:o}"
        case Fifo(meta):
            return f"fifo {meta.mode:o}"
        case File(meta, content):
            return f"file {meta.mode:o} {links} {_shown(content.to_bytes())}"
        case _:
            return f"device {node.meta.mode:o}"
