"""The shell session of a page: one dash that lives from the first command to the last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docgen import limits
from docgen.daemon.waits import Steps, Until
from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.frozen import frozen
from docgen.fs.errors import FsError
from docgen.shell.control import Exit
from docgen.shell.flavour import Flavour
from docgen.shell.interpret import Shell
from docgen.shell.loader import Executable
from docgen.shell.machine import LOADER, boot
from docgen.shell.process import Process
from docgen.shell.sh import new_shell
from docgen.shell.streams import Capture, Null

if TYPE_CHECKING:
    from docgen.daemon.host import Host

SECOND_NS: Final = 1_000_000_000
ENVIRONMENT: Final = {
    "HOME": "/root",
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "USER": "root",
    "LOGNAME": "root",
    "SHELL": "/bin/sh",
    "LANG": "C.UTF-8",
    "PWD": "/root",
}


@frozen
class Result:
    """What one command of a page did."""

    stdout: str
    stderr: str
    exit: int


class Session:
    """`Session(host).run("docker ps")`: variables, directory, functions and jobs live on."""

    def __init__(self, host: Host) -> None:
        self._clock = host.clock
        self.kernel = boot(host)
        self._out = Capture(limits.OUTPUT_BYTES, "the output of this step")
        self._err = Capture(limits.OUTPUT_BYTES, "the output of this step")
        fds = self.kernel.descriptors(Null(), self._out, self._err)
        self._text: str | None = None
        self._broken = False
        self._shell: Shell | None = None
        program = Executable("sh", self._life, Flavour.HOST, LOADER)
        self._process = self.kernel.start(program, ("sh",), ENVIRONMENT, host.view(), fds)

    @property
    def ended(self) -> bool:
        """The page's shell has exited, or met something not simulated; nothing more can run."""
        return self._broken or self._process.exit_code is not None

    def run(self, command: str) -> Result:
        """Run one command of the page to its end, then everybody else until all wait.

        The clock then stands at the next full second. Raises NotSimulated (LimitExceeded): also
        when the shell has ended, and when the command would wait for ever.
        """
        if self.ended:
            raise NotSimulated(
                "the page's shell has ended",
                "an earlier step ran `exit`, `set -e` or a fatal error",
            )
        try:
            return self._run(command)
        except NotSimulated:
            self._broken = True
            raise

    def _run(self, command: str) -> Result:
        self._text = command
        if not self.kernel.run_until(lambda: self._text is None or self.ended):
            raise NotSimulated("this command never ends", "run it in the background, or stop it")
        status = self._process.exit_code if self.ended else self._status()
        self.kernel.settle()
        if self._out.size + self._err.size > limits.OUTPUT_BYTES:
            raise LimitExceeded(
                f"the output of this step is larger than {limits.OUTPUT_BYTES:,} bytes",
                "print less",
            )
        result = Result(_text(self._out.take()), _text(self._err.take()), status or 0)
        self._clock.advance_to((self._clock.now_ns // SECOND_NS + 1) * SECOND_NS)
        return result

    def _status(self) -> int:
        return 0 if self._shell is None else self._shell.status

    def _life(self, process: Process) -> Steps[int]:
        """The shell's program: waits for commands, runs each as if it were a line of a script."""
        shell = new_shell(process, Flavour.HOST, "sh")
        self._shell = shell
        return (yield from shell.main(self._commands(shell)))

    def _commands(self, shell: Shell) -> Steps[int]:
        while True:
            yield Until(lambda: self._text is not None or bool(shell.process.pending))
            if shell.process.pending:
                yield from shell.run_traps()
            if self._text is None:
                continue
            text = self._text
            try:
                status = yield from shell.run_text(text)
            except FsError as error:
                raise Exit(1) from error
            shell.status = status
            self._text = None


def _text(data: bytes) -> str:
    """Bytes that are no UTF-8 are shown as `\\xNN`."""
    return data.decode("utf-8", "backslashreplace")
