"""What a step leaves: a layer, taken from the cache or made."""

from __future__ import annotations

from collections.abc import Callable

from docgen.daemon.build import copyop
from docgen.daemon.build.instructions import Settings
from docgen.daemon.build.job import Job, Line, StageState
from docgen.daemon.build.parse import Instruction
from docgen.daemon.build.stages import Stage
from docgen.daemon.build.words import WordError, expand
from docgen.daemon.buildmodel import Vertex, VertexStatus
from docgen.daemon.errors import DaemonError
from docgen.daemon.imagedata import add_layer
from docgen.diagnostics import NotSimulated
from docgen.fs.errors import FsError
from docgen.fs.namespace import Namespace
from docgen.fs.tree import EMPTY_TREE
from docgen.fs.view import View
from docgen.oci.config import RunConfig
from docgen.store.layers import Writable


class Layering:
    """One stage, and the layers that its steps put on each other."""

    def __init__(self, job: Job, stage: Stage) -> None:
        self._job = job
        self._world = job.world
        self._stage = stage
        self._done = 0
        self._on_image = False
        """The stage starts from an image: a step of its own."""
        self.failed: Vertex | None = None
        self.state = StageState(Settings(RunConfig()), None)

    def _vertex(self, text: str) -> Vertex:
        self._done += 1
        prefix = f"{self._stage.shown} " if self._stage.shown else ""
        total = self._stage.steps_shown + self._on_image
        width = len(str(total))
        return self._job.vertex(f"[{prefix}{self._done:{width}d}/{total}] {text}")

    def _name(self, instruction: Instruction) -> str:
        """The step in the progress; RUN keeps its quotes and what is not set."""
        text = instruction.original
        if instruction.name == "RUN" and is_script(instruction):
            first, *more = instruction.heredocs[0].data.strip().split("\n")
            text += f" ({first}{'...' if more else ''})"
        try:
            return expand(text, self.state.settings.env, raw=instruction.name == "RUN")
        except (WordError, NotSimulated):
            return text

    def _layered(
        self, vertex: Vertex, line: str, words: tuple[str, ...], change: Callable[[View], None]
    ) -> None:
        """A step that changes files at once."""
        key = self._job.cache.key(self.state.key, *words)
        # dockerfile2llb gives `--no-cache` to RUN, COPY and ADD, but not to WORKDIR's mkdir.
        if self._cached(vertex, line, key, ask=words[0] == "WORKDIR"):
            return
        parent = self.state.layers[-1] if self.state.layers else None
        rw = self._world.store.create_rw(self._scratch_name(), parent, EMPTY_TREE)
        try:
            root = self._world.store.mount(rw)
            namespace = Namespace()
            namespace.mount(root, "/")
            try:
                change(View(namespace, umask=0))
            except (copyop.CopyError, DaemonError, FsError) as error:
                text = error.message if isinstance(error, DaemonError) else str(error)
                self._fail(vertex, text)
                raise copyop.CopyError(text) from error
            finally:
                namespace.unmount_all()
            self._commit(vertex, line, key, rw)
        finally:
            self._world.store.unmount(rw)
            self._world.store.remove_rw(rw)

    def _scratch_name(self) -> str:
        return f"build-{self._world.ids.next()}"

    def _fail(self, vertex: Vertex, error: str) -> None:
        vertex.status, vertex.error = VertexStatus.ERROR, error
        vertex.finished_ns = self._world.clock.now_ns
        self.failed = vertex

    def _cached(self, vertex: Vertex, line: str, key: str, *, ask: bool = False) -> bool:
        """Whether an earlier result serves; `ask` even where the build is to use none."""
        if self._job.request.no_cache and not ask:
            return False
        entry = self._job.cache.find(key)
        if entry is None:
            return False
        vertex.status = VertexStatus.CACHED
        self.state.layers.append(entry.layer)
        self.state.lines.append(Line(line, entry.record.created_ns))
        self.state.key = key
        return True

    def _commit(self, vertex: Vertex, line: str, key: str, rw: Writable) -> None:
        diff = self._world.store.commit_diff(rw)
        parent = self.state.layers[-1] if self.state.layers else None
        layer = add_layer(self._world, parent, diff, line, built=True)
        self._world.clock.tick()
        entry = self._job.cache.keep(key, layer, self._world.store.upper_tree(rw), self.state.key)
        vertex.finished_ns = self._world.clock.now_ns
        self.state.layers.append(layer)
        self.state.lines.append(Line(line, entry.record.created_ns))
        self.state.key = key


def is_script(run: Instruction) -> bool:
    """`RUN <<E`: the here-document is all there is."""
    return bool(run.heredocs) and len(run.rest.split()) == 1
