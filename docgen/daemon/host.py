"""The simulated Docker host: a Debian-like file tree, a clock, and dockerd on it."""

from __future__ import annotations

from docgen.daemon.daemon import Daemon
from docgen.daemon.runner import Runner
from docgen.fs.clock import Clock
from docgen.fs.namespace import Namespace
from docgen.fs.plain import PlainFs
from docgen.fs.view import View


class Host:
    """One disposable host; the whole world of a page.

    `driver` is one of `docgen.store.driver.DRIVERS`; `seed` (the page's path in the project) decides ids.
    """

    clock: Clock
    """Virtual; starts at 2026-01-01T00:00:00Z."""
    driver: str
    seed: str
    filesystem: PlainFs
    """The host's root (ext4). Volumes are ordinary directories in it."""
    namespace: Namespace
    """The host's mounts; Docker's own directories are mounted in as read-only projections of the model."""
    daemon: Daemon

    def view(self, cwd: str = "/root", umask: int = 0o022) -> View:
        """Root's view of the host."""
        raise NotImplementedError

    def set_runner(self, runner: Runner) -> None:
        """Give the daemon its program runner (the kernel of the shell room); once, before the first start."""
        raise NotImplementedError
