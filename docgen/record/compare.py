"""Two recordings of one page: where do they differ? What is the same says a table (`same.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from docgen.frozen import frozen
from docgen.record.facts import facts
from docgen.record.recording import Recording, Step
from docgen.record.same import Pairing, same

SHOWN = 12
"""Lines of one difference that are shown."""


@frozen
class Difference:
    """One thing that two engines do not agree on."""

    line: int
    """Of the step; 0 where the whole page is meant."""
    command: str
    what: str
    """`commands`, `exit`, `stdout`, `stderr` or `storage`."""
    left: str
    right: str

    def __str__(self) -> str:
        """The lines that differ: `-` before those on the left, `+` before those on the right."""
        pairs = unified_diff(self.left.split("\n"), self.right.split("\n"), lineterm="", n=0)
        lines = [one for one in pairs if not one.startswith(("---", "+++", "@@"))]
        more = [f"… {len(lines) - SHOWN} more lines"] if len(lines) > SHOWN else []
        return "\n".join([*lines[:SHOWN], *more])


def compare(left: Recording, right: Recording) -> tuple[Difference, ...]:
    """Everything that differs, in the page's order."""
    ours = "\n".join(step.command for step in left.steps)
    theirs = "\n".join(step.command for step in right.steps)
    if ours != theirs:
        return (Difference(0, "", "commands", ours, theirs),)
    pairing = Pairing(ours)
    return tuple(
        difference
        for one, two in zip(left.steps, right.steps, strict=True)
        for difference in _step(one, two, pairing)
    )


def _step(left: Step, right: Step, pairing: Pairing) -> Iterator[Difference]:
    pairs = (
        ("exit", str(left.exit), str(right.exit)),
        ("stdout", *same(left.stdout, right.stdout, pairing, left.command)),
        ("stderr", *same(left.stderr, right.stderr, pairing, left.command)),
        ("storage", *_storage(left, right, pairing)),
    )
    for what, ours, theirs in pairs:
        if ours != theirs:
            yield Difference(left.line, left.command, what, ours, theirs)


def _storage(left: Step, right: Step, pairing: Pairing) -> tuple[str, str]:
    return same("\n".join(facts(left.snapshot)), "\n".join(facts(right.snapshot)), pairing)
