"""The build context: a directory of the host, without what `.dockerignore` names, owned by root."""

from __future__ import annotations

import posixpath

from docgen.daemon.build.ignore import Pattern, has_exceptions, is_ignored, parse_ignore
from docgen.daemon.transfer import node_at
from docgen.fs.errors import FsError
from docgen.fs.nodes import Dir, File, Meta, Node, with_meta
from docgen.fs.tree import EMPTY_TREE, Draft, Tree
from docgen.fs.view import View


def read_context(view: View, directory: str) -> Tree:
    """What the client sends: hard links stay hard links, all files belong to root."""
    patterns = _patterns(view, directory)
    draft = Draft(EMPTY_TREE)
    draft.put("/", Dir(Meta(mode=0o755)))
    todo = list(reversed(view.listdir(directory)))
    sent: dict[tuple[int, int], str] = {}
    while todo:
        relative = todo.pop()
        path = posixpath.join(directory, relative)
        node = node_at(view, path)
        ignored = is_ignored(patterns, relative)
        if isinstance(node, Dir) and (not ignored or has_exceptions(patterns)):
            todo += [f"{relative}/{name}" for name in reversed(view.listdir(path))]
        if ignored:
            continue
        stat = view.stat(path, follow=False)
        first = sent.setdefault((stat.dev, stat.ino), relative)
        if first != relative and not isinstance(node, Dir):
            draft.hard_link(f"/{relative}", f"/{first}")
        else:
            draft.put(f"/{relative}", _as_sent(view, path, node))
    return draft.freeze()


def _patterns(view: View, directory: str) -> tuple[Pattern, ...]:
    try:
        data = view.read_file(posixpath.join(directory, ".dockerignore"))
    except FsError:
        return ()
    return parse_ignore(data.to_bytes().decode("utf-8", "replace"))


def _as_sent(view: View, path: str, node: Node) -> Node:
    time = node.meta.mtime_ns
    meta = Meta(node.meta.mode, 0, 0, time, time, time)
    if isinstance(node, File):
        return File(meta, view.read_file(path))
    if isinstance(node, Dir):
        return Dir(meta)
    return with_meta(node, meta)
