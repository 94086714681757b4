"""The one error of the template room."""

from __future__ import annotations


class TemplateError(Exception):
    """Go's own text, from `template: :1:…` on."""
