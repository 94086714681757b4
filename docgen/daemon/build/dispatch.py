"""What BuildKit finds out before it runs a step: words that cannot be read, what a stage's settings
will be (frontend/dockerfile/dockerfile2llb). The steps themselves read their words here too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from docgen.daemon.build.instructions import InstructionError, Settings, apply_setting
from docgen.daemon.build.lint import Linter, StageLinter
from docgen.daemon.build.parse import DockerfileError, Instruction
from docgen.daemon.build.stages import PLATFORM, Plan, Stage
from docgen.daemon.build.syntax import refuse_unsimulated
from docgen.daemon.build.words import WordError, expand, json_words, quoted_words
from docgen.daemon.image import ImageRecord
from docgen.daemon.launch import BASE_PATH
from docgen.diagnostics import NotSimulated
from docgen.frozen import frozen
from docgen.oci.config import RunConfig

_MAX_MODE: Final = 0o7777


@frozen
class CopyWords:
    """COPY or ADD, variables replaced."""

    named: tuple[str, ...]
    target: str
    chown: str
    chmod: str
    mode: int | None


def opening(image: ImageRecord | None) -> Settings:
    """What a stage on this image begins with; None is scratch."""
    config = RunConfig(working_dir="/") if image is None else image.run_config
    settings = Settings(config, escaped=image is not None and image.args_escaped)
    if "PATH" not in settings.image_env:
        settings.config = replace(config, env=(f"PATH={BASE_PATH}", *config.env))
    return settings


def set_up(
    settings: Settings, instruction: Instruction, plan: Plan, given: Mapping[str, str | None]
) -> str:
    """An instruction that makes no layer; the line for `docker history`. `given`: `--build-arg`.

    Raises InstructionError, WordError.
    """
    if instruction.name != "ARG":
        return apply_setting(settings, instruction)
    inherited = {**PLATFORM, **plan.global_args}
    words = quoted_words(instruction.rest)
    for word in words:
        if "=" not in word and word in inherited:
            settings.args[word] = inherited[word]
    apply_setting(settings, instruction)
    shown = []
    for key in (word.partition("=")[0] for word in words):
        if given.get(key) is not None:
            settings.args[key] = given[key]
        value = settings.args.get(key)
        shown.append(key if value is None else f"{key}={value}")
    return "ARG " + " ".join(shown)


def copy_words(settings: Settings, instruction: Instruction) -> CopyWords:
    """Raises InstructionError, WordError."""
    env = settings.env
    chown, chmod = expand(instruction.flag("chown"), env), expand(instruction.flag("chmod"), env)
    listed = json_words(instruction.rest)
    *named, target = [expand(one, env) for one in listed or instruction.rest.split()]
    for one in named:
        if "://" in one or one.startswith("git@"):
            raise NotSimulated(f"{instruction.name} of {one}", "put the file into the context")
    return CopyWords(tuple(named), target, chown, chmod, _mode(chmod))


def _mode(chmod: str) -> int | None:
    if not chmod:
        return None
    if not chmod[0].isdigit():
        raise NotSimulated(f"--chmod={chmod} in a Dockerfile", "use octal digits")
    try:
        mode = int(chmod, 8)
    except ValueError:
        mode = -1
    if not 0 <= mode <= _MAX_MODE:
        raise InstructionError(
            f"invalid chmod parameter: '{chmod}'. it should be octal string and between 0 and 07777"
        )
    return mode


class Rehearsal:
    """All that the stages say, without a step being run."""

    def __init__(
        self,
        plan: Plan,
        given: Mapping[str, str | None],
        bases: Mapping[str, ImageRecord],
        linter: Linter,
    ) -> None:
        self._plan = plan
        self._given = given
        self._bases = bases
        self._linter = linter
        self._settings: dict[int, Settings] = {}

    def run(self, stages: Sequence[Stage]) -> None:
        """Raises DockerfileError, NotSimulated."""
        for stage in stages:
            self._check_platform(stage.start)
            base = self._plan.base_of(stage)
            settings = (
                opening(self._bases.get(stage.base))
                if base is None
                else self._settings[base.index].inherited()
            )
            self._settings[stage.index] = settings
            remarks = StageLinter(self._linter)
            for step in stage.steps:
                try:
                    self._step(stage, settings, step, remarks)
                except (InstructionError, WordError) as error:
                    raise DockerfileError(str(error), step.line, step.last_line) from error

    def _check_platform(self, start: Instruction) -> None:
        text = start.flag("platform")
        wanted = PLATFORM["TARGETPLATFORM"]
        if text and expand(text, {**PLATFORM, **self._plan.global_args}) != wanted:
            raise NotSimulated(f"FROM --platform={text}", f"images are for {wanted}")

    def _step(
        self, stage: Stage, settings: Settings, step: Instruction, remarks: StageLinter
    ) -> None:
        refuse_unsimulated(step)
        env = settings.env
        remarks.unset(step, env, settings.args)
        shown = expand(step.rest, env) if step.name == "WORKDIR" else step.rest
        remarks.step(step, shown, shell_set=settings.config.shell is not None)
        if step.name in ("COPY", "ADD"):
            copy_words(settings, step)
            self._check_source(stage, step)
        elif step.name != "RUN":
            set_up(settings, step, self._plan, self._given)

    def _check_source(self, stage: Stage, step: Instruction) -> None:
        name = step.flag("from")
        source = self._plan.find(name) if name else None
        if source is not None and source.index > stage.index:
            raise InstructionError(
                f'cannot copy from stage "{name}", '
                f'it needs to be defined before current stage "{stage.title}"'
            )
