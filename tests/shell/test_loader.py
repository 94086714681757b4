"""A program is a file: what runs hangs on its bytes, its mode and what the process sees."""

from __future__ import annotations

import pytest
from small_machine import Machine

from docgen.fs.content import Content
from docgen.fs.nodes import Kind
from docgen.shell.flavour import Flavour


@pytest.fixture
def box() -> Machine:
    return Machine(Flavour.BUSYBOX)


@pytest.fixture
def host() -> Machine:
    return Machine(Flavour.HOST)


def test_a_copy_of_a_program_is_the_program(box: Machine, host: Machine) -> None:
    box.view.write_file("/w/cat", box.view.read_file("/bin/busybox"), 0o755)
    assert box.run("/w/cat", stdin=b"through\n").out == "through\n"
    host.view.write_file("/w/mine", host.view.read_file("/usr/bin/cat"), 0o755)
    assert host.run("/w/mine", stdin=b"through\n").out == "through\n"


def test_busybox_goes_by_the_name_it_is_called(box: Machine) -> None:
    box.view.write_file("/w/x", box.view.read_file("/bin/busybox"), 0o755)
    done = box.run("/w/x", "ls")
    assert (done.err, done.status) == ("x: applet not found\n", 127)
    box.view.link("/w/x", "/w/cat")
    assert box.run("/w/cat", stdin=b"a").out == "a"
    assert box.run("busybox", "cat", stdin=b"a").out == "a"


def test_without_the_x_bit_nothing_runs(box: Machine) -> None:
    box.view.chmod("/bin/busybox", 0o600)
    done = box.sh("true") if False else None
    assert done is None
    box.view.chmod("/bin/busybox", 0o755)
    done = box.sh("chmod 600 /bin/busybox; cat /dev/null; echo $?; /bin/cat; echo $?")
    assert done.out == "0\n126\n"
    assert done.err == "sh: /bin/cat: Permission denied\n"


def test_a_script_names_its_interpreter(box: Machine) -> None:
    box.view.write_file("/w/s", Content.of("#!/bin/sh -e\necho $0 $1; false; echo never\n"), 0o755)
    done = box.sh("./s arg; echo $?")
    assert done.out == "./s arg\n1\n"


def test_a_missing_interpreter_is_not_found(box: Machine, host: Machine) -> None:
    for machine, text in ((box, "sh: ./s: not found\n"), (host, "sh: 1: ./s: not found\n")):
        machine.view.write_file("/w/s", Content.of("#!/no/such\n"), 0o755)
        done = machine.sh("./s; echo $?")
        assert (done.out, done.err) == ("127\n", text)


def test_a_text_without_interpreter_is_run_by_the_shell(box: Machine) -> None:
    box.view.write_file("/w/s", Content.of("echo plain $0 $1; exit 4\n"), 0o755)
    assert box.sh("./s arg; echo $?").out == "plain ./s arg\n4\n"


def test_a_host_program_does_not_run_in_an_image_without_its_loader(
    box: Machine, host: Machine
) -> None:
    box.view.write_file("/w/cat", host.view.read_file("/usr/bin/cat"), 0o755)
    done = box.sh("./cat; echo $?")
    assert (done.out, done.err) == ("127\n", "sh: ./cat: not found\n")


def test_a_directory_is_no_program(host: Machine) -> None:
    done = host.sh("/usr; echo $?; PATH=/; usr; echo $?")
    assert done.out == "126\n127\n"
    assert done.err == "sh: 1: /usr: Permission denied\nsh: 1: usr: not found\n"


def test_the_search_goes_on_past_files_that_cannot_run(host: Machine) -> None:
    host.view.mkdir("/w/bin")
    host.view.write_file("/w/bin/cat", Content.of("echo no\n"), 0o644)
    assert host.sh("PATH=/w/bin:/usr/bin; cat < /dev/null; echo $?").out == "0\n"
    done = host.sh("PATH=/w/bin; cat; echo $?")
    assert (done.out, done.err) == ("126\n", "sh: 1: cat: Permission denied\n")


def test_the_host_has_its_programs_as_files(host: Machine) -> None:
    assert host.view.stat("/bin/sh").kind is Kind.FILE
    assert host.view.readlink("/usr/bin/sh") == "dash"
    assert host.view.stat("/usr/bin/docker").mode == 0o755
    assert host.view.read_file("/usr/bin/ls").is_sealed


def test_ash_runs_its_own_applets_wherever_path_points(box: Machine) -> None:
    assert box.sh("PATH=/nonexistent; cat /dev/null; echo $?").out == "0\n"
    assert box.sh("type cat nosuch").out == "cat is cat\nnosuch: not found\n"
