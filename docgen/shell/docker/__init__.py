"""The program `docker`, in the words of Docker 28.5.2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.daemon.waits import Steps

if TYPE_CHECKING:
    from docgen.shell.process import Process


def run(process: Process) -> Steps[int]:
    """The program: talks to the daemon of the host that the process runs on."""
    from docgen.shell.docker.program import docker

    host = process.kernel.host
    assert host is not None
    return docker(host)(process)
