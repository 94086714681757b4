"""The one error of the template room."""

from __future__ import annotations


class TemplateError(Exception):
    """Go's own text, from `template: :1:…` on."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.printed = ""
        """What the template printed before it failed; most commands throw it away."""
