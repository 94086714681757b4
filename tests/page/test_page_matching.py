"""Promised output, wildcards, and the smallest edit that makes a promise true again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.diagnostics import LimitExceeded
from docgen.page.matching import ANY_LINES, ANY_TEXT, match, match_line, output_lines, rewrite


@pytest.mark.parametrize(
    ("pattern", "line", "kept"),
    [
        ("abc", "abc", True),
        ("abc", "abc  ", True),
        ("abc ", "abc", True),
        (" abc", "abc", False),
        ("[..]", "", True),
        ("a[..]", "a", True),
        ("a[..]a", "a", False),
        ("a[..]b[..]c", "a-b-c", True),
        ("a[..]b[..]c", "a-c-b", False),
        ("[..]aa[..]aa", "aaa", False),
        ("[..]aa[..]aa", "aaaa", True),
        ("x [..]", "x [..]", True),
        (".*", "anything", False),
        ("[..][..]", "x", True),
    ],
)
def test_a_line(pattern: str, line: str, kept: bool) -> None:
    assert match_line(pattern, line) is kept


@pytest.mark.parametrize(
    ("promised", "output", "kept"),
    [
        ([], "", True),
        ([], "\n\n", True),
        ([], "x\n", False),
        (["x"], "x", True),
        (["x", ""], "x\n", True),
        (["...", "x"], "x\n", True),
        (["...", "x"], "a\nx\nx\n", True),
        (["x", "..."], "x\n", True),
        (["x", "...", "y"], "x\ny\n", True),
        (["x", "...", "y"], "x\ny\nz\n", False),
        (["...", "..."], "x\n", True),
        (["...", "a", "...", "a", "..."], "a\n", False),
        (["a", "b"], "a\n", False),
        (["a"], "a\nb\n", False),
    ],
)
def test_an_output(promised: list[str], output: str, kept: bool) -> None:
    assert match(promised, output) is kept


PROMISE = st.lists(
    st.sampled_from(["a", "b", "ab", "", ANY_LINES, ANY_TEXT, f"a{ANY_TEXT}", f"{ANY_TEXT}b"]),
    max_size=7,
)
OUTPUT = st.lists(st.sampled_from(["a", "b", "ab", "", "aab", ANY_LINES, "$ a"]), max_size=7)


def by_definition(promised: list[str], actual: list[str]) -> bool:
    """The grammar's sentence, as directly as it can be written, and as slowly."""
    if not promised:
        return not actual
    if promised[0] == ANY_LINES:
        return any(by_definition(promised[1:], actual[n:]) for n in range(len(actual) + 1))
    return bool(actual) and (
        match_line(promised[0], actual[0]) and by_definition(promised[1:], actual[1:])
    )


@given(PROMISE, OUTPUT)
def test_matching_is_what_the_grammar_says(promised: list[str], output: list[str]) -> None:
    text = "\n".join(output)
    wanted = by_definition(output_lines("\n".join(promised)), output_lines(text))
    assert match(promised, text) is wanted


@given(PROMISE, OUTPUT)
def test_a_rewritten_promise_is_kept_and_stays(promised: list[str], output: list[str]) -> None:
    text = "\n".join(output)
    rewritten = rewrite(promised, text)
    assert match(rewritten, text)
    assert rewrite(rewritten, text) == rewritten
    if match(promised, text):
        assert list(rewritten) == promised


@pytest.mark.parametrize(
    ("promised", "output", "rewritten"),
    [
        (["a", "id [..]", "c"], "a\nid 7\nd\n", ("a", "id [..]", "d")),
        (["head", "...", "old"], "head\n1\n2\nnew\n", ("head", "...", "new")),
        (["a", "b"], "a\nx\nb\n", ("a", "x", "b")),
        (["a", "b", "c"], "a\nc\n", ("a", "c")),
        (
            [],
            "$ prompt\n> more\nnot \x1b[1mbold\n",
            ("[..]$ prompt", "[..]> more", "not [..][1mbold"),
        ),
        (["wrong"], "", ()),
    ],
)
def test_wildcards_that_still_match_are_kept(
    promised: list[str], output: str, rewritten: tuple[str, ...]
) -> None:
    assert rewrite(promised, output) == rewritten


def test_outlandish_promises_end_in_an_error_and_not_in_hours() -> None:
    promised = ["...", *(f"{n}[..]x" for n in range(2_000)), "..."]
    with pytest.raises(LimitExceeded):
        match(promised, "\n".join(map(str, range(5_000))))


def test_long_literal_promises_are_cheap() -> None:
    assert not match(["...", *["a"] * 20_000, "b", "..."], "a\n" * 30_000)
