"""Pictures in words say what the pictures say, and what is left out is counted."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from draw_samples import crowd, recording
from hypothesis import given
from hypothesis import strategies as st

from docgen.draw.delta import Verb, deltas
from docgen.draw.entries import Item, choose, item_rows
from docgen.draw.picture import PictureError, picture, sequence
from docgen.draw.scene import Box, Scene, Style, Text
from docgen.draw.story import Story
from docgen.draw.text import cells, clean, cut_end, cut_middle, size, wrap
from docgen.draw.views import VIEWS
from docgen.draw.words import describe
from docgen.record.snapshot import Entry, Kind


def boxes(scene: Scene) -> dict[str, Style]:
    return {
        group.key: shape.style
        for group in scene.groups
        for shape in group.shapes
        if isinstance(shape, Box)
    }


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_the_description_holds_every_text_of_the_picture(view: str) -> None:
    for scene in sequence(recording(), view).scenes:
        words = describe(scene)
        for group in scene.groups:
            if group.key == "legend":
                continue
            if group.said:
                assert group.said in words
                continue
            for shape in group.shapes:
                if hasattr(shape, "string"):
                    assert shape.string.strip() in words


def test_what_the_caption_calls_removed_is_a_ghost_and_what_it_calls_kept_is_not() -> None:
    scene = picture(recording(), 6, "layers", "db")
    assert scene.caption.startswith("Step 6 of 7, docker rm db.")
    found = boxes(scene)
    for delta in deltas(Story(recording()), 6):
        assert delta.words in scene.caption
        if delta.verb is Verb.REMOVED:
            assert found["writable"] is Style.GHOST
            assert found["container"] is Style.GHOST
        else:
            assert delta.verb is Verb.KEPT
            key = delta.thing
            assert found[key] is not Style.GHOST


def test_a_step_that_changes_nothing_says_so() -> None:
    story = Story(recording())
    assert deltas(story, 1)
    same = crowd()
    twice = type(same)(
        same.scenario, same.title, same.engine, same.driver, same.start, same.steps[:1] * 2
    )
    assert picture(twice, 2, "layers").caption.endswith("Nothing stored changed.")


def test_layers_that_images_share_are_drawn_once() -> None:
    keys = [group.key for group in picture(crowd(), 3, "layers").groups]
    shared = [key for key in keys if key.startswith("layer:") and key.endswith("0001")]
    assert len(shared) == 1


ITEMS = st.lists(
    st.builds(
        lambda name, size: Item(f"/{name}", Entry(f"/{name}", Kind.FILE, size)),
        st.text("abc", min_size=1, max_size=4),
        st.integers(0, 999),
    ),
    unique_by=lambda item: item.path,
)


@given(items=ITEMS, most=st.integers(2, 8))
def test_what_is_left_out_is_counted_and_adds_up(items: list[Item], most: int) -> None:
    rows = item_rows("x", items, choose([items], most))
    assert len(rows) <= most
    rest = [row for row in rows if row.key == "x#rest"]
    counted = sum(int(row.left[0].text.split()[1]) for row in rest)
    assert len(rows) - len(rest) + counted == len(items)
    shown = {row.key for row in rows}
    hidden = sum(item.size for item in items if f"x{item.path}" not in shown)
    assert [row.right[0].text for row in rest] == ([size(hidden)] if rest else [])


@pytest.mark.parametrize(
    ("view", "target", "level", "remedy"),
    [
        ("layer", "", "simple", "did you mean 'layers'?"),
        ("layers", "dbb", "simple", "did you mean 'db'?"),
        ("layers", "db", "all", "there are: simple, full"),
    ],
)
def test_a_wish_that_cannot_be_met_says_what_would_do(
    view: str, target: str, level: str, remedy: str
) -> None:
    with pytest.raises(PictureError) as error:
        picture(recording(), 1, view, target, level)
    assert error.value.instead == remedy


def test_no_step_beyond_the_last() -> None:
    with pytest.raises(PictureError, match="step 8 of a page with 7"):
        picture(recording(), 8, "layers")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("/etc/motd", "/etc/motd"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\x1b[31m", "\\e[31m"),
        ("\u202egpj", "\\u202egpj"),
        ("a\u200db", "a\\u200db"),
        ("a\u00a0b", "a\\xa0b"),
        ("数据 é e\u0301", "数据 é e\u0301"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_a_terminal_would_act_on_is_shown_as_an_escape(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@given(text=st.text("ab数e\u0301/…", max_size=30), width=st.integers(0, 20))
def test_a_cut_text_keeps_to_its_width_and_a_short_one_is_left_alone(text: str, width: int) -> None:
    for cut in (cut_end, cut_middle):
        assert cells(cut(text, width)) <= width
        assert cells(text) > width or cut(text, width) == text


def test_a_long_path_keeps_its_end() -> None:
    assert cut_middle("/var/lib/docker/overlay2/abcdef/diff", 20) == "/var/l…2/abcdef/diff"


def test_words_are_wrapped_at_blanks() -> None:
    assert wrap("deleted by docker volume rm", 18) == ["deleted by docker", "volume rm"]


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 B"), (999, "999 B"), (65_536, "65.5 kB"), (1_980_000, "1.98 MB")]
)
def test_sizes_are_rounded_as_docker_rounds_them(count: int, words: str) -> None:
    assert size(count) == words


def test_captions_hold_no_line_break() -> None:
    for step in range(1, 8):
        assert not re.search(r"[\n\r]", picture(recording(), step, "layers", "db").caption)


def test_a_lookup_wants_a_container() -> None:
    with pytest.raises(PictureError, match="a picture of a path in 'pgdata'"):
        picture(recording(), 4, "lookup", "pgdata")


def test_the_layers_of_a_volume_are_those_of_the_whole_host() -> None:
    keys = {group.key for group in picture(crowd(), 2, "layers", "pgdata").groups}
    assert {"writable:web", "writable:backup", "volume:pgdata"} <= keys


def test_a_mounted_file_is_called_a_file_and_its_size_is_not_invented() -> None:
    page = recording()
    snapshot = page.steps[1].snapshot
    conf = replace(snapshot.host_paths[0], kind=Kind.FILE, entries=())
    step = replace(page.steps[1], snapshot=replace(snapshot, host_paths=(conf,)))
    scene = picture(replace(page, steps=(step,)), 1, "lookup", "db:/etc/db/conf.d")
    (answer,) = (one for one in scene.groups if one.key == "mount:/etc/db/conf.d#answer")
    assert [shape.string for shape in answer.shapes if isinstance(shape, Text)] == [
        "serves it",
        "file",
    ]
