"""Small worlds for the tests of this room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from docgen.fs.changes import apply, compare
from docgen.fs.clock import Clock
from docgen.fs.content import Content
from docgen.fs.credentials import Credentials
from docgen.fs.errors import Errno, FsError
from docgen.fs.namespace import Namespace
from docgen.fs.nodes import Device, Dir, File, Meta, Node, is_whiteout
from docgen.fs.plain import PlainFs
from docgen.fs.tree import EMPTY_TREE, Tree
from docgen.fs.union import UnionFs
from docgen.fs.view import View

ALICE = Credentials(1000, 1000)
BOB = Credentials(1001, 1001)


OLD = 1_600_000_000_000_000_000
"""When the layers were made (2020)."""


def old(mode: int, uid: int, gid: int) -> Meta:
    return Meta(mode, uid, gid, OLD, OLD, OLD)


def file(text: str = "", mode: int = 0o644, uid: int = 0, gid: int = 0) -> File:
    return File(old(mode, uid, gid), Content.of(text))


def folder(mode: int = 0o755, uid: int = 0, gid: int = 0) -> Dir:
    return Dir(old(mode, uid, gid))


def plain(nodes: dict[str, Node] | None = None, **options: object) -> View:
    """A view of one plain file system."""
    namespace = Namespace()
    tree = Tree.build(nodes or {})
    namespace.mount(PlainFs(tree, Clock(), **options), "/")  # type: ignore[arg-type]
    return View(namespace)


def user(view: View, who: Credentials) -> View:
    """The same world as another user sees it."""
    other = view.copy()
    other.credentials = who
    return other


def refused(errno: Errno, call: Callable[..., object], *args: object, **options: object) -> None:
    """The call fails with this error."""
    with pytest.raises(FsError) as caught:
        call(*args, **options)
    assert caught.value.errno is errno


@dataclass
class Union:
    """A container's root: layers, a writable upper directory, a view."""

    fs: UnionFs
    view: View
    base: Tree

    @classmethod
    def over(cls, *layers: Tree) -> Union:
        """Layers bottom first."""
        clock = Clock()
        fs = UnionFs(layers[::-1], PlainFs(EMPTY_TREE, clock), clock)
        namespace = Namespace()
        namespace.mount(fs, "/")
        base = EMPTY_TREE
        for layer in layers:
            base = apply(base, layer)
        return cls(fs, View(namespace), base)

    @property
    def upper(self) -> list[str]:
        """The raw upper directory as `find` would list it: `-` marks a whiteout, `!` opaque."""
        listed = []
        for path, _, node in self.fs.upper_tree().walk():
            if isinstance(node, Dir):
                listed.append(path.rstrip("/") + "/" + ("!" if node.opaque else ""))
            else:
                listed.append(path + ("-" if is_whiteout(node) else ""))
        return listed[1:]

    @property
    def diff(self) -> list[str]:
        """`docker diff`."""
        after = apply(self.base, self.fs.upper_tree())
        return [f"{change.kind} {change.path}" for change in compare(self.base, after)]

    def remounted(self) -> Union:
        """The container was stopped and started: the same upper directory, mounted again."""
        upper = PlainFs(self.fs.upper_tree(), self.fs.clock)
        fs = UnionFs(self.fs.lowers, upper, self.fs.clock)
        namespace = Namespace()
        namespace.mount(fs, "/")
        return Union(fs, View(namespace), self.base)


NULL = Device(Meta(0o666), True, 1, 3)
