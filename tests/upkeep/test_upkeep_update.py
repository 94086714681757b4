"""What `update` writes, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_engine import DRIVERS, FakeEngine, open_fake

from docgen.diagnostics import PageError
from docgen.upkeep.files import read_source, write_source
from docgen.upkeep.update import Updated, update_pages
from docgen.upkeep.workshop import Workshop

HEAD = "---\ndrivers: [one, two]\n---\n"


def update(page: Path, *, write: bool = True) -> Updated:
    (updated,) = update_pages([page], Workshop(open_fake, DRIVERS), write=write)
    return updated


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_page_becomes_true_and_then_stays_as_it_is(tmp_path: Path, end: str) -> None:
    page = tmp_path / "page.md"
    text = HEAD + "text  \n\n```console\n$ say a\\nb\nx\n[..]\n$ warn no\n$ driver\n```\n"
    page.write_bytes(text.replace("\n", end).encode())
    page.chmod(0o640)
    first = update(page)
    wanted = (
        HEAD
        + "text  \n\n```console\n$ say a\\nb\na\n[..]\n$ warn no\nno\n[1]\n$ driver\none\n```\n"
    )
    assert page.read_bytes() == wanted.replace("\n", end).encode()
    assert first.diagnostics == ()
    assert page.stat().st_mode & 0o777 == 0o640
    assert not update(page).changed
    assert [entry.name for entry in tmp_path.iterdir()] == ["page.md"]


def test_a_drawing_is_written_where_one_stood(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(HEAD + "```diagram layers\nold\n```\n\n```diagram layers\n```\n")
    update(page)
    assert "old" not in page.read_text()
    assert page.read_text().endswith("\n```\n\n```diagram layers\n```\n")
    assert not update(page).changed


def test_a_diff_shows_first_and_writes_nothing(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ say a\n```", newline="")
    updated = update_pages([page], Workshop(open_fake, {"overlayfs": 0}), write=False)
    (one,) = updated
    assert one.diff() == (
        f"--- a/{page}\n+++ b/{page}\n@@ -1,3 +1,4 @@\n ```console\n $ say a\n+a\n ```"
        "\n\\ No newline at end of file\n"
    )
    assert page.read_text() == "```console\n$ say a\n```"


def test_what_writing_cannot_mend_is_told(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(HEAD + "```console\n$ differ\n$ say a\n```\n```diagram none\n```\n")
    assert [one.found for one in update(page).diagnostics] == [
        "exit status 3 on two of: differ",
        "unknown view 'none'",
    ]
    assert "say a\na\n" in page.read_text()


def test_a_page_that_cannot_be_played_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(HEAD + "```console\n$ say a\n$ later\n```\n")
    updated = update(page)
    assert (updated.changed, [one.line for one in updated.diagnostics]) == (False, [6])


def test_a_page_that_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\nno\n```\n")
    assert [one.line for one in update(page).diagnostics] == [2]


def test_a_page_that_somebody_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(HEAD + "```console\n$ say a\n```\n")

    class Slow(FakeEngine):
        def close(self) -> None:
            page.write_text("saved by the author")

    (updated,) = update_pages([page], Workshop(lambda _, d: Slow(d), DRIVERS), write=True)
    assert updated.diagnostics[0].found == "the page was changed while docgen was running"
    assert page.read_text() == "saved by the author"


def test_a_failed_write_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.md"
    page.write_text("old")
    source = read_source(page, "page.md")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_source(source, "new", "page.md")
    assert [entry.read_text() for entry in tmp_path.iterdir()] == ["old"]


def test_a_page_that_is_not_there_is_told() -> None:
    with pytest.raises(PageError, match="the page cannot be read: No such file or directory"):
        read_source(Path("no/such/page.md"), "no/such/page.md")


def test_a_drawing_in_a_content_page_is_written(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios/a.md").write_text(HEAD + "```console\n$ say a\na\n```\n")
    page = tmp_path / "README.md"
    page.write_text("<b>hi</b>\n```diagram layers scenario=a step=1\nold\n```\n")
    assert update(page).diagnostics == ()
    assert page.read_text().startswith("<b>hi</b>\n```diagram layers scenario=a step=1\n")
    assert "old" not in page.read_text()
