"""The commands, as a person types them: what they print, where, and how they end."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

import docgen.cli
from docgen.cli import cli, main

PAGE = """\
---
title: A small page
drivers: [overlayfs, vfs]
---
```console
$ docker run -d --name web busybox sleep infinity
[..]
$ docker exec web sh -c 'echo hi > /note'
```
```console when="driver=vfs"
$ echo only here
only here
```
```console
$ ls /none
ls: cannot access '/none': No such file or directory
[2]
```
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("page.md").write_text(PAGE)
    return Path("page.md")


def call(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


def test_run_shows_steps_outputs_and_diagrams(page: Path) -> None:
    result = call("run", str(page))
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(
        "A small page (simulated, overlayfs)\n\nstep 1 of 3, line 6\n$ docker run"
    )
    assert "\nstep 2 of 3, line 8\n$ docker exec web sh -c 'echo hi > /note'\n" in result.stdout
    assert "\nline 10: not run on overlayfs (driver=vfs)\n" in result.stdout
    assert "No such file or directory\n[2]\n" in result.stdout
    assert "Writable layer" in result.stdout


def test_run_can_show_one_step_without_diagrams(page: Path) -> None:
    result = call("run", str(page), "--step", "3", "--driver", "vfs", "--no-diagrams")
    assert result.stdout == (
        "A small page (simulated, vfs)\n\nstep 3 of 4, line 11\n$ echo only here\nonly here\n"
    )


def test_run_prints_a_recording_as_json(page: Path) -> None:
    plain = json.loads(call("run", str(page), "--json").stdout)
    assert (plain["scenario"], plain["engine"], plain["driver"]) == (
        "page.md",
        "simulated",
        "overlayfs",
    )
    assert [(step["line"], step["exit"]) for step in plain["steps"]] == [(6, 0), (8, 0), (15, 2)]
    last = plain["steps"][-1]
    assert last["output"] == last["stderr"]
    paths = [entry["path"] for entry in last["snapshot"]["containers"][0]["writable"]["entries"]]
    assert paths == ["/note"]


def test_run_does_not_check_promises(page: Path) -> None:
    page.write_text(PAGE.replace("only here\nonly", "only here\nnot"))
    assert call("run", str(page), "--driver", "vfs").exit_code == 0
    assert call("check", str(page)).exit_code == 1


def test_check_tells_errors_on_stderr_and_the_sum_on_stdout(page: Path) -> None:
    assert call("check", str(page)).stdout == "1 page, 7 steps: all true\n"
    page.write_text(PAGE.replace("[2]", "[3]"))
    result = call("check", str(page))
    assert result.exit_code == 1
    assert result.stderr.startswith("page.md:15:3: exit status 2 of: ls /none; exit status 3;")
    assert result.stdout == "1 page, 7 steps: 2 errors\n"


@pytest.mark.usefixtures("page")
def test_check_with_more_processes_tells_the_same() -> None:
    Path("other.md").write_text(PAGE.replace("[2]", "[3]"))
    one = call("check", ".", "--jobs", "1")
    two = call("check", ".", "--jobs", "2")
    assert (two.exit_code, two.stdout, two.stderr) == (1, one.stdout, one.stderr)


def test_check_in_a_format_for_programs(page: Path) -> None:
    page.write_text(PAGE.replace("[2]", "[3]"))
    result = call("check", str(page), "--format", "json")
    assert json.loads(result.stdout)["pages"][0]["path"] == "page.md"
    assert result.stderr == "1 page, 7 steps: 2 errors\n"


def test_update_shows_and_writes(page: Path) -> None:
    page.write_text(PAGE.replace("[2]\n", ""))
    shown = call("update", str(page), "--diff")
    assert "\n+[2]\n" in shown.stdout
    assert "[2]" not in page.read_text()
    assert call("update", str(page)).stdout == "page.md: written\n1 of 1 pages changed\n"
    assert page.read_text() == PAGE
    assert call("update", str(page)).stdout == "0 of 1 pages changed\n"


def test_draw_writes_text_and_svg(page: Path) -> None:
    shown = call("draw", str(page), "--step", "2", "--target", "web").stdout
    assert "/note" in shown
    for name in ("a.txt", "a.svg"):
        assert call("draw", str(page), "--step", "2", "--out", name).stdout == f"{name}: written\n"
    assert "/note" in Path("a.txt").read_text()
    assert ElementTree.parse("a.svg").getroot().tag.endswith("svg")


def test_draw_writes_png_where_the_renderer_is_installed(page: Path) -> None:
    pytest.importorskip("resvg_py")
    call("draw", str(page), "--out", "a.svg")
    result = call("draw", str(page), "--out", "a.png")
    assert result.stdout == "a.png: written, with the fonts of this machine\n"
    data = Path("a.png").read_bytes()
    root = ElementTree.parse("a.svg").getroot()
    size = tuple(2 * int(root.get(side, "")) for side in ("width", "height"))
    assert data.startswith(b"\x89PNG")
    assert struct.unpack(">II", data[16:24]) == size
    rows = zlib.decompress(b"".join(chunks(data, b"IDAT")))
    assert rows[1:5] == b"\xff\xff\xff\xff", "the corner is paper: colours are understood"
    assert len(set(rows)) > 100


def chunks(png: bytes, kind: bytes) -> Iterator[bytes]:
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == kind:
            yield png[at + 8 : at + 8 + length]
        at += 12 + length


def test_png_without_any_font_is_refused(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resvg_py = pytest.importorskip("resvg_py")
    blind = partial(resvg_py.svg_to_bytes, skip_system_fonts=True)
    monkeypatch.setattr(resvg_py, "svg_to_bytes", blind)
    result = call("draw", str(page), "--out", "a.png")
    assert (result.exit_code, "needs a font" in result.stderr) == (2, True)
    assert not Path("a.png").exists()


def test_png_without_the_renderer_names_the_remedy(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "resvg_py", None)
    result = call("draw", str(page), "--out", "a.png")
    assert (result.exit_code, "pip install 'docgen[png]'" in result.stderr) == (2, True)


def test_new_writes_a_page_that_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = call("new", "volumes/my-first-page")
    assert result.stdout.startswith("scenarios/volumes/my-first-page.md: written\n")
    checked = call("check", "scenarios")
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert "title: My first page\n" in Path("scenarios/volumes/my-first-page.md").read_text()
    assert call("new", "volumes/my-first-page").exit_code == 2


def test_weave_writes_finished_markdown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("scenarios").mkdir()
    Path("content").mkdir()
    Path("scenarios/small.md").write_text(PAGE)
    Path("content/index.md").write_text(
        "# Home\n\n```diagram layers web scenario=small step=2\n```\n"
    )
    result = call("weave", "--out", "woven")
    assert (result.exit_code, result.stdout) == (0, "woven: 5 files written\n")
    for page in ("woven/index.md", "woven/scenarios/small.md"):
        assert "<svg" in Path(page).read_text()
        assert "```" not in Path(page).read_text()
    assert call("weave", "--out", "woven").exit_code == 2
    Path("scenarios/small.md").write_text("```console\nno prompt\n```\n")
    assert call("weave", "--out", "other").exit_code == 1
    assert not Path("other").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("run", "none.md"),
        ("run", "page.md", "--driver", "zfz"),
        ("run", "page.md", "--step", "9"),
        ("run", "page.md", "--view", "leyers"),
        ("draw", "page.md", "--out", "a.gif"),
        ("draw", "page.md", "--level", "fuller"),
        ("draw", "page.md", "--step", "9"),
        ("check", "none.md"),
        ("check", "page.md", "--format", "yaml"),
        ("update", "none.md"),
        ("new", "Bad Name"),
        ("new", "../escape"),
        ("build",),
        ("serve",),
        ("frobnicate",),
    ],
)
@pytest.mark.usefixtures("page")
def test_a_wrong_call_ends_with_2(words: tuple[str, ...]) -> None:
    result = call(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


@pytest.mark.parametrize("command", ["run", "draw"])
def test_a_page_that_cannot_be_read_ends_with_1(page: Path, command: str) -> None:
    page.write_text("```console\nno prompt\n```\n")
    result = call(command, str(page))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("page.md:2:1: output before the first command;")


def test_what_is_not_simulated_is_refused_before_step_1(page: Path) -> None:
    page.write_text("```console\n$ touch a\n$ docker swarm init\n```\n")
    result = call("run", str(page))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("page.md:3:")


def test_what_only_running_shows_comes_after_the_steps_before_it(page: Path) -> None:
    page.write_text("```console\n$ echo first\n$ c=--author; ls $c\n```\n")
    result = call("run", str(page))
    assert result.exit_code == 1
    assert "\n$ echo first\nfirst\n" in result.stdout
    assert result.stderr.startswith("page.md:3:")


def test_a_terminal_is_not_driven_by_an_output(page: Path) -> None:
    page.write_text("```console\n$ printf '\\033[31mred\\007'\n```\n")
    assert "\\x1b[31mred\\x07" in call("run", str(page), "--no-diagrams").stdout


def test_a_fault_of_ours_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("the roof fell in")

    monkeypatch.setattr(docgen.cli.cli, "main", broken)
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert ended.value.code == 70
    assert "that is its own fault, not your page's" in told
    assert "RuntimeError: the roof fell in" in told
    assert "Traceback" not in told
    monkeypatch.setenv("DOCGEN_DEBUG", "1")
    with pytest.raises(RuntimeError):
        main()
