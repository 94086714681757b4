"""The simulator as an engine: a fresh host, one shell session on it, and an observer."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.daemon.host import BASE_IMAGE, Host
from docgen.diagnostics import NotSimulated
from docgen.fs.content import Content
from docgen.fs.errors import FsError
from docgen.page.blocks import Scenario
from docgen.play.engine import Result
from docgen.play.observe import Observer
from docgen.record.snapshot import Snapshot
from docgen.shell.check import check
from docgen.shell.machine import machine_tree
from docgen.shell.parse import parse
from docgen.shell.session import Session
from docgen.shell.syntax import ShellSyntaxError
from docgen.shell.walk import functions_of

HOME = "/root"


class SimulatedEngine:
    """A simulated Docker host in the hands of one page."""

    name = "simulated"

    def __init__(self, driver: str, seed: str, images: Sequence[str]) -> None:
        self.driver = driver
        self._host = Host(driver, seed, machine_tree())
        if BASE_IMAGE not in images:
            self._host.daemon.remove_image(BASE_IMAGE)
        self._session = Session(self._host)
        self._observer = Observer(self._host.world)
        self._functions: frozenset[str] = frozenset()
        """Shell functions that the page defines, as far as it was looked through."""

    def refused(self, command: str) -> Sequence[NotSimulated]:
        try:
            script = parse(command)
            found = check(script, self._functions)
            self._functions |= functions_of(script)
            return found
        except ShellSyntaxError as error:
            expected = f" in place of {error.expected}" if error.expected else ""
            what = f"a shell cannot read this: {error.found}{expected}"
            return [NotSimulated(what, "correct the command", error.line, error.column)]
        except NotSimulated as error:
            return [error]

    def write_file(self, path: str, data: bytes, mode: int) -> None:
        view = self._host.view()
        try:
            directory = path.rpartition("/")[0]
            if directory:
                view.makedirs(f"{HOME}/{directory}")
            view.write_file(f"{HOME}/{path}", Content.of(data), mode)
            view.chmod(f"{HOME}/{path}", mode)
        except FsError as error:
            raise OSError(0, error.errno.value) from None

    def run(self, command: str) -> Result:
        result = self._session.run(command)
        return Result(result.stdout, result.stderr, result.exit)

    def snapshot(self) -> Snapshot:
        return self._observer.observe()

    def close(self) -> None:
        """Nothing outlives the object."""


def open_simulated(scenario: Scenario, driver: str) -> SimulatedEngine:
    """Ids follow from the page's path, so that the same page always has the same ones."""
    return SimulatedEngine(driver, scenario.path, scenario.front.images)
