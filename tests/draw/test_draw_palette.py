"""The colours: readable in light and dark, and told apart by everyone, or else by more than
colour.
"""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from docgen.draw.svg import stylesheet

Colour = tuple[float, float, float]
EDGES = ("writable-edge", "volume-edge", "bind-edge", "tmpfs-edge", "layer-edge")
GROUNDS = ("paper", "layer", "writable", "volume", "bind", "tmpfs")
INKS = ("ink", "quiet", "kept", "lost", "gone", "host")


def palette(scheme: str) -> dict[str, Colour]:
    css = stylesheet()
    block = css.split('[data-md-color-scheme="slate"] .dg {')[scheme == "dark"].partition("}")[0]
    found = re.findall(r"--dg-([a-z-]+): (#[0-9a-f]{3,6});", block)
    return {name: rgb(code) for name, code in found}


def rgb(code: str) -> Colour:
    digits = code[1:] if len(code) == 7 else "".join(2 * digit for digit in code[1:])
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def luminance(colour: Colour) -> float:
    red, green, blue = map(linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB
SIGHTS = {
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def lab(colour: Colour, sight: str) -> Colour:
    seen = [sum(k * linear(c) for k, c in zip(row, colour, strict=True)) for row in SIGHTS[sight]]
    red, green, blue = (min(max(value, 0.0), 1.0) for value in seen)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_is_readable_on_every_ground(scheme: str) -> None:
    colours = palette(scheme)
    for ink in INKS:
        for ground in GROUNDS:
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    for mark in ("added", "changed", "deleted"):
        assert contrast(colours["on-mark"], colours[f"mark-{mark}"]) >= 4.5, mark


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_edges_that_carry_meaning_stand_out(scheme: str) -> None:
    colours = palette(scheme)
    for edge in EDGES[:4]:
        assert contrast(colours[edge], colours["paper"]) >= 3, edge


@pytest.mark.parametrize("sight", sorted(SIGHTS))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_places_are_told_apart_without_full_colour_sight(scheme: str, sight: str) -> None:
    """What lasts and what goes must differ for everyone; volume and host directory both last."""
    colours = palette(scheme)
    for one, other in combinations(EDGES, 2):
        if {one, other} == {"volume-edge", "bind-edge"}:
            continue
        apart = zip(lab(colours[one], sight), lab(colours[other], sight), strict=True)
        distance = sum((a - b) ** 2 for a, b in apart) ** 0.5
        assert distance > 15, (one, other, round(distance, 1))


def test_without_colour_the_strokes_tell_the_places_apart() -> None:
    css = stylesheet()
    strokes = {
        style: re.search(rf"\.dg-b-{style} {{[^}}]*?stroke-dasharray: ([\d ]+)", css)
        for style in ("writable", "tmpfs", "ghost", "volume", "layer")
    }
    dashes = {style: found[1] if found else "solid" for style, found in strokes.items()}
    assert len({dashes[one] for one in ("writable", "tmpfs", "ghost", "volume")}) == 4
