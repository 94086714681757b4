"""The same pages on real engines: play them there, and say where the simulator differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from docgen.diagnostics import PageError
from docgen.frozen import frozen
from docgen.page.blocks import Scenario
from docgen.play.player import play
from docgen.play.simulated import open_simulated
from docgen.real.base import archive
from docgen.real.engine import RealEngine
from docgen.real.engines import Engine
from docgen.record.compare import Difference, compare
from docgen.record.recording import Recording

AT_ONCE = 2
"""Hosts that run side by side: on two cores a third makes starts fail."""


@frozen
class Task:
    scenario: Scenario
    driver: str


@frozen
class Verified:
    """One page on one real engine, beside the simulator."""

    task: Task
    real: Recording | None
    differences: tuple[Difference, ...]
    trouble: str = ""
    """Why there is no recording, in words; '' where there is one."""


def verify(tasks: Iterable[Task], engine: Engine) -> Iterator[Verified]:
    """In the order of the tasks; each has a host of its own, gone afterwards."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(lambda task: _verify(task, engine), tasks)


def _verify(task: Task, engine: Engine) -> Verified:
    try:
        real = record(task, engine)
    except (OSError, EOFError, PageError) as error:
        return Verified(task, None, (), str(error))
    simulator = open_simulated(task.scenario, task.driver)
    try:
        ours = play(task.scenario, simulator)
    except PageError as error:
        return Verified(task, real, (), str(error))
    return Verified(task, real, compare(ours, real))


def record(task: Task, engine: Engine) -> Recording:
    """The page as a real engine plays it. Raises EngineMissing, OSError, PageError."""
    images = [archive(name) for name in task.scenario.front.images]
    real = RealEngine(engine, task.driver, images)
    try:
        return play(task.scenario, real)
    finally:
        real.close()
