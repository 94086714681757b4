"""Random layers and random system calls, and the model's answers in the kernel worker's form."""

from __future__ import annotations

import stat
from random import Random
from typing import Any

from docgen.fs.changes import flatten
from docgen.fs.clock import Clock
from docgen.fs.content import Content
from docgen.fs.credentials import Credentials
from docgen.fs.errors import FsError
from docgen.fs.filesystem import FileSystem, Stat
from docgen.fs.namespace import Namespace
from docgen.fs.nodes import (
    Dir,
    Fifo,
    File,
    Kind,
    Meta,
    Node,
    Symlink,
    Whiteout,
    is_whiteout,
    kind_of,
)
from docgen.fs.openfile import OpenFile
from docgen.fs.plain import PlainFs
from docgen.fs.stats import stat_of
from docgen.fs.tree import Tree
from docgen.fs.union import UnionFs
from docgen.fs.view import NOW, Open, View

NEW = 1_500_000_000
SECOND = 1_000_000_000
NAMES = "abcd"
USERS = [[0, 0, []], [1000, 1000, []], [1001, 1000, [2000]], [1002, 1002, [1000]]]
FORMAT = {
    Kind.FILE: stat.S_IFREG,
    Kind.DIR: stat.S_IFDIR,
    Kind.SYMLINK: stat.S_IFLNK,
    Kind.CHAR: stat.S_IFCHR,
    Kind.BLOCK: stat.S_IFBLK,
    Kind.FIFO: stat.S_IFIFO,
}
Entry = list[Any]
"""path, kind, mode, uid, gid, mtime in seconds, more (text, target, existing name, opaque)."""


# Layers


def random_layer(random: Random, index: int) -> list[Entry]:
    """Entries of one layer, parents first; whiteouts and opaque marks only above the first."""
    entries: list[Entry] = [_entry(random, "/", "dir", more=False, mode=0o777)]
    pending, files = [""], []
    while pending:
        base = pending.pop(0)
        for name in NAMES:
            if random.random() < 0.4:
                continue
            path = f"{base}/{name}"
            kind = random.choice(_KINDS[index > 0])
            if kind == "link" and not files:
                kind = "file"
            if kind == "dir":
                if path.count("/") < 4:
                    pending.append(path)
                entries.append(_entry(random, path, kind, index > 0 and random.random() < 0.2))
            elif kind == "link":
                entries.append(_entry(random, path, kind, random.choice(files)))
            elif kind == "symlink":
                entries.append(_entry(random, path, kind, _target(random)))
            else:
                text = "x" * random.randrange(12) if kind == "file" else ""
                entries.append(_entry(random, path, kind, text))
                files += [path] if kind == "file" else []
    return entries


_KINDS = {
    False: ["dir"] * 4 + ["file"] * 4 + ["symlink", "fifo", "link", "link"],
    True: ["dir"] * 4 + ["file"] * 3 + ["symlink", "link", "whiteout", "whiteout"],
}
_MODES = [0o755, 0o755, 0o777, 0o700, 0o1777, 0o2755, 0o644, 0o600, 0o4755, 0o2711, 0o666]


def _entry(random: Random, path: str, kind: str, more: Any, mode: int | None = None) -> Entry:
    uid = random.choice([0, 0, 1000, 1001])
    mode = random.choice(_MODES) if mode is None else mode
    gid = random.choice([0, 1000, 2000])
    return [path, kind, mode, uid, gid, random.randrange(1_000, 1_000_000), more]


def _target(random: Random) -> str:
    return random.choice(["a", "b", "../b", "/a", "/a/b", "a/b/", "..", "nowhere", "c/../d"])


def random_layers(random: Random, depth: int) -> list[list[Entry]]:
    """Layers as a union makes them: whiteouts lie only in directories that merge. (In others the
    kernel lists them, without finding them.)"""
    layers: list[list[Entry]] = []
    trees: list[Tree] = []
    for index in range(depth):
        below = flatten(trees)
        layer, opaque = [], []
        for entry in random_layer(random, index):
            path, kind, more = entry[0], entry[1], entry[-1]
            opaque += [path + "/"] if kind == "dir" and more else []
            merges = below.directory(below.lookup(path.rpartition("/")[0]) or 0) is not None
            if kind != "whiteout" or (merges and not path.startswith(tuple(opaque))):
                layer.append(entry)
        layers.append(layer)
        trees.append(layer_tree(layer))
    return layers


def layer_tree(entries: list[Entry]) -> Tree:
    """The same entries as a tree of the model."""
    nodes: dict[str, Node] = {}
    links: dict[str, str] = {}
    for path, kind, mode, uid, gid, when, more in entries:
        if kind == "link":
            links[path] = more
            continue
        meta = Meta(mode, uid, gid, when * SECOND, when * SECOND, when * SECOND)
        nodes[path] = _node(kind, meta, more)
    return Tree.build(nodes, links)


def _node(kind: str, meta: Meta, more: Any) -> Node:
    match kind:
        case "dir":
            return Dir(meta, opaque=bool(more))
        case "file":
            return File(meta, Content.of(more))
        case "symlink":
            return Symlink(Meta(0o777, meta.uid, meta.gid, meta.mtime_ns), more)
        case "fifo":
            return Fifo(meta)
        case _:
            return Whiteout()


# System calls


class Model:
    """The same calls as kernel_worker.Kernel, on the model."""

    def __init__(self, layers: list[Tree], overlay: bool, umask: int) -> None:
        self.umask = umask
        self.layers = layers
        self.upper = PlainFs(clock=Clock(), fstype="tmpfs")
        self.openers: dict[int, int] = {}
        """Who opened a descriptor: it is written with their rights."""
        self.files: dict[int, OpenFile] = {}
        self.numbers: dict[int, int] = {}
        self.mount(overlay)

    def mount(self, overlay: bool) -> None:
        """Mount the union, or (again) what was below it."""
        self.fs: FileSystem = UnionFs(self.layers[::-1], self.upper)
        if not overlay:
            self.fs = PlainFs(flatten(self.layers), Clock(), fstype="tmpfs")
        namespace = Namespace()
        namespace.mount(self.fs, "/")
        self.views = [
            View(namespace, Credentials(uid, gid, tuple(groups)), umask=self.umask)
            for uid, gid, groups in USERS
        ]
        self.view = self.views[0]

    def restart(self) -> None:
        """The container stops and starts: only the upper directory is left."""
        for file in self.files.values():
            file.close()
        self.files, self.openers = {}, {}
        self.upper = PlainFs(self.upper.snapshot(), Clock(), fstype="tmpfs")
        self.mount(overlay=True)

    def bind_some(self, random: Random) -> list[list[Any]]:
        """Up to two binds of something that is seen onto something of the same kind."""
        made: list[list[Any]] = []
        for _ in range(random.choice([0, 0, 1, 2])):
            seen = {entry[0]: entry[1][0] for entry in self.visible() if entry[0] != "/"}
            pairs = [(s, t) for s in seen for t in seen if seen[s] == seen[t] and seen[s] in "d-"]
            if pairs:
                source, target = random.choice(pairs)
                read_only = random.random() < 0.4
                view = self.views[0]
                view.namespace.bind(view, source, target, read_only=read_only, recursive=False)
                made.append([source, target, read_only])
        self.numbers = {}
        return made

    def call(self, op: list[Any]) -> list[Any]:
        """The answer as the worker would give it."""
        user, name, *args = op
        here = self.view.here
        self.view = self.views[user]
        self.view.here = here
        try:
            return ["ok", getattr(self, "do_" + name)(*args)]
        except FsError as error:
            return ["error", error.errno.name]

    def told(self, st: Stat) -> list[Any]:
        is_dir = st.kind is Kind.DIR
        number = self.numbers.setdefault(st.ino, len(self.numbers))
        seconds = st.mtime_ns // SECOND
        return [
            stat.filemode(FORMAT[st.kind] | st.mode),
            st.nlink,
            st.uid,
            st.gid,
            None if is_dir else st.size,
            list(st.rdev),
            number,
            seconds if seconds < NEW else "now",
        ]

    def do_stat(self, path: str) -> Any:
        return self.told(self.view.stat(path))

    def do_lstat(self, path: str) -> Any:
        return self.told(self.view.stat(path, follow=False))

    def do_listdir(self, path: str) -> Any:
        return self.view.listdir(path)

    def do_readlink(self, path: str) -> Any:
        return self.view.readlink(path)

    def do_read_file(self, path: str) -> Any:
        file = self.view.open(path)
        try:
            return file.read(1 << 16).to_bytes().decode("latin-1")
        finally:
            file.close()

    def do_write_file(self, path: str, flags: int, mode: int, text: str) -> Any:
        file = self.view.open(path, flags, mode)
        try:
            return file.write(text.encode())
        finally:
            file.close()

    def do_open(self, slot: int, path: str, flags: int, mode: int) -> Any:
        self.do_close(slot)
        self.files[slot] = self.view.open(path, flags, mode)
        self.openers[slot] = self.views.index(self.view)

    def do_close(self, slot: int) -> Any:
        if slot in self.files:
            self.files.pop(slot).close()

    def do_read(self, slot: int, n: int) -> Any:
        if slot not in self.files:
            return None
        return self.files[slot].read(n).to_bytes().decode("latin-1")

    def do_write(self, slot: int, text: str) -> Any:
        return self.files[slot].write(text.encode()) if slot in self.files else None

    def do_fstat(self, slot: int) -> Any:
        return self.told(self.files[slot].stat())[2:6] if slot in self.files else None

    def do_ftruncate(self, slot: int, n: int) -> Any:
        return self.files[slot].truncate(n) if slot in self.files else None

    def do_mkdir(self, path: str, mode: int) -> Any:
        self.view.mkdir(path, mode)

    def do_rmdir(self, path: str) -> Any:
        self.view.rmdir(path)

    def do_unlink(self, path: str) -> Any:
        self.view.unlink(path)

    def do_rename(self, old: str, new: str) -> Any:
        self.view.rename(old, new)

    def do_link(self, old: str, new: str) -> Any:
        self.view.link(old, new)

    def do_symlink(self, target: str, path: str) -> Any:
        self.view.symlink(target, path)

    def do_mkfifo(self, path: str, mode: int) -> Any:
        self.view.mkfifo(path, mode)

    def do_mknod(self, path: str, mode: int, major: int, minor: int) -> Any:
        self.view.mknod(path, mode, True, major, minor)

    def do_chmod(self, path: str, mode: int) -> Any:
        self.view.chmod(path, mode)

    def do_chown(self, path: str, uid: int, gid: int, follow: bool) -> Any:
        self.view.chown(path, None if uid < 0 else uid, None if gid < 0 else gid, follow)

    def do_utimens(self, path: str, seconds: int | None, follow: bool) -> Any:
        when = NOW if seconds is None else seconds * SECOND
        self.view.utimens(path, when, when, follow)

    def do_truncate(self, path: str, n: int) -> Any:
        self.view.truncate(path, n)

    def do_access(self, path: str, mode: int) -> Any:
        return self.view.access(path, mode)

    def do_setxattr(self, path: str, name: str, value: str) -> Any:
        self.view.setxattr(path, name, value.encode())

    def do_removexattr(self, path: str, name: str) -> Any:
        self.view.removexattr(path, name)

    def do_listxattr(self, path: str) -> Any:
        return self.view.listxattr(path)

    def do_chdir(self, path: str) -> Any:
        self.view.chdir(path)

    def do_getcwd(self) -> Any:
        return self.view.getcwd()

    def visible(self) -> list[Any]:
        """As the worker's dump of what is seen."""
        for file in self.files.values():
            file.close()
        view, self.numbers, found, pending = self.views[0], {}, [], ["/"]
        view.here = view.root
        while pending:
            path = pending.pop()
            place = view.resolve(path, follow=False)
            node = view.node(place)
            told = self.told(stat_of(view.table, place))
            if isinstance(node, Dir):
                base = path.rstrip("/")
                pending += [f"{base}/{name}" for name in view.listdir(path)[::-1]]
            found.append([path, *told, _text(node), view.listxattr(path, follow=False)])
        return found

    def raw(self) -> list[Any]:
        """As the worker's dump of the upper directory."""
        tree, self.numbers, found = self.upper.snapshot(), {}, []
        namespace = Namespace()
        namespace.mount(PlainFs(tree), "/")
        view = View(namespace)
        for path, _, node in tree.walk():
            if is_whiteout(node):
                found.append([path, "whiteout"])
                continue
            told = self.told(view.stat(path, follow=False))
            names = [name for name, _ in node.meta.xattrs]
            if isinstance(node, Dir) and node.opaque:
                names.append("trusted.overlay.opaque")
            found.append([path, *told, _text(node), sorted(names)])
        return found

    def is_fifo(self, path: str) -> bool:
        """Opening a named pipe is not simulated."""
        root = self.views[0]
        root.here = self.view.here
        try:
            return isinstance(root.node(root.resolve(path)), Fifo)
        except FsError:
            return False


def _text(node: Node) -> str:
    match node:
        case File(content=content):
            return content.to_bytes().decode("latin-1")
        case Symlink(target=target):
            return target
        case _:
            return ""


# Choosing calls


class Chooser:
    """Random calls, most of them on names that exist."""

    def __init__(self, random: Random, model: Model, users: bool) -> None:
        self.random = random
        self.model = model
        self.users = users

    def op(self) -> list[Any]:
        random = self.random
        user = random.choice([0, 0, 1, 2, 3]) if self.users else 0
        names, weights = zip(*_WEIGHTS.items(), strict=True)
        while True:
            name = random.choices(names, weights)[0]
            args = getattr(self, "args_" + name, self.args_path)()
            opens = name in ("read_file", "write_file", "open")
            if name in ("write", "ftruncate"):
                user = self.model.openers.get(args[0], user)
            if not (opens and self.model.is_fifo(args[1] if name == "open" else args[0])):
                return [user, name, *args]

    def path(self) -> str:
        """A path: mostly an existing one, sometimes a new one in an existing directory, or odd."""
        random = self.random
        if random.random() < 0.15:
            depth = random.choice([1, 1, 2, 2, 3, 4])
            parts = [random.choice([*NAMES, "e", "..", "."]) for _ in range(depth)]
            return random.choice(["/", ""]) + "/".join(parts) + random.choice(["", "", "/"])
        view, place, path = self.model.views[0], self.model.view.root, ""
        for _ in range(random.choice([1, 1, 2, 2, 3])):
            if not view.is_directory(place):
                break
            names = list(place.mount.fs.readdir(place.ino))
            name = random.choice(names or list(NAMES))
            if random.random() < 0.25:
                name = random.choice([*NAMES, "e"])
            path += "/" + name
            ino = place.mount.fs.lookup(place.ino, name)
            if ino is None:
                break
            place = type(place)(place.mount, ino)
        return path + random.choice(["", "", "", "", "", "", "/"])

    def args_path(self) -> list[Any]:
        return [self.path()]

    def flags(self) -> int:
        random = self.random
        flags = random.choice([Open.WRONLY, Open.RDWR, Open.WRONLY, Open.RDONLY])
        for flag, chance in _FLAGS.items():
            flags |= flag if random.random() < chance else 0
        return int(flags)

    def args_write_file(self) -> list[Any]:
        text = "y" * self.random.randrange(8)
        return [self.path(), self.flags(), self.random.choice(_MODES), text]

    def args_open(self) -> list[Any]:
        return [self.slot(), self.path(), self.flags(), self.random.choice(_MODES)]

    def slot(self) -> int:
        return self.random.randrange(3)

    def args_close(self) -> list[Any]:
        return [self.slot()]

    args_fstat = args_close

    def args_read(self) -> list[Any]:
        return [self.slot(), self.random.randrange(10)]

    args_ftruncate = args_read

    def args_write(self) -> list[Any]:
        return [self.slot(), "z" * self.random.randrange(6)]

    def args_mkdir(self) -> list[Any]:
        return [self.path(), self.random.choice(_MODES)]

    args_mkfifo = args_mkdir
    args_chmod = args_mkdir

    def args_rename(self) -> list[Any]:
        return [self.path(), self.path()]

    args_link = args_rename

    def args_symlink(self) -> list[Any]:
        return [_target(self.random), self.path()]

    def args_mknod(self) -> list[Any]:
        major, minor = self.random.choice([(1, 3), (1, 5), (0, 0), (1, 7)])
        return [self.path(), self.random.choice(_MODES), major, minor]

    def args_chown(self) -> list[Any]:
        uid = self.random.choice([-1, 0, 1000, 1001])
        gid = self.random.choice([-1, 0, 1000, 2000])
        return [self.path(), uid, gid, self.random.random() < 0.7]

    def args_utimens(self) -> list[Any]:
        seconds = self.random.choice([None, self.random.randrange(1000, 1_000_000)])
        return [self.path(), seconds, self.random.random() < 0.7]

    def args_truncate(self) -> list[Any]:
        return [self.path(), self.random.randrange(10)]

    def args_access(self) -> list[Any]:
        return [self.path(), self.random.randrange(8)]

    def args_setxattr(self) -> list[Any]:
        name = self.random.choice(["user.one", "user.two", "trusted.three"])
        return [self.path(), name, "v" * self.random.randrange(4)]

    def args_removexattr(self) -> list[Any]:
        return [self.path(), self.random.choice(["user.one", "user.two", "trusted.three"])]

    def args_getcwd(self) -> list[Any]:
        return []


_FLAGS = {
    Open.CREAT: 0.6,
    Open.EXCL: 0.15,
    Open.TRUNC: 0.3,
    Open.APPEND: 0.25,
    Open.NOFOLLOW: 0.15,
    Open.DIRECTORY: 0.08,
}
_WEIGHTS = {
    "stat": 4,
    "lstat": 6,
    "listdir": 5,
    "readlink": 2,
    "read_file": 4,
    "write_file": 10,
    "open": 6,
    "close": 2,
    "read": 4,
    "write": 4,
    "fstat": 2,
    "ftruncate": 1,
    "mkdir": 8,
    "rmdir": 7,
    "unlink": 10,
    "rename": 16,
    "link": 6,
    "symlink": 3,
    "mkfifo": 1,
    "mknod": 2,
    "chmod": 5,
    "chown": 4,
    "utimens": 4,
    "truncate": 2,
    "access": 2,
    "setxattr": 2,
    "removexattr": 1,
    "listxattr": 1,
    "chdir": 2,
    "getcwd": 2,
}

__all__ = ["USERS", "Chooser", "Model", "kind_of", "layer_tree", "random_layers"]
