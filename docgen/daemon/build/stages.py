"""The stages of a Dockerfile: which there are, which are needed, in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from docgen.daemon.build import lint
from docgen.daemon.build.parse import Dockerfile, DockerfileError, Instruction
from docgen.daemon.build.words import WordError, expand, quoted_words
from docgen.daemon.errors import DaemonError
from docgen.daemon.refs import parse
from docgen.frozen import frozen

PLATFORM: Final = {
    f"{side}{key}": value
    for side in ("BUILD", "TARGET")
    for key, value in (
        ("PLATFORM", "linux/amd64"),
        ("OS", "linux"),
        ("OSVERSION", ""),
        ("ARCH", "amd64"),
        ("VARIANT", ""),
    )
}
"""ARGs that every build has."""
LAYERS: Final = ("RUN", "COPY", "ADD", "WORKDIR")
"""Instructions that are steps of their own in the progress."""


@frozen
class Stage:
    index: int
    name: str
    """After AS; '' without one."""
    base: str
    """After FROM, variables replaced."""
    start: Instruction
    steps: tuple[Instruction, ...]
    shown: str
    """In the names of the steps; '' in a Dockerfile with one nameless stage."""

    @property
    def title(self) -> str:
        """In messages."""
        return self.name or f"stage-{self.index}"

    @property
    def steps_shown(self) -> int:
        """Steps in the progress, without a FROM of an image."""
        return sum(one.name in LAYERS for one in self.steps)


@frozen
class Plan:
    stages: tuple[Stage, ...]
    global_args: Mapping[str, str]
    """ARGs before the first FROM."""

    def find(self, text: str) -> Stage | None:
        """What `--from` and `--target` mean: by name or number."""
        for stage in reversed(self.stages):
            if stage.name and stage.name == text.lower():
                return stage
        if text.isdecimal() and text.isascii() and int(text[:6]) < len(self.stages):
            return self.stages[int(text[:6])]
        return None

    def base_of(self, stage: Stage) -> Stage | None:
        """The earlier stage that a stage starts from; None where that is an image."""
        for one in reversed(self.stages[: stage.index]):
            if one.name and one.name == stage.base.lower():
                return one
        return None


def plan(dockerfile: Dockerfile, args: Mapping[str, str | None], linter: lint.Linter) -> Plan:
    """Raises DockerfileError. The syntax was checked."""
    known: dict[str, str] = {}
    declared: dict[str, str] = {}
    groups: list[tuple[Instruction, list[Instruction]]] = []
    for instruction in dockerfile.instructions:
        if instruction.name == "FROM":
            groups.append((instruction, []))
        elif groups:
            groups[-1][1].append(instruction)
        else:
            _global_arg(known, instruction, args)
            _global_arg(declared, instruction, {}, unset="")
    for start, _ in groups:
        if not _is_base(_expanded(_base_word(start), {**PLATFORM, **declared}, start)):
            lint.no_default(linter, start)
    args_here = _Args(known, tuple(declared), linter)
    stages = [
        _stage(index, start, steps, args_here, len(groups))
        for index, (start, steps) in enumerate(groups)
    ]
    made = Plan(tuple(stages), known)
    _check_sources(made)
    _check_circles(made)
    return made


def _base_word(start: Instruction) -> str:
    return start.rest.split()[0]


def _is_base(name: str) -> bool:
    try:
        parse(name)
    except DaemonError:
        return False
    return True


def _error(message: str, instruction: Instruction) -> DockerfileError:
    return DockerfileError(message, instruction.line, instruction.last_line)


def _global_arg(
    known: dict[str, str],
    instruction: Instruction,
    args: Mapping[str, str | None],
    unset: str | None = None,
) -> None:
    """`unset` stands for an ARG without a value."""
    for word in quoted_words(instruction.rest):
        key, equals, value = word.partition("=")
        given = args.get(key)
        if given is not None:
            known[key] = given
        elif equals:
            known[key] = _expanded(value, {**PLATFORM, **known}, instruction)
        elif unset is not None:
            known[key] = unset


def _expanded(text: str, env: Mapping[str, str], instruction: Instruction) -> str:
    try:
        return expand(text, env)
    except WordError as error:
        raise _error(str(error), instruction) from error


@frozen
class _Args:
    """What is known before the first FROM."""

    values: Mapping[str, str]
    declared: tuple[str, ...]
    linter: lint.Linter


def _stage(
    index: int,
    start: Instruction,
    steps: Sequence[Instruction],
    args: _Args,
    count: int,
) -> Stage:
    words = start.rest.split()
    env = {**PLATFORM, **args.values}
    lint.base_name(args.linter, start, env, args.declared)
    base = _expanded(words[0], env, start)
    if not base:
        raise _error(f"base name ({words[0]}) should not be blank", start)
    lint.platform(args.linter, start, env, args.declared)
    platform = start.flag("platform")
    if platform and not _expanded(platform, env, start):
        raise _error(f"empty platform value from expression {platform}", start)
    name = words[2].lower() if len(words) == 3 else ""
    shown = name or (f"stage-{index}" if count > 1 else "")
    return Stage(index, name, base, start, tuple(steps), shown)


def _sources(build: Plan, stage: Stage) -> Iterator[tuple[Stage, Instruction]]:
    """The stages that a stage copies from, and where it says so."""
    for step in stage.steps:
        found = build.find(step.flag("from")) if step.flag("from") else None
        if found is not None:
            yield found, step


def _check_sources(build: Plan) -> None:
    for stage in build.stages:
        for step in stage.steps:
            name = step.flag("from")
            if "$" in name:
                raise DockerfileError(
                    "variable expansion is not supported for --from, define a new stage with FROM "
                    "using ARG from global scope as a workaround"
                )
            if name.isdecimal() and name.isascii() and build.find(name) is None:
                raise DockerfileError(f"invalid stage index {name.lstrip('0')}")


def _check_circles(build: Plan) -> None:
    """A stage that takes from itself, on whatever way."""
    done: set[int] = set()
    for first in build.stages:
        if first.index in done:
            continue
        path = {first.index}
        stack = [(first, _sources(build, first))]
        while stack:
            stage, sources = stack[-1]
            for source, step in sources:
                if source.index in path:
                    raise _error(f"circular dependency detected on stage: {first.title}", step)
                if source.index not in done:
                    path.add(source.index)
                    stack.append((source, _sources(build, source)))
                    break
            else:
                done.add(stage.index)
                path.remove(stage.index)
                stack.pop()


def needed(build: Plan, target: Stage) -> tuple[Stage, ...]:
    """The target and all stages it takes from, in the order of the file."""
    wanted: set[int] = set()
    todo = [target]
    while todo:
        stage = todo.pop()
        if stage.index in wanted:
            continue
        wanted.add(stage.index)
        todo += [source for source, _ in _sources(build, stage)]
        base = build.base_of(stage)
        if base is not None:
            todo.append(base)
    return tuple(stage for stage in build.stages if stage.index in wanted)
