"""What docker checks of a flag's value while it reads the flags (docker/cli opts)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from docgen.shell.docker.mountflag import check_mount
from docgen.shell.docker.pflag import Validator

_BLANKS = " \t"
_IPV4 = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_IPV6 = re.compile(r"[0-9a-fA-F:.]{2,45}")


def environment(text: str) -> str:
    """A name alone is looked up later, in the client's environment."""
    if text.startswith("=") or not text:
        raise ValueError(f"invalid environment variable: {text}")
    return text


def label(text: str) -> str:
    key = text.partition("=")[0].lstrip(_BLANKS)
    if not key:
        raise ValueError(f"invalid label '{text}': empty name")
    if any(blank in key for blank in _BLANKS):
        raise ValueError(f"label '{key}' contains whitespaces")
    return text


def stream(text: str) -> str:
    if text.lower() not in ("stdin", "stdout", "stderr"):
        raise ValueError("valid streams are STDIN, STDOUT and STDERR")
    return text


def ip_address(text: str) -> str:
    if not (_IPV4.fullmatch(text.strip()) or (":" in text and _IPV6.fullmatch(text.strip()))):
        raise ValueError(f"IP address is not correctly formatted: {text}")
    return text


ENV_VALIDATORS: Mapping[str, Validator] = {"env": environment}
LABEL_VALIDATORS: Mapping[str, Validator] = {"label": label}
CREATE_VALIDATORS: Mapping[str, Validator] = {
    "attach": stream,
    "dns": ip_address,
    "env": environment,
    "label": label,
    "mount": check_mount,
}
