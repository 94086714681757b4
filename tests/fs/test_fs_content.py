"""File content: holes, fills, seals."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.fs.content import EMPTY, Content
from docgen.limits import FILE_BYTES, TIB

BUSYBOX = "ab" * 32
PIECES = st.one_of(
    st.binary(max_size=20).map(Content.of),
    st.integers(0, 20).map(lambda n: Content.fill(0, n)),
    st.integers(0, 20).map(lambda n: Content.fill(120, n)),
)


def test_a_hole_reads_as_zeros_and_occupies_nothing() -> None:
    hole = Content.hole(10_000)
    assert hole.to_bytes() == bytes(10_000)
    assert hole.allocated() == 0
    assert Content.fill(0, 10_000).allocated() == 12_288


def test_a_hole_is_not_zeros_though_it_reads_alike() -> None:
    hole, zeros = Content.hole(4096), Content.fill(0, 4096)
    assert hole != zeros
    assert hole.same_data(zeros)
    assert hole.sha256() == zeros.sha256() == sha256(bytes(4096)).hexdigest()


def test_a_sparse_tebibyte_costs_two_extents() -> None:
    sparse = Content.of("head").write(TIB - 4, Content.of("tail"))
    assert sparse.size == TIB
    assert len(sparse.extents) == 2
    assert sparse.read(TIB - 6, 10).to_bytes() == b"\0\0tail"
    assert sparse.allocated() == 8192


def test_a_file_beyond_the_limit_is_refused() -> None:
    with pytest.raises(LimitExceeded):
        Content.hole(FILE_BYTES + 1)


def test_many_small_appends_stay_few_extents() -> None:
    log = EMPTY
    for number in range(10_000):
        log = log.append(Content.of(f"line {number}\n"))
    assert log.to_bytes() == b"".join(b"line %d\n" % number for number in range(10_000))
    assert len(log.extents) < 20


def test_equal_however_it_was_written() -> None:
    assert Content.of("aaa").append(Content.of("bbb")) == Content.of("aaabbb")
    assert Content.fill(97, 3) == Content.of("aaa")
    assert Content.of("aab") != Content.of("aaa")


def test_a_hole_that_is_written_becomes_zeros() -> None:
    copied = EMPTY.append(Content.hole(4096))
    assert copied == Content.fill(0, 4096)
    assert copied.allocated() == 4096


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), PIECES), max_size=8), st.integers(0, 80))
def test_writes_and_truncation_as_on_a_byte_array(
    writes: list[tuple[int, Content]], size: int
) -> None:
    content, model = EMPTY, bytearray()
    for offset, piece in writes:
        content = content.write(offset, piece)
        if piece.size:
            model.extend(bytes(max(0, offset + piece.size - len(model))))
            model[offset : offset + piece.size] = piece.to_bytes()
    assert content.to_bytes() == bytes(model)
    assert content.sha256() == sha256(model).hexdigest()
    cut = content.truncate(size)
    assert cut.to_bytes() == bytes(model[:size]).ljust(size, b"\0")
    assert cut.read(10, 25).to_bytes() == cut.to_bytes()[10:35]
    assert cut == Content.of(cut.to_bytes()) or b"\0" in cut.to_bytes()


class TestSealed:
    """Files of the base image: size and digest known, bytes not shipped."""

    def test_whole_it_has_its_known_digest(self) -> None:
        sealed = Content.sealed(1_000, BUSYBOX)
        assert sealed.sha256() == BUSYBOX
        assert sealed.allocated() == 4096

    def test_its_bytes_cannot_be_read(self) -> None:
        with pytest.raises(NotSimulated):
            Content.sealed(10, BUSYBOX).to_bytes()

    def test_copied_in_pieces_it_is_whole_again(self) -> None:
        sealed = Content.sealed(10_000, BUSYBOX)
        pieces = [sealed.read(at, 4096) for at in range(0, 10_000, 4096)]
        assert Content.join(pieces) == sealed
        assert Content.join(pieces).sha256() == BUSYBOX

    def test_a_derived_one_has_a_digest_of_its_own(self) -> None:
        sealed = Content.sealed(10_000, BUSYBOX)
        cut, longer = sealed.truncate(9_999), sealed.append(Content.of("!"))
        assert len({cut.sha256(), longer.sha256(), BUSYBOX}) == 3
        assert longer.sha256() == sealed.append(Content.of("!")).sha256()

    def test_cut_to_nothing_it_is_an_empty_file(self) -> None:
        assert Content.sealed(10, BUSYBOX).truncate(0) == EMPTY
