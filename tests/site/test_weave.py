"""What a scenario becomes on the site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown import markdown
from site_project import write_project

from docgen.diagnostics import PageError
from docgen.site.library import Library
from docgen.site.links import for_site
from docgen.site.shelf import Shelf
from docgen.upkeep.project import PageFile, Project
from docgen.upkeep.workshop import simulated_workshop


@pytest.fixture(scope="module")
def woven(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = write_project(tmp_path_factory.mktemp("project"))
    project = Project(root)
    library = Library(project, simulated_workshop())
    return library.scenario(PageFile(root / "scenarios" / "keep.md", project))


def test_every_step_is_there_in_order_without_javascript(woven: str) -> None:
    counts = re.findall(r'class="dg-count">([^<]+)<', woven)
    assert counts == ["Step 1 of 3", "Step 2 of 3", "Step 3 of 3"]


def test_each_step_has_its_picture_wide_narrow_and_as_text(woven: str) -> None:
    step = woven.split('<li class="dg-step"')[2]
    shown = step.split('<div class="dg-picture"')[1]
    assert shown.startswith(' data-view="layers" data-driver="overlayfs">')
    assert shown.count("<svg") == 2
    assert "Writable layer" in shown.split("<pre")[1]


def test_views_and_drivers_wait_hidden_behind_the_first(woven: str) -> None:
    step = woven.split('<li class="dg-step"')[1]
    pictures = re.findall(r'data-view="(\w+)" data-driver="(\w+)"( hidden)?', step)
    assert pictures[0] == ("layers", "overlayfs", "")
    assert {(view, driver) for view, driver, _ in pictures[1:]} == {
        ("changes", "overlayfs"),
        ("disk", "overlayfs"),
        ("lifetime", "overlayfs"),
        ("layers", "overlay2"),
        ("disk", "overlay2"),
    }
    assert all(hidden for _, _, hidden in pictures[1:])


def test_what_pages_and_containers_say_is_escaped_once(woven: str) -> None:
    assert "echo &#34;&lt;b&gt;&#34;" in woven
    assert "<b>" not in woven
    assert "first &amp; last" in woven


def test_blocks_survive_any_markdown_parser(woven: str) -> None:
    blocks = re.findall(r"^<(section|div|p) [\s\S]*?^</\1>|^<(?:div|p).*$", woven, re.MULTILINE)
    assert blocks
    for html in re.findall(r"^<section[\s\S]*?^</section>", woven, re.MULTILINE):
        assert "\n\n" not in html
    page = markdown(woven.split("---\n", 2)[2], extensions=["tables", "md_in_html"])
    assert page.count("<svg") == woven.count("<svg")
    assert "&lt;svg" not in page


def test_an_empty_line_of_output_stays_one(woven: str) -> None:
    page = markdown(woven.split("---\n", 2)[2])
    said = re.search(r"docker start -a one</span>([\s\S]*?)end</span>", page)
    assert said is not None
    assert len(re.findall(r'class="dg-out"', said[1])) == 2


def test_a_fence_that_this_driver_skips_shows_the_driver_that_ran_it(woven: str) -> None:
    assert "*With the storage driver overlay2:*" in woven


def test_ids_are_unique_on_the_page(woven: str) -> None:
    ids = re.findall(r' id="([^"]+)"', woven)
    assert len(ids) == len(set(ids))


def test_nothing_is_asked_from_elsewhere(woven: str) -> None:
    assert not re.findall(r'(?:src|href)="https?:', woven)
    assert "<script" not in woven


def test_weaving_twice_gives_the_same_bytes(woven: str, tmp_path: Path) -> None:
    root = write_project(tmp_path)
    project = Project(root)
    again = Library(project, simulated_workshop())
    assert again.scenario(PageFile(root / "scenarios" / "keep.md", project)) == woven


def test_a_page_that_cannot_be_played_tells_where(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    page = root / "scenarios" / "keep.md"
    page.write_text(page.read_text().replace("docker rm one", "docker swarm init"))
    project = Project(root)
    with pytest.raises(PageError, match=r"^scenarios/keep\.md:24:\d+: "):
        Library(project, simulated_workshop()).scenario(PageFile(page, project))


@pytest.mark.parametrize(
    ("source", "written", "on_site"),
    [
        ("content/index.md", "[x](../scenarios/a/b.md)", "[x](scenarios/a/b.md)"),
        ("content/explanation/a.md", "[x](../../scenarios/b.md#top)", "[x](../scenarios/b.md#top)"),
        ("content/explanation/a.md", "[x](b.md)", "[x](b.md)"),
        ("scenarios/a/b.md", "[x](../../content/index.md)", "[x](../../index.md)"),
        ("scenarios/a/b.md", "[x](../c.md)", "[x](../c.md)"),
        ("content/a.md", "[x](https://example.org/a.md)", "[x](https://example.org/a.md)"),
    ],
)
def test_links_that_work_in_the_repository_work_on_the_site(
    source: str, written: str, on_site: str
) -> None:
    assert for_site(written, source) == on_site


def test_a_shelf_gives_back_what_was_put() -> None:
    from markupsafe import Markup

    shelf = Shelf()
    marks = [shelf.put(Markup("<p>one</p>")), shelf.put(Markup(r"<p>\1 two</p>"))]
    assert shelf.fill(f"a{marks[1]}b{marks[0]}c") == r"a<p>\1 two</p>b<p>one</p>c"


def test_the_coverage_page_names_every_command_and_program() -> None:
    from docgen.shell.applets import APPLETS
    from docgen.shell.docker.registry import coverage
    from docgen.site.coverage import coverage_page

    page = coverage_page()
    assert all(f"`{row.command}`" in page for row in coverage())
    assert all(f"`{name}`" in page for name in APPLETS)
