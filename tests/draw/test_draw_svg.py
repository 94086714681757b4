"""The SVG: safe, small, the same everywhere, and complete in itself when it stands alone."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree

from draw_samples import recording

from docgen.draw.ascii import ascii  # noqa: A004
from docgen.draw.flat import flat_style
from docgen.draw.picture import picture, sequence
from docgen.draw.svg import figures, stylesheet, svg

SVG = "{http://www.w3.org/2000/svg}"


def test_a_figure_names_and_describes_itself() -> None:
    scene = picture(recording(), 6, "layers", "db")
    root = ElementTree.fromstring(svg(scene, uid="one"))
    assert root.get("role") == "img"
    labels = str(root.get("aria-labelledby")).split()
    named = {one.get("id"): one.text for one in root.iter() if one.get("id")}
    assert named[labels[0]] == scene.title
    assert str(named[labels[1]]).startswith(scene.caption)


def test_a_file_of_its_own_holds_its_style_and_asks_for_nothing() -> None:
    text = svg(picture(recording(), 3, "layers", "db"), uid="one", standalone=True)
    assert "prefers-color-scheme:dark" in text
    for outside in ("<script", "@import", "url(", "href=", "data-md-color-scheme"):
        assert outside not in text
    assert set(re.findall(r"https?://[^\"']+", text)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_names_cannot_leave_their_text() -> None:
    evil = '"><script>alert(1)</script>&amp;'
    page = recording()
    snapshot = page.steps[1].snapshot
    container = replace(snapshot.containers[0], name=evil)
    step = replace(page.steps[1], command=evil, snapshot=replace(snapshot, containers=(container,)))
    text = svg(picture(replace(page, steps=(step,)), 1, "layers", evil), uid="one")
    root = ElementTree.fromstring(text)
    assert not list(root.iter(f"{SVG}script"))
    assert evil in "".join(root.itertext())


def test_every_text_states_its_width_so_that_no_font_can_break_the_picture() -> None:
    root = ElementTree.fromstring(svg(picture(recording(), 4, "layers", "db"), uid="one"))
    for text in root.iter(f"{SVG}text"):
        letter = str(text.get("class")).startswith("dg-letter")
        assert letter or int(str(text.get("textLength"))) <= 9 * len(text.text or "")


def test_steps_share_what_they_have_in_common() -> None:
    made = figures(sequence(recording(), "layers", "db"), uid="one")
    assert made.defs.count("FROM busybox") == 1
    assert all("FROM busybox</text>" not in step for step in made.steps)
    assert all('data-k="container"' in step for step in made.steps)


def test_pictures_are_small_enough_to_stand_in_a_page() -> None:
    def packed(text: str) -> int:
        return len(gzip.compress(text.encode(), 9, mtime=0))

    assert packed(svg(picture(recording(), 4, "layers", "db"), uid="one")) < 4_000
    assert packed(svg(sequence(recording(), "layers", "db"), uid="one")) < 10_000


def test_text_is_drawn_without_loading_the_template_engine() -> None:
    code = "import sys, docgen.draw.ascii, docgen.draw.picture; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_colour_is_only_added_when_it_is_wanted() -> None:
    scene = picture(recording(), 4, "layers", "db")
    coloured = ascii(scene, colour=True)
    assert "\x1b[" not in ascii(scene)
    plain = re.sub(r"\x1b\[[\d;]+m", "", coloured)
    assert plain == ascii(scene)


def test_the_flat_style_needs_neither_variables_nor_media_queries() -> None:
    style, full = flat_style(), stylesheet(alone=True)
    assert not re.search(r"var\(|@media|--dg", style)
    rules = {selector for selector, _ in re.findall(r"([^{}]+)\{([^{}]*)\}", style)}
    outermost = full.partition("@media")[0]
    assert {one for one, _ in re.findall(r"([^{}]+)\{([^{}]*)\}", outermost)} <= rules
    assert ".dg-b-writable{fill:#fff3df;stroke:#c96a00" in style
    text = svg(picture(recording(), 2, "layers", "db"), uid="p", standalone=True, style=style)
    assert ElementTree.fromstring(text).findtext(f"{SVG}style") == style
