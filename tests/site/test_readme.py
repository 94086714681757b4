"""What the first page promises is true today."""

from __future__ import annotations

import re
from pathlib import Path

from test_build import run

ROOT = Path(__file__).parents[2]


def test_the_picture_is_what_docgen_draws(tmp_path: Path) -> None:
    drawn = tmp_path / "layers.svg"
    page = "scenarios/layers/in-one-picture.md"
    argv = ("draw", page, "--step", "8", "--target", "db", "--out", str(drawn))
    made = run("docgen", *argv, cwd=ROOT)
    assert made.returncode == 0, made.stderr
    remedy = f"run: docgen {' '.join(argv[:-1])} docs/layers.svg"
    assert drawn.read_bytes() == (ROOT / "docs" / "layers.svg").read_bytes(), remedy


def test_the_example_page_passes(tmp_path: Path) -> None:
    found = re.search(r"^````markdown\n(.*?)^````$", (ROOT / "README.md").read_text(), re.M | re.S)
    assert found is not None
    page = tmp_path / "scenarios" / "volumes" / "my-first.md"
    page.parent.mkdir(parents=True)
    page.write_text(found[1])
    checked = run("docgen", "check", "scenarios/volumes/my-first.md", cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr
    assert "all true" in checked.stdout
