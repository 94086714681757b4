"""One build while it runs: its steps, its stages, what they leave."""

from __future__ import annotations

from dataclasses import dataclass, field

from docgen.daemon.build.cache import BuildCache
from docgen.daemon.build.instructions import Settings
from docgen.daemon.build.stages import Plan
from docgen.daemon.buildmodel import BuildRequest, Vertex
from docgen.daemon.image import ImageRecord
from docgen.daemon.world import World
from docgen.fs.nodes import File
from docgen.fs.tree import EMPTY_TREE, Tree
from docgen.oci.config import History
from docgen.store.layers import Layer

COMMENT = "buildkit.dockerfile.v0"


@dataclass(slots=True)
class Line:
    """A history line of this build; its time is known when the layer is."""

    created_by: str
    created_ns: int | None
    """None for what makes no layer."""


@dataclass(slots=True)
class StageState:
    settings: Settings
    base: ImageRecord | None
    """The image at the bottom; None for scratch."""
    layers: list[Layer] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    """Only those of this build."""
    key: str = ""
    """What led here, for the cache."""

    def copy(self) -> StageState:
        """For a stage that starts from this one."""
        settings = self.settings.inherited()
        return StageState(settings, self.base, list(self.layers), list(self.lines), self.key)


@dataclass(slots=True)
class Job:
    """One build."""

    world: World
    cache: BuildCache
    request: BuildRequest
    number: int
    plan: Plan = field(default_factory=lambda: Plan((), {}))
    vertices: list[Vertex] = field(default_factory=list)
    bases: dict[str, ImageRecord] = field(default_factory=dict)
    context: Tree = EMPTY_TREE
    states: dict[int, StageState] = field(default_factory=dict)
    started: set[str] = field(default_factory=set)
    """Ids of base images whose step was shown."""
    warnings: list[str] = field(default_factory=list)

    def warn(self, text: str) -> None:
        """A line of BuildKit's linter; also below the first step, there as often as it is said."""
        if text not in self.warnings:
            self.warnings.append(text)
        self.vertices[0].notes.append(f"WARN: {text}")

    def vertex(self, name: str) -> Vertex:
        """A new step of the progress."""
        now = self.world.clock.now_ns
        made = Vertex(name, started_ns=now, finished_ns=now)
        self.vertices.append(made)
        return made

    def context_size(self) -> int:
        return 2 + sum(
            node.content.size for _, _, node in self.context.walk() if isinstance(node, File)
        )


def history_of(base: ImageRecord | None, lines: list[Line]) -> tuple[History, ...]:
    """The whole history. A line without a layer takes the time of the layer before it, the first
    ones of the
    first layer after them (BuildKit exporter/containerimage, normalizeLayersAndHistory)."""
    before = base.config.history if base is not None else ()
    times = [line.created_ns for line in lines if line.created_ns is not None]
    current = times[0] if times else (base.created_ns if base is not None else 0)
    found = []
    for line in lines:
        current = line.created_ns if line.created_ns is not None else current
        found.append(
            History(current, line.created_by, COMMENT, empty_layer=line.created_ns is None)
        )
    return (*before, *found)
