"""Create, start, stop, remove: states, exit codes, what stays and what goes."""

from __future__ import annotations

import pytest
from daemon_world import Buffer, Lab, volume

from docgen.daemon.errors import DaemonError
from docgen.daemon.model import AttachStreams, ExecSpec, RestartPolicy, State


def refused(call: object) -> str:
    """The daemon's text."""
    assert callable(call)
    with pytest.raises(DaemonError) as caught:
        call()
    return caught.value.message


def test_a_container_starts_runs_and_ends_with_its_programs_code() -> None:
    lab = Lab()
    lab.run("web", "sh", "-c", "out hello; err oops; exit 3")
    lab.settle()
    container = lab.daemon.container("web")
    assert (container.state.status, container.state.exit_code) == (State.EXITED, 3)
    assert [(line.stream, line.data) for line in lab.daemon.logs("web")] == [
        ("stdout", b"hello\n"),
        ("stderr", b"oops\n"),
    ]


def test_the_log_lies_on_the_host_as_json_and_goes_with_the_container() -> None:
    lab = Lab()
    lab.run("web", "sh", "-c", "out hello")
    lab.settle()
    path = lab.daemon.container("web").log_path
    assert lab.host_text(path).startswith('{"log":"hello\\n","stream":"stdout","time":"2026-01-01T')
    lab.remove("web")
    assert not lab.view.exists(path)


def test_stop_waits_ten_seconds_for_a_program_that_ignores_the_signal() -> None:
    lab = Lab()
    lab.run("db")
    before = lab.host.clock.now_ns
    lab.stop("db")
    assert lab.daemon.container("db").state.exit_code == 137
    assert 10 <= (lab.host.clock.now_ns - before) / 10**9 < 10.1


def test_stop_is_quick_for_a_program_that_handles_the_signal() -> None:
    lab = Lab()
    lab.run("db", "sh", "-c", "trap 0")
    before = lab.host.clock.now_ns
    lab.stop("db")
    assert lab.daemon.container("db").state.exit_code == 0
    assert lab.host.clock.now_ns - before < 10**9


def test_the_writable_layer_survives_stop_and_start_but_not_rm() -> None:
    lab = Lab()
    lab.run("box")
    lab.exec("box", "write /note one")
    lab.stop("box")
    lab.drive(lab.daemon.start("box"))
    assert lab.exec("box", "read /note") == "one\n"
    lab.remove("box", force=True)
    lab.run("box")
    assert lab.exec("box", "read /note") == "read: No such file or directory\n[1]"


@pytest.mark.parametrize(
    ("words", "text", "code"),
    [
        (("nosuch",), 'exec: "nosuch": executable file not found in $PATH', 127),
        (("/etc/passwd",), 'exec: "/etc/passwd": permission denied', 126),
        (("/etc",), 'exec: "/etc": permission denied', 126),
        (
            ("/no/prog",),
            'exec: "/no/prog": stat /no/prog: no such file or directory',
            127,
        ),
    ],
)
def test_a_program_that_is_not_there_leaves_the_container_created(
    words: tuple[str, ...], text: str, code: int
) -> None:
    """Seen on 28.5.2 with runc 1.1.5."""
    lab = Lab()
    lab.create("bad", *words)
    message = refused(lambda: lab.drive(lab.daemon.start("bad")))
    assert message == (
        "failed to create task for container: failed to create shim task: OCI runtime create "
        f"failed: runc create failed: unable to start container process: {text}"
    )
    state = lab.daemon.container("bad").state
    assert (state.status, state.exit_code, state.error) == (State.CREATED, code, message)


def test_an_unknown_user_is_found_at_start() -> None:
    lab = Lab()
    lab.create("bad", user="nosuch")
    text = "unable to find user nosuch: no matching entries in passwd file"
    assert refused(lambda: lab.drive(lab.daemon.start("bad"))) == text
    assert lab.daemon.container("bad").state.exit_code == 128


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x", "Invalid container name (x), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"),
        ("a b", "Invalid container name (a b), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"),
    ],
)
def test_bad_names_are_refused(name: str, text: str) -> None:
    lab = Lab()
    assert refused(lambda: lab.create(name)) == text


def test_a_name_is_taken_once_and_free_again_after_rm() -> None:
    lab = Lab()
    first = lab.create("web")
    text = refused(lambda: lab.create("web"))
    assert text.startswith(
        f'Conflict. The container name "/web" is already in use by container "{first}".'
    )
    lab.remove("web")
    lab.create("web")


def test_a_working_directory_is_made_at_create() -> None:
    lab = Lab()
    lab.create("web", working_dir="/srv/new")
    assert lab.diff("web") == "A /srv\nA /srv/new"
    assert refused(lambda: lab.create("two", working_dir="rel")) == (
        "the working directory 'rel' is invalid, it needs to be an absolute path"
    )
    assert refused(lambda: lab.create("two", working_dir="/etc/passwd")) == (
        "Cannot mkdir: /etc/passwd is not a directory"
    )


def test_a_running_container_is_not_removed_without_force() -> None:
    lab = Lab()
    lab.run("web")
    assert refused(lambda: lab.remove("web")) == (
        'cannot remove container "web": container is running: '
        "stop the container before removing or force remove"
    )
    lab.daemon.pause("web")
    assert refused(lambda: lab.remove("web")) == (
        'cannot remove container "web": container is paused and must be unpaused first'
    )
    lab.remove("web", force=True)
    assert refused(lambda: lab.daemon.container("web")) == "No such container: web"


def test_a_paused_container_takes_no_exec_and_is_thawed_by_restart() -> None:
    lab = Lab()
    lab.run("web")
    lab.daemon.pause("web")
    identity = lab.daemon.container("web").id
    assert refused(lambda: lab.exec("web", "true")) == (
        "Container web is paused, unpause the container before exec"
    )
    assert refused(lambda: lab.daemon.pause("web")) == f"Container {identity} is already paused"
    lab.drive(lab.daemon.restart("web", 0))
    assert lab.daemon.container("web").state.status is State.RUNNING


def test_kill_and_exec_want_a_running_container() -> None:
    lab = Lab()
    identity = lab.create("web")
    assert refused(lambda: lab.drive(lab.daemon.kill("web"))) == (
        f"cannot kill container: web: container {identity} is not running"
    )
    assert refused(lambda: lab.exec("web", "true")) == f"container {identity} is not running"
    assert refused(lambda: lab.daemon.unpause("web")) == f"Container {identity} is not paused"


@pytest.mark.parametrize(
    ("signal", "text"),
    [
        ("99", "the linux daemon does not support signal 99"),
        ("FOO", "invalid signal: FOO"),
        ("0", "invalid signal: 0"),
    ],
)
def test_signals_that_are_none(signal: str, text: str) -> None:
    lab = Lab()
    lab.run("web")
    assert refused(lambda: lab.drive(lab.daemon.kill("web", signal))) == (
        f"cannot kill container: web: {text}"
    )


def test_exec_finds_its_program_user_and_directory() -> None:
    lab = Lab()
    lab.run("web", working_dir="/tmp", env=("A=1",))
    assert lab.exec("web", "pwd; id") == "/tmp\n0:0\n"
    assert lab.exec("web", "id", user="nobody").startswith("65534:")
    assert lab.exec("web", "env", env=("B=2",)).splitlines() == [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        f"HOSTNAME={lab.daemon.container('web').short_id}",
        "A=1",
        "B=2",
        "HOME=/root",
    ]

    def run(*words: str, **more: str) -> str:
        spec = ExecSpec(argv=words, **more)  # type: ignore[arg-type]
        return refused(lambda: lab.drive(lab.daemon.exec("web", spec, AttachStreams())))

    prefix = "OCI runtime exec failed: exec failed: unable to start container process: "
    assert run("nosuch") == f'{prefix}exec: "nosuch": executable file not found in $PATH'
    assert run("true", working_dir="/nosuch") == (
        f'{prefix}chdir to cwd ("/nosuch") set in config.json failed: no such file or directory'
    )


def test_rm_takes_anonymous_volumes_only_when_asked() -> None:
    lab = Lab()
    lab.create("one", mounts=(volume("", "/data"), volume("named", "/n")))
    assert len(lab.volumes()) == 2
    lab.remove("one")
    assert len(lab.volumes()) == 2
    lab.create("two", mounts=(volume("", "/data"), volume("named", "/n")))
    lab.remove("two", volumes=True)
    assert len(lab.volumes()) == 2
    assert "named" in lab.volumes()


def test_rm_on_exit_takes_the_anonymous_volumes() -> None:
    lab = Lab()
    assert lab.output("ls", "/data", mounts=(volume("", "/data"),)) == ""
    assert lab.volumes() == []


def test_on_failure_restarts_as_often_as_it_says() -> None:
    lab = Lab()
    lab.run("r1", "sh", "-c", "out run; exit 3", restart=RestartPolicy("on-failure", 2))
    lab.pass_seconds(3)
    container = lab.daemon.container("r1")
    assert (container.restart_count, container.state.status) == (2, State.EXITED)
    assert [line.data for line in lab.daemon.logs("r1")] == [b"run\n"] * 3


def test_always_restarts_with_a_growing_delay_until_it_is_stopped() -> None:
    """100 ms, doubled each time: five restarts within 3.1 seconds."""
    lab = Lab()
    lab.run("r2", "true", restart=RestartPolicy("always"))
    lab.pass_seconds(3.15)
    container = lab.daemon.container("r2")
    assert (container.restart_count, container.state.status) == (6, State.RESTARTING)
    assert "restarting, wait until" in refused(lambda: lab.exec("r2", "true"))
    lab.stop("r2")
    lab.pass_seconds(60)
    assert (container.restart_count, container.state.status) == (6, State.EXITED)


def test_names_can_be_changed() -> None:
    lab = Lab()
    lab.create("one")
    lab.create("two")
    assert refused(lambda: lab.daemon.rename("one", "one")) == (
        "Renaming a container with the same name as its current name"
    )
    assert refused(lambda: lab.daemon.rename("one", "two")).startswith(
        'Error when allocating new name: Conflict. The container name "/two" is already in use'
    )
    assert refused(lambda: lab.daemon.rename("one", "bad name")) == (
        "Error when allocating new name: Invalid container name (/bad name), "
        "only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"
    )
    lab.daemon.rename("one", "three")
    assert lab.daemon.container("three").name == "three"


def test_a_read_only_root_refuses_writes_but_takes_mount_points() -> None:
    lab = Lab()
    lab.run("ro", read_only=True, mounts=(volume("data", "/data"),))
    assert lab.exec("ro", "write /x y") == "write: Read-only file system\n[1]"
    assert lab.exec("ro", "write /etc/hosts y") == "write: Read-only file system\n[1]"
    assert lab.exec("ro", "write /data/x y") == ""
    assert lab.exec("ro", "write /dev/x y") == ""
    assert lab.diff("ro") == "A /data"


def test_input_of_a_client_reaches_the_program_only_with_i() -> None:
    lab = Lab()
    lab.create("box", "true")
    out = Buffer()
    lab.daemon.attach("box", AttachStreams(stdout=out))
    lab.drive(lab.daemon.start("box"))
    assert lab.daemon.container("box").stdin is None


def test_prune_takes_what_does_not_run_newest_first() -> None:
    lab = Lab()
    first, second = lab.create("one"), lab.create("two")
    lab.run("web")
    report = lab.daemon.prune_containers()
    assert report.deleted == (second, first)
    assert report.space == 2 * 4096
    assert [one.name for one in lab.daemon.containers()] == ["web"]


def test_a_failed_create_leaves_its_named_volumes_but_no_container() -> None:
    """engine-observations 3.5."""
    lab = Lab()
    mounts = (volume("one", "/d"), volume("two", "/d"))
    assert refused(lambda: lab.create("web", mounts=mounts)) == "Duplicate mount point: /d"
    assert lab.volumes() == ["one"]
    assert lab.daemon.containers() == ()
    lab.create("web")
