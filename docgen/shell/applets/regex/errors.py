"""What is wrong with a regular expression, in glibc's words (regerror)."""

from __future__ import annotations


class RegexError(Exception):
    """The pattern cannot be compiled; the text is regerror's."""
