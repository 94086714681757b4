"""Archives: ours are read by the real tools and theirs by ours, byte for byte."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest
from bench import Machine, oracle_missing
from needs import need

from docgen.fs.content import Content
from docgen.fs.nodes import Dir, File, Meta, Symlink
from docgen.shell.flavour import Flavour

BOTH = list(Flavour)
TIME = 1_577_836_800 * 10**9
LONG = "d/" + "x" * 120


def source(flavour: Flavour = Flavour.HOST) -> Machine:
    machine = Machine(
        {
            "d": Dir(Meta(0o755, mtime_ns=TIME)),
            "d/e": Dir(Meta(0o2750, 1000, 50, TIME)),
            "d/e/f": File(Meta(0o4755, 1000, 50, TIME), Content.of("hello\n")),
            "d/link": Symlink(Meta(0o777, mtime_ns=TIME), "e/f"),
            LONG: File(Meta(0o644, mtime_ns=TIME), Content.of("long")),
        },
        flavour,
    )
    machine.view.link("d/e/f", "d/second")
    machine.view.utimens("d", TIME, TIME)
    machine.view.utimens("d/e", TIME, TIME)
    return machine


@pytest.mark.parametrize("flavour", BOTH)
@pytest.mark.parametrize("options", ["cf", "czf"])
def test_a_tree_comes_back_with_all_it_had(flavour: Flavour, options: str) -> None:
    machine = source(flavour)
    assert machine.run(["tar", options, "a.tar", "d"]).exit == 0
    machine.run(["mkdir", "out"])
    assert machine.run(["tar", "xf", "a.tar", "-C", "out"]).exit == 0
    view = machine.view
    stat, inner = view.stat("out/d/e/f"), view.stat("out/d/e")
    assert (stat.mode, stat.uid, stat.gid, stat.mtime_ns) == (0o4755, 1000, 50, TIME)
    assert (inner.mode, inner.mtime_ns) == (0o2750, TIME)
    assert view.stat("out/d/second").ino == stat.ino
    assert view.readlink("out/d/link") == "e/f"
    assert view.read_file(f"out/{LONG}").text() == "long"


def test_the_listing_of_both_flavours() -> None:
    archive = source().run(["tar", "c", "d/e", "d/link"]).out
    assert source().run(["tar", "tv"], archive).out.decode() == (
        "drwxr-s--- app/staff         0 2020-01-01 00:00 d/e/\n"
        "-rwsr-xr-x app/staff         6 2020-01-01 00:00 d/e/f\n"
        "lrwxrwxrwx root/root         0 2020-01-01 00:00 d/link -> e/f\n"
    )
    assert source(Flavour.BUSYBOX).run(["tar", "tv"], archive).out.decode() == (
        "drwxr-s--- app/staff         0 2020-01-01 00:00:00 d/e/\n"
        "-rwsr-xr-x app/staff         6 2020-01-01 00:00:00 d/e/f\n"
        "lrwxrwxrwx root/root         0 2020-01-01 00:00:00 d/link -> e/f\n"
    )


def test_members_are_chosen_excluded_and_stripped() -> None:
    machine = source()
    machine.run(["tar", "cf", "a.tar", "--exclude=link", "--exclude", "x*", "d"])
    assert machine.run(["tar", "tf", "a.tar"]).out == b"d/\nd/e/\nd/e/f\nd/second\n"
    assert machine.run(["tar", "tf", "a.tar", "d/e"]).out == b"d/e/\nd/e/f\n"
    machine.run(["mkdir", "out"])
    machine.run(["tar", "x", "-f", "a.tar", "-C", "out", "--strip-components=1"])
    assert machine.view.listdir("out") == ["e", "second"]


def test_absolute_names_lose_their_slash() -> None:
    found = source().run(["tar", "cf", "a.tar", "/w/d/e"])
    assert found.err == "tar: Removing leading `/' from member names\n"
    box = source(Flavour.BUSYBOX)
    assert box.run(["tar", "cf", "a.tar", "/w/d/e"]).err == (
        "tar: removing leading '/' from member names\n"
    )
    assert box.run(["tar", "tf", "a.tar"]).out == b"w/d/e/\nw/d/e/f\n"


def test_an_archive_leaves_itself_out() -> None:
    machine = Machine({"f": "x"})
    found = machine.run(["tar", "cf", "a.tar", "."])
    assert found.err == "tar: ./a.tar: file is the archive; not dumped\n"
    assert machine.run(["tar", "tf", "a.tar"]).out == b"./\n./f\n"


@pytest.mark.kernel
@pytest.mark.parametrize("reader", ["tar", "busybox tar"])
@pytest.mark.parametrize("flavour", BOTH)
def test_the_real_tools_read_ours(flavour: Flavour, reader: str) -> None:
    need(not oracle_missing(), oracle_missing())
    archive = source(flavour).run(["tar", "c", "--numeric-owner", "d"]).out
    shown = subprocess.run(
        [*reader.split(), "tf", "-"], input=archive, capture_output=True, check=True
    )
    names = ["d/", "d/e/", "d/e/f", "d/link", "d/second", LONG]
    assert shown.stdout.decode().split() == names


@pytest.mark.kernel
@pytest.mark.parametrize("form", ["gnu", "pax", "ustar"])
def test_ours_read_what_gnu_tar_writes(form: str) -> None:
    need(not oracle_missing(), oracle_missing())
    with tempfile.TemporaryDirectory() as scratch:
        top = Path(scratch) / "d"
        top.mkdir()
        (top / "f").write_text("hello\n")
        (top / ("y" * 90)).write_text("long\n")
        (top / "link").symlink_to("f")
        archive = subprocess.run(
            ["tar", "c", f"--format={form}", "-C", scratch, "d"], capture_output=True, check=True
        ).stdout
    machine = Machine()
    assert machine.run(["tar", "x"], archive).exit == 0
    assert machine.view.read_file("d/f").text() == "hello\n"
    assert machine.view.read_file("d/" + "y" * 90).text() == "long\n"
    assert machine.view.readlink("d/link") == "f"
