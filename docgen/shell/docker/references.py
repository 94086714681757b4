"""Image references: `busybox` → `docker.io/library/busybox:latest` and back.

The rules are those of github.com/distribution/reference.
"""

from __future__ import annotations

import re

from docgen.frozen import frozen

DEFAULT_DOMAIN = "docker.io"
OFFICIAL = "library/"
_INDEX_DOMAIN = "index.docker.io"
_LONGEST_NAME = 255

_COMPONENT = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*")
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,254})(?:\.[A-Za-z0-9][A-Za-z0-9-]{0,254}){0,62}"
    r"|\[[0-9a-fA-F:]+\])(?::[0-9]+)?"
)
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}")
_HEX64 = re.compile(r"[0-9a-f]{64}")

INVALID_FORMAT = "invalid reference format"


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
    def familiar_name(self) -> str:
        """What people type: without docker.io and library."""
        if self.domain != DEFAULT_DOMAIN:
            return f"{self.domain}/{self.path}"
        short = self.path.removeprefix(OFFICIAL)
        return self.path if "/" in short else short

    @property
    def name(self) -> str:
        return f"{self.domain}/{self.path}"

    def __str__(self) -> str:
        """Familiar form with tag and digest."""
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return self.familiar_name + tag + digest

    def with_default_tag(self) -> Reference:
        if self.tag or self.digest:
            return self
        return Reference(self.domain, self.path, "latest")


def is_identifier(text: str) -> bool:
    """A full image id, which is no name."""
    return _HEX64.fullmatch(text) is not None


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


def parse_spelled(text: str) -> Reference:
    """reference.Parse, which buildx uses for tags: other words for the same mistakes."""
    if not text:
        raise InvalidReference("repository name must have at least one component")
    try:
        return parse_named(text)
    except InvalidReference as error:
        if "must be lowercase" not in str(error):
            raise
    try:
        parse_named(text.lower())
    except InvalidReference:
        raise InvalidReference(INVALID_FORMAT) from None
    raise InvalidReference("repository name must be lowercase")


def _split_domain(text: str) -> tuple[str, str]:
    first, slash, rest = text.partition("/")
    is_domain = bool(slash) and (
        "." in first or ":" in first or first == "localhost" or first.lower() != first
    )
    domain, remainder = (first, rest) if is_domain else (DEFAULT_DOMAIN, text)
    if domain == _INDEX_DOMAIN:
        domain = DEFAULT_DOMAIN
    if domain == DEFAULT_DOMAIN and "/" not in remainder:
        remainder = OFFICIAL + remainder
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
    return Reference(domain, path, tag, digest)
