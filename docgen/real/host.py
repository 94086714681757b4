"""A disposable Docker host: namespaces on this machine, gone without a trace afterwards.

A person does by hand what host.sh does; this module starts it, waits for `ready`, enters it and
ends it. Ending PID 1 of the namespace ends all that runs in it (so also after a crash:
host.sh ends when the pipe to its standard input closes).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from types import TracebackType

from docgen.frozen import frozen
from docgen.real.engines import Engine, EngineMissing

ENVIRONMENT = {
    "HOME": "/root",
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    "TERM": "dumb",
    "TZ": "UTC",
    "DOCKER_CLI_HINTS": "false",
    "DOCKER_CONFIG": "/run/docgen/docker",
}
END_SECONDS = 20


@frozen
class Backend:
    """How a storage driver is chosen on a real engine."""

    store: str
    driver: str
    backing: str


BACKENDS = {
    "overlayfs": Backend("containerd", "overlayfs", "ext4"),
    "native": Backend("containerd", "native", "ext4"),
    "containerd-btrfs": Backend("containerd", "btrfs", "btrfs"),
    "overlay2": Backend("classic", "overlay2", "ext4"),
    "vfs": Backend("classic", "vfs", "ext4"),
    "btrfs": Backend("classic", "btrfs", "btrfs"),
    "fuse-overlayfs": Backend("classic", "fuse-overlayfs", "ext4"),
}


class RealHost:
    """`with RealHost(engine, "overlayfs") as host:` — a running Docker host."""

    def __init__(self, engine: Engine, driver: str) -> None:
        if os.geteuid() != 0:
            raise EngineMissing("a disposable host needs root")
        if driver not in BACKENDS:
            raise EngineMissing(f"{driver} cannot run here; one of {', '.join(BACKENDS)} can")
        self.engine = engine
        self.driver = driver
        self._backend = BACKENDS[driver]
        self._folder: Path | None = None
        self._outer: subprocess.Popen[str] | None = None
        self._init = 0

    def __enter__(self) -> RealHost:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _start(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="docgen-host-"))
        script = resources.files("docgen.real") / "data" / "host.sh"
        choice = self._backend
        argv = ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child"]
        argv += ["--ipc", "--uts", "--net"]
        argv += ["sh", str(script), str(self._folder), str(self.engine.root)]
        argv += [choice.store, choice.driver, choice.backing]
        self._outer = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**ENVIRONMENT, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"},
        )
        assert self._outer.stdout is not None
        if self._outer.stdout.readline().strip() != "ready":
            assert self._outer.stderr is not None
            self._outer.kill()
            raise EngineMissing(
                f"no host with {self.driver}: {self._outer.stderr.read().strip()[-2000:]}"
            )
        self._init = _only_child(self._outer.pid)
        self.run(["sh", "-c", "umask 022; printf 'nameserver 127.0.0.1\n' >/etc/resolv.conf"])

    def enter(self, argv: Sequence[str]) -> list[str]:
        """The command line that runs `argv` inside the host."""
        root = f"/proc/{self._init}/root"
        inside = [
            "nsenter",
            "-t",
            str(self._init),
            "-m",
            "-p",
            "-i",
            "-u",
            "-n",
            f"--root={root}",
            "--wd=" + root,
        ]
        return [*inside, "env", "-i", *(f"{k}={v}" for k, v in ENVIRONMENT.items()), *argv]

    def outside(self, path: str) -> str:
        """The path by which this machine reaches a file of the host."""
        return f"/proc/{self._init}/root{path}"

    def run(
        self, argv: Sequence[str], data: bytes = b"", check: bool = True
    ) -> subprocess.CompletedProcess[bytes]:
        """Run one program in the host and wait for it."""
        return subprocess.run(self.enter(argv), input=data, check=check, capture_output=True)

    def put(self, path: str, data: bytes, mode: int = 0o644) -> None:
        """Write a file in the host, with its parent directories."""
        text = 'umask 022; mkdir -p "$(dirname "$1")" && cat >"$1" && chmod "$2" "$1"'
        self.run(["sh", "-c", text, "put", path, f"{mode:o}"], data)

    def load_image(self, archive: bytes) -> None:
        self.run(["docker", "load", "-q"], archive)

    def close(self) -> None:
        outer, self._outer = self._outer, None
        if outer is not None:
            # The end of PID 1 is the end of all that runs in the namespace; unshare waits for it.
            # Where that fails, --kill-child makes the end of unshare the end of PID 1.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._init or outer.pid, signal.SIGKILL)
            try:
                outer.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                outer.kill()
                outer.wait()
            for pipe in (outer.stdin, outer.stdout, outer.stderr):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
        folder, self._folder = self._folder, None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _only_child(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0])
