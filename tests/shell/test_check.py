"""What is refused before the first step, and where it stands."""

from __future__ import annotations

import pytest

from docgen.shell.check import check
from docgen.shell.parse import parse


def refused(text: str) -> list[tuple[str, int, int]]:
    return [(one.what, one.line, one.column) for one in check(parse(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vim notes", ("vim is not simulated", 1, 1)),
        ("echo x | python3 -c 'print(1)'", ("python3 is not simulated", 1, 10)),
        ("cd /tmp\n  curl http://x", ("curl is not simulated", 2, 3)),
        ("x=$(apt-get update)", ("apt-get is not simulated", 1, 5)),
        ("if true; then /usr/bin/perl -v; fi", ("/usr/bin/perl", 1, 15)),
        ("sh -c 'echo; vim x'", ("vim is not simulated", 1, 14)),
        ("sh -ec 'true\nvim x'", ("vim is not simulated", 2, 1)),
        ("eval 'vim x'", ("vim is not simulated", 1, 7)),
        ("trap 'vim x' EXIT", ("vim is not simulated", 1, 7)),
        ("exec vim", ("vim is not simulated", 1, 6)),
        ("docker exec c sh -c 'ip addr'", ("ip is not simulated", 1, 22)),
        ("docker run --rm busybox vi /x", ("vi is not simulated", 1, 25)),
        ("cat <<E\n$(vim)\nE", ("vim is not simulated", 2, 3)),
        ("ulimit -n 5", ("ulimit is not simulated", 1, 1)),
        ("alias ll='ls -l'", ("alias is not simulated", 1, 1)),
        ("sudo docker ps", ("sudo is not simulated", 1, 1)),
    ],
)
def test_real_programs_that_are_not_simulated(text: str, expected: tuple[str, int, int]) -> None:
    ((what, line, column),) = refused(text)
    assert (line, column) == expected[1:]
    assert expected[0].rpartition("/")[2].split()[0] in what


def test_everything_is_reported_not_only_the_first() -> None:
    assert len(refused("vim a; curl b\nnano c")) == 3


@pytest.mark.parametrize(
    "text",
    [
        "nosuchprogram --option",
        "./vim x",
        "/srv/app/curl",
        "vim() { :; }; vim x",
        "$editor x",
        "echo vim",
        "docker exec c mytool --x",
        "docker run app python3 /app.py",
        "sh -c 'if'",
        'sh -c "$text"',
        "cat <<'E'\n$(vim)\nE",
    ],
)
def test_what_may_work_or_fail_as_in_reality_is_not_refused(text: str) -> None:
    assert refused(text) == []


def test_an_option_that_is_not_simulated_is_refused_at_its_place() -> None:
    ((what, line, column),) = refused("echo a; ls  --context x")
    assert (line, column) == (1, 13)
    assert "ls --context" in what


def test_an_option_that_nobody_has_is_left_to_the_tool() -> None:
    assert refused("ls --nosuchoption") == []
