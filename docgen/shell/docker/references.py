"""References as buildx reads them: by the same rules, with other words for some mistakes."""

from __future__ import annotations

from docgen.daemon.refs import INVALID_FORMAT, InvalidReference, Reference, parse_named


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
