"""Sizes, durations, tables and image references in Docker's words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.daemon.refs import InvalidReference, parse_named
from docgen.shell.docker.tabwriter import Widths, align
from docgen.shell.docker.units import (
    SECOND_NS,
    bytes_size,
    human_duration,
    human_size,
    ram_in_bytes,
)

HOUR = 3600 * SECOND_NS


@pytest.mark.parametrize(
    ("size", "digits", "text"),
    [
        (0, 4, "0B"),
        (212, 4, "212B"),
        (4096, 3, "4.1kB"),
        (4096, 4, "4.096kB"),
        (28672, 4, "28.67kB"),
        (999_999, 3, "1e+03kB"),
        (1_000_000, 3, "1MB"),
        (16_777_216, 3, "16.8MB"),
        (1_090_519_040, 3, "1.09GB"),
    ],
)
def test_human_size(size: int, digits: int, text: str) -> None:
    assert human_size(size, digits) == text


def test_bytes_size() -> None:
    assert bytes_size(25_276_063_744) == "23.54GiB"


@pytest.mark.parametrize(
    ("text", "size"),
    [("64m", 64 << 20), ("1GiB", 1 << 30), ("1.5k", 1536), ("10", 10), ("5 kb", 5120), ("7B", 7)],
)
def test_ram_in_bytes(text: str, size: int) -> None:
    assert ram_in_bytes(text) == size


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("lots", "invalid size: 'lots'"),
        ("5x", "invalid suffix: 'x'"),
        ("5kbx", "invalid suffix: 'kbx'"),
        ("", "invalid size: ''"),
        ("1.2.3m", 'strconv.ParseFloat: parsing "1.2.3": invalid syntax'),
    ],
)
def test_no_size(text: str, error: str) -> None:
    with pytest.raises(ValueError, match=f"^{error.replace('.', '[.]')}$"):
        ram_in_bytes(text)


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (0, "Less than a second"),
        (SECOND_NS, "1 second"),
        (59 * SECOND_NS, "59 seconds"),
        (61 * SECOND_NS, "About a minute"),
        (59 * 60 * SECOND_NS, "59 minutes"),
        (HOUR, "About an hour"),
        (int(1.6 * HOUR), "2 hours"),
        (47 * HOUR, "47 hours"),
        (48 * HOUR, "2 days"),
        (15 * 24 * HOUR, "2 weeks"),
        (70 * 24 * HOUR, "2 months"),
        (800 * 24 * HOUR, "2 years"),
    ],
)
def test_human_duration(duration: int, text: str) -> None:
    assert human_duration(duration) == text


def test_table_columns_are_at_least_ten_wide_and_the_last_is_not_padded() -> None:
    assert align("NAME\tTAG\tSIZE\na\tvery-long-tag\t1B\n") == (
        "NAME      TAG             SIZE\na         very-long-tag   1B\n"
    )


def test_wide_letters_count_twice() -> None:
    assert align("漢字漢字漢\tx\nabc\ty\n") == "漢字漢字漢   x\nabc          y\n"


def test_a_line_without_tabs_ends_the_columns() -> None:
    widths = Widths(minimum=0, padding=1)
    assert align("a\tb\nlong line\nccc\td\n", widths) == "a b\nlong line\nccc d\n"


@given(st.lists(st.lists(st.text("ab…", max_size=12), min_size=2, max_size=4), max_size=6))
def test_aligned_text_keeps_every_cell(rows: list[list[str]]) -> None:
    text = "".join("\t".join(cells) + "\n" for cells in rows)
    for line, cells in zip(align(text).split("\n"), rows, strict=False):
        assert line.replace(" ", "") == "".join(cells)


@pytest.mark.parametrize(
    ("text", "full", "familiar"),
    [
        ("busybox", "docker.io/library/busybox:latest", "busybox:latest"),
        ("busybox:1.37", "docker.io/library/busybox:1.37", "busybox:1.37"),
        ("me/app", "docker.io/me/app:latest", "me/app:latest"),
        ("localhost/app", "localhost/app:latest", "localhost/app:latest"),
        ("host:5000/app:x", "host:5000/app:x", "host:5000/app:x"),
        ("docker.io/busybox", "docker.io/library/busybox:latest", "busybox:latest"),
        ("index.docker.io/library/a", "docker.io/library/a:latest", "a:latest"),
    ],
)
def test_references(text: str, full: str, familiar: str) -> None:
    reference = parse_named(text).tagged()
    assert f"{reference.name}:{reference.tag}" == full
    assert str(reference) == familiar


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "Busybox",
            "invalid reference format: repository name (library/Busybox) must be lowercase",
        ),
        ("a:b:c", "invalid reference format"),
        ("", "invalid reference format"),
        ("a//b", "invalid reference format"),
        ("a" * 300, "repository name must not be more than 255 characters"),
        ("a@sha256:" + "0" * 32, "invalid checksum digest length"),
        ("a@sha256:" + "A" * 64, "invalid checksum digest format"),
        ("a@md5:" + "0" * 32, "unsupported digest algorithm"),
        ("a@sha256:0", "invalid reference format"),
        (
            "0" * 64,
            f"invalid repository name ({'0' * 64}), cannot specify 64-byte hexadecimal strings",
        ),
    ],
)
def test_no_reference(text: str, error: str) -> None:
    with pytest.raises(InvalidReference) as caught:
        parse_named(text)
    assert str(caught.value) == error
