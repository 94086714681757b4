"""`-c` of commit and import: single Dockerfile instructions over a configuration (moby
builder/dockerfile BuildFromConfig)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from docgen.daemon.build.instructions import InstructionError, Settings, apply_setting
from docgen.daemon.build.parse import DockerfileError, parse_dockerfile
from docgen.daemon.errors import invalid
from docgen.oci.config import RunConfig

ALLOWED: Final = frozenset(
    [
        "CMD",
        "ENTRYPOINT",
        "ENV",
        "EXPOSE",
        "LABEL",
        "ONBUILD",
        "USER",
        "VOLUME",
        "WORKDIR",
        "HEALTHCHECK",
        "STOPSIGNAL",
    ]
)


def apply_changes(config: RunConfig, changes: Iterable[str]) -> RunConfig:
    """Raises INVALID `X is not a valid change command`, or what the parser says."""
    settings = Settings(config)
    for text in changes:
        try:
            parsed = parse_dockerfile(text)
        except DockerfileError as error:
            raise invalid(str(error)) from error
        for instruction in parsed.instructions:
            if instruction.name not in ALLOWED:
                raise invalid(f"{instruction.name} is not a valid change command")
            try:
                apply_setting(settings, instruction)
            except InstructionError as error:
                raise invalid(str(error)) from error
    return replace(settings.config)
