"""The site as MkDocs builds it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from site_project import write_project


def run(*argv: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *argv], cwd=cwd, capture_output=True, text=True, check=False
    )


def tree(root: Path) -> dict[str, bytes]:
    return {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in sorted(root.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("site"))


def test_docgen_build_and_mkdocs_build_give_the_same_bytes(project: Path) -> None:
    ours = run("docgen", "build", "--site-dir", "one", cwd=project)
    assert ours.returncode == 0, ours.stderr
    theirs = run("mkdocs", "build", "--strict", "--quiet", "--site-dir", "two", cwd=project)
    assert theirs.returncode == 0, theirs.stderr
    assert tree(project / "one") == tree(project / "two")
    page = (project / "one/scenarios/keep/index.html").read_text()
    assert page.count('class="dg-step"') > 3
    assert "data-docgen" not in page
    assert 'href="../.."' in page or 'href="../../"' in page


def test_a_scenario_that_is_not_in_the_navigation_is_an_error(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    config = root / "mkdocs.yml"
    config.write_text(config.read_text().replace("  - scenarios/keep.md\n", ""))
    built = run("docgen", "build", cwd=root)
    assert built.returncode == 1
    assert "scenarios/keep.md is not in the navigation" in built.stderr
    assert "Traceback" not in built.stderr


def test_a_wrong_page_ends_the_build_with_its_own_words(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    page = root / "scenarios" / "keep.md"
    page.write_text(page.read_text().replace("title: Keep <it>", "titel: Keep"))
    built = run("docgen", "build", cwd=root)
    assert built.returncode == 1
    assert "scenarios/keep.md:2:1: unknown key 'titel'" in built.stderr
    assert "Traceback" not in built.stderr
