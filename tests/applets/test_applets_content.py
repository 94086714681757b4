"""Copies keep seals, holes, links and owners, and fail where a disk or a mount does."""

from __future__ import annotations

import pytest
from bench import Machine

from docgen.fs.clock import Clock
from docgen.fs.content import Content
from docgen.fs.credentials import Credentials
from docgen.fs.nodes import Dir, File, Meta
from docgen.fs.plain import PlainFs
from docgen.fs.tree import Tree
from docgen.shell.flavour import Flavour

SEAL = Content.sealed(5_000, "ab" * 32)
HOLE = Content.hole(1 << 30).append(Content.of(b"end"))
BOTH = list(Flavour)


def with_mount(machine: Machine, at: str, capacity: int | None = None) -> PlainFs:
    fs = PlainFs(Tree.build({"/": Dir(Meta(0o755))}), machine.clock, "tmpfs", capacity, "tmpfs")
    machine.view.makedirs(at)
    machine.namespace.mount(fs, at)
    return fs


@pytest.mark.parametrize("flavour", BOTH)
@pytest.mark.parametrize(
    "argv",
    [
        ["cp", "sealed", "copy"],
        ["mv", "sealed", "copy"],
        ["dd", "if=sealed", "of=copy", "bs=1M"],
        ["dd", "if=sealed", "of=copy"],
        ["cp", "-a", "sealed", "copy"],
    ],
)
def test_a_file_known_by_its_digest_is_copied_unread(argv: list[str], flavour: Flavour) -> None:
    machine = Machine({"sealed": File(Meta(), SEAL)}, flavour)
    assert machine.run(argv).exit == 0
    assert machine.view.read_file("copy").sha256() == SEAL.sha256()


@pytest.mark.parametrize("flavour", BOTH)
def test_a_sealed_file_goes_through_a_tar(flavour: Flavour) -> None:
    machine = Machine({"d/sealed": File(Meta(0o755), SEAL)}, flavour)
    assert machine.run(["tar", "cf", "a.tar", "d"]).exit == 0
    assert machine.run(["mkdir", "out"]).exit == 0
    assert machine.run(["tar", "xf", "a.tar", "-C", "out"]).exit == 0
    assert machine.view.read_file("out/d/sealed").sha256() == SEAL.sha256()
    assert machine.view.stat("out/d/sealed").mode == 0o755


def test_gnu_cp_keeps_holes_and_busybox_writes_zeros_for_them() -> None:
    for flavour, allocated in ((Flavour.HOST, 4096), (Flavour.BUSYBOX, (1 << 30) + 4096)):
        machine = Machine({"sparse": File(Meta(), HOLE)}, flavour)
        assert machine.run(["cp", "sparse", "copy"]).exit == 0
        copy = machine.view.read_file("copy")
        assert copy.size == HOLE.size
        assert copy.allocated() == allocated


def test_hard_links_stay_one_file_with_cp_a_and_become_two_without() -> None:
    for flavour in BOTH:
        machine = Machine({"d/a": "x\n"}, flavour)
        machine.view.link("d/a", "d/b")
        machine.run(["cp", "-a", "d", "linked"])
        machine.run(["cp", "-r", "d", "parted"])
        view = machine.view
        assert view.stat("linked/a").ino == view.stat("linked/b").ino
        assert view.stat("parted/a").ino != view.stat("parted/b").ino


def test_cp_a_keeps_owner_mode_and_time() -> None:
    meta = Meta(0o4750, 1000, 50, mtime_ns=10**18)
    machine = Machine({"f": File(meta, Content.of("x"))})
    machine.run(["cp", "-a", "f", "g"])
    stat = machine.view.stat("g")
    assert (stat.mode, stat.uid, stat.gid, stat.mtime_ns) == (0o4750, 1000, 50, 10**18)


@pytest.mark.parametrize("flavour", BOTH)
def test_mv_to_another_file_system_copies_and_removes(flavour: Flavour) -> None:
    machine = Machine({"d/a": "x\n", "d/e/b": "y\n"}, flavour)
    with_mount(machine, "/other")
    assert machine.run(["mv", "d", "/other/moved"]).exit == 0
    assert not machine.view.exists("d")
    assert machine.view.read_file("/other/moved/e/b").text() == "y\n"


def test_hard_links_do_not_cross_mounts() -> None:
    for flavour, text in (
        (Flavour.HOST, "ln: failed to create hard link '/other/g' => 'f': "),
        (Flavour.BUSYBOX, "ln: /other/g: "),
    ):
        machine = Machine({"f": "x"}, flavour)
        with_mount(machine, "/other")
        found = machine.run(["ln", "f", "/other/g"])
        assert (found.err, found.exit) == (f"{text}Invalid cross-device link\n", 1)


def test_dd_onto_a_full_file_system_tells_what_did_fit() -> None:
    for flavour in BOTH:
        machine = Machine({}, flavour)
        with_mount(machine, "/small", 64 * 1024)
        argv = ["dd", "if=/dev/zero", "of=/small/f", "bs=1k", "count=100", "status=noxfer"]
        found = machine.run(argv)
        assert found.err == (
            "dd: error writing '/small/f': No space left on device\n"
            "65+0 records in\n64+0 records out\n"
        )
        assert found.exit == 1
        assert machine.view.stat("/small/f").size == 65_536


@pytest.mark.parametrize(
    ("flavour", "text"),
    [
        (Flavour.HOST, "sed: cannot rename ./sed"),
        (Flavour.BUSYBOX, "sed: can't move 'conf"),
    ],
)
def test_sed_in_place_fails_on_a_file_that_is_mounted(flavour: Flavour, text: str) -> None:
    machine = Machine({"conf": "a\n"}, flavour)
    other = PlainFs(Tree.build({"/conf": File(Meta(), Content.of("a\n"))}), Clock())
    machine.namespace.mount(other, "/w/conf", root="/conf")
    found = machine.run(["sed", "-i", "s/a/b/", "conf"])
    assert found.err.startswith(text)
    assert found.err.endswith("Device or resource busy\n")
    assert machine.view.read_file("conf").text() == "a\n"


def test_du_counts_blocks_and_a_hard_link_once() -> None:
    machine = Machine({"d/a": File(Meta(), Content.fill(1, 10_000)), "d/hole": File(Meta(), HOLE)})
    machine.view.link("d/a", "d/again")
    assert machine.run(["du", "-k", "d"]).out == b"20\td\n"
    assert machine.run(["du", "-b", "-s", "d"]).out == b"%d\td\n" % (4096 + 10_000 + HOLE.size)
    assert machine.run(["du", "-h", "d/hole"]).out == b"4.0K\td/hole\n"


@pytest.mark.parametrize(
    ("flavour", "expected"),
    [
        (
            Flavour.HOST,
            b"Filesystem     1K-blocks  Used Available Use% Mounted on\n"
            b"tmpfs                 64     8        56  13% /small\n",
        ),
        (
            Flavour.BUSYBOX,
            b"Filesystem           1K-blocks      Used Available Use% Mounted on\n"
            b"tmpfs                       64         8        56  13% /small\n",
        ),
    ],
)
def test_df_of_a_small_tmpfs(flavour: Flavour, expected: bytes) -> None:
    machine = Machine({}, flavour)
    with_mount(machine, "/small", 64 * 1024)
    machine.run(["dd", "if=/dev/zero", "of=/small/f", "bs=1k", "count=6", "status=none"])
    assert machine.run(["df", "/small/f"]).out == expected


def test_mount_lists_what_proc_mounts_shows() -> None:
    machine = Machine()
    with_mount(machine, "/small")
    assert (
        machine.run(["mount", "-t", "tmpfs"]).out == b"tmpfs on /small type tmpfs (rw,relatime)\n"
    )


@pytest.mark.parametrize(
    ("argv", "err"),
    [
        (["cat", "secret"], "cat: secret: Permission denied\n"),
        (["cp", "secret", "d"], "cp: cannot open 'secret' for reading: Permission denied\n"),
        (["touch", "locked/f"], "touch: cannot touch 'locked/f': Permission denied\n"),
        (["rm", "-f", "locked/x"], "rm: cannot remove 'locked/x': Permission denied\n"),
        (["mkdir", "locked/d"], "mkdir: cannot create directory ‘locked/d’: Permission denied\n"),
        (["ls", "closed"], "ls: cannot open directory 'closed': Permission denied\n"),
        (["find", "closed"], "find: ‘closed’: Permission denied\n"),
        (
            ["chmod", "777", "secret"],
            "chmod: changing permissions of 'secret': Operation not permitted\n",
        ),
        (
            ["chown", "app", "secret"],
            "chown: changing ownership of 'secret': Operation not permitted\n",
        ),
        (["mv", "locked/x", "d"], "mv: cannot move 'locked/x' to 'd/x': Permission denied\n"),
    ],
)
def test_an_ordinary_user_is_told_what_may_not_be(argv: list[str], err: str) -> None:
    files = {
        "secret": File(Meta(0o600), Content.of("x")),
        "locked": Dir(Meta(0o755)),
        "locked/x": "x",
        "closed": Dir(Meta(0o700)),
        "d": Dir(Meta(0o777)),
    }
    machine = Machine(files, who=Credentials(1000, 1000))
    found = machine.run(argv)
    assert found.err == err
    assert found.exit
