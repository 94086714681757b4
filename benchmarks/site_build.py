"""P6: the project's site with the plugin, beside plain Material with the same finished pages.

    python benchmarks/site_build.py

`docgen weave` writes the finished pages; the second site is built from them by MkDocs with the same
configuration but for the plugin. Both are whole cold processes. Goal: at most 25 % more.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import yaml
from measure import HERE, PROGRAMS, interleaved, print_processes, process

PROJECT = HERE.parent
ROUNDS = 7


def plain_site(area: Path) -> Path:
    """mkdocs.yml of the site without the plugin."""
    process((str(PROGRAMS / "docgen"), "weave", "--out", str(area / "pages")), PROJECT)
    config = yaml.safe_load((PROJECT / "mkdocs.yml").read_text(encoding="utf-8"))
    plugin = next(one["docgen"] for one in config["plugins"] if "docgen" in one)
    config["plugins"] = [one for one in config["plugins"] if "docgen" not in one]
    config["docs_dir"] = "pages"
    config["site_dir"] = "site"
    assets = "assets/docgen"
    config["extra_css"] = [f"{assets}/diagram.css", f"{assets}/site.css"]
    config["extra_javascript"] = [f"{assets}/player.js"]
    # The page of what is simulated belongs to the plugin alone: an empty one stands for it.
    coverage = area / "pages" / plugin.get("coverage", "coverage.md")
    coverage.parent.mkdir(parents=True, exist_ok=True)
    coverage.touch()
    config["strict"] = False
    target = area / "mkdocs.yml"
    target.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    return target


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        area = Path(name)
        plain = str(plain_site(area))
        mkdocs = str(PROGRAMS / "mkdocs")
        own = (mkdocs, "build", "-q", "--site-dir", str(area / "own"))
        rows = {
            "Material, finished pages pasted in": lambda: process(
                (mkdocs, "build", "-q", "-f", plain)
            ),
            "the same site with the plugin": lambda: process(own, PROJECT),
        }
        print_processes(interleaved(rows, ROUNDS))


if __name__ == "__main__":
    main()
