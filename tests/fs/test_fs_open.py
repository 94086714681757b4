"""Open files and the kernel's character devices."""

from __future__ import annotations

import pytest
from fs_worlds import NULL, file, folder, plain, refused

from docgen.diagnostics import NotSimulated
from docgen.fs.content import Content
from docgen.fs.errors import Errno
from docgen.fs.nodes import Device, Meta
from docgen.fs.openfile import SEEK_END
from docgen.fs.view import Open, View


def test_reading_moves_on_and_ends_empty() -> None:
    opened = plain({"/f": file("abcdef")}).open("/f")
    assert [opened.read(4).text(), opened.read(4).text(), opened.read(4).text()] == [
        "abcd",
        "ef",
        "",
    ]


def test_writing_beyond_the_end_leaves_a_hole() -> None:
    view = plain()
    opened = view.open("/f", Open.WRONLY | Open.CREAT)
    opened.seek(1 << 30)
    assert opened.write(b"x") == 1
    assert view.stat("/f").size == (1 << 30) + 1
    assert view.stat("/f").blocks512 == 8


def test_append_writes_at_the_end_whatever_the_position() -> None:
    view = plain({"/f": file("one")})
    first, second = (view.open("/f", Open.WRONLY | Open.APPEND) for _ in range(2))
    first.write(b" two")
    second.write(b" three")
    first.write(b" four")
    assert view.read_file("/f").text() == "one two three four"


def test_what_is_not_open_for_it_cannot_be_done() -> None:
    view = plain({"/f": file("x"), "/d": folder()})
    reader, writer = view.open("/f"), view.open("/f", Open.WRONLY)
    refused(Errno.EBADF, reader.write, b"x")
    refused(Errno.EBADF, writer.read, 1)
    refused(Errno.EINVAL, reader.truncate, 0)
    refused(Errno.EINVAL, reader.seek, -1)
    refused(Errno.EISDIR, view.open("/d").read, 1)
    refused(Errno.EISDIR, view.open, "/d", Open.WRONLY)
    reader.close()
    reader.close()
    refused(Errno.EBADF, reader.read, 1)


def test_flags_of_open() -> None:
    view = plain({"/f": file("x"), "/d": folder()})
    refused(Errno.EEXIST, view.open, "/f", Open.WRONLY | Open.CREAT | Open.EXCL)
    refused(Errno.ENOTDIR, view.open, "/f", Open.DIRECTORY)
    refused(Errno.EINVAL, view.open, "/n", Open.CREAT | Open.DIRECTORY)
    refused(Errno.EISDIR, view.open, "/d", Open.CREAT)
    refused(Errno.ENOENT, view.open, "/n")
    view.open("/f", Open.WRONLY | Open.TRUNC).close()
    assert view.stat("/f").size == 0


def test_a_file_made_without_write_permission_is_written_by_its_maker() -> None:
    view = plain()
    opened = view.open("/f", Open.WRONLY | Open.CREAT, 0o000)
    opened.write(b"x")
    assert view.stat("/f").mode == 0


def test_truncating_and_seeking_from_the_end() -> None:
    view = plain({"/f": file("abcdef")})
    opened = view.open("/f", Open.RDWR)
    opened.truncate(4)
    assert opened.seek(-1, SEEK_END) == 3
    assert opened.read(9).text() == "d"
    assert opened.stat().size == 4
    assert (opened.readable(), opened.writable()) == (True, True)
    refused(Errno.EINVAL, view.truncate, "/f", -1)


class TestDevices:
    def view(self) -> View:
        nodes = {
            "/null": NULL,
            "/zero": Device(Meta(0o666), True, 1, 5),
            "/full": Device(Meta(0o666), True, 1, 7),
            "/urandom": Device(Meta(0o666), True, 1, 9),
            "/tty": Device(Meta(0o666), True, 5, 0),
            "/sda": Device(Meta(0o600), False, 8, 0),
        }
        return plain(dict(nodes))

    def test_null_takes_everything_and_gives_nothing(self) -> None:
        view = self.view()
        view.write_file("/null", Content.of("x"))
        assert view.read_file("/null").size == 0

    def test_zero_and_full_give_zeros_and_full_is_full(self) -> None:
        view = self.view()
        assert view.open("/zero").read(5).to_bytes() == bytes(5)
        assert view.open("/full").read(5).to_bytes() == bytes(5)
        refused(Errno.ENOSPC, view.write_file, "/full", Content.of("x"))
        refused(Errno.ENOSPC, view.open("/full", Open.WRONLY).write, b"")

    def test_random_bytes_differ_from_read_to_read_and_not_from_run_to_run(self) -> None:
        first, second = self.view().open("/urandom"), self.view().open("/urandom")
        one, two = first.read(16), first.read(16)
        assert one != two
        assert (one, two) == (second.read(16), second.read(16))

    def test_devices_without_a_driver_do_not_open(self) -> None:
        refused(Errno.ENXIO, self.view().open, "/tty")
        refused(Errno.ENXIO, self.view().open, "/sda")

    def test_a_named_pipe_is_refused_in_our_own_name(self) -> None:
        view = plain()
        view.mkfifo("/pipe")
        with pytest.raises(NotSimulated, match="named pipe"):
            view.open("/pipe")


def test_extended_attributes() -> None:
    view = plain({"/f": file()})
    view.setxattr("/f", "user.note", b"one")
    view.setxattr("/f", "security.capability", b"cap")
    assert view.getxattr("/f", "user.note") == b"one"
    assert view.listxattr("/f") == ["security.capability", "user.note"]
    view.write_file("/f", Content.of("a write takes file capabilities away"))
    assert view.listxattr("/f") == ["user.note"]
    view.removexattr("/f", "user.note")
    refused(Errno.ENODATA, view.getxattr, "/f", "user.note")
    refused(Errno.EOPNOTSUPP, view.setxattr, "/f", "note", b"")
