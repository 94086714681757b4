"""Quoting, splitting, matching, arithmetic, printf: random cases, the real shells as oracle."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shells import need, real
from small_machine import Machine

from docgen.shell.flavour import Flavour
from docgen.shell.pattern import Pattern

MACHINES = {flavour: Machine(flavour) for flavour in Flavour}
CASES = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    need(Flavour.HOST)
    return tmp_path_factory.mktemp("w")


def agree(script: str, place: Path, flavour: Flavour = Flavour.HOST) -> None:
    done = MACHINES[flavour].sh(script)
    assert (done.out, done.err, done.status) == real(flavour, script, place)


SETTING = "x='a  b'; y='*'; z=; set -- 'p q' '' r; "
PIECES = [
    "a",
    "b ",
    " ",
    "'",
    '"',
    "\\",
    "$x",
    "$y",
    "${z}",
    " $@ ",
    "$*",
    "$1",
    "~",
    "*",
    "[a]",
    "\\$x",
]
PIECES += [
    "'c d'",
    '"e  f"',
    '"$x"',
    ' "$@" ',
    '"$*"',
    "${z:-d e}",
    '"${z:-g h}"',
    "${x#a}",
    "$#",
    "${z:+i}",
]


@CASES
@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_words_fall_apart_as_in_dash(place: Path, pieces: list[str]) -> None:
    agree(f"{SETTING}printf '<%s>' {''.join(pieces)}", place)


@CASES
@given(st.text("ab :,\t", max_size=12), st.sampled_from([" ", ":", ",:", " :", "", "a"]))
def test_fields_are_split_as_in_dash(place: Path, value: str, ifs: str) -> None:
    agree(f"IFS='{ifs}'; v='{value}'; printf '<%s>' $v x$v \"$v\"; set -- $v$v; echo $#", place)


@CASES
@given(st.text("ab :,", max_size=12), st.sampled_from([" ", ":", ",:", " :"]))
def test_read_splits_as_in_dash(place: Path, value: str, ifs: str) -> None:
    script = f"echo '{value}' | {{ IFS='{ifs}' read a b c; echo \"<$a><$b><$c>\"; }}"
    agree(script, place)


PATTERNS = st.text("ab*?[]!-\\", max_size=7)


@CASES
@given(st.text("ab]-", max_size=8), PATTERNS)
def test_patterns_match_and_trim_as_in_dash(place: Path, value: str, pattern: str) -> None:
    script = (
        f"v='{value}'; p='{pattern}'; case $v in $p) echo yes;; *) echo no;; esac; "
        'echo "<${v#$p}><${v##$p}><${v%$p}><${v%%$p}>"'
    )
    agree(script, place)


NUMBERS = st.integers(-20, 20).map(str) | st.sampled_from(["x", "y", "0x1f", "017"])
OPERATORS = st.sampled_from(
    [
        "+",
        "-",
        "*",
        "/",
        "%",
        "<",
        ">",
        "<=",
        ">=",
        "==",
        "!=",
        "&",
        "|",
        "^",
        "&&",
        "||",
        "<<",
        ">>",
    ]
)


def joined(left: str, operator: str, right: str) -> str:
    return f"({left} {operator} {right})" if len(left) % 2 else f"{left} {operator} {right}"


EXPRESSIONS = st.recursive(
    NUMBERS,
    lambda inner: (
        st.builds(joined, inner, OPERATORS, inner)
        | st.builds(lambda a, b, c: f"({a} ? {b} : {c})", inner, inner, inner)
        | st.builds(lambda a: f"!({a})", inner)
        | st.builds(lambda a: f"- {a}", inner)
    ),
    max_leaves=8,
)


@CASES
@given(EXPRESSIONS)
def test_arithmetic_agrees_with_dash(place: Path, expression: str) -> None:
    agree(f"x=7; y=-3; echo $(({expression}))", place)


DIRECTIVES = [
    "%s",
    "%d",
    "%5s|",
    "%-4s|",
    "%03d",
    "%x",
    "%c",
    "%b",
    "%%",
    "\\n",
    "a",
    "%.2s",
    "%+d",
]
ARGUMENTS = st.sampled_from(["a", "12", "-7", "", "0x1f", "b c", "\\tq\\n", "010", "'A", "3x"])


@CASES
@given(
    st.lists(st.sampled_from(DIRECTIVES), min_size=1, max_size=5), st.lists(ARGUMENTS, max_size=4)
)
@pytest.mark.parametrize("flavour", Flavour)
def test_printf_agrees_with_the_real_ones(
    place: Path, flavour: Flavour, directives: list[str], arguments: list[str]
) -> None:
    need(flavour)
    words = " ".join('"' + one.replace("\\", "\\\\") + '"' for one in arguments)
    agree(f"printf '{''.join(directives)}' {words}; echo \" $?\"", place, flavour)


TESTS = [
    "a",
    "",
    "=",
    "!=",
    "-n",
    "-z",
    "!",
    "(",
    ")",
    "-a",
    "-o",
    "1",
    "2",
    "-eq",
    "-lt",
    "-f",
    "/",
]


@CASES
@given(st.lists(st.sampled_from(TESTS), max_size=6))
@pytest.mark.parametrize("flavour", Flavour)
def test_conditions_agree_with_the_real_ones(
    place: Path, flavour: Flavour, words: list[str]
) -> None:
    need(flavour)
    agree("test " + " ".join(f"'{word}'" for word in words) + "; echo $?", place, flavour)


@CASES
@given(st.text("ab\\n0t1c$\"' ", max_size=10))
@pytest.mark.parametrize("flavour", Flavour)
def test_echo_agrees_with_the_real_ones(place: Path, flavour: Flavour, text: str) -> None:
    need(flavour)
    quoted = "'" + text.replace("'", "'\\''") + "'"
    agree(f"echo {quoted}; echo -e {quoted}; echo -n {quoted}", place, flavour)


def test_a_pattern_of_many_stars_takes_no_time() -> None:
    pattern = Pattern([("*a" * 40 + "*b", False)])
    assert not pattern.matches("a" * 5000)
    text = "a" * 3000
    assert pattern.without_suffix(text, longest=True, spend=lambda _: None) == text
