"""The matcher: POSIX meaning, linear time, bounded size."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.shell.applets.regex import (
    GREP_EXTENDED,
    MAWK,
    SED_BASIC,
    SED_EXTENDED,
    RegexError,
    compile_regex,
)

ATOMS = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        inner.map(lambda one: f"({one})*"),
        inner.map(lambda one: f"({one})?"),
        inner.map(lambda one: f"({one}){{1,2}}"),
    ),
    max_leaves=6,
)


@given(PATTERNS, st.text("abc", max_size=8))
def test_without_alternatives_it_matches_what_python_matches(pattern: str, text: str) -> None:
    """Greedy and longest are the same where nothing has alternatives."""
    ours = compile_regex(pattern.encode(), SED_EXTENDED).full(text.encode())
    assert ours is (re.fullmatch(pattern, text, re.DOTALL) is not None)


@given(st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=4), st.text("abc"))
def test_the_match_is_the_leftmost_and_there_the_longest(words: list[str], text: str) -> None:
    found = compile_regex("|".join(words).encode(), GREP_EXTENDED).on(text.encode()).find(0)
    places = [(text.find(word), -len(word)) for word in words if word in text]
    for at in range(len(text)):
        places += [(at, -len(word)) for word in words if text.startswith(word, at)]
    expected = min(places, default=None)
    assert found == (expected and (expected[0], expected[0] - expected[1]))


def test_what_ruins_backtracking_engines_costs_nothing_here() -> None:
    text = b"a" * 20_000
    assert not compile_regex(b"(a*)*b", SED_EXTENDED).test(text)
    assert not compile_regex(b"(a|a)*(a|a)*c", SED_EXTENDED).test(text)


def test_groups_take_what_leads_to_the_whole_match() -> None:
    regex = compile_regex(rb"\(a*\)\(b\)\{0,1\}", SED_BASIC)
    subject = regex.on(b"xaab")
    assert subject.find(1) == (1, 4)
    assert subject.groups((1, 4)) == [(1, 4), (1, 3), (3, 4)]


def test_a_group_that_took_no_part_is_none() -> None:
    regex = compile_regex(b"(a)|(b)", SED_EXTENDED)
    assert regex.on(b"b").groups((0, 1)) == [(0, 1), None, (0, 1)]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [(b"^b$", b"a\nb\nc"), (b"b$", b"ab\n"), (b"^c", b"b\nc")],
)
def test_anchors_mean_lines_only_when_asked(pattern: bytes, text: bytes) -> None:
    assert compile_regex(pattern, SED_BASIC, multiline=True).test(text)
    assert not compile_regex(pattern, SED_BASIC).test(text)


def test_in_utf8_a_dot_takes_a_character_and_never_half_of_one() -> None:
    text = "héé€𝄞".encode()
    assert compile_regex(b"^.....$", SED_BASIC, utf8=True).test(text)
    assert compile_regex("[^a-z€]".encode(), SED_BASIC, utf8=True).on(text).find(0) == (1, 3)
    assert compile_regex("É".encode(), SED_BASIC, utf8=True, ignore_case=True).test(text)
    assert not compile_regex(b".", SED_BASIC, utf8=True).test(b"\xff")


def test_mawk_knows_no_intervals() -> None:
    assert compile_regex(b"a{2}", MAWK).test(b"a{2}")
    assert not compile_regex(b"a{2}", MAWK).test(b"aa")


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (b"(a", "Unmatched ( or \\("),
        (b"[a", "Unmatched [, [^, [:, [., or [="),
        (b"a{2,1}", "Invalid content of \\{\\}"),
        (b"[z-a]", "Invalid range end"),
        (b"a\\", "Trailing backslash"),
        (b"*a", "Invalid preceding regular expression"),
        (b"[[:no:]]", "Invalid character class name"),
        (b"a{99999}", "Regular expression too big"),
    ],
)
def test_errors_are_glibc_s(pattern: bytes, text: str) -> None:
    with pytest.raises(RegexError, match=f"^{re.escape(text)}$"):
        compile_regex(pattern, SED_EXTENDED)


def test_back_references_are_refused() -> None:
    with pytest.raises(NotSimulated, match="back-reference"):
        compile_regex(rb"\(a\)\1", SED_BASIC)


@pytest.mark.parametrize("pattern", [b"((a{200}){200}){200}", b"(" * 60 + b"a" + b")" * 60])
def test_an_expression_may_not_grow_without_bound(pattern: bytes) -> None:
    with pytest.raises(LimitExceeded):
        compile_regex(pattern, SED_EXTENDED)


def find_all(pattern: bytes, text: bytes) -> None:
    subject = compile_regex(pattern, SED_EXTENDED).on(text)
    for at in range(len(text)):
        subject.find(at)


def test_many_overlapping_searches_meet_a_limit() -> None:
    with pytest.raises(LimitExceeded, match="regular expression"):
        find_all(b"a(.*b)?", b"a" * 2_500)
