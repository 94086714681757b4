"""`docgen verify`: the same pages on real engines, side by side with the simulator."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from docgen.cli.common import WRONG, load
from docgen.real.engines import EngineMissing, current_engine
from docgen.real.host import BACKENDS
from docgen.real.verify import Task, Verified, verify
from docgen.record.plain import RecordError
from docgen.record.proof import Proof, dumps_proofs, proof_path, with_proof
from docgen.upkeep.files import write_whole
from docgen.upkeep.project import find_pages
from docgen.upkeep.proofs import read_proofs

CANNOT = 2


def verify_pages(paths: Sequence[Path], driver: str | None, record: bool) -> None:
    """Exits 1 where simulator and engine differ, 2 where no engine can be had."""
    chosen = _chosen(paths, driver)
    try:
        engine = current_engine()
        found = []
        for (file, _), one in zip(
            chosen, verify([task for _, task in chosen], engine), strict=True
        ):
            found.append(one)
            _tell(one)
            if record and one.real is not None:
                _record(file, one)
    except EngineMissing as missing:
        click.echo(str(missing), err=True)
        sys.exit(CANNOT)
    steps = sum(len(one.real.steps) for one in found if one.real is not None)
    bad = sum(bool(one.differences or one.trouble) for one in found)
    click.echo(f"{len(found)} runs, {steps} steps compared with {engine.version}, {bad} differ")
    if bad:
        sys.exit(WRONG)


def _chosen(paths: Sequence[Path], driver: str | None) -> list[tuple[Path, Task]]:
    """Every page on each of its drivers that can run here."""
    chosen = []
    for page in find_pages(paths):
        if not page.runs:
            continue
        shown, scenario = load(page.file)
        for name in [driver] if driver else scenario.front.drivers:
            if name in BACKENDS:
                chosen.append((shown.file, Task(scenario, name)))
            else:
                click.echo(f"{page.shown}: skipped on {name}, which cannot run here", err=True)
    return chosen


def _tell(one: Verified) -> None:
    path = one.task.scenario.path
    where = f"{path} on {one.task.driver}"
    if not one.differences and not one.trouble:
        click.echo(f"{where}: equal")
    for line in _faults(one):
        click.echo(line, err=True)


def _faults(one: Verified) -> Iterator[str]:
    path = one.task.scenario.path
    if one.trouble:
        yield f"{path}:0:0: {one.trouble}"
    for difference in one.differences:
        yield (
            f"{path}:{difference.line}:1: {difference.what} differs on {one.task.driver} "
            f"('-' docgen, '+' the engine): $ {difference.command}"
        )
        yield "    " + str(difference).replace("\n", "\n    ")


def _record(file: Path, one: Verified) -> None:
    """The engine's answer beside the page, in place of an older one of the same kind."""
    assert one.real is not None
    try:
        known = read_proofs(file)
    except RecordError as error:
        raise click.ClickException(f"{proof_path(file.as_posix())}: {error}") from None
    proof = Proof(datetime.date.today().isoformat(), one.real)
    text = dumps_proofs(with_proof(known, proof))
    write_whole(Path(proof_path(file.as_posix())), text.encode())
