"""Entries of a snapshot, and which place serves a path."""

from __future__ import annotations

from docgen.fs.content import Content
from docgen.fs.nodes import Device, Dir, File, Meta, Symlink, Whiteout
from docgen.fs.tree import Tree
from docgen.play.entries import Entries, entries_below
from docgen.play.hostpaths import HostPaths
from docgen.play.places import HIDDEN, Place, hidden_under, names_in, seen, serving
from docgen.record.snapshot import Entry, HostPath, Kind, Mount, MountKind, Seen

TEXT = File(Meta(mode=0o600, uid=7), Content.of(b"hello"))
DIGEST = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


def test_every_kind_of_inode_becomes_an_entry() -> None:
    tree = Tree.build(
        {
            "/d/text": TEXT,
            "/d/link": Symlink(target="text"),
            "/d/gone": Whiteout(),
            "/d/gone-too": Device(major=0, minor=0),
            "/null": Device(),
            "/o": Dir(opaque=True),
            "/big": File(content=Content.fill(0, 2 * 1024 * 1024)),
        },
        {"/z": "/d/text"},
    )
    assert Entries().of(tree) == (
        Entry("/big", Kind.FILE, 2 * 1024 * 1024, 0o644),
        Entry("/d", Kind.DIR, mode=0o755),
        Entry("/d/gone", Kind.WHITEOUT),
        Entry("/d/gone-too", Kind.WHITEOUT),
        Entry("/d/link", Kind.SYMLINK, 4, 0o777, target="text"),
        Entry("/d/text", Kind.FILE, 5, 0o600, 7, inode=1, digest=DIGEST),
        Entry("/null", Kind.CHAR, mode=0o600),
        Entry("/o", Kind.DIR, mode=0o755, opaque=True),
        Entry("/z", Kind.FILE, 5, 0o600, 7, inode=1, digest=DIGEST),
    )


def test_a_tree_becomes_entries_once() -> None:
    entries, tree = Entries(), Tree.build({"/a": TEXT})
    assert entries.of(tree) is entries.of(tree)


def test_paths_start_at_the_directory_that_is_shown() -> None:
    tree = Tree.build({"/v/data/a": TEXT, "/v/data/b": TEXT, "/v/other": TEXT})
    top = tree.lookup("/v/data")
    assert top is not None
    shown = entries_below(tree, top, lambda path: path == "/b")
    assert [(one.path, one.copied_up) for one in shown] == [("/a", False), ("/b", True)]
    assert len(entries_below(tree, top, most=1)) == 1


BASE = Place("base", Tree.build({"/bin/sh": TEXT, "/etc/motd": TEXT, "/srv/a/b": TEXT, "/f": TEXT}))
TOP = Place("top", Tree.build({"/etc/new": TEXT, "/srv/a": Dir(opaque=True), "/srv/a/c": TEXT}))
WRITABLE = Place(
    "writable", Tree.build({"/etc/motd": Whiteout(), "/f": Dir(), "/note": TEXT, "/etc/x": TEXT})
)
PLACES = [WRITABLE, TOP, BASE]


def test_the_place_that_serves_a_path() -> None:
    served = {
        path: found[0].name if (found := serving(PLACES, path)) else None
        for path in ("/bin", "/etc", "/etc/motd", "/etc/new", "/f", "/note", "/srv/a", "/srv/a/b")
    }
    assert served == {
        "/bin": "base",
        "/etc": "base",
        "/etc/motd": None,
        "/etc/new": "top",
        "/f": "writable",
        "/note": "writable",
        "/srv/a": "top",
        "/srv/a/b": None,
    }


def test_what_a_directory_shows() -> None:
    assert names_in(PLACES, "/") == ["bin", "etc", "f", "note", "srv"]
    assert names_in(PLACES, "/etc") == ["new", "x"]
    assert names_in(PLACES, "/srv/a") == ["c"]
    assert names_in(PLACES, "/f") == []
    assert names_in(PLACES, "/note") == []


def test_what_a_mount_hides() -> None:
    assert hidden_under(PLACES, "/srv") == ("/srv/a", "/srv/a/c")
    assert hidden_under(PLACES, "/none") == ()
    many = Place("many", Tree.build({f"/d/{n}": TEXT for n in range(HIDDEN + 50)}))
    assert len(hidden_under([many], "/d")) == HIDDEN


def test_the_root_directory_as_a_process_sees_it() -> None:
    mounts = (
        Mount(MountKind.VOLUME, "v", "/srv/a"),
        Mount(MountKind.BIND, "/host/file", "/note"),
    )
    assert seen(PLACES, mounts) == (
        Seen("/bin", Kind.DIR, "base"),
        Seen("/etc", Kind.DIR, "base"),
        Seen("/f", Kind.DIR, "writable"),
        Seen("/note", Kind.FILE, "mount:/note"),
        Seen("/srv", Kind.DIR, "base"),
        Seen("/srv/a", Kind.DIR, "mount:/srv/a"),
    )


def test_host_paths_are_what_is_bound_and_what_the_page_made() -> None:
    before = Tree.build({"/root/.profile": TEXT, "/etc/hosts": TEXT, "/srv": Dir(), "/tmp/x": TEXT})
    after = Tree.build(
        {
            "/root/.profile": TEXT,
            "/root/app/Dockerfile": TEXT,
            "/etc/hosts": TEXT,
            "/etc/made": TEXT,
            "/srv": Dir(),
        }
    )
    paths = HostPaths(before)
    binds = {"/etc/hosts": ("c1",), "/none": ("c1", "c2"), "/root/app": ("c2",)}
    shown = paths.of(after, binds)
    assert [(one.path, one.kind, one.used_by) for one in shown] == [
        ("/etc/hosts", Kind.FILE, ("c1",)),
        ("/none", None, ("c1", "c2")),
        ("/root/app", Kind.DIR, ("c2",)),
    ]
    assert [entry.path for entry in shown[2].entries] == ["/Dockerfile"]
    assert paths.of(after, binds) is shown
    assert paths.of(after, {}) == (HostPath("/root/app", Kind.DIR, shown[2].entries, ()),)
