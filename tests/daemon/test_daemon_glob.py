"""`docker images PATTERN`: Go's path.Match."""

from __future__ import annotations

import pytest

from docgen.daemon.glob import path_match


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("busy*", "busybox", True),
        ("*", "me/app", False),
        ("*/*", "me/app", True),
        ("*:1", "img:1", True),
        ("b?sybox", "busybox", True),
        ("[a-c]usybox", "busybox", True),
        ("[^a-c]usybox", "busybox", False),
        ("b\\*", "b*", True),
        ("a*b*c", "axxbxxc", True),
        ("a*b*c", "axxbxx", False),
        ("[", "[", False),
        ("", "", True),
        ("a*" * 200 + "b", "a" * 1000, False),
    ],
)
def test_path_match(pattern: str, name: str, matches: bool) -> None:
    assert path_match(pattern, name) is matches
