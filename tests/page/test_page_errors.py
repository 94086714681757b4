"""Every fault of a page has its own page in errors/, which ends with what the author is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from docgen.diagnostics import PageError
from docgen.page.reader import read

PAGES = sorted(Path(__file__).with_name("errors").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_author_is_told(page: Path) -> None:
    text, expected = page.read_text(encoding="utf-8").split("%%% expected\n")
    with pytest.raises(PageError) as error:
        read("page.md", text)
    assert str(error.value) == expected.rstrip("\n")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x" * 256_001, "a page of 256001 bytes"),
        ("---\ntitle: " + "x" * 8_000 + "\n---\n", "front matter of 8008 bytes"),
        ("```console\n" + "$ true\n" * 201 + "```\n", "201 commands"),
        ("```console\n$ true\r\rfalse\n```\n", "the character U+000D"),
    ],
)
def test_limits_are_told_too(text: str, found: str) -> None:
    with pytest.raises(PageError) as error:
        read("page.md", text)
    assert [one.found for one in error.value.diagnostics] == [found]


def test_an_author_is_never_flooded() -> None:
    with pytest.raises(PageError) as error:
        read("page.md", "<b>\n" * 1_000)
    assert len(error.value.diagnostics) == 100
