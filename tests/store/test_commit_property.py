"""What a commit keeps is what was seen: for random changes, under every driver."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_hosts import Act, Host, perform

from docgen.fs.changes import apply
from docgen.fs.errors import FsError
from docgen.fs.nodes import Dir, File, Symlink
from docgen.fs.tree import Tree
from docgen.oci.layer import layer_tar
from docgen.oci.unpack import unpack
from docgen.store.driver import DRIVERS, DiffRule

PATHS = ["/etc/network", "/etc/network/if-up.d", "/etc/group", "/etc/new", "/etc/new/x", "/var/www"]
VERBS = ["write", "append", "rm", "mkdir", "chmod", "link", "symlink", "move"]
ACTS = st.lists(st.tuples(st.sampled_from(VERBS), st.sampled_from(PATHS)), max_size=12)


def seen(tree: Tree, *, links: bool = True) -> list[tuple[object, ...]]:
    """What a reader sees; without what commits leave out: times of directories, all of the root."""
    first: dict[int, str] = {}
    rows: list[tuple[object, ...]] = []
    for path, ino, node in tree.walk():
        meta = node.meta
        row: list[object] = [path, type(node).__name__, meta.mode, meta.uid, meta.gid]
        if isinstance(node, File):
            row += [node.content.sha256(), meta.mtime_ns // 10**9]
            row += [first.setdefault(ino, path)] if links else []
        if isinstance(node, Symlink):
            row.append(node.target)
        rows.append(tuple(row) if not isinstance(node, Dir) or path != "/" else (path,))
    return rows


@pytest.mark.parametrize("driver", DRIVERS)
@settings(max_examples=25, deadline=None)
@given(acts=ACTS)
def test_parent_and_committed_layer_are_the_view(driver: str, acts: list[Act]) -> None:
    host = Host(driver)
    rw = host.create()
    view = host.view(rw)
    for act in acts:
        with contextlib.suppress(FsError):
            perform(view, [act])
    below = host.store.full_tree(host.store.create_rw("empty", host.base, init_of(host)))
    diff = host.store.commit_diff(rw)
    # go-archive exports a new name of an unchanged file as a file of its own
    links = host.store.driver.diffs is not DiffRule.COMPARE
    full = host.store.full_tree(rw)
    assert seen(apply(below, diff), links=links) == seen(full, links=links)
    assert seen(unpack(layer_tar(diff).content())) == seen(diff)
    if not host.diff(rw) and not host.store.driver.is_union:
        assert len(diff) == 1


def init_of(host: Host) -> Tree:
    return host.store.writables()[0].below.diff  # type: ignore[union-attr]
