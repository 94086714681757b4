"""One stage while it is built: its layers, its configuration, its history."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field

from docgen.daemon.build import copyop, runstep
from docgen.daemon.build.cache import BuildCache
from docgen.daemon.build.dispatch import CopyWords, copy_words, opening, set_up
from docgen.daemon.build.instructions import (
    InstructionError,
    Settings,
    apply_setting,
    command_line,
)
from docgen.daemon.build.parse import DockerfileError, Heredoc, Instruction
from docgen.daemon.build.stages import Plan, Stage
from docgen.daemon.build.words import WordError, expand
from docgen.daemon.buildmodel import BuildRequest, Vertex, VertexStatus
from docgen.daemon.errors import DaemonError
from docgen.daemon.image import ImageRecord
from docgen.daemon.imagedata import add_layer
from docgen.daemon.launch import BASE_PATH
from docgen.daemon.users import file_owner
from docgen.daemon.waits import Steps
from docgen.daemon.world import World
from docgen.diagnostics import NotSimulated
from docgen.fs.content import Content
from docgen.fs.errors import FsError
from docgen.fs.namespace import Namespace
from docgen.fs.nodes import Dir, File, Meta
from docgen.fs.plain import PlainFs
from docgen.fs.tree import EMPTY_TREE, Tree
from docgen.fs.view import View
from docgen.oci.config import History, RunConfig
from docgen.oci.ids import base_36
from docgen.store.layers import Layer, Writable

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


class StageBuilder:
    """Runs the steps of one stage. Raises DockerfileError; `failed` is then the step's vertex."""

    def __init__(self, job: Job, stage: Stage) -> None:
        self._job = job
        self._world = job.world
        self._stage = stage
        self._done = 0
        self._on_image = False
        """The stage starts from an image: a step of its own."""
        self.failed: Vertex | None = None
        self.state = StageState(Settings(RunConfig()), None)

    def begin(self) -> None:
        """FROM."""
        name = self._stage.base
        earlier = self._job.plan.base_of(self._stage)
        if earlier is not None:
            self.state = self._job.states[earlier.index].copy()
            return
        if name == "scratch":
            self.state = StageState(opening(None), None)
            return
        self._on_image = True
        image = self._job.bases[name]
        self.state = StageState(opening(image), image, list(image.layers), key=image.id)
        self._from(name, image)

    def _from(self, name: str, image: ImageRecord) -> None:
        """The step of a base image: one for all stages that start from it."""
        if image.id in self._job.started:
            self._done += 1
            return
        self._job.started.add(image.id)
        vertex = self._vertex(f"FROM {self._shown_base(name, image)}")
        if self._job.cache.use_image(image.id, sum(image.blob_sizes)):
            vertex.status = VertexStatus.CACHED

    def _shown_base(self, name: str, image: ImageRecord) -> str:
        """Only the containerd store knows the digest of a local image."""
        from docgen.daemon.refs import parse

        reference = parse(name).tagged()
        shown = f"{reference.name}:{reference.tag or 'latest'}"
        return f"{shown}@{image.id}" if self._world.images.containerd else shown

    def _vertex(self, text: str) -> Vertex:
        self._done += 1
        prefix = f"{self._stage.shown} " if self._stage.shown else ""
        total = self._stage.steps_shown + self._on_image
        width = len(str(total))
        return self._job.vertex(f"[{prefix}{self._done:{width}d}/{total}] {text}")

    # --- steps --------------------------------------------------------------------------------

    def step(self, instruction: Instruction) -> Steps[None]:
        """One instruction."""
        self.failed = None
        try:
            match instruction.name:
                case "RUN":
                    yield from self._run(instruction)
                case "COPY" | "ADD":
                    self._copy(instruction)
                case "WORKDIR":
                    self._workdir(instruction)
                case _:
                    self._setting(instruction)
        except (InstructionError, WordError, copyop.CopyError) as error:
            raise DockerfileError(str(error), instruction.line, instruction.last_line) from error

    def _setting(self, instruction: Instruction) -> None:
        line = set_up(self.state.settings, instruction, self._job.plan, self._job.request.args)
        self.state.lines.append(Line(line, None))

    def _name(self, instruction: Instruction) -> str:
        """The step in the progress; RUN keeps its quotes and what is not set."""
        text = instruction.original
        if instruction.name == "RUN" and _is_script(instruction):
            first, *more = instruction.heredocs[0].data.strip().split("\n")
            text += f" ({first}{'...' if more else ''})"
        try:
            return expand(text, self.state.settings.env, raw=instruction.name == "RUN")
        except (WordError, NotSimulated):
            return text

    def _workdir(self, instruction: Instruction) -> None:
        line = apply_setting(self.state.settings, instruction)
        path = self.state.settings.config.working_dir
        if path == "/":
            self.state.lines.append(Line(line, None))
            return
        vertex = self._vertex(self._name(instruction))
        user = self.state.settings.config.user

        def make(view: View) -> None:
            owner = self._owner(view, user)
            built = ""
            for part in path.split("/")[1:]:
                built += f"/{part}"
                if not view.exists(built):
                    view.mkdir(built, 0o755)
                    view.chown(built, *owner)

        self._layered(vertex, line, ("WORKDIR", path, user), make)

    # --- layers -------------------------------------------------------------------------------

    def _layered(self, vertex: Vertex, line: str, words: tuple[str, ...], change: object) -> None:
        """A step that changes files at once."""
        key = self._job.cache.key(self.state.key, *words)
        # dockerfile2llb gives `--no-cache` to RUN, COPY and ADD, but not to WORKDIR's mkdir.
        if self._cached(vertex, line, key, ask=words[0] == "WORKDIR"):
            return
        assert callable(change)
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

    # --- RUN ----------------------------------------------------------------------------------

    def _run(self, instruction: Instruction) -> Steps[None]:
        settings = self.state.settings
        argv = self._run_argv(instruction)
        env = {"PATH": BASE_PATH, **settings.env}
        args = [
            f"{key}={settings.env.get(key, value or '')}" for key, value in settings.args.items()
        ]
        shown = ([f"|{len(args)}", *args] if args else []) + list(argv)
        line = f"RUN {' '.join(shown)} # buildkit"
        vertex = self._vertex(self._name(instruction))
        config = settings.config
        words = (
            "RUN",
            *argv,
            config.user,
            config.working_dir,
            *(f"{k}={v}" for k, v in env.items()),
        )
        key = self._job.cache.key(self.state.key, *words)
        if self._cached(vertex, line, key):
            return
        parent = self.state.layers[-1] if self.state.layers else None
        name = self._scratch_name()
        rw = self._world.store.create_rw(name, parent, EMPTY_TREE)
        try:
            root = self._world.store.mount(rw)
            problem = ""
            try:
                code = yield from runstep.run(
                    self._world,
                    root,
                    argv,
                    env,
                    config.user,
                    config.working_dir,
                    vertex,
                    name,
                )
                problem = f"exit code: {code}" if code else ""
            except DaemonError as error:
                problem = error.message
            vertex.finished_ns = self._world.clock.now_ns
            if problem:
                text = f'process "{" ".join(argv)}" did not complete successfully: {problem}'
                self._fail(vertex, text)
                raise DockerfileError(text, instruction.line, instruction.last_line)
            self._commit(vertex, line, key, rw)
        finally:
            self._world.store.unmount(rw)
            self._world.store.remove_rw(rw)

    def _run_argv(self, instruction: Instruction) -> tuple[str, ...]:
        """Exec form, shell form, or the lines of a here-document given to the shell."""
        if not instruction.heredocs:
            return command_line(self.state.settings, instruction.rest)
        first = instruction.heredocs[0]
        if _is_script(instruction):
            if first.data.startswith("#!"):
                raise NotSimulated("a RUN here-document with #!", "write the script to a file")
            return (*self.state.settings.shell, first.data)
        whole = instruction.rest
        for doc in instruction.heredocs:
            whole += f"\n{doc.data}{doc.name}"
        return (*self.state.settings.shell, whole)

    # --- COPY, ADD ----------------------------------------------------------------------------

    def _copy(self, instruction: Instruction) -> None:
        words = copy_words(self.state.settings, instruction)
        chown, target = words.chown, words.target
        inline = (
            self._job.vertex("[internal] preparing inline document")
            if instruction.heredocs
            else None
        )
        source, paths, missing = self._source(instruction, words.named)
        line = _copy_line(instruction, words)
        vertex = self._vertex(self._name(instruction))
        if missing:
            seed = self._job.request.context
            ref = f"{base_36(seed, 1)}::{base_36(seed, self._job.number + 1)}"
            reason = f"failed to calculate checksum of ref {ref}: {missing}"
            self._fail(vertex, reason)
            raise copyop.CopyError(f"failed to compute cache key: {reason}")
        where = posixpath.join("/", self.state.settings.config.working_dir or "/", target)
        whole = self._destination(where, target)
        words_of_key = (
            instruction.name,
            copyop.fingerprint(source, paths),
            whole,
            chown,
            words.chmod,
        )

        def make(view: View) -> None:
            options = copyop.CopyOptions(
                target=whole,
                owner=self._owner(view, chown) if chown else None,
                mode=words.mode,
                unpack=instruction.name == "ADD",
            )
            for path in paths:
                copyop.copy(source, path, view, options)

        self._layered(vertex, line, words_of_key, make)
        if inline is not None:
            inline.status = vertex.status

    @staticmethod
    def _destination(where: str, target: str) -> str:
        clean = posixpath.normpath(where).replace("//", "/")
        is_directory = target.endswith(("/", "/.")) or target in (".", "")
        return clean.rstrip("/") + "/" if is_directory else clean

    def _owner(self, view: View, text: str) -> tuple[int, int]:
        named = [one for one in text.split(":") if one and not one.isdecimal()]
        if named and not self.state.layers:
            raise copyop.CopyError("invalid user index: -1")
        return file_owner(view, text)

    def _source(
        self, instruction: Instruction, named: tuple[str, ...]
    ) -> tuple[View, list[str], str]:
        """Where the files come from; the paths; what is missing."""
        view = self._source_view(instruction)
        paths: list[str] = []
        inline = iter(instruction.heredocs)
        try:
            for one in named:
                if one.startswith("<<") and instruction.heredocs:
                    paths.append(self._inline(view, next(inline)))
                else:
                    paths += copyop.sources(view, [one])
        except copyop.CopyError as error:
            return view, [], str(error)
        return view, paths, ""

    def _inline(self, view: View, doc: Heredoc) -> str:
        data = doc.data
        if doc.expand:
            data = expand(data, self.state.settings.env, document=True)
        path = f"/{doc.name}"
        view.write_file(path, Content.of(data), 0o644)
        return path

    def _source_view(self, instruction: Instruction) -> View:
        name = instruction.flag("from")
        if not name:
            tree = self._job.context
        else:
            stage = self._job.plan.find(name)
            if stage is not None and stage.index in self._job.states:
                layers = self._job.states[stage.index].layers
            elif name == "scratch":
                layers = []
            else:
                layers = list(self._job.bases[name].layers)
            tree = self._world.store.full_tree(layers[-1]) if layers else EMPTY_TREE
        if not tree.at("/"):
            tree = Tree.build({"/": Dir(Meta(0o755))})
        namespace = Namespace()
        namespace.mount(PlainFs(tree, self._world.clock), "/")
        return View(namespace, umask=0)


def _is_script(run: Instruction) -> bool:
    """`RUN <<E`: the here-document is all there is."""
    return bool(run.heredocs) and len(run.rest.split()) == 1


def _copy_line(instruction: Instruction, words: CopyWords) -> str:
    inline = iter(instruction.heredocs)
    named = [
        f"<<{next(inline).name}" if one.startswith("<<") and instruction.heredocs else one
        for one in words.named
    ]
    flags = f" --chown={words.chown}" if words.chown else ""
    flags += f" --chmod={words.chmod}" if words.chmod else ""
    return f"{instruction.name}{flags} {' '.join(named)} {words.target} # buildkit"


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
