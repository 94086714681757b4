"""The `layers` view says where data lives, and what is left when the container is gone."""

from __future__ import annotations

import pytest
from draw_samples import recording

from docgen.draw.ascii import ascii  # noqa: A004
from docgen.draw.picture import picture, sequence
from docgen.draw.scene import Line


def text(step: int, width: int = 72) -> str:
    return ascii(picture(recording(), step, "layers", "db", width=width))


def test_a_copied_up_file_is_marked_and_the_lower_one_is_hidden() -> None:
    drawn = text(3)
    assert "copied up, 40 B ↑" in drawn
    assert "/etc/motd ○" in drawn


def test_a_deletion_shows_as_a_whiteout() -> None:
    assert "whiteout ×" in text(4)


def test_after_rm_the_writable_layer_is_a_ghost_and_the_volume_stays() -> None:
    drawn = text(6)
    assert "gone for good: docker rm db" in drawn
    assert "┏ Volume pgdata" in drawn


def test_after_volume_rm_the_volume_is_gone_too() -> None:
    drawn = text(7)
    assert "┏ Volume pgdata" not in drawn
    assert "gone: docker volume" in drawn


@pytest.mark.parametrize("view", ["layers", "disk", "lookup"])
def test_nothing_moves_between_steps(view: str) -> None:
    scenes = sequence(recording(), view, "db").scenes
    rows: dict[str, int] = {}
    for scene in scenes:
        for group in scene.groups:
            tops = [shape.y for shape in group.shapes if not isinstance(shape, Line)]
            if tops:
                assert rows.setdefault(group.key, min(tops)) == min(tops)
    assert len({scene.height for scene in scenes}) == 1


def test_a_phone_gets_one_column() -> None:
    lines = text(4, 40).split("\n")
    assert max(map(len, lines)) <= 40
    assert "→ volume pgdata" in text(4, 40)
