"""The `layers` view says where data lives, and what is left when the container is gone."""

from __future__ import annotations

from draw_samples import recording

from docgen.draw.ascii import ascii
from docgen.draw.picture import picture, sequence


def text(step: int, width: int = 72) -> str:
    return ascii(picture(recording(), step, "layers", "db", width=width))


def test_a_copied_up_file_is_marked_and_the_lower_one_is_hidden() -> None:
    drawn = text(3)
    assert "C  /etc/motd      copied up, 40 B ↑" in drawn
    assert "/etc/motd ○" in drawn


def test_a_deletion_shows_as_a_whiteout() -> None:
    assert "D  /etc/motd             whiteout ×" in text(4)


def test_after_rm_the_writable_layer_is_a_ghost_and_the_volume_stays() -> None:
    drawn = text(6)
    assert "gone for good: docker rm db" in drawn
    assert "┏ Volume pgdata" in drawn


def test_after_volume_rm_the_volume_is_gone_too() -> None:
    drawn = text(7)
    assert "┏ Volume pgdata" not in drawn
    assert "gone: docker volume" in drawn


def test_nothing_moves_between_steps() -> None:
    scenes = sequence(recording(), "layers", "db").scenes
    places: dict[str, tuple[int, int]] = {}
    for scene in scenes:
        for group in scene.groups:
            for shape in group.shapes[:1]:
                if hasattr(shape, "y"):
                    assert places.setdefault(group.key, (shape.x, shape.y)) == (shape.x, shape.y)


def test_a_phone_gets_one_column() -> None:
    lines = text(4, 40).split("\n")
    assert max(map(len, lines)) <= 40
    assert "→ volume pgdata" in text(4, 40)
