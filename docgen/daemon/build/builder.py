"""`docker build`: the stages of a Dockerfile, step by step, on layers of the store.

BuildKit frontend/dockerfile/dockerfile2llb (28.5.2) says what a step does and how it is named; the
store makes
the layer; the cache decides whether a step runs.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from docgen.daemon.build.cache import BuildCache
from docgen.daemon.build.context import copied_words, one_file, read_context, sent_of
from docgen.daemon.build.dispatch import Rehearsal
from docgen.daemon.build.finish import finish
from docgen.daemon.build.job import Job, StageState
from docgen.daemon.build.lint import Linter
from docgen.daemon.build.parse import DockerfileError, parse_dockerfile
from docgen.daemon.build.stage import StageBuilder
from docgen.daemon.build.stages import Stage, needed, plan
from docgen.daemon.build.syntax import check_syntax
from docgen.daemon.buildmodel import BuildError, BuildRequest, BuildResult, Vertex, VertexStatus
from docgen.daemon.errors import DaemonError
from docgen.daemon.refs import parse
from docgen.daemon.waits import Steps
from docgen.daemon.world import World
from docgen.frozen import frozen
from docgen.fs.errors import FsError
from docgen.fs.tree import EMPTY_TREE, Tree


@frozen
class _Source:
    """The Dockerfile's text and where it came from."""

    text: str
    name: str


class Builder:
    """All builds of one daemon; they share the cache."""

    def __init__(self, world: World, cache: BuildCache) -> None:
        self._world = world
        self.cache = cache
        self._builds = 0

    def build(self, request: BuildRequest) -> Steps[BuildResult]:
        """Raises BuildError."""
        self._builds += 1
        self._check_context(request)
        job = Job(self._world, self.cache, request, self._builds)
        source = self._read(job, request)
        try:
            dockerfile = parse_dockerfile(source.text)
            linter = Linter(job.warn, dockerfile.check)
            check_syntax(dockerfile, linter)
            whole = plan(dockerfile, request.args, linter)
            target = whole.stages[-1]
            if request.target:
                found = whole.find(request.target)
                if found is None:
                    text = f'target stage "{request.target}" could not be found'
                    raise DockerfileError(text)
                target = found
        except DockerfileError as error:
            raise self._failure(job, source, error.message, error.line, error.last_line) from error
        job.plan = whole
        wanted = needed(whole, target)
        self._resolve_bases(job, source, wanted)
        self._load_ignore(job)
        self._rehearse(job, source, wanted, linter)
        self._load_context(job, wanted)
        states = yield from self._stages(job, source, wanted)
        return finish(job, states[target.index])

    # --- before the first step ----------------------------------------------------------------

    @staticmethod
    def _check_context(request: BuildRequest) -> None:
        if request.context and not request.view.is_dir(request.context):
            raise BuildError(
                f'unable to prepare context: path "{request.context}" not found', line=0
            )

    def _read(self, job: Job, request: BuildRequest) -> _Source:
        """The `load build definition` step."""
        path = request.dockerfile or posixpath.join(request.context, "Dockerfile")
        name = posixpath.basename(path)
        vertex = job.vertex(f"[internal] load build definition from {name}")
        if request.dockerfile_text is not None:
            text = request.dockerfile_text
        else:
            try:
                data = request.view.read_file(path).to_bytes()
            except FsError as error:
                vertex.notes.append("transferring dockerfile: 2B done")
                raise BuildError(
                    f"failed to solve: failed to read dockerfile: open {name}: "
                    "no such file or directory",
                    tuple(job.vertices),
                ) from error
            text = data.decode("utf-8", "surrogateescape")
        size = len(text.encode("utf-8", "surrogateescape"))
        self.cache.use_local(f"dockerfile:{request.context}", one_file(name, text))
        sent = size + len(name) + (29 if size > 127 else 27)
        vertex.notes.append(f"transferring dockerfile: {sent}B done")
        return _Source(text, name)

    def _resolve_bases(self, job: Job, source: _Source, wanted: Sequence[Stage]) -> None:
        """`load metadata` for every image that a stage starts from or copies from."""
        for stage in wanted:
            names = [(stage.base, stage.start)]
            names += [(step.flag("from"), step) for step in stage.steps if step.flag("from")]
            for name, step in names:
                is_stage = (
                    job.plan.base_of(stage) if step is stage.start else job.plan.find(name)
                ) is not None
                if name == "scratch" or is_stage or name in job.bases:
                    continue
                try:
                    reference = parse(name).tagged()
                    full = f"{reference.name}:{reference.tag or 'latest'}"
                    vertex = job.vertex(f"[internal] load metadata for {full}")
                    job.bases[name] = self._world.images.resolve(name)
                except DaemonError as error:
                    vertex = job.vertices[-1]
                    reason = f"{full}: not found"
                    vertex.status, vertex.error = VertexStatus.ERROR, reason
                    text = f"{name}: failed to resolve source metadata for {full}: {reason}"
                    raise self._failure(
                        job, source, text, step.line, step.last_line, vertex
                    ) from error

    def _load_ignore(self, job: Job) -> None:
        ignore = job.vertex("[internal] load .dockerignore")
        self.cache.use_local(f"dockerignore:{job.request.context}", self._ignore(job.request))
        ignore.notes.append(f"transferring context: {self._ignore_size(job.request)}B done")

    def _rehearse(self, job: Job, source: _Source, wanted: Sequence[Stage], linter: Linter) -> None:
        """All that is wrong before a step has run."""
        try:
            Rehearsal(job.plan, job.request.args, job.bases, linter).run(wanted)
        except DockerfileError as error:
            raise self._failure(job, source, error.message, error.line, error.last_line) from error
        if linter.fails and linter.broken:
            rules = ", ".join(linter.broken)
            raise self._failure(job, source, f"lint violation found for rules: {rules}", 0, 0)

    def _load_context(self, job: Job, wanted: Sequence[Stage]) -> None:
        words = copied_words(wanted)
        if words:
            if job.request.context:
                job.context = read_context(job.request.view, job.request.context)
            sent = sent_of(job.context, words)
            self.cache.use_local(f"context:{job.request.context}", sent)
            vertex = job.vertex("[internal] load build context")
            vertex.notes.append(f"transferring context: {job.context_size()}B done")

    @staticmethod
    def _ignore_size(request: BuildRequest) -> int:
        """Bytes on the way: the file, its name and a frame; 2 where there is none."""
        name = ".dockerignore"
        try:
            size = request.view.stat(posixpath.join(request.context, name)).size
        except FsError:
            return 2
        return size + len(name) + (29 if size > 127 else 27)

    @staticmethod
    def _ignore(request: BuildRequest) -> Tree:
        try:
            data = request.view.read_file(posixpath.join(request.context, ".dockerignore"))
        except FsError:
            return EMPTY_TREE
        return one_file(".dockerignore", data.to_bytes().decode("utf-8", "replace"))

    # --- the stages ---------------------------------------------------------------------------

    def _stages(
        self, job: Job, source: _Source, wanted: Sequence[Stage]
    ) -> Steps[dict[int, StageState]]:
        states = job.states
        for stage in wanted:
            builder = StageBuilder(job, stage)
            builder.begin()
            for step in stage.steps:
                try:
                    yield from builder.step(step)
                except DockerfileError as error:
                    failed = builder.failed
                    raise self._failure(
                        job, source, error.message, step.line, step.last_line, failed
                    ) from error
            states[stage.index] = builder.state
        return states

    @staticmethod
    def _failure(
        job: Job,
        source: _Source,
        message: str,
        line: int,
        last_line: int,
        failed: Vertex | None = None,
    ) -> BuildError:
        return BuildError(
            f"failed to solve: {message}",
            tuple(job.vertices),
            failed=failed,
            line=line,
            last_line=last_line,
            source=source.text,
            dockerfile=source.name,
            warnings=tuple(job.warnings),
        )
