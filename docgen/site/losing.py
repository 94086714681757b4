"""What the player's switch paints: for every step, what each command would take away from there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docgen.draw.story import Story
from docgen.draw.text import clean
from docgen.frozen import frozen
from docgen.record.losses import Losses, Wipe, losses
from docgen.record.recording import Recording
from docgen.record.snapshot import Snapshot


@frozen
class Losing:
    target: str
    """The container whose parts some pictures call by their bare names; '' for none."""
    commands: tuple[str, ...]
    """The choices, in order."""
    steps: tuple[str, ...]
    """For every step lines of `MASK KEY`: bit 0 is the first command; the keys are those of
    pictures' groups.
    """
    homes: str
    """Lines of `KEY<tab>PATH`: directories on the hosts that go with a thing."""


def losing(runs: Sequence[Recording], target: str) -> Losing | None:
    """None where no command would ever take anything."""
    lead = runs[0]
    story = Story(lead)
    names = story.containers(range(story.last + 1))
    chosen = target if target in names else names[0] if len(names) == 1 else ""
    steps = tuple(_step(step.snapshot, chosen) for step in lead.steps)
    if not any(steps):
        return None
    homes = dict.fromkeys(line for run in runs for line in _homes(run))
    commands = tuple(_command(wipe, chosen) for wipe in Wipe)
    return Losing(clean(chosen), commands, steps, "\n".join(homes))


def _command(wipe: Wipe, container: str) -> str:
    if not wipe.of_container:
        return str(wipe)
    return f"{wipe} {clean(container)}" if container else f"{wipe}, all containers"


def _step(snapshot: Snapshot, container: str) -> str:
    masks: dict[str, int] = {}
    for bit, wipe in enumerate(Wipe):
        for key in _keys(snapshot, losses(snapshot, wipe, container)):
            masks[key] = masks.get(key, 0) | 1 << bit
    return "\n".join(f"{mask} {key}" for key, mask in masks.items())


def _keys(snapshot: Snapshot, found: Losses) -> Iterator[str]:
    names = {one.id: clean(one.name) for one in snapshot.containers}
    yield from (f"container:{names[one]}" for one in found.containers)
    yield from (f"tmpfs:{names[one]}:{clean(target)}" for one, target in found.memory)
    yield from (f"volume:{clean(name)}" for name in found.volumes)


def _homes(run: Recording) -> Iterator[str]:
    """The outermost directories of every container and volume."""
    for step in run.steps:
        names = {f"container:{one.id}": one.name for one in step.snapshot.containers}
        top = ""
        for entry in step.snapshot.disk:
            kind = entry.owner.partition(":")[0]
            if kind not in ("container", "volume") or (top and entry.path.startswith(f"{top}/")):
                continue
            top = entry.path
            key = f"container:{names[entry.owner]}" if entry.owner in names else entry.owner
            yield f"{clean(key)}\t{clean(entry.path)}"
