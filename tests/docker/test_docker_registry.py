"""The table of commands and flags against docker's own help; what is refused before step 1."""

from __future__ import annotations

import pytest

from docgen.shell.applet import RefusedWord
from docgen.shell.docker import interface
from docgen.shell.docker.precheck import Inner, check, inner_command
from docgen.shell.docker.registry import ROWS, Support, coverage


def test_every_listed_flag_is_a_real_one() -> None:
    for path, row in ROWS.items():
        real = {flag.name for flag in interface.interface(path).flags}
        listed = {*row.simulated.split(), *row.no_effect.split(), *row.refused}
        assert listed <= real, path


def test_no_flag_is_listed_twice() -> None:
    for path, row in ROWS.items():
        names = [*row.simulated.split(), *row.no_effect.split(), *row.refused]
        assert len(names) == len(set(names)), path


def test_every_row_names_a_handler_that_exists() -> None:
    assert all(callable(row.run) for row in ROWS.values())


def test_coverage_names_every_real_flag_once() -> None:
    lines = [(one.command, one.flag) for one in coverage()]
    assert len(lines) == len(set(lines))
    assert ("docker container run", "-v, --volume") in lines
    run = [one for one in coverage() if one.command == "docker container run"]
    assert {one.support for one in run} == set(Support)
    assert all(one.remedy for one in coverage() if one.flag and one.support is Support.REFUSED)


@pytest.mark.parametrize(
    ("typed", "path", "command"),
    [
        ("ps", "container ls", "docker ps"),
        ("container list", "container ls", "docker container ls"),
        ("rmi", "image rm", "docker rmi"),
        ("image remove", "image rm", "docker image rm"),
        ("build", "build", "docker buildx build"),
        ("image build", "build", "docker buildx build"),
        ("builder prune", "buildx prune", "docker buildx prune"),
        ("info", "system info", "docker info"),
        ("volume remove", "volume rm", "docker volume rm"),
    ],
)
def test_aliases(typed: str, path: str, command: str) -> None:
    assert interface.canonical(typed) == path
    assert interface.interface(typed).command_path == command


@pytest.mark.parametrize(
    ("line", "word", "remedy"),
    [
        ("docker compose up", 1, "use the commands on containers"),
        ("docker run --rm --gpus all busybox", 3, "devices are not simulated"),
        ("docker -H tcp://x ps", 1, "one engine"),
        ("docker images --tree", 2, "leave the flag out"),
        ("docker network create x", 2, "table"),
        ("docker buildx imagetools inspect x", 2, "docker build"),
    ],
)
def test_refused_before_the_first_step(line: str, word: int, remedy: str) -> None:
    with pytest.raises(RefusedWord) as caught:
        check(line.split())
    assert caught.value.word == word
    assert remedy in caught.value.instead


def test_a_command_that_is_known_only_at_run_time_is_refused() -> None:
    with pytest.raises(RefusedWord):
        check(["docker", None])


@pytest.mark.parametrize(
    "line",
    [
        "docker ps --frob",  # docker's own error is part of the page
        "docker nosuch",
        "docker",
        "docker --version",
        "docker help rm",
        "docker rm",
        "docker container nosuch",
        "docker run -it --rm -vdata:/d busybox sh -c exit",
    ],
)
def test_docker_may_refuse_by_itself(line: str) -> None:
    check(line.split())


def test_what_a_container_runs_is_found() -> None:
    line = ["docker", "run", "-d", "--name", None, "busybox", "sh", "-c", "sleep 5"]
    assert inner_command(line) == Inner(("sh", "-c", "sleep 5"), (6, 7, 8))
    line = ["docker", "exec", "-w", "/", "db", "cat", None]
    assert inner_command(line) == Inner(("cat", None), (5, 6))
    line = ["docker", "create", "--entrypoint=ls", "busybox", "-l"]
    assert inner_command(line) == Inner(("ls", "-l"), (2, 4))
    assert inner_command(["docker", "ps"]) is None
    assert inner_command(["docker", "run", "busybox"]) is None
