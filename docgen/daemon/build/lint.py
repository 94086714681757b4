"""BuildKit's remarks on a Dockerfile (frontend/dockerfile/linter), by the rules that are on.

They are notes of the step `load build definition` and stand again below the build.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from docgen.daemon.build.parse import Dockerfile, Instruction
from docgen.daemon.build.suggest import closest
from docgen.daemon.build.words import json_words, legacy_pair, quoted_words, unset_names

_SECRET: Final = re.compile(
    r"(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)", re.I
)
_PUBLIC: Final = re.compile(r"(?:_|^)public(?:_|$)", re.I)
_RESERVED: Final = frozenset({"scratch", "context"})


class Linter:
    """Gives every remark to `emit`. `# check=skip=RULE,…` and `# check=error=true` are heeded."""

    def __init__(self, emit: Callable[[str], None], check: str = "") -> None:
        self._emit = emit
        options = dict(part.strip().partition("=")[::2] for part in check.split(";"))
        self._skipped = frozenset(one.strip() for one in options.get("skip", "").split(","))
        self.fails = options.get("error", "").strip().lower() == "true"
        """A remark fails the build."""
        self.broken: list[str] = []
        """Rules there was a remark for."""

    def remark(self, rule: str, text: str, line: int) -> None:
        if rule in self._skipped or "all" in self._skipped:
            return
        if rule not in self.broken:
            self.broken.append(rule)
        self._emit(f"{rule}: {text} (line {line})")


# --- the file as a whole -------------------------------------------------------------------------


def empty_continuations(lint: Linter, dockerfile: Dockerfile) -> None:
    for one in dockerfile.instructions:
        if one.empty_line:
            lint.remark("NoEmptyContinuation", "Empty continuation line", one.last_line)


def stage_names(lint: Linter, start: Instruction, earlier: Iterable[str]) -> None:
    """`FROM base AS name`, as it is read."""
    words = start.rest.split()
    if len(words) != 3:
        return
    _, keyword, name = words
    if keyword.islower() != start.typed.islower() or keyword.isupper() != start.typed.isupper():
        text = f"'{keyword}' and '{start.typed}' keywords' casing do not match"
        lint.remark("FromAsCasing", text, start.line)
    if name != name.lower():
        lint.remark("StageNameCasing", f"Stage name '{name}' should be lowercase", start.line)
    if name.lower() in _RESERVED:
        text = f'Stage name should not use the same name as reserved stage "{name.lower()}"'
        lint.remark("ReservedStageName", text, start.line)
    if name.lower() in earlier:
        text = f'Duplicate stage name "{name.lower()}", stage names should be unique'
        lint.remark("DuplicateStageName", text, start.line)


def maintainer(lint: Linter, instruction: Instruction) -> None:
    text = "Maintainer instruction is deprecated in favor of using label"
    lint.remark("MaintainerDeprecated", text, instruction.line)


def casing(lint: Linter, dockerfile: Dockerfile) -> None:
    """All words as most are written: in capitals or in small letters."""
    inside = list(dockerfile.instructions)
    while inside and inside[0].name != "FROM":
        del inside[0]
    small = sum(one.typed.islower() for one in inside)
    large = sum(one.typed.isupper() for one in inside)
    wanted, right = ("lowercase", str.islower) if small > large else ("uppercase", str.isupper)
    for one in inside:
        if not right(one.typed):
            text = f"Command '{one.typed}' should match the case of the command majority ({wanted})"
            lint.remark("ConsistentInstructionCasing", text, one.line)


def no_default(lint: Linter, start: Instruction) -> None:
    """The defaults of the ARGs alone make no base of it."""
    base = start.rest.split()[0]
    if "$" in base:
        text = f"Default value for ARG {base} results in empty or invalid base image name"
        lint.remark("InvalidDefaultArgInFrom", text, start.line)


def base_name(
    lint: Linter, start: Instruction, env: Mapping[str, str], declared: Sequence[str]
) -> None:
    _undeclared(lint, start, start.rest.split()[0], env, declared)


def _undeclared(
    lint: Linter, start: Instruction, word: str, env: Mapping[str, str], declared: Sequence[str]
) -> None:
    for name in unset_names(word, env):
        if name not in declared:
            text = f"FROM argument '{name}' is not declared{_hint(name, declared)}"
            lint.remark("UndefinedArgInFrom", text, start.line)


def platform(
    lint: Linter, start: Instruction, env: Mapping[str, str], declared: Sequence[str]
) -> None:
    """`FROM --platform=…`."""
    text = start.flag("platform")
    _undeclared(lint, start, text, env, declared)
    if text in ("$TARGETPLATFORM", "${TARGETPLATFORM}"):
        said = f"Setting platform to predefined {text} in FROM is redundant"
        lint.remark(
            "RedundantTargetPlatform", f"{said} as this is the default behavior", start.line
        )
    name = "".join(start.rest.split()[2:]).lower()
    if text and "$" not in text and not any(part in name for part in text.split("/")):
        said = f'FROM --platform flag should not use constant value "{text}"'
        lint.remark("FromPlatformFlagConstDisallowed", said, start.line)


def _hint(name: str, options: Iterable[str], sign: str = "") -> str:
    close = closest(name, options)
    return f" (did you mean {sign}{close}?)" if close else ""


# --- one instruction -----------------------------------------------------------------------------


class StageLinter:
    """The remarks on the instructions of one stage, in their order."""

    def __init__(self, lint: Linter) -> None:
        self._lint = lint
        self._workdir_set = False
        self._once: dict[str, int] = {}

    def unset(
        self,
        instruction: Instruction,
        env: Mapping[str, str],
        declared: Iterable[str],
    ) -> None:
        """Variables that are nowhere. `declared`: ARGs of this stage, with or without a value."""
        known = frozenset(declared)
        found = [unset_names(word, env) for word in _expanded_words(instruction)]
        if instruction.name != "RUN":
            documents = (one.data for one in instruction.heredocs if one.expand)
            found += [unset_names(text, env, document=True) for text in documents]
        for names in found:
            for name in names:
                if name not in known:
                    text = f"Usage of undefined variable '${name}'{_hint(name, env, '$')}"
                    self._lint.remark("UndefinedVar", text, instruction.line)

    def step(self, instruction: Instruction, shown: str, *, shell_set: bool) -> None:
        """`shown` is the instruction's text after variables (WORKDIR)."""
        line = instruction.line
        match instruction.name:
            case "CMD" | "ENTRYPOINT" | "HEALTHCHECK":
                self._only_once(instruction)
                shell_form = json_words(instruction.rest) is None
                if instruction.name != "HEALTHCHECK" and shell_form and not shell_set:
                    self._lint.remark(
                        "JSONArgsRecommended",
                        f"JSON arguments recommended for {instruction.name} to prevent unintended "
                        "behavior related to OS signals",
                        line,
                    )
            case "ARG":
                for word in quoted_words(instruction.rest):
                    self._secret("ARG", word.partition("=")[0], line)
            case "ENV" | "LABEL":
                self._pairs(instruction)
            case "EXPOSE":
                self._ports(instruction)
            case "WORKDIR" if not self._workdir_set:
                self._workdir_set = True
                if not shown.startswith("/"):
                    text = (
                        f'Relative workdir "{shown}" can have unexpected results '
                        "if the base image changes"
                    )
                    self._lint.remark("WorkdirRelativePath", text, line)

    def _only_once(self, instruction: Instruction) -> None:
        name = instruction.name
        if name in self._once:
            text = (
                f"Multiple {name} instructions should not be used in the same stage "
                "because only the last one will be used"
            )
            self._lint.remark("MultipleInstructionsDisallowed", text, self._once[name])
        self._once[name] = instruction.line

    def _secret(self, name: str, key: str, line: int) -> None:
        if _SECRET.search(key) and not _PUBLIC.search(key):
            text = f'Do not use ARG or ENV instructions for sensitive data ({name} "{key}")'
            self._lint.remark("SecretsUsedInArgOrEnv", text, line)

    def _pairs(self, instruction: Instruction) -> None:
        name, line = instruction.name, instruction.line
        pair = legacy_pair(instruction.rest)
        if pair is not None:
            text = f'"{name} key=value" should be used instead of legacy "{name} key value" format'
            self._lint.remark("LegacyKeyValueFormat", text, line)
        keys = [word.partition("=")[0] for word in quoted_words(instruction.rest)]
        for key in keys if pair is None else [pair[0]]:
            if name == "ENV":
                self._secret("ENV", key, line)

    def _ports(self, instruction: Instruction) -> None:
        words = instruction.rest.split()
        for word in words:
            protocol = word.partition("/")[2]
            if protocol != protocol.lower():
                text = f"Defined protocol '{word}' in EXPOSE instruction should be lowercase"
                self._lint.remark("ExposeProtoCasing", text, instruction.line)
        for word in words:
            if ":" in word and "$" not in word:
                text = (
                    "EXPOSE instruction should not define an IP address or host-port mapping, "
                    f"found '{word}'"
                )
                self._lint.remark("ExposeInvalidFormat", text, instruction.line)


def _expanded_words(instruction: Instruction) -> list[str]:
    """The words in which BuildKit replaces variables, each by itself."""
    rest = instruction.rest
    match instruction.name:
        case "ENV" | "LABEL" | "ARG":
            pair = legacy_pair(rest) if instruction.name != "ARG" else None
            if pair is not None:
                return list(pair)
            return [side for word in quoted_words(rest) for side in word.partition("=")[::2]]
        case "COPY" | "ADD":
            words = json_words(rest) or tuple(rest.split())
            return [instruction.flag("chown"), instruction.flag("chmod"), *words]
        case "VOLUME":
            return list(json_words(rest) or rest.split())
        case "WORKDIR" | "USER" | "STOPSIGNAL":
            return [rest]
        case _:
            return []
