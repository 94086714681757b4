"""P8: a snapshot after one change, on an image of 20 inodes and on one of 20,000.

    python benchmarks/snapshot_scale.py

One change is one small file written; then the tree is frozen and compared with the image, as every
step of a page does. Goal: at most twice as long on the large image, at most 4 kB for one file.
"""

from __future__ import annotations

import tracemalloc
from statistics import median
from time import process_time

from docgen.fs.changes import apply, compare
from docgen.fs.clock import Clock
from docgen.fs.content import Content
from docgen.fs.namespace import Namespace
from docgen.fs.nodes import File, Meta
from docgen.fs.plain import PlainFs
from docgen.fs.tree import EMPTY_TREE, Tree
from docgen.fs.union import UnionFs
from docgen.fs.view import View

ROUNDS = 9
STEPS = 50


def image(files: int) -> Tree:
    """Directories of a hundred files."""
    names = (f"/usr/share/{number // 100}/{number}" for number in range(files))
    return Tree.build({name: File(Meta(), Content.of(name)) for name in names})


class Box:
    """A container over an image: full tree or union."""

    def __init__(self, base: Tree, union: bool) -> None:
        clock = Clock()
        self.base = base
        self.union = union
        self.plain = PlainFs(EMPTY_TREE if union else base, clock)
        namespace = Namespace()
        namespace.mount(UnionFs([base], self.plain, clock) if union else self.plain, "/")
        self.view = View(namespace)
        self.step(0)

    def step(self, number: int) -> None:
        """One change and its snapshot."""
        self.view.write_file("/usr/share/0/1", Content.of(str(number)))
        tree = self.plain.snapshot()
        compare(self.base, apply(self.base, tree) if self.union else tree)

    def time(self) -> float:
        """Microseconds of CPU for a step."""
        start = process_time()
        for number in range(STEPS):
            self.step(number)
        return (process_time() - start) / STEPS * 1e6

    def memory(self) -> float:
        """Bytes that one more snapshot keeps."""
        kept = []
        tracemalloc.start()
        for number in range(STEPS):
            self.view.write_file("/usr/share/0/1", Content.of(str(number)))
            kept.append(self.plain.snapshot())
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return size / STEPS


def main() -> None:
    print(f"{'':12} {'20 inodes':>10} {'20,000':>10} {'ratio':>6} {'bytes a snapshot':>17}")
    small, large = image(20), image(19_000)
    for name, union in (("full tree", False), ("union", True)):
        boxes = [Box(small, union), Box(large, union)]
        rounds = [[box.time() for box in boxes] for _ in range(ROUNDS)]
        few, many = (median(one[index] for one in rounds) for index in (0, 1))
        size = boxes[1].memory()
        print(f"{name:12} {few:7.0f} µs {many:7.0f} µs {many / few:6.2f} {size:17.0f}")


if __name__ == "__main__":
    main()
