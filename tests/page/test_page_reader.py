"""What a page is made of, and where it stands."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from docgen.diagnostics import PageError
from docgen.page.blocks import Command, Condition, Console, Diagram, FileBlock, Mode, Place, Prose
from docgen.page.fences import Fence, Text, scan
from docgen.page.reader import read, read_content, source_lines

PAGE = """\
---
title: A volume outlives its container
drivers: [overlayfs, vfs]
---
Text before.

```console setup
$ docker run -d --name db \\
> -v pgdata:/data busybox sleep infinity
[..]
$ docker exec db cat /nothing
cat: can't open '/nothing': No such file or directory
[1]

$ true
```
```dockerfile file="app//./Dockerfile" mode=600
FROM busybox
```
~~~diagram layers db driver=vfs level="full"
drawing
~~~
```python
print("shown as it is")
```
"""


def test_a_page_is_read_into_blocks_with_lines() -> None:
    page = read("scenarios/volume.md", PAGE)
    prose, console, file, diagram, rest = page.blocks
    assert page.title == "A volume outlives its container"
    assert page.front.drivers == ("overlayfs", "vfs")
    assert page.front.places["drivers[1]"] == Place(3, 22)
    assert prose == Prose(5, 7, "Text before.\n")
    assert isinstance(console, Console)
    assert console.mode is Mode.SETUP
    assert console.commands == (
        Command(
            8,
            "docker run -d --name db \\\n-v pgdata:/data busybox sleep infinity",
            ("[..]",),
            10,
            None,
            11,
        ),
        Command(
            11,
            "docker exec db cat /nothing",
            ("cat: can't open '/nothing': No such file or directory",),
            12,
            1,
            15,
        ),
        Command(15, "true", (), 16, None, 16),
    )
    assert file == FileBlock(17, 20, "app/Dockerfile", 0o600, "dockerfile", "FROM busybox\n")
    assert diagram == Diagram(
        20, 23, "layers", "db", {"driver": "vfs", "level": "full"}, ("drawing",), 12
    )
    assert rest == Prose(23, 26, '```python\nprint("shown as it is")\n```')


def test_blocks_cover_every_line_after_the_front_matter() -> None:
    page = read("p.md", PAGE)
    here = page.body_line
    for block in page.blocks:
        assert block.line == here
        here = block.end
    assert here == len(page.lines) + 1


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    assert read("p.md", "\ufeff" + PAGE.replace("\n", "\r\n")) == read("p.md", PAGE)


@pytest.mark.parametrize(
    ("text", "title"),
    [("# The heading #\n", "The heading"), ("no heading\n", "page")],
)
def test_without_a_title_the_heading_or_the_file_names_the_page(text: str, title: str) -> None:
    assert read("a/page.md", text).title == title


@pytest.mark.parametrize(
    ("condition", "on"),
    [
        ("driver=overlay2", {"overlay2"}),
        ("driver=overlay2, vfs", {"overlay2", "vfs"}),
        ("driver!=overlay2,vfs", {"overlayfs"}),
    ],
)
def test_a_condition_names_drivers(condition: str, on: set[str]) -> None:
    page = read("p.md", f'```console when="{condition}"\n$ true\n```\n')
    drivers = ("overlayfs", "overlay2", "vfs")
    assert {driver for driver in drivers if list(page.commands(driver))} == on


def test_a_condition_is_shown_as_it_would_be_written() -> None:
    assert str(Condition(("overlay2", "vfs"), True)) == "driver!=overlay2,vfs"


def test_a_fence_that_does_not_run_may_hold_anything() -> None:
    page = read("p.md", "```console norun\nno prompt\n```\n")
    (console,) = page.consoles()
    assert (console.commands, console.text) == ((), "no prompt")
    assert not console.runs_on("overlayfs")


@pytest.mark.parametrize(
    "harmless",
    [
        "a < b, 1 <2 and <https://example.org/>",
        "`<b>` and ``a ` <i>`` and `javascript:`",
        "```text\n<script>\n```",
        '```yaml title="profile=x"\na: 1\n```',
        "a {name} with one=two and {}",
    ],
)
def test_harmless_text_is_not_refused(harmless: str) -> None:
    assert all(isinstance(block, Prose) for block in read("p.md", harmless).blocks)


LINES = st.lists(
    st.sampled_from(
        [
            "```",
            "````",
            "~~~",
            "~~~~ info",
            "```console",
            "``` a`b",
            "  ```",
            "    ```",
            "``` ",
            "text",
            "",
            "- item",
            "> quote",
            "    code",
            "# head",
            "``",
            "1. one",
        ]
    ),
    max_size=12,
)


@given(LINES)
def test_fences_at_column_0_are_those_of_commonmark(lines: list[str]) -> None:
    regions = list(scan(lines))
    assume(not any(isinstance(region, Text) and region.dangling for region in regions))
    ours = [
        (region.line - 1, region.end - 1, region.info.strip())
        for region in regions
        if isinstance(region, Fence)
    ]
    theirs = [
        (token.map[0], token.map[1], token.info.strip())
        for token in MarkdownIt("commonmark").parse("\n".join(lines) + "\n")
        if token.type == "fence"
        and token.map
        and token.level == 0
        and not lines[token.map[0]].startswith(" ")
    ]
    assert ours == theirs


@given(st.text("ab\r\n\ufeff", max_size=12))
def test_lines_are_what_stands_between_line_feeds(text: str) -> None:
    assert len(source_lines(text)) == text.removeprefix("\ufeff").count("\n") + (
        not text.endswith("\n") and text not in ("", "\ufeff")
    )


def test_a_content_page_may_hold_html_and_consoles_and_only_its_diagrams_count() -> None:
    text = """---
nav_order: 3
---
# Home

<div markdown>

```console
$ docker ps
```

```diagram layers db scenario=volumes/outlives step=3
```

</div>
"""
    page = read_content("content/index.md", text)
    assert page.title == "Home"
    assert [type(block) for block in page.blocks] == [Prose, Prose, Prose, Diagram, Prose]
    (diagram,) = page.diagrams()
    assert diagram.options == {"scenario": "volumes/outlives", "step": "3"}
    assert list(page.consoles()) == []


def test_a_diagram_that_would_not_be_drawn_is_refused_in_content_too() -> None:
    with pytest.raises(PageError, match="a diagram fence inside a list, quote or tab"):
        read_content("p.md", '=== "a"\n\n    ```diagram layers\n    ```\n')


PIECES = st.sampled_from(
    [
        *("---\n", "title: ", "drivers: [", "]", "\n", "- ", "? ", ": ", "&a ", "*a ", "!!map "),
        *("{", "}", '"', "'", "|", "%", "@", "`", "```", "console ", "diagram ", "file=", "when="),
        *("$ ", "> ", "[1]", "<b", "\t", "\x00", "é", "~~~", "layers", "setup", "a", " ", "\u2028"),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_whatever_stands_in_a_page_is_read_or_refused(text: str) -> None:
    with suppress(PageError):
        assert read("p.md", text).body_line >= 1
