"""Processes on virtual time: order, pipes, signals, PID 1, pause."""

from __future__ import annotations

import pytest
from small_machine import ENVIRONMENT, Machine

from docgen import limits
from docgen.daemon.waits import Sleep, Steps
from docgen.diagnostics import LimitExceeded
from docgen.fs.content import Content
from docgen.fs.errors import FsError
from docgen.shell import signals
from docgen.shell.applet import Program
from docgen.shell.flavour import Flavour
from docgen.shell.loader import Executable
from docgen.shell.process import Process
from docgen.shell.streams import PIPE_CAPACITY, Capture, Null, pipe

SECOND = 1_000_000_000


@pytest.fixture
def machine() -> Machine:
    return Machine(Flavour.BUSYBOX)


def begin(machine: Machine, run: Program, stdin: object = None, stdout: object = None) -> Process:
    kernel = machine.kernel
    fds = kernel.descriptors(stdin or Null(), stdout or Null(), Null())  # type: ignore[arg-type]
    program = Executable("test", run, Flavour.BUSYBOX)
    return kernel.start(program, ("test",), ENVIRONMENT, machine.view.copy(), fds)


def sleeper(seconds: int) -> Program:
    def run(process: Process) -> Steps[int]:
        yield from process.sleep(seconds * SECOND)
        return 0

    return run


def finish(machine: Machine, *processes: Process) -> list[int | None]:
    machine.kernel.run_until(lambda: all(one.exit_code is not None for one in processes))
    return [one.exit_code for one in processes]


def test_processes_take_turns_in_the_order_they_were_started(machine: Machine) -> None:
    seen: list[str] = []

    def teller(name: str) -> Program:
        def run(process: Process) -> Steps[int]:
            for _ in range(3):
                seen.append(name)
                yield from process.turn()
            return 0

        return run

    finish(machine, begin(machine, teller("a")), begin(machine, teller("b")))
    assert seen == list("ababab")


def test_time_passes_only_when_nobody_can_run(machine: Machine) -> None:
    start = machine.clock.now_ns
    seen: list[tuple[str, int]] = []

    def dreamer(process: Process) -> Steps[int]:
        yield from process.sleep(5 * SECOND)
        seen.append(("woke", (machine.clock.now_ns - start) // SECOND))
        return 0

    def worker(process: Process) -> Steps[int]:
        for _ in range(10):
            yield from process.turn()
        seen.append(("worked", (machine.clock.now_ns - start) // SECOND))
        return 0

    finish(machine, begin(machine, dreamer), begin(machine, worker))
    assert seen == [("worked", 0), ("woke", 5)]


def test_a_program_that_spins_does_not_stop_time(machine: Machine) -> None:
    process, _, _ = machine.start("sh", "-c", "while :; do :; done")
    start = machine.clock.now_ns
    finish(machine, begin(machine, sleeper(3)))
    assert machine.clock.now_ns >= start + 3 * SECOND
    machine.kernel.deliver(process, signals.KILL, outside=True)
    assert process.exit_code == 137


def test_a_writer_waits_while_its_pipe_is_full(machine: Machine) -> None:
    reading, writing = pipe()
    read: list[int] = []

    def writer(process: Process) -> Steps[int]:
        yield from process.out(Content.fill(65, 3 * PIPE_CAPACITY + 1))
        return 0

    def reader(process: Process) -> Steps[int]:
        yield Sleep(machine.clock.now_ns + SECOND)
        while True:
            piece = yield from process.read(0, 1 << 30)
            read.append(piece.size)
            if not piece.size:
                return 0

    assert finish(
        machine, begin(machine, writer, stdout=writing), begin(machine, reader, stdin=reading)
    ) == [0, 0]
    assert max(read) == PIPE_CAPACITY
    assert sum(read) == 3 * PIPE_CAPACITY + 1


def test_writing_where_nobody_reads_kills_silently(machine: Machine) -> None:
    done = machine.sh("{ while :; do echo y; done; echo never; } | { read x; echo $x; }")
    assert (done.out, done.err, done.status) == ("y\n", "", 0)
    done = machine.sh("(while :; do echo y; done) | true; (while :; do echo y; done; echo never)|:")
    assert done.err == ""


def test_a_pipe_ends_when_its_last_writer_is_gone(machine: Machine) -> None:
    done = machine.sh("{ (sleep 2; echo late) & echo early; } | while read x; do echo $x; done")
    assert done.out == "early\nlate\n"


def test_pid_1_ignores_what_it_does_not_handle(machine: Machine) -> None:
    process, _, _ = machine.start("sleep", "100", is_init=True, group="c1")
    machine.kernel.settle()
    for number in (signals.TERM, signals.INT, signals.HUP):
        process.signal(number)
    assert process.exit_code is None
    process.signal(signals.KILL)
    assert process.exit_code == 137


def test_pid_1_cannot_kill_itself(machine: Machine) -> None:
    done = machine.run("sh", "-c", "kill -9 $$; echo alive $$", is_init=True, group="c1")
    assert (done.out, done.status) == ("alive 1\n", 0)


def test_other_processes_die_of_the_signal(machine: Machine) -> None:
    process, _, _ = machine.start("sleep", "100", group="c1")
    machine.kernel.settle()
    process.signal(signals.TERM)
    assert process.exit_code == 143


def test_a_shell_runs_its_trap_when_its_foreground_child_has_ended(machine: Machine) -> None:
    script = "trap 'echo term; exit 7' TERM; while :; do sleep 10; done"
    process, out, _ = machine.start("sh", "-c", script, is_init=True, group="c1")
    machine.kernel.settle()
    start = machine.clock.now_ns
    process.signal(signals.TERM)
    machine.kernel.settle()
    assert process.exit_code is None
    assert finish(machine, process) == [7]
    assert machine.clock.now_ns - start >= 9 * SECOND
    assert out.take() == b"term\n"


def test_a_shell_that_waits_runs_its_trap_at_once(machine: Machine) -> None:
    script = "trap 'echo term; exit 0' TERM; sleep 1000 & wait"
    process, out, _ = machine.start("sh", "-c", script, is_init=True, group="c1")
    machine.kernel.settle()
    process.signal(signals.TERM)
    machine.kernel.settle()
    assert process.exit_code == 0
    assert out.take() == b"term\n"
    assert machine.kernel.processes("c1") == []


def test_exec_replaces_the_shell(machine: Machine) -> None:
    process, _, _ = machine.start("sh", "-c", "echo x; exec sleep 5", group="c1")
    machine.kernel.settle()
    assert [one.argv for one in machine.kernel.processes("c1")] == [("sleep", "5")]
    assert finish(machine, process) == [0]


def test_the_last_command_of_a_container_takes_the_place_of_its_shell(machine: Machine) -> None:
    machine.start("sh", "-c", "echo x; sleep 5", is_init=True, group="c1")
    machine.kernel.settle()
    assert [one.argv for one in machine.kernel.processes("c1")] == [("sleep", "5")]


def test_the_end_of_pid_1_ends_its_container(machine: Machine) -> None:
    process, _, _ = machine.start("sh", "-c", "sleep 100 & sleep 1; true", is_init=True, group="c1")
    other, _, _ = machine.start("sleep", "100", group="c1")
    assert finish(machine, process) == [0]
    assert other.exit_code == 137
    assert machine.kernel.processes("c1") == []


def test_a_paused_container_stands_still(machine: Machine) -> None:
    process, out, _ = machine.start("sh", "-c", "sleep 1; echo done", is_init=True, group="c1")
    machine.kernel.settle()
    machine.kernel.freeze("c1", True)
    finish(machine, begin(machine, sleeper(60)))
    assert (process.exit_code, out.take()) == (None, b"")
    machine.kernel.freeze("c1", False)
    assert finish(machine, process) == [0]
    assert out.take() == b"done\n"


def test_a_signal_to_a_paused_container_arrives_when_it_goes_on(machine: Machine) -> None:
    process, _, _ = machine.start("sleep", "100", group="c1")
    machine.kernel.settle()
    machine.kernel.freeze("c1", True)
    process.signal(signals.TERM)
    assert process.exit_code is None
    machine.kernel.freeze("c1", False)
    assert process.exit_code == 143


def test_stop_and_continue(machine: Machine) -> None:
    process, _, _ = machine.start("sleep", "1", group="c1")
    machine.kernel.settle()
    process.signal(signals.STOP)
    finish(machine, begin(machine, sleeper(9)))
    assert process.exit_code is None
    process.signal(signals.CONT)
    assert finish(machine, process) == [0]


def test_on_exit_is_told_once(machine: Machine) -> None:
    told: list[int] = []
    process, _, _ = machine.start("sh", "-c", "exit 3")
    process.on_exit = told.append
    finish(machine, process)
    process.signal(signals.KILL)
    assert told == [3]


def test_processes_that_all_wait_for_ever_are_noticed(machine: Machine) -> None:
    reading, _writing = pipe()
    process = begin(machine, lambda p: p.read_all(), stdin=reading)  # type: ignore[arg-type, return-value]
    assert not machine.kernel.run_until(lambda: process.exit_code is not None)


def test_endless_work_meets_the_limit(machine: Machine) -> None:
    machine.kernel.ticks = limits.SHELL_TICKS - 1000
    with pytest.raises(LimitExceeded, match="turns"):
        machine.sh("while :; do :; done")


def test_too_many_processes_meet_the_limit(machine: Machine) -> None:
    with pytest.raises(LimitExceeded, match="processes"):
        machine.sh("i=0; while [ $i -lt 300 ]; do sleep 100 & i=$((i+1)); done")


def test_closed_output_is_an_error_of_the_program(machine: Machine) -> None:
    def run(process: Process) -> Steps[int]:
        process.fds.close(1)
        yield from process.out("x")
        return 0

    err = Capture(1000, "stderr")
    process = begin(machine, run)
    process.fds.put(2, err)
    assert finish(machine, process) == [1]
    assert err.take() == b"test: write error: Bad file descriptor\n"


def test_a_fifo_waits_for_its_other_end(machine: Machine) -> None:
    machine.view.mkfifo("/w/fifo")
    done = machine.sh("(sleep 3; echo through > fifo) & cat < fifo; echo end")
    assert done.out == "through\nend\n"


def test_lines_are_read_one_by_one(machine: Machine) -> None:
    lines: list[bytes | None] = []

    def run(process: Process) -> Steps[int]:
        reader = process.lines()
        while (line := (yield from reader.next())) is not None:
            lines.append(line)
        return 0

    machine.view.write_file("/w/text", Content.of(b"one\n\nlast"))
    finish(machine, begin(machine, run, stdin=machine.view.open("/w/text")))
    assert lines == [b"one\n", b"\n", b"last"]


def test_a_stream_stays_open_until_its_last_holder_lets_go(machine: Machine) -> None:
    reading, writing = pipe()
    one = machine.kernel.descriptors(Null(), writing, Null())
    other = one.copy()
    one.close_all()
    assert not reading.readable()
    other.close(1)
    assert reading.readable()
    with pytest.raises(FsError):
        other[1]
