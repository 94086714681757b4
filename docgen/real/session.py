"""One shell session on a real host: dash, in /root, umask 022, one command at a time."""

from __future__ import annotations

import os
import select
import subprocess
import time
from types import TracebackType

from docgen.frozen import frozen
from docgen.real.host import RealHost

STEP_SECONDS = 120
DONE = "/run/docgen/done"


@frozen
class Answer:
    """What a command did: both streams apart, since `docker exec` interleaves them at random."""

    stdout: bytes
    stderr: bytes
    exit: int


class RealSession:
    """`with RealSession(host) as session: session.run("docker ps")`."""

    def __init__(self, host: RealHost) -> None:
        self._host = host
        self._shell: subprocess.Popen[bytes] | None = None
        self._done = -1

    def __enter__(self) -> RealSession:
        # A named pipe inside the host: dash knows no descriptor of two digits to hand one down.
        self._host.run(["mkfifo", DONE])
        self._done = os.open(self._host.outside(DONE), os.O_RDWR)
        argv = self._host.enter(["sh", "-c", f"umask 022; cd /root; exec sh -s 9>{DONE}"])
        self._shell = subprocess.Popen(argv, stdin=subprocess.PIPE)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._shell is not None:
            assert self._shell.stdin is not None
            self._shell.stdin.close()
            self._shell.kill()
            self._shell.wait()
            os.close(self._done)

    def run(self, command: str, seconds: float = STEP_SECONDS) -> Answer:
        """Run one command of the page in the session. Raises TimeoutError when it does not end."""
        assert self._shell is not None
        assert self._shell.stdin is not None
        # A group keeps the command in this shell (cd and variables live on) and its line numbers
        # apart from ours; `(exit …)` gives the next command the `$?` that it expects.
        text = (
            f"{{\n{command}\n}} >/run/docgen/out 2>/run/docgen/err </dev/null 9>&-; "
            '__docgen=$?; echo "$__docgen" >&9; (exit "$__docgen")\n'
        )
        self._shell.stdin.write(text.encode())
        self._shell.stdin.flush()
        code = self._answer(seconds)
        out = self._host.run(["cat", "/run/docgen/out"]).stdout
        err = self._host.run(["cat", "/run/docgen/err"]).stdout
        return Answer(out, err, code)

    def _answer(self, seconds: float) -> int:
        assert self._shell is not None
        text = b""
        end = time.monotonic() + seconds
        while not text.endswith(b"\n"):
            ready, _, _ = select.select([self._done], [], [], 0.2)
            if ready:
                text += os.read(self._done, 100)
            elif self._shell.poll() is not None:
                raise EOFError("the page's shell ended")
            elif time.monotonic() > end:
                raise TimeoutError(f"no answer after {seconds:.0f} s")
        return int(text)
