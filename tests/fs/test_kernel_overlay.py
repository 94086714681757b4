"""The model against the kernel: random system calls on overlayfs and on a plain file system.

Needs root and overlayfs. `DOCGEN_REQUIRE=1` makes a missing one a failure,
`DOCGEN_OPERATIONS=100000` makes the run longer, `DOCGEN_SEED` another one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from kernel_cases import USERS, Chooser, Model, layer_tree, random_layers

pytestmark = pytest.mark.kernel
CALLS = 40
"""System calls of one case."""
OPERATIONS = int(os.environ.get("DOCGEN_OPERATIONS", "2000"))
SEED = int(os.environ.get("DOCGEN_SEED", "1"))


class Worker:
    """The kernel's side, in its own mount namespace."""

    def __init__(self, area: Path) -> None:
        script = str(Path(__file__).with_name("kernel_worker.py"))
        self.process = subprocess.Popen(
            ["unshare", "-m", "--propagation", "private", sys.executable, script, str(area)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)


def missing() -> str:
    """Why the kernel cannot be asked here; '' where it can."""
    if os.geteuid() != 0:
        return "needs root"
    if "overlay" not in Path("/proc/filesystems").read_text():
        return "needs overlayfs in the kernel"
    probe = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
    return "" if probe.returncode == 0 else "needs the right to make a mount namespace"


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    reason = missing()
    if reason:
        if os.environ.get("DOCGEN_REQUIRE") == "1":
            pytest.fail(f"DOCGEN_REQUIRE=1: {reason}")
        pytest.skip(reason)
    asked = Worker(tmp_path_factory.mktemp("kernel"))
    yield asked
    asked.close()


def play(worker: Worker, seed: int, overlay: bool, calls: int = CALLS) -> list[str]:
    """One random case on both sides; the differences as text."""
    random = Random(seed)
    depth = random.choice([1, 1, 2, 2, 3, 8]) if overlay else 1
    layers = random_layers(random, depth)
    umask = random.choice([0o022, 0o022, 0, 0o077])
    model = Model([layer_tree(layer) for layer in layers], overlay, umask)
    binds = model.bind_some(random)
    chooser = Chooser(random, model, users=random.random() < 0.5)
    restart = random.randrange(calls) if overlay and not binds else calls
    ops, said = [], []
    for index in range(calls):
        if index == restart:
            model.restart()
        op = chooser.op()
        ops.append(op)
        said.append(json.loads(json.dumps(model.call(op))))
    request = {"layers": layers, "users": USERS, "umask": umask, "overlay": overlay}
    phases = [part for part in (ops[:restart], ops[restart:]) if part]
    answer = worker.ask({**request, "binds": binds, "phases": phases})
    told = [
        f"call {index} {op}: the kernel {real}, the model {ours}"
        for index, (op, real, ours) in enumerate(zip(ops, answer["results"], said, strict=True))
        if real != ours
    ]
    told += _compared("visible", answer["visible"], model.visible())
    if overlay:
        told += _compared("upper", _settled(answer["upper"]), _settled(model.raw()))
    return told


def _settled(dump: list[Any]) -> list[Any]:
    """Without the impure mark on directories that do not merge: there the kernel takes it away when
    somebody lists them, after what was copied up has gone."""
    kept = []
    for path, *told in dump:
        names = told[-1]
        merged = path == "/" or "trusted.overlay.origin" in names
        if len(told) > 1 and not merged:
            told[-1] = [name for name in names if name != "trusted.overlay.impure"]
        kept.append([path, *told])
    return kept


def _compared(what: str, real: list[Any], ours: list[Any]) -> list[str]:
    """Where two dumps differ, by path."""
    theirs, mine = ({entry[0]: entry[1:] for entry in dump} for dump in (real, ours))
    return [
        f"{what} {path}: the kernel {theirs.get(path)}, the model {mine.get(path)}"
        for path in sorted(theirs.keys() | mine.keys())
        if theirs.get(path) != mine.get(path)
    ]


@pytest.mark.parametrize("overlay", [True, False], ids=["overlayfs", "plain"])
def test_random_calls_end_as_in_the_kernel(worker: Worker, overlay: bool) -> None:
    for case in range(OPERATIONS // CALLS):
        seed = SEED * 1_000_000 + case
        told = play(worker, seed, overlay)
        assert not told, f"seed {seed}\n" + "\n".join(told[:8])
