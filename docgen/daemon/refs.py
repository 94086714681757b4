"""Image references: `busybox`, `team/app:2`, `name@sha256:…` (distribution/reference, familiar
form)."""

from __future__ import annotations

import re
from typing import Final

from docgen.daemon.errors import invalid
from docgen.frozen import frozen

_COMPONENT: Final = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*")
_DOMAIN: Final = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]+)?")
_TAG: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_HEX_ID: Final = re.compile(r"[0-9a-f]{64}")
_DEFAULT_DOMAIN: Final = "docker.io"
_OFFICIAL: Final = "library"


@frozen
class Reference:
    """A normalized reference."""

    domain: str
    path: str
    tag: str = ""
    digest: str = ""

    @property
    def repository(self) -> str:
        """Familiar: `busybox`, `team/app`, `registry:5000/app`."""
        if self.domain != _DEFAULT_DOMAIN:
            return f"{self.domain}/{self.path}"
        return self.path.removeprefix(f"{_OFFICIAL}/")

    @property
    def name(self) -> str:
        """Normalized: `docker.io/library/busybox`."""
        return f"{self.domain}/{self.path}"

    def tagged(self) -> Reference:
        """With `latest` where neither tag nor digest is given."""
        if self.tag or self.digest:
            return self
        return Reference(self.domain, self.path, "latest")

    def __str__(self) -> str:
        """Familiar form."""
        text = self.repository
        if self.tag:
            text += f":{self.tag}"
        if self.digest:
            text += f"@{self.digest}"
        return text


def parse(text: str) -> Reference:
    """Read what a person typed. Raises INVALID `invalid reference format…` in the engine's
    words."""
    if _HEX_ID.fullmatch(text):
        raise invalid(
            f"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings"
        )
    domain, remainder = _split_domain(text)
    name, _, digest = remainder.partition("@")
    slash = name.rfind("/")
    colon = name.rfind(":")
    path, tag = (name[:colon], name[colon + 1 :]) if colon > slash else (name, "")
    if path.lower() != path:
        raise invalid(f"invalid reference format: repository name ({path}) must be lowercase")
    well_formed = (
        path
        and all(_COMPONENT.fullmatch(part) for part in path.split("/"))
        and _DOMAIN.fullmatch(domain)
        and (colon <= slash or _TAG.fullmatch(tag))
        and ("@" not in remainder or _DIGEST.fullmatch(digest))
    )
    if not well_formed or len(path) > 255:
        raise invalid("invalid reference format")
    return Reference(domain, path, tag, digest)


def _split_domain(text: str) -> tuple[str, str]:
    first, slash, rest = text.partition("/")
    names_a_host = "." in first or ":" in first or first == "localhost" or first.lower() != first
    if not slash or not names_a_host:
        domain, remainder = _DEFAULT_DOMAIN, text
    else:
        domain, remainder = first, rest
    if domain == "index.docker.io":
        domain = _DEFAULT_DOMAIN
    if domain == _DEFAULT_DOMAIN and "/" not in remainder:
        remainder = f"{_OFFICIAL}/{remainder}"
    return domain, remainder


def is_id_prefix(image_id: str, text: str) -> bool:
    """`text` is the beginning of this image id, with or without `sha256:` (moby
    isImageIDPrefix)."""
    return image_id.startswith(text) or image_id.removeprefix("sha256:").startswith(text)
