"""A page is untrusted. Each of these once ran for minutes, filled memory or crashed."""

from __future__ import annotations

import pytest

from docgen.daemon.host import Host
from docgen.diagnostics import LimitExceeded
from docgen.limits import SHELL_TICKS
from docgen.shell.machine import machine_tree
from docgen.shell.session import Session

GROWING_ENV = "(echo FROM busybox; echo ENV A=aaaaaaaaaaaaaaaa; yes 'ENV A=$A$A' | head -40)"
GROWING_ARG = "(echo FROM busybox; echo ARG A=aaaaaaaaaaaaaaaa; yes 'ARG A=$A$A' | head -40)"
GROWING_TEMPLATE = (
    '{{$x := "aaaaaaaaaa"}}' + "{{$x = print $x $x $x $x $x $x $x $x}}" * 12 + "{{len $x}}"
)


@pytest.fixture
def session() -> Session:
    return Session(Host(seed="page", tree=machine_tree()))


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("trap 'kill -USR1 $$' USR1; kill -USR1 $$", id="a trap that traps itself"),
        pytest.param("f() { f | f & }; f; wait", id="a fork bomb"),
        pytest.param('x=\'eval "$x"\'; eval "$x"', id="eval of itself"),
        pytest.param(f"{GROWING_ENV} | docker build -", id="ENV that doubles"),
        pytest.param(f"{GROWING_ARG} | docker build -", id="ARG that doubles"),
        pytest.param(
            f"docker inspect busybox -f '{GROWING_TEMPLATE}'", id="a template's text that doubles"
        ),
        pytest.param("docker system prune < /dev/zero", id="an answer without an end"),
    ],
)
def test_what_grows_without_bound_meets_a_limit(session: Session, command: str) -> None:
    with pytest.raises(LimitExceeded):
        session.run(command)


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("while docker ps > /dev/null; do :; done", id="calls of docker"),
        pytest.param("cd /; echo */../*/../*/../*/../*/../*", id="a pattern with many paths"),
        pytest.param(
            "mkdir d; cd d; for i in 1 2 3 4 5 6; do ln -s . l$i; done; find -L . -name x",
            id="find through links to itself",
        ),
        pytest.param("awk '{ while (1) ; }' /dev/zero", id="a line without an end"),
    ],
)
def test_slow_work_is_paid_for(session: Session, command: str) -> None:
    """In ticks, as loops are, and so stops at the same place on every machine."""
    session.kernel.tick(SHELL_TICKS - 10_000)
    with pytest.raises(LimitExceeded):
        session.run(command)


def test_cat_does_not_feed_itself(session: Session) -> None:
    """GNU refuses; it would fill the disk."""
    session.run("echo a > f")
    result = session.run("cat f >> f")
    assert (result.stderr, result.exit) == ("cat: f: input file is output file\n", 1)
    assert session.run("cat f; exec > g; echo b; cat g").exit == 1


def test_the_command_bracket_is_no_pattern(session: Session) -> None:
    """It cost a walk over the directory for every `[ … ]`, which made loops quadratic."""
    session.run("touch '[' '[]'")
    assert session.run("echo [ []] [a] [!b]*").stdout == "[ []] [a] [ []\n"
