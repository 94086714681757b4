"""P11 and bytes per page: what a reader's browser fetches.

    python benchmarks/page_bytes.py

Sizes of the built site's pages, and of inline SVG alone: one step of the `layers` view and all
steps of a page of ten, raw and by gzip -9. Goals: one step of a ten-box state under 4 kB of gzip, a
sequence of ten under 10 kB.
"""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path
from statistics import median

from measure import HERE, PROGRAMS, process

from docgen.draw.picture import sequence
from docgen.draw.svg import figures
from docgen.page.reader import read
from docgen.play.player import play
from docgen.play.simulated import open_simulated

PROJECT = HERE.parent


def row(name: str, text: str) -> tuple[str, int, int]:
    data = text.encode()
    return name, len(data), len(gzip.compress(data, 9, mtime=0))


def show(name: str, raw: float, packed: float) -> None:
    print(f"{name:56} {raw / 1000:9.1f} {packed / 1000:9.1f}")


def pages(site: Path) -> list[tuple[str, int, int]]:
    found = (one for one in sorted(site.rglob("*.html")) if one.name != "404.html")
    return [row(one.relative_to(site).as_posix(), one.read_text(encoding="utf-8")) for one in found]


def pictures(path: Path) -> None:
    scenario = read(path.name, path.read_text(encoding="utf-8"))
    drawn = figures(
        sequence(play(scenario, open_simulated(scenario, "overlayfs")), "layers"), uid="dg"
    )
    steps = [row("", drawn.defs + one) for one in drawn.steps]
    largest = max(steps, key=lambda one: one[2])
    show(f"{path.stem}, layers: largest step", *largest[1:])
    show(f"  all {len(steps)} steps", *row("", drawn.defs + "".join(drawn.steps))[1:])


def main() -> None:
    print(f"{'kB':56} {'raw':>9} {'gzip':>9}")
    with tempfile.TemporaryDirectory() as name:
        site = Path(name) / "site"
        command = (str(PROGRAMS / "mkdocs"), "build", "-q", "--site-dir", str(site))
        process(command, PROJECT)
        built = pages(site)
    scenarios = [one for one in built if one[0].startswith("scenarios/")]
    show(f"median of {len(scenarios)} scenario pages", *middle(scenarios))
    largest = max(built, key=lambda one: one[2])
    show(f"largest: {largest[0]}", *largest[1:])
    show("home page", *next(one for one in built if one[0] == "index.html")[1:])
    pictures(HERE / "ten_commands.md")


def middle(rows: list[tuple[str, int, int]]) -> tuple[float, float]:
    return median(one[1] for one in rows), median(one[2] for one in rows)


if __name__ == "__main__":
    main()
