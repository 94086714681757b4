"""One stage while it is built: its layers, its configuration, its history."""

from __future__ import annotations

from docgen.daemon.build import copyop, runstep
from docgen.daemon.build.copysteps import CopySteps
from docgen.daemon.build.dispatch import opening, set_up
from docgen.daemon.build.instructions import InstructionError, apply_setting, command_line
from docgen.daemon.build.job import Line, StageState
from docgen.daemon.build.layering import is_script
from docgen.daemon.build.parse import DockerfileError, Instruction
from docgen.daemon.build.words import WordError
from docgen.daemon.buildmodel import VertexStatus
from docgen.daemon.errors import DaemonError
from docgen.daemon.image import ImageRecord
from docgen.daemon.launch import BASE_PATH
from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.fs.tree import EMPTY_TREE
from docgen.fs.view import View


class StageBuilder(CopySteps):
    """Runs the steps of one stage. Raises DockerfileError; `failed` is then the step's vertex."""

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
        if is_script(instruction):
            if first.data.startswith("#!"):
                raise NotSimulated("a RUN here-document with #!", "write the script to a file")
            return (*self.state.settings.shell, first.data)
        whole = instruction.rest
        for doc in instruction.heredocs:
            whole += f"\n{doc.data}{doc.name}"
        return (*self.state.settings.shell, whole)
