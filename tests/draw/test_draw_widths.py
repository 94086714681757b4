"""The characters of pictures: what is known without the Unicode tables agrees with them."""

from __future__ import annotations

import wcwidth

from docgen.draw import glyphs
from docgen.draw.text import char_cells


def test_characters_that_pictures_draw_take_one_cell_as_the_tables_say() -> None:
    drawn = [*glyphs.MARKS.values(), *glyphs.ARROWS.values(), *"…→·–—“”’"]
    lines = [chr(code) for code in range(0x2500, 0x2580)]
    for char in [*drawn, *lines, *map(chr, range(0x20, 0x7F))]:
        assert char_cells(char) == wcwidth.wcwidth(char) == 1, char


def test_other_characters_are_looked_up() -> None:
    assert [char_cells(char) for char in "漢é\u0301\x07"] == [2, 1, 0, -1]
