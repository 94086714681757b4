"""A recording, asked as a picture asks it: what is there now, what was there last, what took
it away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from docgen.draw.hidden import Index
from docgen.draw.text import clean
from docgen.frozen import frozen
from docgen.record.recording import Recording
from docgen.record.snapshot import Container, ContainerStatus, Image, Layer, Snapshot

RUNS = frozenset({ContainerStatus.RUNNING, ContainerStatus.PAUSED, ContainerStatus.RESTARTING})
"""A tmpfs exists, and processes see something."""


class Phase(StrEnum):
    BEFORE = "not created yet"
    ALIVE = "exists"
    GONE = "removed"


@frozen
class Life:
    """A container at one step: itself, or what it was when it was last seen."""

    phase: Phase
    step: int
    container: Container | None
    """As it is now; after its end, as it was; None before its time."""
    gone: int = 0
    """The step that removed it; 0 while it is there."""


@dataclass(frozen=True, slots=True)
class Story:
    recording: Recording
    _indexes: dict[str, Index] = field(default_factory=dict, repr=False, compare=False)
    """By layer key: see `index`."""

    @property
    def last(self) -> int:
        return len(self.recording.steps)

    def snapshot(self, step: int) -> Snapshot:
        """After the step, counted from 1; 0 is the state before the first."""
        return self.recording.steps[step - 1].snapshot if step > 0 else self.recording.start

    def command(self, step: int) -> str:
        """The step's command on one line, shown safely."""
        if step < 1:
            return ""
        lines = self.recording.steps[step - 1].command.split("\n")
        return clean(" ".join(line.removesuffix("\\").strip() for line in lines).strip())

    def life(self, name: str, step: int) -> Life:
        """What has become of the container of that name (or id) by then."""
        for at in range(step, -1, -1):
            container = self.snapshot(at).container(name)
            if container:
                phase = Phase.ALIVE if at == step else Phase.GONE
                return Life(phase, step, container, at + 1 if at < step else 0)
        return Life(Phase.BEFORE, step, None)

    def last_running(self, name: str, step: int) -> Container | None:
        """The container as it was when it last ran, at this step or before."""
        for at in range(step, -1, -1):
            container = self.snapshot(at).container(name)
            if container and container.status in RUNS:
                return container
        return None

    def index(self, layer: Layer) -> Index:
        """The layer's entries, sorted out once for all steps."""
        if layer.key not in self._indexes:
            self._indexes[layer.key] = Index.of(layer.entries)
        return self._indexes[layer.key]

    def containers(self, steps: Iterable[int]) -> list[str]:
        """Names of all containers of these steps, in order of appearance."""
        return list(dict.fromkeys(c.name for step in steps for c in self.snapshot(step).containers))


def image_of(snapshot: Snapshot, container: Container) -> Image | None:
    return next((image for image in snapshot.images if image.id == container.image), None)


def status_words(container: Container) -> str:
    """`running`, `exited (137)`."""
    if container.status is ContainerStatus.EXITED:
        return f"exited ({container.exit_code})"
    return container.status.value
