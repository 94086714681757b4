"""P4 and P5: a scene laid out, as SVG, and as text, over all steps of the project's scenarios.

    python benchmarks/drawing.py

Layouts are made for whole pages, as the site does; figures are divided by the number of steps. The
floor is Jinja2 with finished geometry: twelve boxes with a text each. Goal: SVG with layout at most
twice the floor on a scene of that size.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from jinja2 import Environment
from measure import HERE, interleaved, milliseconds

from docgen.draw.ascii import ascii as as_text
from docgen.draw.picture import PictureError, Sequence, sequence
from docgen.draw.svg import figures
from docgen.draw.views import VIEWS
from docgen.page.reader import read
from docgen.play.player import play
from docgen.play.simulated import open_simulated
from docgen.record.recording import Recording

BOX = """{% for b in boxes %}<g id="{{ b.key }}"><title>{{ b.name }}</title>
<rect x="{{ b.x }}" y="{{ b.y }}" width="{{ b.w }}" height="{{ b.h }}" rx="3" class="box"/>
<text x="{{ b.x + 8 }}" y="{{ b.y + 16 }}" textLength="{{ b.w }}">{{ b.name }}</text></g>
{% endfor %}"""


def recordings() -> list[Recording]:
    found = []
    for path in sorted((HERE.parent / "scenarios").rglob("*.md")):
        scenario = read(path.name, path.read_text(encoding="utf-8"))
        found.append(play(scenario, open_simulated(scenario, scenario.front.drivers[0])))
    return [one for one in found if one.steps]


def sequences(played: list[Recording], view: str) -> list[Sequence]:
    found = []
    for one in played:
        try:
            found.append(sequence(one, view))
        except PictureError:
            continue  # the view has nothing to show on this page
    return found


def floor() -> Callable[[], float]:
    template = Environment(autoescape=True).from_string(BOX)
    boxes = [
        {"key": f"k{n}", "name": f"box <{n}>", "x": 8, "y": n, "w": 80, "h": 36} for n in range(12)
    ]
    return lambda: milliseconds(lambda: [template.render(boxes=boxes) for _ in range(20)]) / 20


def main() -> None:
    played = recordings()
    print(f"{'ms of CPU a step':12} {'layout':>8} {'SVG':>8} {'text':>8} {'shapes':>8}")
    rows: dict[str, Callable[[], float]] = {"floor": floor()}
    shapes = {}
    for view in VIEWS:
        drawn = sequences(played, view)
        scenes = [scene for one in drawn for scene in one.scenes]
        count = len(scenes)
        shapes[view] = sum(len(group.shapes) for one in scenes for group in one.groups) / count
        rows[f"{view} layout"] = lambda v=view, n=count: (
            milliseconds(lambda: sequences(played, v)) / n
        )
        rows[f"{view} svg"] = lambda d=drawn, n=count: (
            milliseconds(lambda: [figures(one, uid="dg") for one in d]) / n
        )
        rows[f"{view} text"] = lambda s=scenes, n=count: (
            milliseconds(lambda: [as_text(one) for one in s]) / n
        )
    took = {name: median(values) for name, values in interleaved(rows, 7).items()}
    for view, count in shapes.items():
        layout, svg, text = (took[f"{view} {part}"] for part in ("layout", "svg", "text"))
        print(f"{view:16} {layout:8.2f} {svg:8.2f} {text:8.2f} {count:8.0f}")
    print(f"floor: Jinja2, 12 boxes with finished geometry: {took['floor']:.2f}")


if __name__ == "__main__":
    main()
