"""Headers are what Go's archive/tar writes; Python's tarfile must read them back."""

import io
import tarfile

import pytest

from docgen.oci.tarform import BLOCK, END, Member, Type, header, padding


def read_back(member: Member, data: bytes = b"") -> tarfile.TarInfo:
    archive = header(member) + data + bytes(padding(len(data))) + END
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as tar:
        (found,) = tar.getmembers()
    return found


def test_a_small_file_is_one_plain_ustar_block() -> None:
    block = header(Member("etc/hosts", Type.FILE, 0o644, 0, 7, size=5, mtime=1735689600))
    assert len(block) == BLOCK
    assert block[257:265] == b"ustar\x0000"
    assert block[:9] == b"etc/hosts"
    assert block[100:108] == b"0000644\0"
    assert block[124:136] == b"00000000005\0"
    assert block[148:156] == b"011102\0 "
    assert block[329:345] == b"0000000\x000000000\0"


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        (Member("a/b", Type.DIR, 0o1777, 1, 2, mtime=3), ("a/b", tarfile.DIRTYPE)),
        (Member("l", Type.SYMLINK, 0o777, link="../x"), ("l", tarfile.SYMTYPE)),
        (Member("h", Type.HARD_LINK, 0o755, link="bin/["), ("h", tarfile.LNKTYPE)),
        (Member("c", Type.CHAR, 0o600, major=1, minor=3), ("c", tarfile.CHRTYPE)),
        (Member("b", Type.BLOCK, 0o600, major=8, minor=1), ("b", tarfile.BLKTYPE)),
        (Member("p", Type.FIFO, 0o644), ("p", tarfile.FIFOTYPE)),
    ],
)
def test_every_type_survives(member: Member, expected: tuple[str, bytes]) -> None:
    found = read_back(member)
    assert (found.name, found.type) == expected
    assert (found.mode, found.uid, found.gid) == (member.mode, member.uid, member.gid)
    assert (found.linkname, found.mtime) == (member.link, member.mtime)
    assert (found.devmajor, found.devminor) == (member.major, member.minor)


@pytest.mark.parametrize(
    "name",
    ["d" * 60 + "/" + "f" * 60, "caf\u00e9", "\u65e5\u672c/" + "x" * 120, "n" * 100, "n" * 101],
)
def test_names_that_do_not_fit_travel_as_pax_records(name: str) -> None:
    assert read_back(Member(name, Type.FILE)).name == name
    assert read_back(Member(name, Type.DIR)).name == name
    assert read_back(Member("l", Type.SYMLINK, link=name)).linkname == name


def test_a_long_ascii_name_is_split_where_ustar_allows_it() -> None:
    """As a real `docker export` wrote it: no PAX member, the folder in the prefix field."""
    folder, leaf = "n" * 60, "m" * 60
    block = header(Member(f"{folder}/{leaf}", Type.DIR))
    assert len(block) == BLOCK
    assert (block[:61], block[345:406]) == (f"{leaf}/".encode(), folder.encode() + b"\0")
    assert len(header(Member(f"{folder}/{leaf}", Type.FILE, uid=3_000_000))) == 3 * BLOCK
    assert len(header(Member(f"{'n' * 160}/{leaf}", Type.FILE))) == 3 * BLOCK
    assert len(header(Member(f"{folder}/{'m' * 101}", Type.FILE))) == 3 * BLOCK


def test_numbers_that_do_not_fit_travel_as_pax_records() -> None:
    found = read_back(Member("big", Type.FILE, uid=3_000_000, gid=2_097_152, mtime=-5))
    assert (found.uid, found.gid, found.mtime) == (3_000_000, 2_097_152, -5)
    huge = header(Member("huge", Type.FILE, size=9 << 30))
    assert b"19 size=9663676416\n" in huge


def test_extended_attributes_stand_in_the_pax_header() -> None:
    found = read_back(Member("f", Type.FILE, xattrs={"user.note": b"a\nb"}))
    assert found.pax_headers["SCHILY.xattr.user.note"] == "a\nb"


def test_the_length_of_a_pax_record_counts_itself() -> None:
    for size in range(80, 120):
        block = header(Member("f", Type.FILE, xattrs={"user.x": b"v" * size}))
        record = block[BLOCK : block.index(b"\n", BLOCK) + 1]
        assert int(record.split(b" ")[0]) == len(record)
