"""`docker exec`."""

from __future__ import annotations

from docgen.daemon.errors import DaemonError
from docgen.daemon.model import AttachStreams
from docgen.daemon.waits import Steps
from docgen.shell.docker.call import Call
from docgen.shell.docker.commands.parameters import exec_spec
from docgen.shell.docker.commands.running import check_terminal, exit_status_of, streams_of
from docgen.shell.docker.errors import CommandError, from_daemon

_NOT_STARTED = "OCI runtime exec failed"


def execute(call: Call) -> Steps[int]:
    spec = exec_spec(call)
    name = call.arguments[0]
    call.daemon.container(name)
    if not spec.detach:
        check_terminal(spec.interactive, spec.tty)
    streams = AttachStreams() if spec.detach else streams_of(call, spec.interactive, spec.tty)
    try:
        return (yield from call.daemon.exec(name, spec, streams))
    except DaemonError as error:
        if not error.message.startswith(_NOT_STARTED):
            raise
        if spec.detach:
            raise CommandError(from_daemon(error.message)) from None
        # The daemon tells it on the exec's own stdout, the client only takes over the status.
        yield from call.out(f"{error.message}\r\n")
        status = exit_status_of(error.message)
        return 128 if status == 125 else status
