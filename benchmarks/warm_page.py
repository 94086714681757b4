"""P1 and P3: one command with its snapshot, and a page of ten commands, warm in one process.

    python benchmarks/warm_page.py

P3 takes reading the page, a fresh host and all snapshots. Goals: P1 0.25 ms for `docker exec db
true` (real engine: 0.12 s), P3 5 ms (real engine: about 1.5 s).
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from measure import HERE, interleaved, milliseconds

from docgen.page.reader import read
from docgen.play.player import play
from docgen.play.simulated import SimulatedEngine, open_simulated

PAGE = (HERE / "ten_commands.md").read_text(encoding="utf-8")
CALLS = 50


def page() -> None:
    scenario = read("ten_commands.md", PAGE)
    play(scenario, open_simulated(scenario, "overlayfs"))


def commands(command: str) -> Callable[[], float]:
    """A command with its snapshot, in milliseconds, on a host that lives on."""
    engine = SimulatedEngine("overlayfs", "benchmark", ("busybox",))
    engine.run("docker run -d --name db busybox sleep infinity")

    def step() -> None:
        engine.run(command)
        engine.snapshot()

    return lambda: sum(milliseconds(step) for _ in range(CALLS)) / CALLS


def main() -> None:
    rows = {
        "P3: ten_commands.md": lambda: milliseconds(page),
        "P1: docker exec db true": commands("docker exec db true"),
        "    docker diff db": commands("docker diff db"),
        "    true": commands("true"),
    }
    print(f"{'ms of CPU':28} {'median':>8} {'least':>8}")
    for name, took in interleaved(rows).items():
        print(f"{name:28} {median(took):8.2f} {min(took):8.2f}")


if __name__ == "__main__":
    main()
