"""Image references: `busybox` → `docker.io/library/busybox:latest` and back.

The rules are those of github.com/distribution/reference, which client and daemon share.
"""

from __future__ import annotations

import re
from typing import Final

from docgen.daemon.errors import invalid
from docgen.frozen import frozen

_COMPONENT: Final = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*")
_DOMAIN: Final = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,254})(?:\.[A-Za-z0-9][A-Za-z0-9-]{0,254}){0,62}"
    r"|\[[0-9a-fA-F:]+\])(?::[0-9]+)?"
)
_TAG: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}")
_HEX_DIGITS: Final = {"sha256": 64, "sha384": 96, "sha512": 128}
"""Digits of a digest, by algorithm (opencontainers/go-digest)."""
_HEX_ID: Final = re.compile(r"[0-9a-f]{64}")
_DEFAULT_DOMAIN: Final = "docker.io"
_INDEX_DOMAIN: Final = "index.docker.io"
_OFFICIAL: Final = "library/"
_LONGEST_NAME: Final = 255
INVALID_FORMAT: Final = "invalid reference format"


class InvalidReference(ValueError):  # noqa: N818 - says what the text is
    """The text is no image reference; str() is Docker's text."""


@frozen
class Reference:
    """A named image: `domain/path[:tag][@digest]`, all parts spelled out."""

    domain: str
    path: str
    tag: str = ""
    digest: str = ""

    @property
    def repository(self) -> str:
        """What people type: without docker.io and library."""
        if self.domain != _DEFAULT_DOMAIN:
            return f"{self.domain}/{self.path}"
        short = self.path.removeprefix(_OFFICIAL)
        return self.path if "/" in short else short

    @property
    def name(self) -> str:
        """Normalized: `docker.io/library/busybox`."""
        return f"{self.domain}/{self.path}"

    def __str__(self) -> str:
        """Familiar form with tag and digest."""
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return self.repository + tag + digest

    def tagged(self) -> Reference:
        """With `latest` where neither tag nor digest is given."""
        if self.tag or self.digest:
            return self
        return Reference(self.domain, self.path, "latest")


def is_identifier(text: str) -> bool:
    """A full image id, which is no name."""
    return _HEX_ID.fullmatch(text) is not None


def parse_named(text: str) -> Reference:
    """reference.ParseNormalizedNamed. Raises InvalidReference."""
    if is_identifier(text):
        raise InvalidReference(
            f"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings"
        )
    domain, remainder = _split_domain(text)
    remote = remainder.partition("@")[0].partition(":")[0]
    if remote.lower() != remote:
        raise InvalidReference(f"{INVALID_FORMAT}: repository name ({remote}) must be lowercase")
    return _parse_parts(domain, remainder)


def _split_domain(text: str) -> tuple[str, str]:
    first, slash, rest = text.partition("/")
    is_domain = bool(slash) and (
        "." in first or ":" in first or first == "localhost" or first.lower() != first
    )
    domain, remainder = (first, rest) if is_domain else (_DEFAULT_DOMAIN, text)
    if domain == _INDEX_DOMAIN:
        domain = _DEFAULT_DOMAIN
    if domain == _DEFAULT_DOMAIN and "/" not in remainder:
        remainder = _OFFICIAL + remainder
    return domain, remainder


def _parse_parts(domain: str, remainder: str) -> Reference:
    name, at, digest = remainder.partition("@")
    path, colon, tag = name.partition(":")
    components = path.split("/")
    well_formed = (
        _DOMAIN.fullmatch(domain)
        and all(_COMPONENT.fullmatch(one) for one in components)
        and (not colon or _TAG.fullmatch(tag))
        and (not at or _DIGEST.fullmatch(digest))
    )
    if not well_formed:
        raise InvalidReference(INVALID_FORMAT)
    if len(path) > _LONGEST_NAME:
        raise InvalidReference(f"repository name must not be more than {_LONGEST_NAME} characters")
    _check_digest(digest)
    return Reference(domain, path, tag, digest)


def _check_digest(digest: str) -> None:
    """go-digest's Validate, behind the looser grammar of a reference."""
    algorithm, _, digits = digest.partition(":")
    if not digest:
        return
    if algorithm not in _HEX_DIGITS:
        raise InvalidReference("unsupported digest algorithm")
    if len(digits) != _HEX_DIGITS[algorithm]:
        raise InvalidReference("invalid checksum digest length")
    if digits.lower() != digits:
        raise InvalidReference("invalid checksum digest format")


def parse(text: str) -> Reference:
    """What a person typed, read by the daemon. Raises INVALID in the engine's words."""
    try:
        return parse_named(text)
    except InvalidReference as error:
        raise invalid(str(error)) from error


def is_id_prefix(image_id: str, text: str) -> bool:
    """`text` is the beginning of this image id, with or without `sha256:` (moby
    isImageIDPrefix)."""
    return image_id.startswith(text) or image_id.removeprefix("sha256:").startswith(text)
