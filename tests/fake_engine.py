"""An engine of a few words, for the tests of everything that only needs some engine."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.diagnostics import NotSimulated
from docgen.page.blocks import Scenario
from docgen.play.engine import Result
from docgen.record.snapshot import Snapshot

EMPTY = Snapshot("fake", 0, (), (), (), (), (), ())


class FakeEngine:
    """`say TEXT`, `warn TEXT`, `exit N`, `cat FILE`, `driver`, `differ`; any other word is refused
    when it runs, `never` before. Words are separated by newlines or blanks; \\n in a text is a
    newline.
    """

    name = "fake"

    def __init__(self, driver: str) -> None:
        self.driver = driver
        self.files: dict[str, bytes] = {}
        self.time = 0
        self.closed = False

    def refused(self, command: str) -> Sequence[NotSimulated]:
        lines = command.split("\n")
        return [
            NotSimulated("never", "say something", number, line.index("never") + 1)
            for number, line in enumerate(lines, start=1)
            if "never" in line
        ]

    def write_file(self, path: str, data: bytes, mode: int) -> None:
        if path in self.files:
            raise FileExistsError(17, "File exists")
        self.files[path] = data + f"{mode:o}\n".encode()

    def run(self, command: str) -> Result:
        self.time += 1
        verb, _, rest = command.replace("\n", " ").partition(" ")
        text = rest.replace("\\n", "\n") + "\n"
        match verb:
            case "say":
                return Result(text, "", 0)
            case "warn":
                return Result("", text, 1)
            case "driver":
                return Result(self.driver + "\n", "", 0)
            case "exit":
                return Result("", "", int(rest))
            case "differ":
                return Result("", "", 0 if self.driver == "one" else 3)
            case "cat":
                return Result(self.files[rest].decode(), "", 0)
            case _:
                raise NotSimulated(f"'{verb}'", "say something")

    def snapshot(self) -> Snapshot:
        return Snapshot(self.driver, self.time, (), (), (), (), (), ())

    def close(self) -> None:
        self.closed = True


def open_fake(scenario: Scenario, driver: str) -> FakeEngine:
    del scenario
    return FakeEngine(driver)


DRIVERS = {"one": 1, "two": 2}
