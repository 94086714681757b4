"""A machine without Docker for the tests of the shell: a tree, programs, a kernel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from docgen.daemon.devices import device_fs
from docgen.daemon.runner import ProcessSpec
from docgen.fs.clock import Clock
from docgen.fs.content import Content
from docgen.fs.namespace import Namespace
from docgen.fs.plain import PlainFs
from docgen.fs.synthetic import SyntheticFs
from docgen.fs.view import View
from docgen.oci.base import base_image
from docgen.shell.flavour import Flavour
from docgen.shell.kernel import Kernel
from docgen.shell.machine import executables, machine_tree
from docgen.shell.process import Process
from docgen.shell.procfiles import proc_files
from docgen.shell.streams import Capture, Null, Source

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/root"}


@dataclass
class Done:
    out: str
    err: str
    status: int


class Machine:
    """`Machine(Flavour.BUSYBOX).sh("echo $((1+1))")`."""

    def __init__(self, flavour: Flavour) -> None:
        self.flavour = flavour
        self.clock = Clock()
        host = flavour is Flavour.HOST
        tree = machine_tree() if host else base_image("busybox").layers[0]
        self.namespace = Namespace()
        self.namespace.mount(PlainFs(tree, self.clock), "/")
        self.kernel = Kernel(self.clock, executables())
        view = View(self.namespace, umask=0o022)
        for name in ("dev", "proc", "w"):
            if not view.exists(f"/{name}"):
                view.mkdir(f"/{name}", 0o755)
        self.namespace.mount(device_fs(self.clock), "/dev")
        files = proc_files(self.kernel)(self.namespace, "")
        self.namespace.mount(SyntheticFs(dict(files)), "/proc")
        self.view = View(self.namespace, umask=0o022, cwd="/w")

    def start(
        self,
        *argv: str,
        env: Mapping[str, str] = ENVIRONMENT,
        stdin: bytes | None = None,
        is_init: bool = False,
        group: str = "",
    ) -> tuple[Process, Capture, Capture]:
        out, err = Capture(1 << 20, "stdout"), Capture(1 << 20, "stderr")
        process = self.kernel.spawn(
            ProcessSpec(
                argv=argv,
                env=env,
                view=self.view.copy(),
                stdin=Null() if stdin is None else Source(Content.of(stdin)),
                stdout=out,
                stderr=err,
                group=group,
                is_init=is_init,
            )
        )
        return process, out, err

    def run(self, *argv: str, stdin: bytes | None = None, **more: object) -> Done:
        process, out, err = self.start(*argv, stdin=stdin, **more)  # type: ignore[arg-type]
        assert self.kernel.run_until(lambda: process.exit_code is not None), "waits for ever"
        assert process.exit_code is not None
        return Done(_text(out), _text(err), process.exit_code)

    def sh(self, script: str, *arguments: str, **more: object) -> Done:
        return self.run("sh", "-c", script, *arguments, **more)  # type: ignore[arg-type]


def _text(stream: Capture) -> str:
    return stream.take().decode("utf-8", "surrogateescape")
