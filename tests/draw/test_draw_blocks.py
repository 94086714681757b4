"""The `blocks` view tells the drivers apart by what a first write copies."""

from __future__ import annotations

from dataclasses import replace

import pytest
from draw_samples import folder, recording, writable
from hypothesis import given
from hypothesis import strategies as st

from docgen.draw.ascii import ascii  # noqa: A004
from docgen.draw.granules import (
    OLD_DRIVERS,
    Pays,
    Pieces,
    State,
    compared,
    cost_words,
    own_bytes,
    own_units,
    pieces,
    rule_of,
)
from docgen.draw.picture import picture
from docgen.draw.scene import Bar, Style
from docgen.record.recording import Recording
from docgen.record.snapshot import Change, Entry, Kind, Mark
from docgen.store.driver import DRIVERS

BIG = "/bin/applet000"
SIZE = 1_644_000


def written(driver: str, size: int = SIZE) -> Recording:
    """A recording whose second step has written to the image's largest file."""
    page = recording()
    step = page.steps[1]
    container = step.snapshot.containers[0]
    entry = Entry(BIG, Kind.FILE, size, copied_up=True)
    own = writable(size, (folder("/bin"), entry), "C /bin", f"C {BIG}")
    snapshot = replace(step.snapshot, driver=driver, containers=(replace(container, writable=own),))
    steps = (page.steps[0], replace(step, snapshot=snapshot))
    return replace(page, driver=driver, steps=steps)


def strip(page: Recording, step: int, width: int = 72) -> dict[Style, int]:
    """Cells of each style in the strip."""
    scene = picture(page, step, "blocks", f"db:{BIG}", width=width)
    (group,) = (one for one in scene.groups if one.key == "strip")
    bars = [shape for shape in group.shapes if isinstance(shape, Bar)]
    return {bar.style: bar.w for bar in bars}


def test_a_union_copies_every_piece_and_btrfs_one() -> None:
    assert set(strip(written("overlay2"), 2)) == {Style.WRITABLE}
    found = strip(written("btrfs"), 2)
    assert found[Style.WRITABLE] == 1
    assert found[Style.LAYER] > 30


def test_vfs_has_paid_before_anything_is_written() -> None:
    assert set(strip(written("vfs"), 1)) == {Style.WRITABLE}
    assert set(strip(written("overlay2"), 1)) == {Style.LAYER}


def test_what_a_file_grew_by_lies_at_its_end() -> None:
    scene = picture(written("btrfs", SIZE + 10), 2, "blocks", f"db:{BIG}")
    (group,) = (one for one in scene.groups if one.key == "strip")
    assert [bar.style for bar in group.shapes if isinstance(bar, Bar)] == [
        Style.LAYER,
        Style.WRITABLE,
    ]


@pytest.mark.parametrize("width", [72, 40])
@pytest.mark.parametrize(
    ("driver", "words"),
    [
        ("overlay2", "The first write copied all 1.64 MB"),
        ("btrfs", "The first write copied at least 4.1 kB"),
        ("zfs", "The first write copied at least 131 kB"),
        ("devicemapper", "The first write copied at least 65.5 kB"),
        ("vfs", "The first write was free: its 1.64 MB"),
    ],
)
def test_the_words_say_what_the_first_write_cost(driver: str, words: str, width: int) -> None:
    scene = picture(written(driver), 2, "blocks", f"db:{BIG}", width=width)
    text = " ".join(
        shape.string
        for group in scene.groups
        if group.key.startswith("cost")
        for shape in group.shapes
        if hasattr(shape, "string")
    )
    assert text.startswith(words)


def test_without_a_path_the_file_that_was_copied_up_is_drawn() -> None:
    assert "/etc/motd in db" in ascii(picture(recording(), 3, "blocks", "db"))


def test_all_drivers_have_a_rule_and_full_compares_one_of_each_other_kind() -> None:
    for name in (*DRIVERS, *OLD_DRIVERS, "unheard-of"):
        mine = rule_of(name)
        others = compared(name)
        assert {(one.pays, one.unit) for one in others}.isdisjoint({(mine.pays, mine.unit)})
        assert len(others) == 4


@pytest.mark.parametrize(
    ("step", "path", "state"),
    [
        (1, "/etc/motd", State.SHARED),
        (3, "/etc/motd", State.COPIED),
        (4, "/etc/motd", State.DELETED),
        (2, "/note", State.MADE),
        (2, "/data/table", State.OUTSIDE),
        (2, "/nowhere", State.ABSENT),
        (2, "/etc", State.ABSENT),
    ],
)
def test_the_state_of_a_file_follows_from_the_snapshot(step: int, path: str, state: State) -> None:
    snapshot = recording().steps[step - 1].snapshot
    assert pieces(snapshot, snapshot.containers[0], path).state is state


def test_a_full_tree_driver_marks_no_whiteout_and_yet_the_file_is_gone() -> None:
    snapshot = recording().steps[1].snapshot
    gone = (Change(Mark.DELETED, "/etc"),)
    own = replace(snapshot.containers[0].writable, entries=(), changes=gone)
    container = replace(snapshot.containers[0], writable=own)
    assert pieces(snapshot, container, "/etc/motd").state is State.DELETED


@given(
    driver=st.sampled_from([*DRIVERS, *OLD_DRIVERS]),
    state=st.sampled_from(list(State)),
    size=st.integers(0, 10**7),
    below=st.integers(0, 10**7),
)
def test_own_pieces_lie_in_the_file(driver: str, state: State, size: int, below: int) -> None:
    rule = rule_of(driver)
    file = Pieces(state, size, below, "Volume v")
    first, end = own_bytes(rule, file)
    assert 0 <= first <= end <= size
    assert own_units(rule, file) <= -(-size // rule.unit)
    assert cost_words(rule, file)
    if state is State.COPIED and rule.pays is not Pays.ONE_UNIT:
        assert (first, end) == (0, size)
