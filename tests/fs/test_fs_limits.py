"""A page is untrusted: what it can make the file system cost is bounded, with words for it."""

from __future__ import annotations

import pytest
from fs_worlds import Union, file, folder, plain

from docgen.diagnostics import LimitExceeded
from docgen.fs.clock import Clock
from docgen.fs.content import EMPTY, Content
from docgen.fs.plain import PlainFs
from docgen.fs.tree import EMPTY_TREE, Tree
from docgen.limits import DIRECTORY_DEPTH, EXTENTS, HASHED_BYTES, INODES, LITERAL_BYTES, MIB


def test_literal_bytes_of_all_file_systems_of_a_host_count_together() -> None:
    view = plain()
    clock = view.resolve("/").mount.fs.clock
    other = PlainFs(EMPTY_TREE, clock, "tmpfs")
    view.mkdir("/tmp")
    view.namespace.mount(other, "/tmp")
    half = Content.of(bytes(LITERAL_BYTES // 2))
    view.write_file("/a", half)
    view.write_file("/tmp/b", half)
    with pytest.raises(LimitExceeded, match="written to files; make large files with truncate"):
        view.write_file("/c", Content.of("x"))


def test_fills_holes_and_copy_up_cost_nothing() -> None:
    base = Tree.build({"/big": type(file())(content=Content.of(bytes(MIB)))})
    union = Union.over(base)
    for number in range(100):
        union.view.write_file(f"/f{number}", Content.fill(0, 64 * MIB))
    union.view.chmod("/big", 0o600)
    assert union.fs.clock.literal_bytes == 0


def test_files_are_counted() -> None:
    view = plain()
    for number in range(INODES - 1):
        view.resolve("/").mount.fs.make(1, str(number), file())
    with pytest.raises(LimitExceeded, match="more than 20000 files"):
        view.mkdir("/one-more")


def test_directories_do_not_nest_without_end() -> None:
    view = plain({"/other": folder()})
    for _ in range(DIRECTORY_DEPTH):
        view.mkdir("d")
        view.chdir("d")
    with pytest.raises(LimitExceeded, match="deep"):
        view.mkdir("d")
    with pytest.raises(LimitExceeded, match="deep"):
        view.rename("/other", "d")


def test_a_file_has_so_many_pieces_and_no_more() -> None:
    pieces = tuple((at * 2, part) for at, (_, part) in enumerate(Content.of("x").extents * EXTENTS))
    whole = Content(EXTENTS * 2, pieces)
    with pytest.raises(LimitExceeded, match="pieces"):
        whole.write(EXTENTS * 2 + 1, Content.of("y"))


def test_what_is_hashed_or_read_at_once_is_bounded() -> None:
    with pytest.raises(LimitExceeded, match="hashing"):
        Content.hole(HASHED_BYTES + 1).sha256()
    with pytest.raises(LimitExceeded, match="at once"):
        Content.hole(LITERAL_BYTES + 1).to_bytes()
    assert EMPTY.sha256().startswith("e3b0c442")
    assert Clock().literal_bytes == 0
