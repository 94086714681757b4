"""The stages of a Dockerfile: which there are, which are needed, in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docgen.daemon.build.parse import Dockerfile, DockerfileError, Instruction, refuse_flags
from docgen.daemon.build.words import WordError, expand, quoted_words
from docgen.diagnostics import NotSimulated
from docgen.frozen import frozen

_FROM_FLAGS = frozenset[str]()
LAYERS = ("RUN", "COPY", "ADD", "WORKDIR")
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
    def total(self) -> int:
        """Steps in the progress: FROM, and everything that makes a layer."""
        return 1 + sum(one.name in LAYERS for one in self.steps)


@frozen
class Plan:
    stages: tuple[Stage, ...]
    global_args: Mapping[str, str]
    """ARGs before the first FROM."""

    def find(self, text: str) -> Stage | None:
        """By name or number."""
        for stage in reversed(self.stages):
            if stage.name and stage.name.lower() == text.lower():
                return stage
        if text.isdecimal() and int(text[:6]) < len(self.stages):
            return self.stages[int(text)]
        return None


def plan(dockerfile: Dockerfile, args: Mapping[str, str | None]) -> Plan:
    """Raises DockerfileError."""
    known: dict[str, str] = {}
    groups: list[tuple[Instruction, list[Instruction]]] = []
    for instruction in dockerfile.instructions:
        if instruction.name == "FROM":
            groups.append((instruction, []))
        elif groups:
            groups[-1][1].append(instruction)
        elif instruction.name == "ARG":
            _global_arg(known, instruction, args)
        else:
            raise _error("no build stage in current context", instruction)
    if not groups:
        raise DockerfileError("dockerfile contains no stages to build")
    stages = [
        _stage(index, start, steps, known, len(groups))
        for index, (start, steps) in enumerate(groups)
    ]
    return Plan(tuple(stages), known)


def _error(message: str, instruction: Instruction) -> DockerfileError:
    return DockerfileError(message, instruction.line, instruction.last_line)


def _global_arg(
    known: dict[str, str], instruction: Instruction, args: Mapping[str, str | None]
) -> None:
    for word in quoted_words(instruction.rest):
        key, equals, value = word.partition("=")
        given = args.get(key)
        if given is not None:
            known[key] = given
        elif equals:
            known[key] = _expanded(value, known, instruction)


def _expanded(text: str, env: Mapping[str, str], instruction: Instruction) -> str:
    try:
        return expand(text, env)
    except WordError as error:
        raise _error(str(error), instruction) from error


def _stage(
    index: int,
    start: Instruction,
    steps: Sequence[Instruction],
    known: Mapping[str, str],
    count: int,
) -> Stage:
    refuse_flags(start, _FROM_FLAGS)
    words = start.rest.split()
    if len(words) not in (1, 3) or (len(words) == 3 and words[1].upper() != "AS"):
        text = "FROM requires either one or three arguments"
        raise _error(f"dockerfile parse error on line {start.line}: {text}", start)
    base = _expanded(words[0], known, start)
    if not base:
        raise _error(f"base name ({words[0]}) should not be blank", start)
    for step in steps:
        if step.name == "ONBUILD":
            raise NotSimulated("ONBUILD in a Dockerfile", "write the instruction where it is used")
    name = words[2].lower() if len(words) == 3 else ""
    shown = name or (f"stage-{index}" if count > 1 else "")
    return Stage(index, name, base, start, tuple(steps), shown)


def needed(build: Plan, target: Stage) -> tuple[Stage, ...]:
    """The target and all stages it takes from, in the order of the file."""
    wanted: set[int] = set()
    todo = [target]
    while todo:
        stage = todo.pop()
        if stage.index in wanted:
            continue
        wanted.add(stage.index)
        names = [stage.base, *(step.flag("from") for step in stage.steps)]
        for name in filter(None, names):
            found = build.find(name)
            if found is not None and found.index < stage.index:
                todo.append(found)
    return tuple(stage for stage in build.stages if stage.index in wanted)
