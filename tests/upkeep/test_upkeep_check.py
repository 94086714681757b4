"""What `check` finds, and how it tells it."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fake_engine import DRIVERS, open_fake

from docgen.page.reader import read
from docgen.play.player import play
from docgen.record.proof import Proof, dumps_proofs
from docgen.upkeep.check import Checked, check, check_pages
from docgen.upkeep.report import FORMATS, summary
from docgen.upkeep.workshop import Workshop

HEAD = "---\ndrivers: [one, two]\n---\n"


def told(tmp_path: Path, text: str, head: str = HEAD) -> list[str]:
    page = tmp_path / "page.md"
    page.write_text(head + text, encoding="utf-8")
    found = check([page], Workshop(open_fake, DRIVERS))
    return [str(one).removeprefix(f"{page.as_posix()}:") for one in found]


def console(body: str, options: str = "") -> str:
    return f"```console{options}\n{body}```\n"


@pytest.mark.parametrize(
    "body",
    [
        "$ say hello\nhello\n",
        "$ say a\\nb\\nc\n...\nc\n",
        "$ warn no\nno\n[1]\n",
        "$ exit 3\n[3]\n",
        "$ driver\none\n",
        "$ say [7]\n[7]\n[0]\n",
    ],
)
def test_a_kept_promise_is_fine(tmp_path: Path, body: str) -> None:
    assert told(tmp_path, console(body)) == []


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        (
            console("$ say a\\nb\n"),
            [
                "5:3: output that the page does not promise: 'a' and 1 more lines;"
                " run docgen update, if it is right, or promise '...'"
            ],
        ),
        (
            console("$ say a\\nb\na\nx\n"),
            ["7:1: 'b'; 'x'; run docgen update, if it is right"],
        ),
        (
            console("$ say a\na\nb\n"),
            ["7:1: the end of the output; 'b'; run docgen update, if it is right"],
        ),
        (
            console("$ say a\\nb\na\n"),
            ["7:1: 'b'; the end of the output; run docgen update, if it is right"],
        ),
        (
            console("$ warn no\nno\n"),
            [
                "5:3: exit status 1 of: warn no; exit status 0; run docgen update, if it is right",
                "5:3: exit status 1 on two of: warn no; exit status 0; give the commands that"
                " differ a fence of their own with when=, or fix the page",
            ],
        ),
        (
            console("$ differ\n"),
            [
                "5:3: exit status 3 on two of: differ; exit status 0; give the commands that differ"
                " a fence of their own with when=, or fix the page"
            ],
        ),
        (console("$ exit 2\n", ' fails="a reason"'), []),
        (
            console("$ say a\na\n", ' fails="a reason"'),
            [
                "5:3: exit status 0 of: say a; a failure: a reason; remove fails= from the fence",
                "5:3: exit status 0 on two of: say a; a failure: a reason;"
                " remove fails= from the fence",
            ],
        ),
        (
            console("$ driver\none\n", ' when="driver=two"'),
            ["6:1: 'two'; 'one'; run docgen update, if it is right"],
        ),
        (
            console("$ driver\n", ' when="driver=too"'),
            [
                "4:1: a fence that never runs: driver=too; a condition for one of: one, two;"
                " add the driver to 'drivers' in the front matter, or change the condition",
                "4:1: unknown driver 'too' in the condition 'driver=too'; write 'two'",
            ],
        ),
        (console("$ later\n"), ["5:3: 'later'; say something"]),
        (
            "```diagram leyers\n```\n",
            ["4:12: unknown view 'leyers'; write 'layers'"],
        ),
        (
            "```diagram layers driver=vfs width=9 level=ful\n```\n",
            [
                "4:12: a width of 9 columns; write a width from 40 to 160",
                "4:12: unknown level 'ful'; write 'full'",
            ],
        ),
        (
            "```diagram layers driver=vfs\n```\n",
            [
                "4:12: driver 'vfs', on which the scenario is not run; write one of: one, two",
            ],
        ),
        (
            "```diagram layers step=4\n```\n",
            ["4:12: step 4 of a scenario with 0 steps; write step=0 or less"],
        ),
        (
            "[a](other.md#x) and `[b](no.md)` and [c](https://example.org/)\n",
            [
                "4:5: a link to 'other.md#x', which is not there;"
                " write the path from this page to the file"
            ],
        ),
        (
            "[a]: other.md\n\n[^1]: A note.\n```\n[b](no.md)\n```\n[me](page.md) [top](#top)\n",
            [
                "4:6: a link to 'other.md', which is not there;"
                " write the path from this page to the file"
            ],
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, errors: list[str]) -> None:
    assert told(tmp_path, text) == errors


def test_an_unknown_driver_is_told_and_nothing_is_played(tmp_path: Path) -> None:
    errors = told(tmp_path, console("$ later\n"), "---\ndrivers: [one, tow]\n---\n")
    assert errors == ["2:16: unknown driver 'tow'; write 'two'"]


def test_a_page_that_is_no_text_is_told(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_bytes(b"ok\n\xff\n")
    (error,) = check([page], Workshop(open_fake, DRIVERS))
    assert (error.line, error.found) == (2, "the byte 0xff")


def test_a_proof_is_compared(tmp_path: Path) -> None:
    text = HEAD + console("$ say a\na\n$ warn no\nno\n[1]\n")
    page = tmp_path / "page.md"
    page.write_text(text)
    engine = open_fake(read("page.md", text), "two")
    recording = play(read("page.md", text.replace("warn no", "warn yes")), engine)
    proofs = tmp_path / "page.real.json"
    proofs.write_text(dumps_proofs([Proof("2026-11-24", recording)]))
    (error,) = check([page], Workshop(open_fake, DRIVERS))
    assert error.found == "the recording of fake (two, 2026-11-24) is of other commands"

    honest = play(read("page.md", text), open_fake(read("page.md", text), "two"))
    proofs.write_text(dumps_proofs([Proof("2026-11-24", honest)]))
    assert check([page], Workshop(open_fake, DRIVERS)) == []

    proofs.write_text(proofs.read_text().replace('"stderr":"no', '"stderr":"on'))
    (error,) = check([page], Workshop(open_fake, DRIVERS))
    assert "the checksum does not fit" in error.found


def test_a_real_answer_that_differs_is_shown_at_its_step(tmp_path: Path) -> None:
    text = HEAD + console("$ driver\none\n")
    (tmp_path / "page.md").write_text(text)
    recording = play(read("page.md", text), open_fake(read("page.md", text), "two"))
    from dataclasses import replace

    lied = replace(recording, driver="one", engine="docker 28.5.2")
    (tmp_path / "page.real.json").write_text(dumps_proofs([Proof("2026-11-24", lied)]))
    (error,) = check([tmp_path / "page.md"], Workshop(open_fake, DRIVERS))
    assert (error.line, error.found) == (
        5,
        "stdout differs from docker 28.5.2 (one, 2026-11-24):\n-one\n+two",
    )


def project(tmp_path: Path) -> Path:
    (tmp_path / "mkdocs.yml").touch()
    (tmp_path / "scenarios/a").mkdir(parents=True)
    (tmp_path / "content").mkdir()
    (tmp_path / "scenarios/a/b.md").write_text(
        HEAD + console("$ say a\na\n") + "[up](../../index.md)\n"
    )
    (tmp_path / "content/index.md").write_text(
        "[b](scenarios/a/b.md)\n\n```diagram layers scenario=a/b step=1\nold\n```\n"
    )
    return tmp_path


def test_a_content_page_draws_from_scenarios(tmp_path: Path) -> None:
    root = project(tmp_path)
    pages = list(check_pages([root / "scenarios", root / "content"], Workshop(open_fake, DRIVERS)))
    assert [(Path(page.path).name, page.steps, len(page.diagnostics)) for page in pages] == [
        ("b.md", 2, 0),
        ("index.md", 0, 1),
    ]
    assert pages[1].diagnostics[0].found == "a drawing that shows another state"


@pytest.mark.parametrize(
    ("fence", "found"),
    [
        ("layers", "a diagram of no scenario"),
        ("layers scenario=a/c", "unknown scenario 'a/c'"),
        ("layers scenario=bad", "scenario 'bad', which cannot be played"),
        ("layers scenario=a/b step=2", "step 2 of a scenario with 1 steps"),
    ],
)
def test_wishes_of_content_pages_that_cannot_be_met(tmp_path: Path, fence: str, found: str) -> None:
    root = project(tmp_path)
    (root / "scenarios/bad.md").write_text(HEAD + console("$ later\n"))
    page = root / "content/other.md"
    page.write_text(f"```diagram {fence}\n```\n")
    assert [one.found for one in check([page], Workshop(open_fake, DRIVERS))] == [found]


def test_a_page_is_played_once_for_all_that_draw_from_it(tmp_path: Path) -> None:
    root = project(tmp_path)
    opened: list[str] = []

    def opening(scenario, driver):  # type: ignore[no-untyped-def]
        opened.append(driver)
        return open_fake(scenario, driver)

    list(check_pages([root / "scenarios", root / "content"], Workshop(opening, DRIVERS)))
    assert opened == ["one", "two"]


def sample(tmp_path: Path) -> list[Checked]:
    (tmp_path / "good.md").write_text(HEAD + console("$ say a\na\n"))
    (tmp_path / "bad.md").write_text(HEAD + console("$ say <a%\\n\n"))
    pages = check_pages([tmp_path], Workshop(open_fake, DRIVERS))
    return [Checked(Path(p.path).name, p.steps, p.diagnostics) for p in pages]


def test_formats(tmp_path: Path) -> None:
    pages = sample(tmp_path)
    assert summary(pages) == "2 pages, 4 steps: 1 error"
    assert FORMATS["text"](pages).endswith(
        "/bad.md:5:3: output that the page does not promise: '<a%';"
        " run docgen update, if it is right, or promise '...'\n"
    )
    assert FORMATS["github"](pages).startswith("::error file=")
    assert ",line=5,col=3::output that the page does not promise: '<a%25'" in FORMATS["github"](
        pages
    )
    assert json.loads(FORMATS["json"](pages))["pages"][0]["errors"][0]["line"] == 5
    suite = ElementTree.fromstring(FORMATS["junit"](pages))
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert "'<a%'" in str(failure.get("message"))


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        check([tmp_path / "no.md"], Workshop(open_fake, DRIVERS))


def test_a_project_is_found_from_below_and_pages_are_named_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path)
    monkeypatch.chdir(root / "scenarios/a")
    workshop = Workshop(open_fake, DRIVERS)
    assert len(list(check_pages([], workshop))) == 2
    again = list(check_pages([Path("b.md"), Path(), root / "scenarios"], workshop))
    assert [page.path for page in again] == ["b.md"]
