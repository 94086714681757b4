"""Requests that fail, or that few pages make: what the daemon says of them, and what they leave."""

from __future__ import annotations

from functools import cache

import pytest

from docgen.daemon.host import Host
from docgen.diagnostics import NotSimulated
from docgen.shell.machine import machine_tree
from docgen.shell.session import Result, Session

FAILED = "Error response from daemon: "


def host(*commands: str) -> Session:
    """A host on which the commands were run, with the running container `web`."""
    session = Session(Host("overlayfs", "corners", machine_tree()))
    for command in ("docker run -d --name web busybox sleep inf", *commands):
        done = session.run(command)
        assert done.exit == 0, (command, done.stderr)
    return session


@cache
def shared() -> Session:
    """For requests that change nothing."""
    return host("mkdir dir; mkfifo pipe", "docker commit web new:1", "docker exec web mkfifo /pipe")


def error(done: Result) -> str:
    """The first line that says why."""
    assert done.exit != 0
    return done.stderr.splitlines()[0].removeprefix("docker: ").removeprefix(FAILED)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            "docker run -u 0:crew busybox true",
            "unable to find group crew: no matching entries in group file",
        ),
        ("docker run -u 5000000000 busybox true", "uids and gids must be in range 0-2147483647"),
        ("docker run --tmpfs /t:foo busybox true", 'invalid tmpfs option "foo"'),
        (
            "docker run --volumes-from '' busybox true",
            "volumes-from specification cannot be an empty string",
        ),
        (
            "docker run --mount type=bind,target=/x busybox true",
            'invalid mount config for type "bind": field Source must not be empty',
        ),
        (
            "docker run -w here busybox true",
            "the working directory 'here' is invalid, it needs to be an absolute path",
        ),
        ("docker ps -f colour=red", "invalid filter 'colour'"),
        ("docker volume ls -f dangling=maybe", "invalid filter 'dangling=[maybe]'"),
        ("docker images -f since=nope", "No such image: nope:latest"),
        (
            "docker image prune -f --filter until=1h --filter until=2h",
            "more than one until filter specified",
        ),
        ("docker commit -c 'FOO bar' web", "FOO is not a valid change command"),
        ("docker save nope", "No such image: nope:latest"),
        ("docker import - < /etc/hosts", "unexpected EOF"),
        ("docker restart nope", "No such container: nope"),
    ],
)
def test_a_request_that_fails_is_told_in_the_engines_words(command: str, said: str) -> None:
    assert error(shared().run(command)) == said


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            "docker cp web:/etc pipe",
            'invalid output path: "/root/pipe" must be a directory or a regular file',
        ),
        ("docker cp dir web:/etc/passwd", "cannot copy directory"),
        (
            "docker cp web:/etc/passwd /no/such/file",
            'invalid output path: directory "/no/such" does not exist',
        ),
        ("docker cp /nothing web:/", "lstat /nothing: no such file or directory"),
        ("docker cp web:/nothing .", "Could not find the file /nothing in container web"),
        ("docker cp /etc/hosts web:/etc/hosts/x", "lstat /etc/hosts/x: not a directory"),
        (
            "docker cp /etc/hosts web:/nothing/x",
            "Could not find the file /nothing in container web",
        ),
    ],
)
def test_a_copy_that_cannot_be_made_says_which_end_is_wrong(command: str, said: str) -> None:
    assert error(shared().run(command)) == said


def test_images_are_listed_from_before_and_since_another() -> None:
    session = shared()
    listed = "docker images --format '{{.Repository}}' -f"
    assert session.run(f"{listed} since=busybox").stdout == "new\n"
    assert session.run(f"{listed} before=new:1").stdout == "busybox\n"


def test_pipes_and_devices_are_copied_as_what_they_are_both_ways() -> None:
    session = host("docker exec web mkfifo /pipe", "docker exec web mknod /dev0 c 1 5")
    for command in ("docker cp web:/pipe p", "docker cp web:/dev0 d", "docker cp p web:/back"):
        assert session.run(command).exit == 0
    assert session.run("stat -c %F p d").stdout == "fifo\ncharacter special file\n"
    assert session.run("docker exec web stat -c %F /back").stdout == "fifo\n"


def test_a_copied_symlink_is_followed_only_when_asked() -> None:
    session = host("docker exec web ln -s /etc/passwd /link")
    session.run("docker cp web:/link one; docker cp -L web:/link two")
    assert session.run("stat -c %F one two").stdout == "symbolic link\nregular file\n"


def test_a_copy_onto_a_link_to_a_directory_goes_into_the_directory() -> None:
    session = host("docker exec web ln -s /tmp/ /there", "docker cp /etc/hosts web:/there")
    assert session.run("docker exec web ls /tmp").stdout == "hosts\n"


def test_a_group_can_be_given_by_name_and_by_number() -> None:
    for group in ("www-data", "33"):
        done = shared().run(f"docker run --rm -u 0:{group} busybox id")
        assert done.stdout == "uid=0(root) gid=33(www-data) groups=33(www-data)\n"


def test_logs_cannot_be_read_where_no_driver_keeps_them() -> None:
    session = host("docker run --name quiet --log-driver none busybox echo hello")
    done = session.run("docker logs quiet")
    assert error(done) == "configured logging driver does not support reading"


def test_update_changes_limits_and_the_restart_policy_of_a_container() -> None:
    session = host("docker update --memory 64m --restart always web")
    shown = "docker inspect -f '{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.Memory}}' web"
    assert session.run(shown).stdout == "always 67108864\n"


def test_update_refuses_a_restart_policy_for_a_container_that_removes_itself() -> None:
    session = host("docker run -d --rm --name brief busybox sleep inf")
    assert session.run("docker update --restart always brief").exit == 1
    shown = "docker inspect -f '{{.HostConfig.RestartPolicy.Name}}' brief"
    assert session.run(shown).stdout == "no\n"


def test_a_health_check_set_by_commit_is_kept_in_nanoseconds() -> None:
    change = "HEALTHCHECK --interval=90s --timeout=1500ms CMD true"
    session = host(f"docker commit -c '{change}' web checked")
    shown = session.run("docker inspect -f '{{json .Config.Healthcheck}}' checked").stdout
    expected = '{"Test":["CMD-SHELL","true"],"Interval":90000000000,"Timeout":1500000000}\n'
    assert shown == expected


def test_an_image_of_a_running_container_is_kept_even_by_force() -> None:
    session = host()
    image = session.run("docker images -q busybox").stdout.strip()
    done = session.run(f"docker rmi -f {image}")
    assert f"unable to delete {image} (cannot be forced)" in error(done)
    assert session.run("docker images -q busybox").stdout.strip() == image


def test_a_size_for_the_writable_layer_is_not_simulated() -> None:
    with pytest.raises(NotSimulated, match="storage-opt"):
        host().run("docker run --storage-opt size=1g busybox true")
