"""A throw-away host is a real Docker, sees nothing of this machine's own, and leaves nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from needs import real_engine

from docgen.oci.base import base_image
from docgen.page.reader import read
from docgen.real.base import archive
from docgen.real.engines import Engine
from docgen.real.host import RealHost
from docgen.real.session import RealSession
from docgen.real.verify import Task, verify

pytestmark = pytest.mark.engine

PAGE = """\
---
title: Everything at once
drivers: [overlayfs]
---
```console
$ docker run -d --name db -v pgdata:/data --tmpfs /scratch busybox sleep infinity
[..]
$ docker exec db sh -c 'echo row > /data/table; echo half > /scratch/job'
$ docker exec db sh -c 'echo note > /note; rm /etc/group'
$ docker diff db | sort
A /data
A /note
A /scratch
C /etc
D /etc/group
$ docker rm -f db
db
```
"""


@pytest.fixture(scope="module")
def engine() -> Engine:
    found = real_engine()
    assert isinstance(found, Engine)
    return found


def test_a_host_shows_its_containers_the_image_and_not_this_machine(engine: Engine) -> None:
    with RealHost(engine, "overlayfs") as host:
        host.load_image(archive("busybox"))
        with RealSession(host) as session:
            session.run("docker run -d --name one busybox sleep infinity")
            names = session.run("docker exec one ls /").stdout.decode().split()
            assert names == [
                "bin",
                "dev",
                "etc",
                "home",
                "proc",
                "root",
                "sys",
                "tmp",
                "usr",
                "var",
            ]
            session.run("touch /root/made /etc/made /srv/made")
            assert not Path("/etc/made").exists()


def test_ids_that_docgen_prints_are_those_of_the_engine(engine: Engine) -> None:
    with RealHost(engine, "overlay2") as host:
        host.load_image(archive("busybox"))
        found = host.run(
            ["docker", "image", "inspect", "-f", "{{.Id}} {{.RootFS.Layers}}", "busybox"]
        )
    config = base_image("busybox").config
    assert found.stdout.decode().split() == [config.digest, f"[{config.diff_ids[0]}]"]


def test_a_session_keeps_variables_directory_status_and_streams_apart(engine: Engine) -> None:
    with RealHost(engine, "overlayfs") as host, RealSession(host) as session:
        session.run("x=1; cd /srv")
        assert session.run('echo "$x $PWD"').stdout == b"1 /srv\n"
        answer = session.run("echo out; echo err >&2; false")
        assert (answer.stdout, answer.stderr, answer.exit) == (b"out\n", b"err\n", 1)
        assert session.run("echo $?").stdout == b"1\n"


def test_a_host_is_gone_afterwards(engine: Engine) -> None:
    with RealHost(engine, "overlayfs") as host:
        inside = host._init
        folder = host._folder
    assert not os.path.exists(f"/proc/{inside}")
    assert folder is not None
    assert not folder.exists()
    assert str(folder) not in Path("/proc/self/mountinfo").read_text()


def test_a_page_and_its_storage_are_equal_on_both_sides(engine: Engine) -> None:
    scenario = read("scenarios/everything.md", PAGE)
    (found,) = verify([Task(scenario, "overlayfs")], engine)
    assert found.trouble == ""
    assert [str(one) for one in found.differences] == []
    assert found.real is not None
    assert len(found.real.steps) == 5
