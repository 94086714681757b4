"""What the scripts of this directory share: CPU of processes, interleaved rounds, medians."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time
from typing import TypeVar

T = TypeVar("T")
ROUNDS = 9
HERE = Path(__file__).resolve().parent
PROGRAMS = Path(sys.executable).parent
"""Where `docgen` and `mkdocs` of this environment are."""


@dataclass(frozen=True, slots=True)
class Cost:
    cpu: float
    """Seconds, user and system."""
    peak: float
    """MB of resident memory."""


def process(command: Sequence[str], cwd: Path | None = None) -> Cost:
    """One run of a command, its children included; its output is thrown away.

    Byte code is kept, as it is for everybody who installed the program. Raises OSError if it fails.
    """
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.chdir(cwd or Path.cwd())
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.execvp(command[0], list(command))
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise OSError(f"{' '.join(command)}: exit status {os.waitstatus_to_exitcode(status)}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000)


def interleaved(rows: Mapping[str, Callable[[], T]], rounds: int = ROUNDS) -> dict[str, list[T]]:
    """Every row once a round, after one round that does not count."""
    took: dict[str, list[T]] = {name: [] for name in rows}
    for number in range(rounds + 1):
        for name, play in rows.items():
            cost = play()
            if number:
                took[name].append(cost)
    return took


def milliseconds(call: Callable[[], object]) -> float:
    """CPU of one call in this process."""
    start = process_time()
    call()
    return (process_time() - start) * 1e3


def print_processes(took: Mapping[str, Sequence[Cost]]) -> None:
    """Medians, the spread of CPU, and each row's CPU as a multiple of the first row's."""
    print(f"{'':46} {'CPU s':>7} {'least':>7} {'most':>7} {'peak MB':>8} {'ratio':>6}")
    base = 0.0
    for name, costs in took.items():
        cpu = [one.cpu for one in costs]
        middle = median(cpu)
        base = base or middle
        peak = median(one.peak for one in costs)
        row = f"{middle:7.3f} {min(cpu):7.3f} {max(cpu):7.3f} {peak:8.1f} {middle / base:6.2f}"
        print(f"{name:46} {row}")
