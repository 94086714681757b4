"""The `host` view says who uses whom, once each, in lines or in words."""

from __future__ import annotations

import pytest
from draw_samples import crowd, recording

from docgen.draw.ascii import ascii  # noqa: A004
from docgen.draw.picture import picture, sequence
from docgen.draw.scene import Line, Scene
from docgen.draw.words import describe


def links(scene: Scene) -> dict[str, Line]:
    return {
        group.key: shape
        for group in scene.groups
        for shape in group.shapes
        if isinstance(shape, Line)
    }


def test_two_containers_of_one_volume_are_both_linked_to_one_box() -> None:
    found = links(picture(crowd(), 3, "host"))
    ends = {line.points[-1] for key, line in found.items() if key.endswith(">volume:pgdata")}
    assert len(ends) == 1
    assert sum(key.endswith(">volume:pgdata") for key in found) == 2


def test_a_base_that_two_images_share_is_drawn_once() -> None:
    keys = [group.key for group in picture(crowd(), 3, "host").groups]
    assert keys.count("base") == 1


def test_a_removed_container_uses_nothing_any_more() -> None:
    scene = picture(crowd(), 4, "host")
    assert not any("web" in key for key in links(scene))
    assert "removed: docker" in ascii(scene)


@pytest.mark.parametrize("width", [72, 40])
def test_every_mount_is_told_with_or_without_lines(width: int) -> None:
    words = describe(picture(recording(), 2, "host", width=width))
    for told in ("/data", "/etc/db/conf.d", "/scratch", "pgdata", "/root/conf.d"):
        assert told in words


def test_the_words_name_both_ends_of_a_link() -> None:
    words = describe(picture(recording(), 2, "host"))
    assert "db reads and writes volume pgdata at /data" in words
    assert "db reads host path /root/conf.d at /etc/db/conf.d" in words


def test_boxes_keep_their_places_over_the_steps() -> None:
    tops: dict[str, int] = {}
    for scene in sequence(crowd(), "host").scenes:
        for group in scene.groups:
            rows = [shape.y for shape in group.shapes if not isinstance(shape, Line)]
            if rows:
                assert tops.setdefault(group.key, min(rows)) == min(rows)
