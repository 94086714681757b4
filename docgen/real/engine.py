"""A real Docker host as an engine that scenarios are played on."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.diagnostics import NotSimulated
from docgen.play.engine import Result
from docgen.real.engines import Engine
from docgen.real.host import RealHost
from docgen.real.observe import observe
from docgen.real.session import RealSession
from docgen.record.snapshot import Snapshot

HOME = "/root"


class RealEngine:
    """A throw-away host in the hands of one page; images are archives for `docker load`."""

    def __init__(self, engine: Engine, driver: str, images: Sequence[bytes]) -> None:
        self.name = f"docker {engine.version}"
        self.driver = driver
        self._host = RealHost(engine, driver)
        self._host.__enter__()
        try:
            for archive in images:
                self._host.load_image(archive)
            self._session = RealSession(self._host)
            self._session.__enter__()
        except BaseException:
            self._host.close()
            raise

    def refused(self, command: str) -> Sequence[NotSimulated]:
        """Nothing: it is the real thing."""
        del command
        return ()

    def write_file(self, path: str, data: bytes, mode: int) -> None:
        self._host.put(f"{HOME}/{path}", data, mode)

    def run(self, command: str) -> Result:
        answer = self._session.run(command)
        return Result(_text(answer.stdout), _text(answer.stderr), answer.exit)

    def snapshot(self) -> Snapshot:
        return observe(self._host)

    def close(self) -> None:
        self._session.__exit__(None, None, None)
        self._host.close()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")
