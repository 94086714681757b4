"""One dash lives through a page: what it keeps, what it shows, how it ends, how time goes."""

from __future__ import annotations

import pytest

from docgen.daemon.host import Host
from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.fs.content import Content
from docgen.shell.machine import machine_tree
from docgen.shell.session import SECOND_NS, Session


@pytest.fixture
def session() -> Session:
    return Session(Host(seed="page", tree=machine_tree()))


def out(session: Session, command: str) -> str:
    result = session.run(command)
    assert (result.stderr, result.exit) == ("", 0)
    return result.stdout


def test_it_starts_in_roots_home_with_a_plain_environment(session: Session) -> None:
    assert out(session, "pwd; umask; echo $HOME; id -u; cat") == "/root\n0022\n/root\n0\n"


def test_directory_variables_functions_and_options_live_on(session: Session) -> None:
    out(session, "cd /tmp; x=5; f() { echo f$1; }; export E=e; umask 077; set -u")
    assert out(session, "pwd; echo $x; f 1; sh -c 'echo $E'; umask") == "/tmp\n5\nf1\ne\n0077\n"


def test_the_last_status_lives_on(session: Session) -> None:
    assert session.run("false").exit == 1
    assert out(session, "echo $?") == "1\n"
    assert session.run("(exit 42)").exit == 42


def test_stdout_and_stderr_are_kept_apart(session: Session) -> None:
    result = session.run("echo one; echo two >&2; echo three")
    assert (result.stdout, result.stderr) == ("one\nthree\n", "two\n")


def test_messages_count_lines_from_the_start_of_each_command(session: Session) -> None:
    session.run("true\ntrue")
    assert session.run("nosuch").stderr == "sh: 1: nosuch: not found\n"
    assert session.run("true\nnosuch").stderr == "sh: 2: nosuch: not found\n"


def test_a_background_job_goes_on_in_later_steps(session: Session) -> None:
    assert out(session, "{ sleep 5; echo late; } &\necho now") == "now\n"
    assert out(session, "echo next") == "next\n"
    assert out(session, "wait; echo end") == "late\nend\n"


def test_each_step_ends_at_the_next_second(session: Session) -> None:
    clock = session.kernel.clock
    session.run("true")
    start = clock.now_ns
    assert start % SECOND_NS == 0
    session.run("echo x > f; echo y >> f")
    assert clock.now_ns == start + SECOND_NS
    session.run("sleep 3")
    assert clock.now_ns == start + 5 * SECOND_NS


def test_exit_ends_the_session(session: Session) -> None:
    result = session.run("echo bye; exit 3; echo never")
    assert (result.stdout, result.exit) == ("bye\n", 3)
    assert session.ended
    with pytest.raises(NotSimulated, match="ended"):
        session.run("echo x")


@pytest.mark.parametrize("command", [": ${nosuch:?}", "set -e; false", ". /nosuch", "if"])
def test_fatal_errors_end_the_session_too(session: Session, command: str) -> None:
    assert session.run(command).exit != 0
    assert session.ended


def test_an_exit_trap_runs_when_the_shell_ends(session: Session) -> None:
    out(session, "trap 'echo trapped' EXIT")
    assert session.run("exit").stdout == "trapped\n"


def test_exec_takes_the_shells_place(session: Session) -> None:
    assert session.run("exec cat /etc/hostname").stdout == "docker\n"
    assert session.ended


def test_a_command_that_never_ends_is_an_error_not_a_hang(session: Session) -> None:
    with pytest.raises(NotSimulated, match="never ends"):
        session.run("mkfifo pipe; cat pipe")


def test_too_much_output_is_an_error(session: Session) -> None:
    with pytest.raises(LimitExceeded, match="output"):
        session.run("while :; do echo 0123456789012345678901234567890123456789; done")


def test_bytes_that_are_no_text_are_shown_escaped(session: Session) -> None:
    assert out(session, r"printf 'a\377b\n'") == "a\\xffb\n"


def test_file_names_that_are_no_utf8_survive(session: Session) -> None:
    assert out(session, r"f=$(printf 'a\377'); echo x > $f; cat a*; rm a*; echo *") == "x\n*\n"


def test_recursion_has_a_limit(session: Session) -> None:
    with pytest.raises(LimitExceeded, match="deep"):
        session.run("f() { f; }; f")


def test_a_variable_has_a_limit(session: Session) -> None:
    with pytest.raises(LimitExceeded):
        session.run("x=0123456789; while :; do x=$x$x; done")


def test_sealed_bytes_cannot_become_text(session: Session) -> None:
    with pytest.raises(NotSimulated):
        session.run("x=$(cat /usr/bin/ls)")


def test_the_host_knows_its_proc_and_dev(session: Session) -> None:
    assert "overlay" in out(session, "cat /proc/filesystems")
    assert out(session, "cat /proc/self/comm; head -c 2 /dev/zero | wc -c") == "cat\n2\n"
    assert out(session, "echo x | cat /dev/stdin; echo y > /dev/stdout") == "x\ny\n"
    assert out(session, "exec 3<<E\nhere\nE\ncat /dev/fd/3; cat /proc/mounts | wc -l") != ""


def test_what_a_page_wrote_is_seen(session: Session) -> None:
    host = session.kernel.host
    assert host is not None
    host.view().write_file("/root/s.sh", Content.of("echo from file $1\n"), 0o755)
    assert out(session, "./s.sh a; sh s.sh b; . ./s.sh") == "from file a\nfrom file b\nfrom file\n"


def test_a_container_has_a_shell_of_its_own(session: Session) -> None:
    result = session.run("docker run --rm busybox sh -c 'echo $$; nosuch; cd /x; exit 5'")
    assert result.stdout == "1\n"
    assert result.stderr == (
        "sh: nosuch: not found\nsh: cd: line 0: can't cd to /x: No such file or directory\n"
    )
    assert result.exit == 5


def test_stop_waits_for_a_process_that_does_not_listen(session: Session) -> None:
    clock = session.kernel.clock
    out(session, "docker run -d --name deaf busybox sleep 1000 > /dev/null")
    start = clock.now_ns
    assert out(session, "docker stop deaf") == "deaf\n"
    assert clock.now_ns - start >= 10 * SECOND_NS
    assert out(session, "docker inspect -f '{{.State.ExitCode}}' deaf") == "137\n"


def test_stop_is_quick_for_a_process_that_listens(session: Session) -> None:
    clock = session.kernel.clock
    script = 'trap "exit 7" TERM; sleep 1000 & wait'
    out(session, f"docker run -d --name polite busybox sh -c '{script}' > /dev/null")
    start = clock.now_ns
    out(session, "docker stop polite")
    assert clock.now_ns - start <= 2 * SECOND_NS
    assert out(session, "docker inspect -f '{{.State.ExitCode}}' polite") == "7\n"


def test_mountinfo_tells_where_a_volume_lies(session: Session) -> None:
    command = "docker run --rm -v data:/data busybox cat /proc/self/mountinfo"
    lines = [line.split() for line in out(session, command).splitlines()]
    (volume,) = [words for words in lines if words[4] == "/data"]
    assert volume[3] == "/var/lib/docker/volumes/data/_data"
    assert volume[5] == "rw,relatime"


def test_proc_1_is_the_containers_first_process(session: Session) -> None:
    out(session, "docker run -d --name cc busybox sleep 1000 > /dev/null")
    assert out(session, "docker exec cc cat /proc/1/cmdline") == "sleep\x001000\x00"
    assert out(session, "docker exec cc cat /proc/1/comm") == "sleep\n"


def test_ash_has_pipefail_and_dash_has_not(session: Session) -> None:
    command = "docker run --rm busybox sh -c 'set -o pipefail; exit 3 | true; echo $?'"
    assert out(session, command) == "3\n"
    result = session.run("set -o pipefail")
    assert result.stderr == "sh: 1: set: Illegal option -o pipefail\n"


def test_after_something_that_is_not_simulated_nothing_runs(session: Session) -> None:
    with pytest.raises(NotSimulated, match="httpd is not simulated"):
        session.run("docker run --rm busybox httpd")
    with pytest.raises(NotSimulated, match="ended"):
        session.run("echo x")
