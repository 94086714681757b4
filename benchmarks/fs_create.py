"""P9: file calls of the simulated file system, beside the kernel's overlayfs and pyfakefs.

    python benchmarks/fs_create.py

Each row is the median CPU time of one call over interleaved rounds on one machine. The kernel's
row needs root (it mounts an overlay in a namespace of its own), pyfakefs must be installed; a peer
that is missing is named. Goal: 15 times pyfakefs on create, no slower than the kernel's overlayfs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

ROUNDS = 9
CALLS = 1_000
DATA = b"hello"
Round = Callable[[], dict[str, float]]


def measured(create: Callable[[int], None], stat: Callable[[int], None]) -> dict[str, float]:
    """Microseconds of CPU for one call of each kind."""
    took = {}
    for name, call in (("create", create), ("stat", stat)):
        start = process_time()
        for number in range(CALLS):
            call(number)
        took[name] = (process_time() - start) / CALLS * 1e6
    return took


def simulated(union: bool) -> Round:
    """The same calls through a View."""
    from docgen.fs.clock import Clock
    from docgen.fs.content import Content
    from docgen.fs.namespace import Namespace
    from docgen.fs.plain import PlainFs
    from docgen.fs.tree import EMPTY_TREE, Tree
    from docgen.fs.union import UnionFs
    from docgen.fs.view import View

    def play() -> dict[str, float]:
        clock = Clock()
        upper = PlainFs(EMPTY_TREE, clock)
        namespace = Namespace()
        namespace.mount(UnionFs([Tree.build({})], upper, clock) if union else upper, "/")
        view = View(namespace)
        view.makedirs("/work")
        return measured(
            lambda n: view.write_file(f"/work/{n}", Content.of(DATA)),
            lambda n: void(view.stat(f"/work/{n}")),
        )

    return play


def on_disk(directory: str) -> dict[str, float]:
    """The same calls with Python's own functions, in a fresh directory."""

    def create(number: int) -> None:
        with open(f"{place}/{number}", "wb") as file:
            file.write(DATA)

    place = tempfile.mkdtemp(dir=directory)
    return measured(create, lambda n: void(os.stat(f"{place}/{n}")))


def kernel() -> dict[str, float]:
    """One round on an overlay, in a process with a mount namespace of its own."""
    command = ["unshare", "-m", "--propagation", "private", sys.executable, __file__, "--kernel"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return {"create": float(answer[0]), "stat": float(answer[1])}


def kernel_round() -> None:
    """The other side of `kernel`."""
    with tempfile.TemporaryDirectory() as area:
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", area], check=True)
        for name in ("lower", "upper", "work", "merged"):
            Path(area, name).mkdir()
        options = f"index=off,lowerdir={area}/lower,upperdir={area}/upper,workdir={area}/work"
        mount = ["mount", "-t", "overlay", "overlay", "-o", options, f"{area}/merged"]
        subprocess.run(mount, check=True)
        took = on_disk(f"{area}/merged")
        subprocess.run(["umount", f"{area}/merged"], check=True)
        subprocess.run(["umount", area], check=True)
    print(took["create"], took["stat"])


def pyfakefs() -> Round | None:
    """The peer's round, where it is installed."""
    try:
        from pyfakefs.fake_filesystem_unittest import Patcher
    except ImportError:
        return None

    def play() -> dict[str, float]:
        with Patcher() as patcher:
            patcher.fs.create_dir("/work")
            return on_disk("/work")

    return play


def void(_: object) -> None:
    """A result that is only asked for."""


def main() -> None:
    rows: dict[str, Round] = {
        "docgen, plain": simulated(union=False),
        "docgen, overlayfs": simulated(union=True),
    }
    peer = pyfakefs()
    if peer is not None:
        rows["pyfakefs"] = peer
    if os.geteuid() == 0:
        rows["kernel's overlayfs from Python"] = kernel
    took: dict[str, list[dict[str, float]]] = {name: [] for name in rows}
    for _ in range(ROUNDS):
        for name, play in rows.items():
            took[name].append(play())
    print(f"{'µs of CPU a call':32} {'create':>8} {'stat':>8}")
    for name, rounds in took.items():
        create, stat = (median(one[call] for one in rounds) for call in ("create", "stat"))
        print(f"{name:32} {create:8.1f} {stat:8.1f}")
    for name in {"pyfakefs", "kernel's overlayfs from Python"} - rows.keys():
        print(f"{name}: not here")


if __name__ == "__main__":
    kernel_round() if "--kernel" in sys.argv else main()
