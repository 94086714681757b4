"""A store with the base image, and containers to do things in: what the store's tests share."""

from __future__ import annotations

from collections.abc import Iterable

from docgen.fs.clock import Clock
from docgen.fs.content import Content
from docgen.fs.namespace import Namespace
from docgen.fs.nodes import Dir, File, Meta, Node, Symlink
from docgen.fs.tree import Tree
from docgen.fs.view import View
from docgen.oci.base import base_image
from docgen.oci.ids import id_of
from docgen.store.layers import Layer, Writable
from docgen.store.store import Store, open_store


def init_tree(now: int = 0) -> Tree:
    """What the daemon puts between image and container (moby, daemon/initlayer)."""
    born = Meta(0o755, mtime_ns=now)
    directories = ("/dev", "/dev/pts", "/dev/shm", "/etc", "/proc", "/sys")
    files = ("/.dockerenv", "/dev/console", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf")
    nodes: dict[str, Node] = dict.fromkeys(directories, Dir(born))
    nodes |= dict.fromkeys(files, File(born))
    nodes["/etc/mtab"] = Symlink(Meta(0o777, mtime_ns=now), "/proc/mounts")
    return Tree.build(nodes)


class Host:
    """A store and its base layer."""

    def __init__(self, driver: str) -> None:
        self.clock = Clock()
        self.store: Store = open_store(driver, self.clock, "page.md")
        image = base_image("busybox")
        (diff_id,), (tree,) = image.config.diff_ids, image.layers
        self.base: Layer = self.store.add_layer(None, tree, "busybox", diff_id=diff_id)
        self.store.retain(self.base)
        self.made = 0

    def create(self, layer: Layer | None = None) -> Writable:
        """`docker create`."""
        self.made += 1
        name = id_of("container", self.made)
        return self.store.create_rw(name, layer or self.base, init_tree(self.clock.tick()))

    def view(self, rw: Writable) -> View:
        """Root in the container, mounted."""
        namespace = Namespace()
        namespace.mount(self.store.mount(rw), "/")
        return View(namespace)

    def commit(self, rw: Writable) -> Layer | None:
        """The new layer; None where the container changed nothing."""
        diff = self.store.commit_diff(rw)
        if len(diff) == 1:
            return None
        return self.store.add_layer(rw.layer, diff, "commit", committed_from=rw)

    def diff(self, rw: Writable) -> list[str]:
        """`docker diff`."""
        return [f"{change.kind} {change.path}" for change in self.store.changes(rw)]


def write(view: View, path: str, text: str) -> None:
    view.write_file(path, Content.of(text))


def append(view: View, path: str, text: str) -> None:
    there = view.read_file(path) if view.exists(path) else Content.of("")
    view.write_file(path, there.append(Content.of(text)))


def remove(view: View, path: str) -> None:
    """`rm -r`: depth first, as rm does it."""
    if view.stat(path, follow=False).kind == "dir":
        for name in view.listdir(path):
            remove(view, f"{path}/{name}")
        view.rmdir(path)
    else:
        view.unlink(path)


Act = tuple[str, str]
"""What is done, and to which path."""


def perform(view: View, acts: Iterable[Act]) -> None:
    """One after the other; raises FsError where the kernel would refuse."""
    for verb, path in acts:
        match verb:
            case "write":
                write(view, path, f"written to {path}")
            case "append":
                append(view, path, "more\n")
            case "rm":
                remove(view, path)
            case "mkdir":
                view.mkdir(path)
            case "chmod":
                view.chmod(path, 0o4755)
            case "link":
                view.link(path, f"{path}.link")
            case "symlink":
                view.symlink(path, f"{path}.symlink")
            case "move":
                view.rename(path, f"{path}.moved")
            case _:
                raise ValueError(verb)
