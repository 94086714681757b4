"""What Docker 28.5.2 printed, number for number (real hosts, kernel 6.18, ext4).

Each case is a container of `app` (busybox plus one committed layer: /srv/a/b/c/f with two bytes):
what it did, and for each driver SizeRw, SizeRootFs, the size of the layer that a commit made (None:
it made none), and `docker diff`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from store_hosts import Host, append, remove, write

from docgen.fs.content import Content
from docgen.fs.view import View
from docgen.store.layers import Layer

Sizes = tuple[int, int, int | None]
"""SizeRw, SizeRootFs, size of the committed layer."""


@dataclass(frozen=True)
class Case:
    does: Callable[[View], None]
    sizes: Mapping[str, Sizes]
    """By driver."""
    diff: str


def chmod_dir(view: View) -> None:
    view.chmod("/srv/a", 0o700)


def deep_file(view: View) -> None:
    write(view, "/srv/a/b/c/g", "y\n")


def touch_dir(view: View) -> None:
    view.utimens("/srv/a/b")


def delete_applet(view: View) -> None:
    view.unlink("/bin/vi")


def append_line(view: View) -> None:
    append(view, "/etc/passwd", "y\n")


def replace_dir(view: View) -> None:
    remove(view, "/srv/a")
    view.mkdir("/srv/a", 0o755)
    write(view, "/srv/a/n", "y\n")


def symlinks(view: View) -> None:
    view.symlink("/etc/passwd", "/l1")
    view.symlink("/" + "a" * 83, "/l2")


def many_files(view: View) -> None:
    for number in range(1, 401):
        write(view, f"/tmp/file-with-name-{number}", "")


def hole_and_zeros(view: View) -> None:
    view.write_file("/srv/h", Content.hole(10 << 20))
    view.truncate("/srv/h", 10 << 20)
    view.write_file("/srv/z", Content.fill(0, 10 << 10))


def move_and_link(view: View) -> None:
    view.rename("/etc/passwd", "/tmp/p")
    view.link("/etc/group", "/srv/g")


def nothing_really(view: View) -> None:
    view.chmod("/etc/passwd", 0o644)


def move_into_new(view: View) -> None:
    view.mkdir("/srv/a/new", 0o755)
    view.rename("/srv/a/b/c/f", "/srv/a/new/f")


def link_applet(view: View) -> None:
    view.link("/bin/ls", "/srv/ls")
    view.mkfifo("/srv/p")


def come_and_go(view: View) -> None:
    write(view, "/.x", "z\n")
    view.unlink("/.x")


def refill_dir(view: View) -> None:
    remove(view, "/srv/a/b")
    view.mkdir("/srv/a/b", 0o755)
    view.rename("/etc/group", "/srv/a/b/group")


CASES = [
    Case(
        chmod_dir,
        {
            "overlayfs": (16384, 2158592, 12288),
            "overlay2": (0, 1983167, 0),
            "vfs": (0, 1983154, 0),
            "fuse-overlayfs": (0, 1983167, 0),
            "btrfs": (0, 1983154, 0),
            "native": (2113536, 10510336, 2113536),
            "containerd-btrfs": (0, 2015232, 0),
        },
        diff="C /srv, C /srv/a",
    ),
    Case(
        deep_file,
        {
            "overlayfs": (36864, 2179072, 24576),
            "overlay2": (2, 1983169, 2),
            "vfs": (2, 1983156, 2),
            "fuse-overlayfs": (2, 1983169, 2),
            "btrfs": (2, 1983156, 2),
            "native": (2117632, 10514432, 2117632),
            "containerd-btrfs": (4096, 2019328, 4096),
        },
        diff="C /srv, C /srv/a, C /srv/a/b, C /srv/a/b/c, A /srv/a/b/c/g",
    ),
    Case(
        touch_dir,
        {
            "overlayfs": (24576, 2166784, None),
            "overlay2": (0, 1983167, 0),
            "vfs": (0, 1983154, None),
            "fuse-overlayfs": (0, 1983167, None),
            "btrfs": (0, 1983154, None),
            "native": (2113536, 10510336, None),
            "containerd-btrfs": (0, 2015232, None),
        },
        diff="",
    ),
    Case(
        delete_applet,
        {
            "overlayfs": (8192, 2150400, 8192),
            "overlay2": (0, 1983167, 0),
            "vfs": (0, 1983154, 0),
            "fuse-overlayfs": (0, 1983167, 0),
            "btrfs": (0, 1983154, 0),
            "native": (2113536, 10510336, 2113536),
            "containerd-btrfs": (0, 2015232, 0),
        },
        diff="C /bin, D /bin/vi",
    ),
    Case(
        append_line,
        {
            "overlayfs": (16384, 2158592, 12288),
            "overlay2": (342, 1983509, 342),
            "vfs": (342, 1983496, 342),
            "fuse-overlayfs": (342, 1983509, 342),
            "btrfs": (342, 1983496, 342),
            "native": (2113536, 10510336, 2113536),
            "containerd-btrfs": (4096, 2019328, 4096),
        },
        diff="C /etc, C /etc/passwd",
    ),
    Case(
        replace_dir,
        {
            "overlayfs": (20480, 2162688, 16384),
            "overlay2": (2, 1983169, 2),
            "vfs": (2, 1983156, 2),
            "fuse-overlayfs": (2, 1983169, 2),
            "btrfs": (2, 1983156, 2),
            "native": (2105344, 10502144, 2105344),
            "containerd-btrfs": (4096, 2019328, 4096),
        },
        diff="C /srv, C /srv/a, D /srv/a/b, A /srv/a/n",
    ),
    Case(
        symlinks,
        {
            "overlayfs": (8192, 2150400, 8192),
            "overlay2": (95, 1983262, 95),
            "vfs": (95, 1983249, 0),
            "fuse-overlayfs": (95, 1983262, 95),
            "btrfs": (95, 1983249, 0),
            "native": (2117632, 10514432, 2117632),
            "containerd-btrfs": (8192, 2023424, 8192),
        },
        diff="A /l1, A /l2",
    ),
    Case(
        many_files,
        {
            "overlayfs": (24576, 2166784, 24576),
            "overlay2": (0, 1983167, 0),
            "vfs": (0, 1983154, 0),
        },
        diff=", ".join(
            ["C /tmp", *sorted(f"A /tmp/file-with-name-{number}" for number in range(1, 401))]
        ),
    ),
    Case(
        hole_and_zeros,
        {
            "overlayfs": (20480, 2162688, 10506240),
            "overlay2": (10496000, 12479167, 10496000),
            "vfs": (10496000, 12479154, 10496000),
            "fuse-overlayfs": (10496000, 12479167, 10496000),
            "btrfs": (10496000, 12479154, 10496000),
            "native": (2125824, 10522624, 12611584),
            "containerd-btrfs": (12288, 2027520, 10498048),
        },
        diff="C /srv, A /srv/h, A /srv/z",
    ),
    Case(
        move_and_link,
        {
            "overlayfs": (36864, 2179072, 24576),
            "overlay2": (646, 1983813, 646),
            "vfs": (646, 1983800, 646),
            "fuse-overlayfs": (646, 1983813, 646),
            "btrfs": (646, 1983800, 646),
            "native": (2113536, 10510336, 2113536),
            "containerd-btrfs": (8192, 2023424, 8192),
        },
        diff="C /etc, D /etc/passwd, C /srv, A /srv/g, C /tmp, A /tmp/p",
    ),
    Case(
        nothing_really,
        {
            "overlayfs": (16384, 2158592, None),
            "overlay2": (340, 1983507, 340),
            "vfs": (0, 1983154, None),
            "fuse-overlayfs": (0, 1983167, None),
            "btrfs": (0, 1983154, None),
            "native": (2113536, 10510336, None),
            "containerd-btrfs": (0, 2015232, None),
        },
        diff="",
    ),
    Case(
        move_into_new,
        {
            "overlayfs": (45056, 2187264, 28672),
            "overlay2": (2, 1983169, 2),
            "vfs": (2, 1983156, 2),
            "fuse-overlayfs": (2, 1983169, 2),
            "btrfs": (2, 1983156, 2),
            "native": (2117632, 10514432, 2117632),
            "containerd-btrfs": (4096, 2019328, 4096),
        },
        diff="C /srv, C /srv/a, C /srv/a/b, C /srv/a/b/c, D /srv/a/b/c/f, A /srv/a/new, "
        "A /srv/a/new/f",
    ),
    Case(
        link_applet,
        {
            "overlayfs": (1998848, 4141056, 1994752),
            "overlay2": (1982256, 3965423, 1982256),
            "vfs": (1982256, 3965410, 1982256),
            "fuse-overlayfs": (1982256, 3965423, 1982256),
            "btrfs": (1982256, 3965410, 1982256),
            "native": (2113536, 10510336, 2113536),
            "containerd-btrfs": (1982464, 3997696, 1982464),
        },
        diff="C /srv, A /srv/ls, A /srv/p",
    ),
    Case(
        come_and_go,
        {
            "overlayfs": (4096, 2146304, None),
            "overlay2": (0, 1983167, None),
            "vfs": (0, 1983154, None),
            "fuse-overlayfs": (0, 1983167, None),
            "btrfs": (0, 1983154, None),
            "native": (2113536, 10510336, None),
            "containerd-btrfs": (0, 2015232, None),
        },
        diff="",
    ),
    Case(
        refill_dir,
        {
            "overlayfs": (36864, 2179072, 24576),
            "overlay2": (306, 1983473, 306),
            "vfs": (306, 1983460, 306),
            "fuse-overlayfs": (306, 1983473, 306),
            "btrfs": (306, 1983460, 306),
            "native": (2105344, 10502144, 2105344),
            "containerd-btrfs": (4096, 2019328, 4096),
        },
        diff="C /etc, D /etc/group, C /srv, C /srv/a, C /srv/a/b, D /srv/a/b/c, A /srv/a/b/group",
    ),
]


def app(host: Host) -> Layer:
    """The image all cases start from, made by a commit."""
    rw = host.create()
    view = host.view(rw)
    view.makedirs("/srv/a/b/c")
    write(view, "/srv/a/b/c/f", "x\n")
    layer = host.commit(rw)
    assert layer is not None
    return layer


MEASURED = [
    pytest.param(driver, case, id=f"{case.does.__name__}-{driver}")
    for case in CASES
    for driver in case.sizes
]


@pytest.mark.parametrize(("driver", "case"), MEASURED)
def test_sizes_and_changes_are_those_of_the_engine(driver: str, case: Case) -> None:
    host = Host(driver)
    rw = host.create(app(host))
    case.does(host.view(rw))
    found = (host.store.rw_size(rw), host.store.root_size(rw))
    diff = ", ".join(host.diff(rw))
    layer = host.commit(rw)
    size = None if layer is None else host.store.layer_size(layer)
    assert ((*found, size), diff) == (case.sizes[driver], case.diff)
