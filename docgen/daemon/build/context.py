"""The build context: a directory of the host, without what `.dockerignore` names, owned by root."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from docgen.daemon.build.copyop import clean
from docgen.daemon.build.ignore import (
    Pattern,
    has_exceptions,
    is_ignored,
    match_parts,
    parse_ignore,
)
from docgen.daemon.build.stages import Stage
from docgen.daemon.build.words import json_words
from docgen.daemon.transfer import node_at
from docgen.fs.content import Content
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


def one_file(name: str, text: str) -> Tree:
    """A directory with one file."""
    return Tree.build({f"/{name}": File(Meta(), Content.of(text))})


def copied_words(stages: Sequence[Stage]) -> tuple[str, ...]:
    """The sources of every COPY and ADD from the context, as they are written."""
    words: list[str] = []
    for stage in stages:
        for step in stage.steps:
            if step.name in ("COPY", "ADD") and not step.flag("from"):
                listed = json_words(step.rest) or tuple(step.rest.split())
                words += [
                    one for one in listed[:-1] if not (one.startswith("<<") and step.heredocs)
                ]
    return tuple(words)


def sent_of(context: Tree, words: Sequence[str]) -> Tree:
    """The part of a context that the client sends for these sources, with its directories."""
    patterns = [clean(word).strip("/").split("/") for word in words]
    draft = Draft(EMPTY_TREE)
    for path, _, node in context.walk():
        parts = path.strip("/").split("/")
        wanted = any(
            pattern == [""] or match_parts(pattern, parts[: len(pattern)]) for pattern in patterns
        )
        if wanted and path != "/":
            draft.put(path, Dir(node.meta) if isinstance(node, Dir) else node)
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
