"""`docker build`: plain progress in BuildKit's form, errors with the failing line, `-q`."""

from __future__ import annotations

import re

import pytest

from docgen.daemon.host import Host
from docgen.shell.session import Result, Session

DOCKERFILE = "FROM busybox\\nRUN echo out\\nCOPY . /app\\n"


@pytest.fixture
def session() -> Session:
    made = Session(Host("overlayfs", "build"))
    made.run(f"mkdir app; printf '{DOCKERFILE}' > app/Dockerfile")
    return made


def masked(result: Result) -> str:
    text = re.sub(r"sha256:[0-9a-f]{64}", "sha256:X", result.stderr)
    return re.sub(r"\d+\.\d+(s?) ", r"0.0\1 ", re.sub(r"DONE [\d.]+s", "DONE 0.0s", text))


def test_plain_progress(session: Session) -> None:
    done = session.run("docker build -t app app")
    assert (done.stdout, done.exit) == ("", 0)
    lines = masked(done).splitlines()
    assert lines[:3] == [
        '#0 building with "default" instance using docker driver',
        "",
        "#1 [internal] load build definition from Dockerfile",
    ]
    assert "#5 [1/3] FROM docker.io/library/busybox:latest@sha256:X" in lines
    assert "#6 0.0 out" in lines
    assert "#8 naming to docker.io/library/app:latest done" in lines
    assert lines[-1] == "#8 DONE 0.0s"


def test_second_build_is_cached(session: Session) -> None:
    session.run("docker build -t app app")
    text = masked(session.run("docker build -t app app"))
    assert "#6 [2/3] RUN echo out\n#6 CACHED\n" in text
    assert "#7 [3/3] COPY . /app\n#7 CACHED\n" in text


def test_quiet_prints_the_id_alone(session: Session) -> None:
    done = session.run("docker build -q app")
    assert re.fullmatch(r"sha256:[0-9a-f]{64}\n", done.stdout)
    assert done.stderr == ""


def test_failed_step_is_shown_with_its_output_and_its_line(session: Session) -> None:
    done = session.run("printf 'FROM busybox\\nRUN echo 1 && exit 3\\n' | docker build -")
    assert done.exit == 1
    assert masked(done).endswith(
        """------
 > [2/2] RUN echo 1 && exit 3:
0.0 1
------
Dockerfile:2
--------------------
   1 |     FROM busybox
   2 | >>> RUN echo 1 && exit 3
   3 |     \n--------------------
ERROR: failed to build: failed to solve: process "/bin/sh -c echo 1 && exit 3" did not complete \
successfully: exit code: 3
"""
    )


def test_quiet_failure_has_no_output_of_the_step(session: Session) -> None:
    done = session.run("printf 'FROM busybox\\nRUN exit 3\\n' | docker build -q -")
    assert done.stderr.startswith("Dockerfile:2\n")


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ("docker build nodir", 'unable to prepare context: path "nodir" not found'),
        (
            "docker build -t '' app",
            'invalid tag "": repository name must have at least one component',
        ),
        (
            "docker build -f nope app",
            "failed to read dockerfile: open nope: no such file or directory",
        ),
        ("docker build --target nope app", 'target stage "nope" could not be found'),
    ],
)
def test_errors(session: Session, command: str, error: str) -> None:
    done = session.run(command)
    assert done.exit == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ERROR: failed to build: ")
    assert last.endswith(error)
